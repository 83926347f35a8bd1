"""RACE: many requests at once. Exactly one wins where only one may."""

from __future__ import annotations

from functools import partial

import anyio
import anyio.lowlevel
import pytest
from tests.security.attacker import SIGN_IN, SIGN_UP, all_at_once, app_on, refused, send, statuses

from gatewright.contract.faults import PasswordAlreadySet
from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

ROUNDS = 5


async def counts(app: TestApp) -> tuple[int, int, int]:
    database = app.auth.services.database
    return await database.count(User), await database.count(Account), await database.count(Session)


async def cleared(app: TestApp) -> None:
    for table in (Session, Account, User):
        await app.auth.services.database.delete(table)


async def test_race_01_of_many_sign_ups_with_one_address_one_succeeds(store: Adapter) -> None:
    app = await app_on(store)
    for _ in range(ROUNDS):
        answers = await all_at_once([partial(app.browser().post, "/sign-up/email", SIGN_UP)] * 50)
        assert statuses(answers) == {200: 1, 422: 49}
        for answer in answers:
            if answer.status != 200:
                refused(answer)
                assert answer.json["code"] == "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"
        assert await counts(app) == (1, 1, 1)
        await cleared(app)


async def test_race_02_upper_and_lower_case_are_one_address(store: Adapter) -> None:
    app = await app_on(store)
    spellings = ["ada@example.com", "ADA@example.com", "Ada@Example.Com", "aDA@eXAMPLE.cOM"]
    for _ in range(ROUNDS):
        jobs = [
            partial(app.browser().post, "/sign-up/email", {**SIGN_UP, "email": spellings[number % 4]})
            for number in range(50)
        ]
        assert statuses(await all_at_once(jobs)) == {200: 1, 422: 49}
        assert await counts(app) == (1, 1, 1)
        await cleared(app)


async def test_race_24_after_sign_out_returns_nothing_brings_the_session_back(store: Adapter) -> None:
    app = await app_on(store)
    for _ in range(ROUNDS):
        await cleared(app)
        browser = await app.signed_up()
        app.clock.advance(days=2)
        kept = dict(browser.jar)
        done: list[bool] = []

        async def read() -> tuple[bool, Answer]:
            own = app.browser()
            own.jar.update(kept)  # noqa: B023 (awaited within the round)
            late = bool(done)  # noqa: B023
            return late, await own.get("/get-session")

        async def leave() -> tuple[bool, Answer]:
            own = app.browser()
            own.jar.update(kept)  # noqa: B023
            answer = await own.post("/sign-out")
            done.append(True)  # noqa: B023
            return False, answer

        results = await all_at_once([*[read] * 10, leave, *[read] * 10])
        for late, answer in results:
            assert answer.status == 200
            assert not (late and answer.json)
        after = await read()
        assert after[1].json is None
        assert await app.auth.services.database.count(Session) == 0


async def test_race_28_of_many_changes_from_one_password_the_first_wins(store: Adapter) -> None:
    app = await app_on(store)
    for _ in range(ROUNDS):
        await cleared(app)
        browser = await app.signed_up()
        jobs = [
            partial(
                browser.post,
                "/change-password",
                {"currentPassword": "password-1234", "newPassword": f"password-new-{number}"},
            )
            for number in range(10)
        ]
        answers = await all_at_once(jobs)
        assert statuses(answers) == {200: 1, 400: 9}
        winner = next(number for number, answer in enumerate(answers) if answer.status == 200)
        for answer in answers:
            assert answer.status == 200 or answer.json["code"] == "INVALID_PASSWORD"
        for number in range(10):
            tried = await app.browser().post("/sign-in/email", {**SIGN_IN, "password": f"password-new-{number}"})
            assert tried.status == (200 if number == winner else 401)


async def test_race_28_of_many_passwords_given_to_one_user_one_is_kept(store: Adapter) -> None:
    app = await app_on(store)
    browser = await app.signed_up()
    await app.auth.services.database.delete(Account)
    mine = app.auth.api.on({"cookie": browser.cookie_header()})

    async def give(number: int) -> bool:
        try:
            return (await mine.set_password(new_password=f"password-new-{number}")).status
        except PasswordAlreadySet:
            return False

    results = await all_at_once([partial(give, number) for number in range(10)])
    assert results.count(True) == 1
    assert await app.auth.services.database.count(Account) == 1


async def test_race_31_the_first_fifty_requests_of_an_instance_are_answered(store: Adapter) -> None:
    first = await app_on(store)
    browser = await first.signed_up()
    fresh = make_app(adapter=store)
    jar = dict(browser.jar)

    async def ask(number: int) -> Answer:
        own = fresh.browser()
        if number % 2:
            own.jar.update(jar)
        return await own.get("/get-session")

    answers = await all_at_once([partial(ask, number) for number in range(50)])
    for number, answer in enumerate(answers):
        assert (answer.status, answer.json is not None) == (200, bool(number % 2))


async def test_race_32_requests_under_two_hosts_never_mix() -> None:
    """Each host trusts one place of its own; the answers of a hundred requests at once keep to their host."""

    async def trusted(request: object) -> list[str]:
        host = getattr(request, "host", "")
        await anyio.lowlevel.checkpoint()
        return [f"https://only-{host}"]

    hosts = {"allowed_hosts": ["a.test", "b.test"], "protocol": "https"}
    app = await app_on(MemoryAdapter(), {"base_url": hosts, "trusted_origins": trusted})
    made = await send(
        app.auth, "POST", "/api/auth/sign-up/email", b'{"name":"A","email":"ada@example.com","password":"password-1234"}',
        host="a.test",
    )  # fmt: skip
    assert made.status == 200

    async def ask(number: int) -> tuple[str, str, Answer]:
        host, place = ("a.test", "b.test")[number % 2], ("a.test", "b.test")[number // 2 % 2]
        body = f'{{"email":"ada@example.com","password":"password-1234","callbackURL":"https://only-{place}/x"}}'
        return host, place, await send(app.auth, "POST", "/api/auth/sign-in/email", body.encode(), host=host)

    for host, place, answer in await all_at_once([partial(ask, number) for number in range(100)]):
        assert answer.status == (200 if host == place else 403), (host, place)
        for line in answer.cookies:
            assert "Domain" not in line
