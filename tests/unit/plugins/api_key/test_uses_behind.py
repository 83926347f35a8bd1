"""A process that remembers a key answers by what the key is now, whoever has changed it without a word."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.api_keys import Keys, key_app
from tests.unit.plugins.api_key.watching import Watching

from gatewright.model.query import Change, Delete, Update
from gatewright.model.user import User
from gatewright.plugins.admin import Admin
from gatewright.plugins.admin.model import AdminUser
from gatewright.plugins.api_key.contract import VerifiedApiKey
from gatewright.plugins.api_key.model import KeyRow
from gatewright.plugins.api_key.options import ApiKeyOptions

AT_ONCE = ["write apikey"]
REFUSED = ["write apikey", "read apikey and user"]
SECOND_LOOK = [*REFUSED, "write apikey"]
ASKED = {"files": ["read"]}
PERMITTED = '{"files":["read"]}'

Behind = Callable[[Keys], Awaitable[None]]


async def write(keys: Keys, table: type[KeyRow | User], **values: object) -> None:
    """Change every row of a table, past this process."""
    found = keys.app.auth.services.database.schema[table]
    changes: list[Change[Any]] = [Change(name, "set", value) for name, value in values.items()]
    await keys.app.adapter.update(Update(found, (), tuple(changes)))


def sets(**values: object) -> Behind:
    """Columns of the key; a number with the name of a date is seconds from now."""

    async def behind(keys: Keys) -> None:
        now = keys.app.clock.now()
        dates = {"expiresAt", "lastRequest", "lastRefillAt"}
        await write(
            keys,
            KeyRow,
            **{
                name: now + timedelta(seconds=value) if name in dates and isinstance(value, (int, float)) else value
                for name, value in values.items()
            },
        )

    return behind


def bans(banned: bool | None, *, seconds: float | None = None) -> Behind:
    """The owner, until so many seconds from now."""

    async def behind(keys: Keys) -> None:
        until = None if seconds is None else keys.app.clock.now() + timedelta(seconds=seconds)
        await write(keys, AdminUser, banned=banned, banExpires=until)

    return behind


def removes(table: type[KeyRow | User]) -> Behind:
    """Every row of a table."""

    async def behind(keys: Keys) -> None:
        await keys.app.adapter.delete(Delete(keys.app.auth.services.database.schema[table], ()))

    return behind


@dataclass(frozen=True)
class Case:
    """What somebody changes, how the next use ends, what it costs, and what the key is then.

    Attributes:
        limits: Of the key as it was made.
    """

    behind: Behind
    code: str
    asked: list[str]
    after: Mapping[str, object] = field(default_factory=dict[str, object])
    limits: Mapping[str, Any] = field(default_factory=dict[str, Any])


REFILLED = {"remaining": 5, "refill_amount": 5, "refill_interval": 60_000}

CASES = {
    "nothing": Case(sets(name="x"), "valid", AT_ONCE, {"name": "x", "requestCount": 3}),
    "what it carries": Case(sets(metadata='{"a":1}'), "valid", AT_ONCE, {"metadata": '{"a":1}'}),
    "off": Case(sets(enabled=False), "KEY_DISABLED", REFUSED, {"requestCount": 2}),
    "on, as nothing was said": Case(sets(enabled=None), "valid", SECOND_LOOK),
    "over": Case(sets(expiresAt=-1), "KEY_EXPIRED", [*REFUSED, "remove apikey"]),
    "over later": Case(sets(expiresAt=60), "valid", SECOND_LOOK),
    "gone": Case(removes(KeyRow), "INVALID_API_KEY", REFUSED),
    "another secret": Case(sets(key="another"), "INVALID_API_KEY", REFUSED),
    "of no family": Case(sets(configId="none"), "INVALID_API_KEY", REFUSED),
    "of another family": Case(sets(configId="free"), "valid", SECOND_LOOK, {"requestCount": 2}),
    "of nobody": Case(sets(referenceId="nobody"), "INVALID_API_KEY", REFUSED),
    "fewer permissions": Case(sets(permissions='{"files":["write"]}'), "KEY_NOT_FOUND", REFUSED),
    "no permissions": Case(sets(permissions=None), "KEY_NOT_FOUND", REFUSED),
    "more permissions": Case(sets(permissions='{"files":["read","write"]}'), "valid", SECOND_LOOK),
    "used up": Case(sets(remaining=0), "USAGE_EXCEEDED", [*REFUSED, "remove apikey"], limits={"remaining": 5}),
    "fewer left": Case(sets(remaining=2), "valid", AT_ONCE, {"remaining": 1}, limits={"remaining": 5}),
    "no end": Case(sets(remaining=None), "valid", SECOND_LOOK, {"remaining": None}, limits={"remaining": 5}),
    "an end": Case(sets(remaining=3), "valid", SECOND_LOOK, {"remaining": 2}),
    "used up from now on": Case(sets(remaining=0), "USAGE_EXCEEDED", [*REFUSED, "remove apikey"]),
    "filled up by somebody": Case(
        sets(remaining=9, lastRefillAt=0), "valid", SECOND_LOOK, {"remaining": 8}, limits=REFILLED
    ),
    "to be filled up sooner": Case(
        sets(refillInterval=1), "valid", SECOND_LOOK, {"remaining": 4}, limits={**REFILLED, "remaining": 9}
    ),
    "to be filled up more": Case(sets(refillAmount=7), "valid", SECOND_LOOK, {"remaining": 2}, limits=REFILLED),
    "filled up without an end": Case(
        sets(remaining=None), "valid", SECOND_LOOK, {"remaining": None}, limits={**REFILLED, "refill_interval": 500}
    ),
    "to be filled up": Case(
        sets(refillAmount=7, refillInterval=1), "valid", SECOND_LOOK, {"remaining": 6}, limits={"remaining": 5}
    ),
    "too often": Case(sets(requestCount=10), "RATE_LIMITED", REFUSED, {"requestCount": 10}),
    "too often, which costs one all the same": Case(
        sets(name="x"),
        "RATE_LIMITED",
        ["read apikey and user", "write apikey"],
        {"remaining": 6, "requestCount": 2},
        limits={"remaining": 9, "rate_limit_max": 2},
    ),
    "once more": Case(sets(requestCount=9), "valid", AT_ONCE, {"requestCount": 10}),
    "not so often": Case(sets(rateLimitMax=2), "RATE_LIMITED", REFUSED),
    "more often": Case(sets(rateLimitMax=20), "valid", SECOND_LOOK, {"requestCount": 3}),
    "as often as one likes": Case(sets(rateLimitEnabled=False), "valid", SECOND_LOOK, {"requestCount": 2}),
    "without a number": Case(sets(rateLimitMax=None), "valid", SECOND_LOOK, {"requestCount": 2}),
    "in another window": Case(sets(rateLimitTimeWindow=500), "valid", SECOND_LOOK, {"requestCount": 1}),
    "in a window of somebody's": Case(
        sets(lastRequest=0), "valid", SECOND_LOOK, {"requestCount": 3}, limits={"rate_limit_time_window": 500}
    ),
    "in a new window": Case(sets(lastRequest=-61), "valid", SECOND_LOOK, {"requestCount": 1}),
    "a moment ago": Case(sets(lastRequest=-60), "valid", AT_ONCE, {"requestCount": 3}),
    "banned": Case(bans(True), "INVALID_API_KEY", REFUSED, {"requestCount": 2}),
    "banned for a while": Case(bans(True, seconds=0.001), "INVALID_API_KEY", REFUSED),
    "banned until now": Case(bans(True, seconds=0), "valid", AT_ONCE),
    "not banned": Case(bans(False, seconds=60), "valid", AT_ONCE),
    "never banned": Case(bans(None), "valid", AT_ONCE),
    "without its owner": Case(removes(User), "INVALID_API_KEY", REFUSED),
}


def families() -> list[dict[str, object]]:
    return [{"configId": "default"}, {"configId": "free", "rateLimit": {"enabled": False}}]


@pytest.mark.anyio
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_a_change_behind_its_back_is_seen(case: Case) -> None:
    store = Watching()
    keys = await key_app(families(), adapter=store, plugins=[Admin()]).begin()
    window = {"rate_limit_max": 10, "rate_limit_time_window": 60_000}
    made = await keys.made(permissions=ASKED, **{**window, **case.limits})
    for _ in range(2):
        assert (await keys.used(made.key, permissions=ASKED)).valid
    keys.app.clock.advance(seconds=1)
    await case.behind(keys)
    store.told()
    found = await keys.used(made.key, permissions=ASKED)
    assert (found.error.code if found.error else "valid", store.told()) == (case.code, case.asked)
    for row in await keys.rows():
        assert {name: row.raw[name] for name in case.after} == case.after


@pytest.mark.anyio
@pytest.mark.parametrize(("seconds", "asked", "left"), [(-60, AT_ONCE, 3), (-60.001, SECOND_LOOK, 4)])
async def test_a_refill_that_is_longer_ago_than_it_was_is_seen(seconds: float, asked: list[str], left: int) -> None:
    store = Watching()
    keys = await key_app(adapter=store).begin()
    made = await keys.made(**REFILLED, rate_limit_enabled=False)
    assert (await keys.used(made.key)).valid
    keys.app.clock.advance(seconds=61)
    assert (await keys.used(made.key)).valid
    await sets(lastRefillAt=seconds)(keys)
    store.told()
    found = await keys.used(made.key)
    assert found.key is not None
    assert (found.key.remaining, store.told()) == (left, asked)


# Whatever happens -----------------------------------------------------------------------------------------------------

SECONDS = st.sampled_from([-90, -60, -30, -1, 0, 1, 30])
COLUMNS: dict[str, st.SearchStrategy[object]] = {
    "enabled": st.sampled_from([True, True, False, None]),
    "expiresAt": st.one_of(st.none(), SECONDS),
    "lastRequest": st.one_of(st.none(), SECONDS),
    "lastRefillAt": st.one_of(st.none(), SECONDS),
    "configId": st.sampled_from(["default", "free", "none"]),
    "permissions": st.sampled_from([None, PERMITTED, '{"files":["read","write"]}', "{"]),
    "remaining": st.sampled_from([None, 0, 1, 2, 9]),
    "refillAmount": st.sampled_from([None, 0, 1, 5]),
    "refillInterval": st.sampled_from([None, 0, 1, 30_000]),
    "rateLimitEnabled": st.sampled_from([True, False, None]),
    "rateLimitTimeWindow": st.sampled_from([None, 0, 1, 30_000, 2**53]),
    "rateLimitMax": st.sampled_from([None, 0, 1, 2, 9]),
    "requestCount": st.sampled_from([None, 0, 1, 2, 9]),
}
STEPS = st.one_of(
    st.tuples(st.just("use"), st.sampled_from([None, None, ASKED]), st.sampled_from([None, "default", "free"])),
    st.tuples(st.just("use"), st.just(None), st.just(None)),
    st.tuples(st.just("another process"), st.sampled_from([None, ASKED]), st.just(None)),
    st.sampled_from(sorted(COLUMNS)).flatmap(lambda name: st.tuples(st.just("set"), st.just(name), COLUMNS[name])),
    st.tuples(st.just("ban"), st.sampled_from([True, False, None]), st.one_of(st.none(), SECONDS)),
    st.tuples(st.just("wait"), st.sampled_from([0.001, 1, 29, 30, 31, 61]), st.just(None)),
)
LIMITS = st.fixed_dictionaries(
    {
        "remaining": st.sampled_from([None, 1, 3]),
        "rate_limit_max": st.sampled_from([1, 2, 9]),
        "rate_limit_time_window": st.sampled_from([1, 30_000]),
        "permissions": st.sampled_from([None, ASKED]),
    },
    optional={"refill_amount": st.just(2), "refill_interval": st.just(30_000)},
)


def _nothing(_: ApiKeyOptions) -> None:
    """What a process that remembers nothing has of a family."""


async def played(
    limits: Mapping[str, Any], steps: list[tuple[str, Any, Any]], *, remembers: bool
) -> tuple[list[VerifiedApiKey], list[Mapping[str, Any]]]:
    """Every answer, and the keys in the end, of two processes that remember what they use, or that do not."""
    store = Watching()
    keys = await key_app(families(), adapter=store, plugins=[Admin()]).begin()
    other = key_app(families(), adapter=store, plugins=[Admin()])
    if not remembers:
        for each in (keys, other):
            vars(each.plugin)["recent"] = _nothing
    whole = "refill_amount" in limits and "refill_interval" in limits
    made = await keys.made(
        **{
            name: value
            for name, value in limits.items()
            if value is not None and (whole or not name.startswith("refill"))
        }
    )
    answers: list[VerifiedApiKey] = []
    for step, first, second in steps:
        if step == "use":
            answers.append(await keys.used(made.key, permissions=first, config_id=second))
        elif step == "another process":
            answers.append(await other.used(made.key, permissions=first))
        elif step == "set":
            await sets(**{first: second})(keys)
        elif step == "ban":
            await bans(first, seconds=second)(keys)
        else:
            for each in (keys, other):
                each.app.clock.advance(seconds=first)
    return answers, [row.raw for row in await keys.rows()]


@settings(max_examples=60, deadline=None)
@given(LIMITS, st.lists(STEPS, min_size=4, max_size=14))
def test_whatever_happens_it_answers_as_one_that_remembers_nothing(
    limits: Mapping[str, Any], steps: list[tuple[str, Any, Any]]
) -> None:
    remembering = anyio.run(lambda: played(limits, steps, remembers=True))
    assert remembering == anyio.run(lambda: played(limits, steps, remembers=False))
