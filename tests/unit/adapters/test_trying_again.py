"""Statements that the database gives up for others run again, a few times."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from gatewright_adapters.sqlalchemy.transports.engine import tried

pytestmark = pytest.mark.anyio


class MySQL(Exception):
    __module__ = "pymysql.err"


DEADLOCK, GONE = (OperationalError("UPDATE", {}, MySQL(code, "")) for code in (1213, 2003))


class Attempts:
    """Fails with each of ``errors`` in turn, then gives how often it was called."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def __call__(self) -> int:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return self.calls


async def test_a_deadlock_is_tried_again() -> None:
    assert await tried(Attempts(DEADLOCK, DEADLOCK)) == 3


async def test_it_ends_after_six_times() -> None:
    work = Attempts(*[DEADLOCK] * 9)
    with pytest.raises(OperationalError):
        await tried(work)
    assert work.calls == 6


async def test_nothing_else_is_tried_again() -> None:
    work = Attempts(GONE)
    with pytest.raises(OperationalError):
        await tried(work)
    assert work.calls == 1
