"""Attacks on passkeys: replayed challenges, foreign credentials, values of other flows."""

from __future__ import annotations

import pytest
from tests.mailing import all_at_once
from tests.unit.plugins.passkey.keys import app_with, asked, begun, finish, owner, refusal, register, sign_in

from gatewright.model.session import Session
from gatewright.model.verification import Verification
from gatewright.plugins.magic_link import MagicLink, MagicLinkOptions
from gatewright.plugins.passkey import Passkey
from gatewright.plugins.passkey.model import PasskeyRow
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import make_app
from gatewright.testing.authenticator import Authenticator
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio


async def test_pky_01_of_fifty_who_finish_one_registration_one_can(store: Adapter) -> None:
    app = app_with(adapter=store)
    await app.auth.create_tables()
    browser = await app.signed_up()
    answer = Authenticator().create(await begun(browser))
    answers = await all_at_once([lambda: finish(browser, answer)] * 50)
    assert sorted(each.status for each in answers) == [200] + [400] * 49
    assert {each.json["code"] for each in answers if each.status == 400} == {"CHALLENGE_NOT_FOUND"}
    assert await app.auth.services.database.count(PasskeyRow) == 1


async def test_pky_01_of_fifty_who_use_one_signature_one_is_signed_in(store: Adapter) -> None:
    app = app_with(adapter=store)
    await app.auth.create_tables()
    _, key = await owner(app)
    browser = app.browser()
    answer = key.get(await asked(browser))
    answers = await all_at_once([lambda: browser.post("/passkey/verify-authentication", {"response": answer})] * 50)
    assert sorted(each.status for each in answers) == [200] + [400] * 49
    assert {each.json["code"] for each in answers if each.status == 400} == {"CHALLENGE_NOT_FOUND"}
    assert await app.auth.services.database.count(Session) == 2


async def test_pky_02_a_challenge_is_for_one_ceremony_and_survives_the_other() -> None:
    app = app_with()
    browser, key = await owner(app)
    options = await begun(browser)
    wrong = key.get({"challenge": options["challenge"], "rpId": "localhost"})
    assert refusal(await browser.post("/passkey/verify-authentication", {"response": wrong})) == (
        400,
        "CHALLENGE_NOT_FOUND",
    )
    assert (await finish(browser, Authenticator().create(options))).status == 200
    mine = await asked(browser)
    registering = Authenticator().create({**options, "challenge": mine["challenge"]})
    assert refusal(await finish(browser, registering)) == (400, "CHALLENGE_NOT_FOUND")
    assert (await browser.post("/passkey/verify-authentication", {"response": key.get(mine)})).status == 200


async def test_pky_03_a_challenge_is_for_one_browser_one_user_and_five_minutes() -> None:
    app = app_with()
    browser, key = await owner(app)
    other = await app.signed_up("eve@example.com")
    answer = Authenticator().create(await begun(browser))
    assert refusal(await finish(other, answer)) == (400, "CHALLENGE_NOT_FOUND")
    other.jar["better-auth.better-auth-passkey"] = browser.jar["better-auth.better-auth-passkey"]
    assert refusal(await finish(other, answer)) == (401, "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY")
    visitor = app.browser()
    signed = key.get(await asked(visitor))
    for seconds, status in ((299, 200), (300, 400), (301, 400)):
        signed = key.get(await asked(visitor))
        app.clock.advance(seconds=seconds)
        late = await visitor.post("/passkey/verify-authentication", {"response": signed})
        assert late.status == status


async def test_pky_03_a_challenge_of_a_session_ends_with_it() -> None:
    app = app_with({"registration": {"requireSession": False}})
    browser = await app.signed_up()
    options = await begun(browser)
    kept = browser.jar["better-auth.better-auth-passkey"]
    await browser.post("/sign-out")
    browser.jar["better-auth.better-auth-passkey"] = kept
    refused = await finish(browser, Authenticator().create(options))
    assert refusal(refused) == (401, "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY")


async def test_pky_09_a_counter_that_does_not_grow_is_refused() -> None:
    app = app_with()
    _, key = await owner(app)
    assert (await sign_in(app.browser(), key, counter=10)).status == 200
    for counter in (9, 10, 0):
        assert refusal(await sign_in(app.browser(), key, counter=counter)) == (400, "AUTHENTICATION_FAILED")
    assert (await sign_in(app.browser(), key, counter=11)).status == 200


async def test_pky_09_of_several_signatures_with_one_count_one_signs_in(store: Adapter) -> None:
    app = app_with(adapter=store)
    await app.auth.create_tables()
    _, key = await owner(app)
    browsers = [app.browser() for _ in range(20)]
    answers = [key.get(await asked(browser), counter=7) for browser in browsers]
    done = await all_at_once(
        [
            lambda browser=browser, answer=answer: browser.post("/passkey/verify-authentication", {"response": answer})
            for browser, answer in zip(browsers, answers, strict=True)
        ]
    )
    assert sorted(each.status for each in done) == [200] + [400] * 19


async def test_pky_10_a_user_handle_of_somebody_else_is_refused() -> None:
    app = app_with()
    _, key = await owner(app)
    eve = await app.signed_up("eve@example.com")
    theirs = Authenticator()
    await register(eve, theirs)
    foreign = theirs.credentials[0].user_handle
    assert refusal(await sign_in(app.browser(), key, user_handle=foreign)) == (400, "AUTHENTICATION_FAILED")
    assert (await sign_in(app.browser(), key)).status == 200
    # Another server on the same database made handles that say nothing.
    assert (await sign_in(app.browser(), key, user_handle=b"cHq2jn5xkwz08l3m9v6b7t4r1sdfgyap")).status == 200
    assert (await sign_in(app.browser(), key, user_handle=b"")).status == 200
    assert (await sign_in(app.browser(), key, user_handle=b"\xff")).status == 200


async def test_pky_11_a_credential_belongs_to_one_user() -> None:
    app = app_with()
    _, key = await owner(app)
    eve = await app.signed_up("eve@example.com")
    again = Authenticator().create(await begun(eve), credential_id=key.credentials[0].id)
    assert refusal(await finish(eve, again)) == (400, "PREVIOUSLY_REGISTERED")
    assert (await sign_in(app.browser(), key)).json["user"]["email"] == "ada@example.com"


async def test_pky_11_an_id_has_at_most_1023_bytes() -> None:
    app = app_with()
    browser = await app.signed_up()
    fits, longer = Authenticator(), Authenticator()
    assert (await finish(browser, fits.create(await begun(browser), credential_id=bytes(1023)))).status == 200
    refused = await finish(browser, longer.create(await begun(browser), credential_id=b"\x01" * 1024))
    assert refusal(refused) == (500, "FAILED_TO_VERIFY_REGISTRATION")
    assert (await sign_in(app.browser(), fits)).status == 200


async def test_pky_14_foreign_passkeys_are_out_of_reach() -> None:
    app = app_with()
    browser, _ = await owner(app)
    (mine,) = (await browser.get("/passkey/list-user-passkeys")).json
    eve = await app.signed_up("eve@example.com")
    assert (await eve.get("/passkey/list-user-passkeys")).json == []
    assert (await eve.post("/passkey/delete-passkey", {"id": mine["id"]})).status == 401
    assert (await eve.post("/passkey/update-passkey", {"id": mine["id"], "name": "x"})).status == 401
    assert (await browser.get("/passkey/list-user-passkeys")).json == [mine]


async def test_pky_15_only_who_has_just_signed_in_registers() -> None:
    app = app_with()
    nobody = app.browser()
    assert refusal(await nobody.get("/passkey/generate-register-options")) == (401, "UNAUTHORIZED")
    assert refusal(await finish(nobody, {})) == (401, "UNAUTHORIZED")
    browser = await app.signed_up()
    answer = Authenticator().create(await begun(browser))
    app.clock.advance(days=1, seconds=1)
    stale = await browser.get("/passkey/generate-register-options")
    assert (stale.status, stale.json["code"]) == (403, "SESSION_NOT_FRESH")
    late = await finish(browser, answer)
    assert (late.status, late.json["code"]) == (403, "SESSION_NOT_FRESH")


async def test_enu_11_nobody_learns_whose_passkeys_there_are() -> None:
    app = app_with()
    await owner(app)
    for browser in (app.browser(), await app.signed_up("eve@example.com")):
        assert "allowCredentials" not in await asked(browser)


# Values of other flows -------------------------------------------------------------------------------------------------


async def test_one_15_a_value_of_another_flow_is_no_challenge_and_stays() -> None:
    box = Mailbox()
    app = make_app(plugins=[Passkey(), MagicLink(MagicLinkOptions(send_magic_link=box.sender("link")))], mailbox=box)
    browser = app.browser()
    await browser.post("/sign-in/magic-link", {"email": "ada@example.com"})
    token: str = box.last("link").token
    cookie = app.auth.blueprint.plan.signer.sign(token)
    browser.jar["better-auth.better-auth-passkey"] = cookie.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    refused = await browser.post("/passkey/verify-authentication", {"response": {"id": "x"}})
    assert refusal(refused) == (400, "CHALLENGE_NOT_FOUND")
    assert (await app.browser().get(f"/magic-link/verify?token={token}")).status == 200


async def test_one_15_a_challenge_is_nothing_to_another_flow_and_stays() -> None:
    box = Mailbox()
    app = make_app(plugins=[Passkey(), MagicLink(MagicLinkOptions(send_magic_link=box.sender("link")))], mailbox=box)
    browser, key = await owner(app)
    options = await asked(browser)
    (row,) = [
        row for row in await app.auth.services.database.find_many(Verification) if options["challenge"] in row.value
    ]
    answer = await app.browser().get(f"/magic-link/verify?token={row.identifier}")
    assert answer.header("location") == "http://localhost:3000/?error=INVALID_TOKEN"
    signed = await browser.post("/passkey/verify-authentication", {"response": key.get(options)})
    assert signed.status == 200


async def test_race_two_users_cannot_both_register_one_credential(store: Adapter) -> None:
    app = app_with(adapter=store)
    await app.auth.create_tables()
    browsers = [await app.signed_up(f"user{number}@example.com") for number in range(5)]
    answers = [Authenticator().create(await begun(browser), credential_id=b"one") for browser in browsers]
    done = await all_at_once(
        [
            lambda browser=browser, answer=answer: finish(browser, answer)
            for browser, answer in zip(browsers, answers, strict=True)
        ]
    )
    assert sum(each.status == 200 for each in done) <= 1
    assert {each.json["code"] for each in done if each.status != 200} == {"PREVIOUSLY_REGISTERED"}
    assert await app.auth.services.database.count(PasskeyRow) <= 1
