"""Codes that people type, at the boundary and in between: ONE-04 exactly, and a code that is replaced while it is used."""

from __future__ import annotations

from functools import partial

import pytest
from tests.security.attacker import all_at_once

from gatewright.flows.one_time_code import CodeRules, check_code, issue_code, take_code
from gatewright.model.verification import Verification
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import make_app

pytestmark = pytest.mark.anyio

RULES = CodeRules(length=6, expires_in=300, allowed_attempts=3)


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.mark.parametrize("wrong", [0, 1, 2, 3, 4])
async def test_one_04_the_third_wrong_code_is_the_last(wrong: int) -> None:
    services = make_app().auth.services
    db = services.database
    code = await issue_code(services, db, RULES, "code-ada")
    answers = [await check_code(services, db, RULES, "code-ada", other(code)) for _ in range(wrong)]
    assert answers == ["wrong", "wrong", "wrong", "spent"][:wrong]
    found = await check_code(services, db, RULES, "code-ada", code)
    assert isinstance(found, Verification) is (wrong < 3)
    if wrong >= 3:
        # Nothing is left that could be guessed at.
        assert await check_code(services, db, RULES, "code-ada", code) == "wrong"


async def test_one_04_of_fifty_at_once_three_are_compared_and_counted(
    store: Adapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(adapter=store)
    await app.auth.create_tables()
    services = app.auth.services
    db = services.database
    code = await issue_code(services, db, RULES, "code-ada")
    answers = await all_at_once([partial(check_code, services, db, RULES, "code-ada", other(code)) for _ in range(50)])
    row = await services.verifications.peek(db, "code-ada")
    counted = 3 if row is None else int(row.value.rpartition(":")[2])
    assert counted == 3
    assert await check_code(services, db, RULES, "code-ada", code) in {"spent", "wrong"}
    assert not [answer for answer in answers if isinstance(answer, Verification)]


async def test_one_19_a_code_that_was_replaced_while_it_was_used_takes_nothing() -> None:
    services = make_app().auth.services
    db = services.database
    code = await issue_code(services, db, RULES, "code-ada")
    found = await check_code(services, db, RULES, "code-ada", code)
    assert isinstance(found, Verification)
    newer = await issue_code(services, db, RULES, "code-ada")
    assert not await take_code(services, db, "code-ada", found)
    assert isinstance(await check_code(services, db, RULES, "code-ada", newer), Verification)
