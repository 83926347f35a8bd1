"""Attacks on wallets that sign in: replayed nonces, foreign signatures, accounts that were there before."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.mailing import all_at_once
from tests.unit.plugins.siwe.wallets import OTHER_KEY, address_of, app_with, message, nonce_of, sign_in, signed

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins.siwe.model import WalletAddress
from gatewright.ports.adapter import Adapter

pytestmark = pytest.mark.anyio


def anything_goes(given: object) -> bool:
    return True


async def test_of_fifty_who_send_one_message_one_is_signed_in(store: Adapter) -> None:
    app = app_with({"verifyMessage": anything_goes}, adapter=store)
    await app.auth.create_tables()
    text = message(await nonce_of(app.browser()))
    body = {"message": text, "signature": "0x"}
    answers = await all_at_once([lambda: app.browser().post("/siwe/verify", body)] * 50)
    assert sorted(answer.status for answer in answers) == [200] + [401] * 49
    assert {answer.json["code"] for answer in answers if answer.status == 401} == {
        "UNAUTHORIZED_INVALID_OR_EXPIRED_NONCE"
    }
    assert await app.auth.services.database.count(Session) == 1


async def test_race_many_first_sign_ins_of_a_wallet_make_one_user(store: Adapter) -> None:
    app = app_with({"verifyMessage": anything_goes}, adapter=store)
    await app.auth.create_tables()
    texts = [message(await nonce_of(app.browser())) for _ in range(10)]
    answers = await all_at_once(
        [lambda text=text: app.browser().post("/siwe/verify", {"message": text, "signature": "0x"}) for text in texts]
    )
    assert {answer.status for answer in answers} == {200}
    assert len({answer.json["user"]["id"] for answer in answers}) == 1
    database = app.auth.services.database
    assert (await database.count(User), await database.count(Account), await database.count(WalletAddress)) == (1, 1, 1)


async def test_one_18_a_nonce_ends_after_fifteen_minutes() -> None:
    app = app_with()
    for seconds, status in ((899, 200), (900, 401), (901, 401)):
        browser = app.browser()
        text = message(await nonce_of(browser))
        app.clock.advance(seconds=seconds)
        late = await browser.post("/siwe/verify", {"message": text, "signature": signed(text)})
        assert late.status == status


async def test_a_wrong_signature_uses_the_nonce_up() -> None:
    app = app_with()
    text = message(await nonce_of(app.browser()))
    forged = await app.browser().post("/siwe/verify", {"message": text, "signature": signed(text, OTHER_KEY)})
    assert (forged.status, forged.json["message"]) == (401, "Unauthorized: Invalid SIWE signature")
    again = await app.browser().post("/siwe/verify", {"message": text, "signature": signed(text)})
    assert again.json["code"] == "UNAUTHORIZED_INVALID_OR_EXPIRED_NONCE"


async def test_one_15_a_value_of_another_flow_is_no_nonce_and_stays() -> None:
    app = app_with()
    services = app.auth.services
    expires_at = services.clock.now().replace(year=2027)
    await services.verifications.create(services.database, "magiclink00001", "magiclink00001", expires_at=expires_at)
    text = message("magiclink00001")
    refused = await app.browser().post("/siwe/verify", {"message": text, "signature": signed(text)})
    assert refused.json["code"] == "UNAUTHORIZED_INVALID_OR_EXPIRED_NONCE"
    assert await services.verifications.find(services.database, "magiclink00001") is not None


async def test_lnk_16_and_17_an_account_under_the_address_of_a_wallet_does_not_become_its_own() -> None:
    app = app_with()
    email = f"{address_of().lower()}@wallets.example.com"
    attacker = await app.signed_up(email)
    theirs = (await attacker.get("/get-session")).json["user"]["id"]
    answer = await sign_in(app.browser())
    assert answer.status == 200
    assert answer.json["user"]["id"] != theirs
    assert (await sign_in(app.browser())).json["user"]["id"] == answer.json["user"]["id"]


async def test_lnk_17_a_wallet_does_not_take_over_the_address_that_it_brings() -> None:
    app = app_with({"anonymous": False})
    owner = await app.signed_up("ada@example.com")
    mine = (await owner.get("/get-session")).json["user"]["id"]
    answer = await sign_in(app.browser(), body={"email": "ada@example.com"})
    assert answer.json["user"]["id"] != mine


def test_inp_10_the_library_of_wallets_leaves_the_limit_of_recursion_alone() -> None:
    asked = "import sys, gatewright.plugins.siwe.endpoints; print(sys.getrecursionlimit())"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, env=_environment())
    assert told.stdout.strip() == "1000"


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
