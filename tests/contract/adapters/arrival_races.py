"""What makes a user makes one, however many come for the same at the same moment, on every store; not the stores' own suite."""

from __future__ import annotations

from typing import Any

import pytest
from tests.mailing import CountingPasswords, all_at_once
from tests.unit.plugins.siwe.wallets import message, nonce_of

from gatewright.model.account import Account
from gatewright.model.user import User
from gatewright.plugins.anonymous import Anonymous, AnonymousOptions, LinkedGuest
from gatewright.plugins.multi_session import MultiSession, MultiSessionOptions
from gatewright.plugins.phone_number import PhoneNumber, PhoneNumberOptions
from gatewright.plugins.siwe import Siwe, SiweOptions
from gatewright.plugins.username import Username
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.identity_provider import FakeGoogle, query_of
from gatewright.testing.mailbox import Mailbox

__all__ = ("ArrivalRaces",)

CALLERS = 20
NUMBER = "+12015550123"


async def anything(*_given: object) -> bool:
    """Every code and every signature is right: what is tested is who comes of it."""
    return True


def address(phone_number: str) -> str:
    return f"{phone_number[1:]}@phones.example.com"


async def place(adapter: Adapter) -> tuple[TestApp, FakeGoogle, list[str]]:
    """An instance on the store, a provider, and who was moved from a guest."""
    scheme, moved = CountingPasswords(), list[str]()

    async def move(link: LinkedGuest) -> None:
        moved.append(link.anonymous_user.user.id)

    settings: dict[str, Any] = {
        "email_and_password": {"enabled": True, "password": {"hash": scheme.hash, "verify": scheme.verify}},
        "social_providers": {"google": {"client_id": "google-id", "client_secret": "google-secret"}},
        "rate_limit": {"enabled": False, "per_account": False},
        # How long callers wait for each other is not what is tested.
        "advanced": {"database": {"statement_timeout": 60}},
    }
    phones = {
        "sendOTP": Mailbox().sender("code"),
        "verifyOTP": anything,
        "signUpOnVerification": {"getTempEmail": address},
    }
    app = make_app(
        settings,
        adapter=adapter,
        plugins=[
            Username(),
            PhoneNumber(PhoneNumberOptions.model_validate(phones)),
            Siwe(SiweOptions.model_validate({"domain": "localhost:3000", "verifyMessage": anything})),
            Anonymous(AnonymousOptions(on_link_account=move)),
            MultiSession(MultiSessionOptions(maximum_sessions=5)),
        ],
    )
    await app.auth.create_tables()
    return app, FakeGoogle(app.egress, app.clock), moved


def well(answers: list[Answer]) -> list[Answer]:
    """Nobody met a failure of ours; a store that cannot keep up may say so."""
    assert [answer for answer in answers if answer.status >= 500 and answer.status != 503] == []
    return [answer for answer in answers if answer.status in (200, 302)]


class ArrivalRaces:
    """Give it a fixture ``adapter``."""

    @pytest.mark.anyio
    async def test_race_03_one_of_many_gets_a_name(self, adapter: Adapter) -> None:
        app, _, _ = await place(adapter)

        async def claim(number: int) -> Answer:
            name = "Countess" if number % 2 else "COUNTESS"
            body = {"name": "A", "email": f"a{number}@example.com", "password": "password-1234", "username": name}
            return await app.browser().post("/sign-up/email", body)

        answers = await all_at_once([lambda number=number: claim(number) for number in range(CALLERS)])
        assert len(well(answers)) == 1
        assert {each.json["code"] for each in answers if each.status == 400} == {"USERNAME_IS_ALREADY_TAKEN"}
        assert await app.auth.services.database.count(User) == 1

    @pytest.mark.anyio
    async def test_race_04_first_sign_ins_of_one_identity_make_one_user(self, adapter: Adapter) -> None:
        app, _, _ = await place(adapter)
        begun: list[tuple[Browser, str]] = []
        for _ in range(CALLERS):
            browser = app.browser()
            answer = await browser.post("/sign-in/social", {"provider": "google", "callbackURL": "/home"})
            begun.append((browser, query_of(answer.json["url"])["state"]))
        answers = await all_at_once(
            [lambda pair=pair: pair[0].get(f"/callback/google?code=c&state={pair[1]}") for pair in begun]
        )
        assert {each.header("location") for each in well(answers)} == {"/home"}
        database = app.auth.services.database
        assert (await database.count(User), await database.count(Account)) == (1, 1)

    @pytest.mark.anyio
    async def test_race_05_one_id_token_makes_one_user(self, adapter: Adapter) -> None:
        app, google, _ = await place(adapter)
        body = {"provider": "google", "idToken": {"token": google.sign()}}
        answers = await all_at_once([lambda: app.browser().post("/sign-in/social", body)] * CALLERS)
        assert len({each.json["user"]["id"] for each in well(answers)}) == 1
        database = app.auth.services.database
        assert (await database.count(User), await database.count(Account)) == (1, 1)

    @pytest.mark.anyio
    async def test_race_35_one_number_makes_one_user(self, adapter: Adapter) -> None:
        app, _, _ = await place(adapter)
        body = {"phoneNumber": NUMBER, "code": "1"}
        answers = await all_at_once([lambda: app.browser().post("/phone-number/verify", body)] * CALLERS)
        assert len({each.json["user"]["id"] for each in well(answers)}) == 1
        assert await app.auth.services.database.count(User) == 1

    @pytest.mark.anyio
    async def test_one_wallet_makes_one_user(self, adapter: Adapter) -> None:
        app, _, _ = await place(adapter)
        texts = [message(await nonce_of(app.browser())) for _ in range(CALLERS)]
        answers = await all_at_once(
            [
                lambda text=text: app.browser().post("/siwe/verify", {"message": text, "signature": "0x"})
                for text in texts
            ]
        )
        assert len({each.json["user"]["id"] for each in well(answers)}) == 1
        assert await app.auth.services.database.count(User) == 1

    @pytest.mark.anyio
    async def test_race_36_a_guest_is_joined_once(self, adapter: Adapter) -> None:
        app, _, moved = await place(adapter)
        await app.signed_up()
        guest = app.browser()
        user = (await guest.post("/sign-in/anonymous")).json["user"]
        browsers = [app.browser() for _ in range(CALLERS)]
        for browser in browsers:
            browser.jar.update(guest.jar)
        body = {"email": "ada@example.com", "password": "password-1234"}
        answers = await all_at_once([lambda each=each: each.post("/sign-in/email", body) for each in browsers])
        assert well(answers) != []
        assert moved == [user["id"]]
        assert [each.email for each in await app.auth.services.database.find_many(User)] == ["ada@example.com"]
