"""``adopt``: makes a database of better-auth 1.4 one of 1.7, or says what stands in the way.

Since 1.7 accounts have an issuer, API keys belong to whatever their ``referenceId`` says, and teams count their members. An
issuer is filled in where the provider says which one it is; an account of a provider that is not configured, or whose issuer
differs from person to person, is left alone and named. ``apikey.userId`` gets its new name, and teams are counted. Whatever
else there is, such as a table or a column of somebody else's, is not looked at.

Tables change in one transaction and rows in another, where the database has transactions for them; what is done is never
looked at again, so an interrupted run is simply repeated. Source: contract, schema.json, ``diff_vs_1_4_16`` and
``observed_rows``.

Exit codes: 0 done, or nothing to do; 1 something is left, the adoption was declined, or rows that are there twice stand in
the way of a unique index; 2 the call is wrong; 3 the database does not answer, or no longer.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, cast, runtime_checkable

import typer
from rich.console import Console

from gatewright.auth import Auth
from gatewright.cli.database import DECLINED, AsJson, Config, Step, instance, on_database, stop
from gatewright.model.account import CREDENTIAL, LOCAL_ISSUER, Account
from gatewright.model.query import Change, Condition, Count, Select, Update
from gatewright.model.schema import Schema, Table
from gatewright.ports.adapter import Adapter, Conflict
from gatewright.wire.names import snake

__all__ = ("CODES", "adopt")

LEFT = 1
CODES = (
    "0 done, or nothing to do; 1 something is left, declined, or rows that are there twice stand in the way of a unique"
    " index; 2 the call is wrong; 3 the database does not answer, or no longer."
)
"""Exit codes, as the help tells them."""
_PERSONAL = frozenset({"microsoft"})
"""Providers whose issuer is that of each person's own tenant."""
_WITHOUT: Condition[Account] = Condition("issuer", "eq", None)
_FORMER = {"apikey": {"referenceId": "userId"}}
"""Columns that 1.7 knows by another name, by model."""


@runtime_checkable
class Renamer(Protocol):
    """An adapter that plans and creates tables, and gives columns their new names."""

    async def plan_tables(self, schema: Schema, *, former: Mapping[str, Mapping[str, str]]) -> Sequence[Step]: ...
    async def create_tables(self, schema: Schema, *, former: Mapping[str, Mapping[str, str]]) -> None: ...


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


@dataclass(frozen=True, slots=True)
class Found:
    """What the rows of a database lack.

    Attributes:
        issuers: Accounts without an issuer, by provider.
        teams: Identifiers of teams that do not count their members, with how many there are.
    """

    issuers: tuple[Backfill, ...] = ()
    teams: tuple[tuple[str, int], ...] = ()

    @property
    def left(self) -> bool:
        """Whether something cannot be filled in."""
        return any(each.issuer is None for each in self.issuers)


def adopt(
    config: Config,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report and do nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a database of better-auth 1.4 up to date: tables and columns, then what rows lack."""
    auth, console = instance(config), Console(stderr=as_json)
    adapter = auth.adapter
    if not isinstance(adapter, Renamer):
        stop(f"{type(adapter).__name__} keeps no tables that could be adopted")
    tables = cast("Renamer", adapter)
    former = _former(auth.tables)

    async def work() -> int:
        steps = await tables.plan_tables(auth.tables, former=former)
        found = await _found(auth, steps)
        if as_json:
            typer.echo(_as_json(steps, found))
        else:
            _show(steps, found, console)
        left = LEFT if found.left else 0
        if dry_run or not (steps or found.issuers or found.teams):
            return left
        if not yes and not typer.confirm("Go on?", err=as_json):
            return DECLINED
        await tables.create_tables(auth.tables, former=former)
        taken = await _fill(auth, found)
        for provider in taken:
            console.print(f"Two accounts of {provider} are one identity: none of them was changed.")
        return LEFT if taken else left

    raise typer.Exit(on_database(auth, work))


def _former(schema: Schema) -> Mapping[str, Mapping[str, str]]:
    """What columns were called, in the naming of the tables."""
    found: dict[str, dict[str, str]] = {}
    for model, columns in _FORMER.items():
        if model in schema:
            for new, old in columns.items():
                named = schema[model].columns[new].stored_as == snake(new) != new
                found.setdefault(model, {})[new] = snake(old) if named else old
    return found


async def _found(auth: Auth[Any], steps: Sequence[Step]) -> Found:
    """What the rows lack now, or will when ``steps`` are done."""
    added = {(step.kind, step.table, step.name) for step in steps}
    account = auth.tables[Account]
    issuers: tuple[Backfill, ...] = ()
    if ("table", account.db_name, account.db_name) not in added:
        # Before the column is there, every account lacks its value.
        lacks = ("column", account.db_name, account.columns["issuer"].stored_as) in added
        issuers = await _missing(auth, account, whole=lacks)
    if "team" not in auth.tables or "teamMember" not in auth.tables:
        return Found(issuers)
    team, member = auth.tables["team"], auth.tables["teamMember"]
    if any(("table", each.db_name, each.db_name) in added for each in (team, member)):
        return Found(issuers)
    lacks = ("column", team.db_name, team.columns["memberCount"].stored_as) in added
    return Found(issuers, tuple([each async for each in _uncounted(auth.adapter, team, member, whole=lacks)]))


async def _uncounted(adapter: Adapter, team: Table, member: Table, *, whole: bool) -> AsyncIterator[tuple[str, int]]:
    """Teams that have members and count none; with ``whole`` no team counts."""
    lacking: tuple[Condition[Any], ...] = () if whole else (Condition("memberCount", "eq", 0),)
    for row in await adapter.select(Select(team, lacking, columns=("id",))):
        count = await adapter.count(Count(member, (Condition("teamId", "eq", row["id"]),)))
        if count:
            yield str(row["id"]), count


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


async def _fill(auth: Auth[Any], found: Found) -> tuple[str, ...]:
    """Fill in what is known, together; the providers of which two accounts would be the same, where nothing was changed."""
    taken: list[str] = []
    while True:
        try:
            async with auth.adapter.transaction() as inside:
                for each in found.issuers:
                    if each.issuer is not None and each.provider not in taken:
                        await _fill_issuer(inside, auth.tables[Account], each)
                for team, count in found.teams:
                    where: tuple[Condition[Any], ...] = (Condition("id", "eq", team), Condition("memberCount", "eq", 0))
                    await inside.update(Update(auth.tables["team"], where, (Change("memberCount", "set", count),)))
        except _Same as same:
            # It took everything back; once more, without those.
            taken.append(same.provider)
        else:
            return tuple(taken)


class _Same(Exception):
    """Two accounts of a provider are one identity."""

    def __init__(self, provider: str) -> None:
        super().__init__(provider)
        self.provider = provider


async def _fill_issuer(adapter: Adapter, account: Table, backfill: Backfill) -> None:
    where = (_WITHOUT, Account.provider_id.eq(backfill.provider))
    try:
        await adapter.update(Update(account, where, (Account.issuer.to(backfill.issuer or ""),)))
    except Conflict:
        raise _Same(backfill.provider) from None


def _show(steps: Sequence[Step], found: Found, console: Console) -> None:
    if not steps and not found.issuers and not found.teams:
        console.print("The database fits as it is.")
    for step in steps:
        named = step.table if step.kind == "table" else f"{step.table}.{step.name}"
        verb = "rename to" if step.kind == "rename" else f"add {step.kind}"
        console.print(f"[bold]{verb}[/bold] {named}")
    for each in found.issuers:
        if each.issuer is None:
            console.print(
                f"[bold]leave alone[/bold] {each.accounts} accounts of {each.provider}: nothing tells their issuer",
                soft_wrap=True,
            )
        else:
            console.print(
                f"[bold]fill in[/bold] {each.accounts} accounts of {each.provider}: {each.issuer}", soft_wrap=True
            )
    if found.teams:
        console.print(f"[bold]count[/bold] the members of {len(found.teams)} teams", soft_wrap=True)


def _as_json(steps: Sequence[Step], found: Found) -> str:
    lacking = [{"kind": step.kind, "table": step.table, "name": step.name, "sql": step.sql} for step in steps]
    issuers = [{"provider": each.provider, "accounts": each.accounts, "issuer": each.issuer} for each in found.issuers]
    return json.dumps({"lacking": lacking, "issuers": issuers, "uncountedTeams": len(found.teams)}, indent=2)
