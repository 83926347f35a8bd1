"""The second factor under fifty callers at once: what works once works once, on every store; not the stores' own suite."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeAlias

import pytest
from tests.mailing import CountingPasswords, all_at_once, statuses
from tests.unit.plugins.two_factor.factor import PASSWORD, challenged, code_of, enrolled, signing_in

from gatewright import binding
from gatewright.access.assurance import Proof
from gatewright.model.assurance import AssuredSession
from gatewright.plugins.assurance import Assurance
from gatewright.plugins.two_factor import TwoFactor, TwoFactorOptions
from gatewright.plugins.two_factor.flows import factor_of
from gatewright.ports.adapter import Adapter
from gatewright.ports.cache import Cache
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.mailbox import Mailbox

__all__ = ("SecondFactorRaces",)

CALLERS = 50
Stores: TypeAlias = tuple[Adapter, Cache | None]


def _unbounded(cache: Cache) -> Cache:
    return cache


async def app_on(stores: Stores, options: Mapping[str, Any] | None = None, *, assured: bool = False) -> TestApp:
    """An instance that sends codes to ``app.mailbox`` as ``otp``; passwords cost nothing."""
    adapter, cache = stores
    box, scheme = Mailbox(), CountingPasswords()
    given = {"otp_options": {"send_otp": box.sender("otp")}, **(options or {})}
    app = make_app(
        {
            "email_and_password": {"enabled": True, "password": {"hash": scheme.hash, "verify": scheme.verify}},
            # How long callers wait for each other is not what is tested.
            "advanced": {"database": {"statement_timeout": 60}},
        },
        plugins=(TwoFactor(TwoFactorOptions.model_validate(given)), *((Assurance(),) if assured else ())),
        adapter=adapter,
        cache=cache,
        mailbox=box,
    )
    await app.auth.create_tables()
    return app


def sending(path: str, browsers: list[Browser], code: str) -> list[Callable[[], Any]]:
    """The same code from everybody."""
    return [lambda browser=browser: browser.post(f"/two-factor/{path}", {"code": code}) for browser in browsers]


def assert_one(answers: list[Answer]) -> None:
    """One succeeded; the others were refused, or told that the store cannot keep up."""
    found = statuses(answers)
    assert found.pop(200, 0) == 1
    assert all(400 <= status < 500 or status == 503 for status in found)


@pytest.mark.anyio
class SecondFactorRaces:
    """Give it the fixtures ``adapter`` and ``cache``."""

    CHALLENGES: ClassVar[int] = CALLERS
    """How many sign-ins callers come from; where each takes its time, several come from the same."""

    @pytest.fixture
    def stores(self, adapter: Adapter, cache: Cache | None, monkeypatch: pytest.MonkeyPatch) -> Stores:
        # How long a storage may take is tested elsewhere; here fifty callers share a machine with others.
        monkeypatch.setattr(binding, "CacheDeadline", _unbounded)
        return adapter, cache

    async def browsers(self, app: TestApp, challenges: int) -> list[Browser]:
        """One for each caller, from this many sign-ins."""
        made = [await challenged(app) for _ in range(challenges)]
        return [made[number % challenges] for number in range(CALLERS)]

    async def test_mfa_03_a_code_of_an_app_works_once_for_all_challenges(self, stores: Stores) -> None:
        app = await app_on(stores, {"account_lockout": {"enabled": False}})
        _, given = await enrolled(app)
        browsers = await self.browsers(app, self.CHALLENGES)
        answers = await all_at_once(sending("verify-totp", browsers, code_of(app, given["totpURI"])))
        assert statuses(answers) == {200: 1, 401: CALLERS - 1}

    async def test_mfa_03_a_code_that_was_sent_works_once(self, stores: Stores) -> None:
        app = await app_on(stores, {"account_lockout": {"enabled": False}})
        await enrolled(app)
        browser = await challenged(app)
        await browser.post("/two-factor/send-otp", {})
        answers = await all_at_once(sending("verify-otp", [browser] * CALLERS, app.mailbox.last("otp").otp))
        assert_one(answers)

    async def test_mfa_05_a_backup_code_works_once_for_all_challenges(self, stores: Stores) -> None:
        app = await app_on(stores, {"account_lockout": {"enabled": False}})
        _, given = await enrolled(app)
        browsers = await self.browsers(app, 8)
        answers = await all_at_once(sending("verify-backup-code", browsers, given["backupCodes"][0]))
        assert_one(answers)

    @pytest.mark.parametrize("kind", ["app", "sent"])
    async def test_rlm_12_guesses_at_once_cannot_exceed_the_limit_of_the_account(
        self, stores: Stores, kind: str
    ) -> None:
        app = await app_on(stores, {"account_lockout": {"max_failed_attempts": 10}})
        if kind == "app":
            await enrolled(app)
        else:
            owner = await app.signed_up()
            await owner.post("/two-factor/enable", {"password": PASSWORD, "method": "otp"})
        browsers = [await challenged(app) for _ in range(self.CHALLENGES)]
        path = "verify-totp" if kind == "app" else "verify-otp"
        for browser in browsers if kind == "sent" else ():
            await browser.post("/two-factor/send-otp", {})
        answers = await all_at_once(sending(path, browsers, "wrong"))
        assert statuses(answers) == {401: 10, 429: self.CHALLENGES - 10}

    async def test_mfa_a_session_is_raised_by_one_of_fifty_who_bring_one_code(self, stores: Stores) -> None:
        app = await app_on(stores, {"account_lockout": {"enabled": False}}, assured=True)
        browser, given = await enrolled(app)
        code = code_of(app, given["totpURI"])
        answers = await all_at_once(sending("verify-totp", [browser] * CALLERS, code))
        assert statuses(answers) == {200: 1, 401: CALLERS - 1}
        others = await all_at_once(
            [lambda: browser.post("/verify-password", {"password": PASSWORD}) for _ in range(CALLERS)]
        )
        assert statuses(others) == {200: CALLERS}
        token = (browser.cookie("better-auth.session_token") or "").rpartition(".")[0]
        pair = await app.auth.services.sessions.find(app.auth.services.database, token)
        assert pair is not None
        proof = Proof.read(AssuredSession.of(pair[0]).amr)
        assert {name for name, moment in proof.moments if moment == app.clock.now()} == {"pwd", "otp", "totp", "mfa"}

    async def test_race_everybody_who_begins_a_challenge_has_one_of_their_own(self, stores: Stores) -> None:
        app = await app_on(stores, {"everywhere": True})
        _, given = await enrolled(app)
        browsers = [app.browser() for _ in range(CALLERS)]
        answers = await all_at_once([lambda browser=browser: signing_in(browser) for browser in browsers])
        assert {answer.json["twoFactorRedirect"] for answer in answers} == {True}
        assert len({browser.jar["better-auth.two_factor"] for browser in browsers}) == CALLERS
        answer = await browsers[0].post("/two-factor/verify-totp", {"code": code_of(app, given["totpURI"])})
        assert answer.status == 200
        user = await app.auth.services.users.by_email(app.auth.services.database, "ada@example.com")
        assert user is not None
        assert await factor_of(app.auth.services.database, user) is not None
