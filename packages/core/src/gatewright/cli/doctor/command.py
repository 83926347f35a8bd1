"""``doctor``: runs the checks and shows what they found.

Exit codes: 0 nothing that fails; 1 a problem, or with ``--strict`` a warning; 2 the call is wrong; 3 the database or the
deployment does not answer.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import anyio
import httpx
import typer
from rich.console import Console

from gatewright.auth import Auth
from gatewright.cli.database import AsJson, Config, instance
from gatewright.cli.doctor import deployment
from gatewright.cli.doctor.cookies import cookies
from gatewright.cli.doctor.finding import Check, Finding, Level, Subject, problem
from gatewright.cli.doctor.live import TIMEOUT, Unreachable, live
from gatewright.cli.doctor.secret import secret
from gatewright.cli.doctor.senders import senders
from gatewright.cli.doctor.store import clock, schema
from gatewright.cli.stopping import FOUND, UNAVAILABLE, stop
from gatewright.http.base_url import BaseURL
from gatewright.ports.adapter import StoreUnavailable

__all__ = ("CHECKS", "doctor")

CHECKS: Sequence[Check] = (
    secret,
    deployment.address,
    deployment.proxy,
    cookies,
    deployment.switches,
    senders,
    deployment.workers,
)
"""Those that look at settings alone, in the order in which they are shown."""

ORDER: Sequence[Level] = ("problem", "warning", "note")
COLOURS: dict[Level, str] = {"problem": "bold red", "warning": "yellow", "note": "cyan"}


def doctor(
    config: Config,
    url: Annotated[str, typer.Option(help="Ask the running deployment as well: its address as browsers know it.")] = "",
    workers: Annotated[int, typer.Option(min=1, envvar="WEB_CONCURRENCY", help="How many processes serve it.")] = 1,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 for warnings too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look for what would go wrong in production: secret, address, proxy, cookies, senders, workers, clock, tables."""
    auth = instance(config)
    subject = Subject(auth, workers)
    base = _base(url, auth) if url else None
    found, silent = anyio.run(_examined, subject, base)
    found.sort(key=lambda each: ORDER.index(each.level))
    if as_json:
        typer.echo(json.dumps({"findings": [asdict(each) for each in found]}, indent=2))
    else:
        _show(found, Console())
    levels = {each.level for each in found}
    if silent:
        raise typer.Exit(UNAVAILABLE)
    if "problem" in levels or (strict and "warning" in levels):
        raise typer.Exit(FOUND)


async def _examined(subject: Subject, base: BaseURL | None) -> tuple[list[Finding], bool]:
    """What every check has found, and whether somebody who was asked gave no answer."""
    found = [each for check in CHECKS for each in check(subject)]
    silent = False
    try:
        async with subject.auth.unchecked():
            lacking = list(await schema(subject))
            found += lacking
            # What is not there cannot be asked.
            if not lacking:
                found += await clock(subject)
    except StoreUnavailable as error:
        silent = True
        found.append(
            problem("store", f"The database does not answer: {error}.", "Look whether it runs, and at its address.")
        )
    if base is not None:
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT) as http:
                found += await live(base, http, subject.auth.services.clock.now())
        except Unreachable as error:
            silent = True
            found.append(problem("live", f"{error}.", "Look whether it runs, and whether this machine reaches it."))
    return found, silent


def _base(url: str, auth: Auth[Any]) -> BaseURL:
    try:
        return BaseURL.parse(url, auth.blueprint.settings.base_path)
    except ValueError as error:
        stop(str(error))


def _show(found: Sequence[Finding], console: Console) -> None:
    for each in found:
        console.print(f"[{COLOURS[each.level]}]{each.level}[/] {each.check}: ", end="")
        console.print(each.told, markup=False, highlight=False, soft_wrap=True)
        console.print(f"    {each.remedy}", markup=False, highlight=False, soft_wrap=True, style="dim")
    counted = Counter(each.level for each in found)
    told = ", ".join(
        f"{counted[level]} {level}{'' if counted[level] == 1 else 's'}" for level in ORDER if counted[level]
    )
    console.print(told or "Nothing to say.", highlight=False)
