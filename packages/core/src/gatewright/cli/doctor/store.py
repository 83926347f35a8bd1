"""Whether the database has what the instance needs, and whether its clocks agree."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from gatewright.cli.database import Planner
from gatewright.cli.doctor.finding import Finding, Subject, problem, warning
from gatewright.model.session import Session

__all__ = ("clock", "schema")

AHEAD = timedelta(minutes=1)
"""By how much a session may have been made in the future: clocks of several servers differ by less."""


async def schema(subject: Subject) -> Iterable[Finding]:
    """What ``migrate`` would add."""
    adapter = subject.auth.adapter
    if not isinstance(adapter, Planner):
        return ()
    lacking = await adapter.plan_tables(subject.auth.tables)
    if not lacking:
        return ()
    named = sorted({step.table if step.kind == "table" else f"{step.table}.{step.name}" for step in lacking})
    shown = ", ".join(named[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")
    level = problem if any(step.kind != "index" for step in lacking) else warning
    return (level("schema", f"The database lacks {shown}.", "Run `gatewright migrate`."),)


async def clock(subject: Subject) -> Iterable[Finding]:
    """Whether somebody who writes to the same database lives in the future."""
    now = subject.auth.services.clock.now()
    if any(table.name == "session" for table in subject.auth.tables):
        ahead = await subject.auth.services.database.find_one(Session, Session.created_at.after(now + AHEAD))
        if ahead is not None:
            seconds = int((ahead.created_at - now).total_seconds())
            told = f"A session was made {seconds} s in the future: this machine's clock or another server's is wrong."
            return (problem("clock", told, "Let all of them follow NTP: codes and tokens last only minutes."),)
    return ()
