"""``adopt``: makes a database of better-auth 1.4 one of 1.7, or says what stands in the way.

Accounts have had an issuer since 1.7. It is filled in where the provider says which one it is; an account of a provider
that is not configured, or whose issuer differs from person to person, is left alone and named. Each provider's accounts
change in one statement, and what has an issuer is never looked at again, so an interrupted run is simply repeated.
Source: contract, schema.json, ``diff_vs_1_4_16`` and ``observed_rows``.

Exit codes: 0 done, or nothing to do; 1 something is left, or the adoption was declined; 2 the call is wrong; 3 the
database does not answer.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich.console import Console

from gatewright.auth import Auth
from gatewright.cli.database import DECLINED, AsJson, Config, Step, instance, on_database, planned
from gatewright.model.account import CREDENTIAL, LOCAL_ISSUER, Account
from gatewright.model.query import Condition, Count, Select, Update
from gatewright.model.schema import Table
from gatewright.ports.adapter import Adapter, Conflict

__all__ = ("adopt",)

LEFT = 1
_PERSONAL = frozenset({"microsoft"})
"""Providers whose issuer is that of each person's own tenant."""
_WITHOUT: Condition[Account] = Condition("issuer", "eq", None)


@dataclass(frozen=True, slots=True)
class Backfill:
    """Accounts of one provider without an issuer.

    Attributes:
        provider: ``account.providerId``.
        accounts: How many.
        issuer: What they get; ``None`` where nothing tells.
    """

    provider: str
    accounts: int
    issuer: str | None


def adopt(
    config: Config,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report and do nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a database of better-auth 1.4 up to date: missing columns, then the issuer of each account."""
    auth, console = instance(config), Console(stderr=as_json)
    plan = planned(auth)

    async def work() -> int:
        steps = await plan()
        account = auth.blueprint.plan.schema[Account]
        # Before the column is there, every account lacks its value.
        added = _adds_issuer(steps, account)
        found = () if any(step.kind == "table" and step.table == account.db_name for step in steps) else None
        if found is None:
            found = await _missing(auth, account, whole=added)
        if as_json:
            typer.echo(_as_json(steps, found))
        else:
            _show(steps, found, console)
        left = LEFT if any(each.issuer is None for each in found) else 0
        if dry_run or not (steps or found):
            return left
        if not yes and not typer.confirm("Go on?", err=as_json):
            return DECLINED
        await auth.create_tables()
        taken = [
            each.provider for each in found if each.issuer is not None and not await _fill(auth.adapter, account, each)
        ]
        for provider in taken:
            console.print(f"Two accounts of {provider} are one identity: none of them was changed.")
        return LEFT if taken else left

    raise typer.Exit(on_database(auth, work))


def _adds_issuer(steps: Sequence[Step], account: Table) -> bool:
    issuer = account.columns["issuer"].stored_as
    return any((step.kind, step.table, step.name) == ("column", account.db_name, issuer) for step in steps)


async def _missing(auth: Auth[Any], account: Table, *, whole: bool) -> tuple[Backfill, ...]:
    """By provider, how many accounts have no issuer; with ``whole`` no account has."""
    lacking = () if whole else (_WITHOUT,)
    found: list[Backfill] = []
    while True:
        seen = Account.provider_id.none_of([each.provider for each in found])
        rows = await auth.adapter.select(Select(account, (*lacking, seen), limit=1, columns=("providerId",)))
        if not rows:
            return tuple(found)
        provider = str(rows[0]["providerId"])
        accounts = await auth.adapter.count(Count(account, (*lacking, Account.provider_id.eq(provider))))
        found.append(Backfill(provider, accounts, await _issuer(auth, provider)))


async def _issuer(auth: Auth[Any], provider: str) -> str | None:
    if provider == CREDENTIAL:
        return LOCAL_ISSUER
    known = await auth.blueprint.plan.social.providers.find(provider, auth.services)
    return None if known is None or provider in _PERSONAL else known.provider.issuer


async def _fill(adapter: Adapter, account: Table, backfill: Backfill) -> bool:
    """Whether the accounts have their issuer now; none was changed where two of them would be the same."""
    where = (_WITHOUT, Account.provider_id.eq(backfill.provider))
    try:
        await adapter.update(Update(account, where, (Account.issuer.to(backfill.issuer or ""),)))
    except Conflict:
        return False
    return True


def _show(steps: Sequence[Step], found: Sequence[Backfill], console: Console) -> None:
    if not steps and not found:
        console.print("The database fits as it is.")
    for step in steps:
        named = step.table if step.kind == "table" else f"{step.table}.{step.name}"
        console.print(f"[bold]add {step.kind}[/bold] {named}")
    for each in found:
        if each.issuer is None:
            console.print(
                f"[bold]leave alone[/bold] {each.accounts} accounts of {each.provider}: nothing tells their issuer",
                soft_wrap=True,
            )
        else:
            console.print(
                f"[bold]fill in[/bold] {each.accounts} accounts of {each.provider}: {each.issuer}", soft_wrap=True
            )


def _as_json(steps: Sequence[Step], found: Sequence[Backfill]) -> str:
    lacking = [{"kind": step.kind, "table": step.table, "name": step.name, "sql": step.sql} for step in steps]
    issuers = [{"provider": each.provider, "accounts": each.accounts, "issuer": each.issuer} for each in found]
    return json.dumps({"lacking": lacking, "issuers": issuers}, indent=2)
