"""Attacks on browsers with several users: cookies forged, renamed, carried over, and more of them than there may be."""

from __future__ import annotations

import pytest
from tests.mailing import ADA, CountingPasswords, all_at_once, statuses

from gatewright.crypto.hmac import CookieSigner
from gatewright.http.cookies import encode_uri_component
from gatewright.model.session import Session
from gatewright.plugins.multi_session import MultiSession
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import SECRET, TestApp, make_app
from gatewright.testing.browser import Browser

pytestmark = pytest.mark.anyio

ACTIVE = "better-auth.session_token"
REFUSED = (401, "INVALID_SESSION_TOKEN")


def several(adapter: Adapter | None = None) -> TestApp:
    scheme = CountingPasswords()
    own = {"hash": scheme.hash, "verify": scheme.verify}
    return make_app(
        {"email_and_password": {"enabled": True, "password": own}}, adapter=adapter, plugins=[MultiSession()]
    )


async def token_of(browser: Browser) -> str:
    token: str = (await browser.get("/get-session")).json["session"]["token"]
    return token


# SES-19
@pytest.mark.parametrize("cookie", ["absent", "forged", "renamed"])
@pytest.mark.parametrize("path", ["/multi-session/set-active", "/multi-session/revoke"])
async def test_ses_19_a_token_without_its_signed_cookie_is_refused(cookie: str, path: str) -> None:
    app = several()
    ada, eve = await app.signed_up(), await app.signed_up("eve@example.com")
    token = await token_of(ada)
    name = f"{ACTIVE}_multi-{token.lower()}"
    if cookie == "forged":
        eve.jar[name] = ada.jar[name][:-10] + "AAAAAAA%3D"
    elif cookie == "renamed":
        eve.jar[name] = eve.jar[f"{ACTIVE}_multi-{(await token_of(eve)).lower()}"]
    answer = await eve.post(path, {"sessionToken": token})
    assert (answer.status, answer.json["code"]) == REFUSED
    listed = (await eve.get("/multi-session/list-device-sessions")).json
    assert [each["user"]["email"] for each in listed] == ["eve@example.com"]
    assert (await eve.post("/sign-out")).status == 200
    assert await token_of(ada) == token


# RACE-27
async def test_race_27_a_browser_never_holds_more_than_it_may(store: Adapter) -> None:
    app = several(store)
    await store.create_tables(app.auth.blueprint.plan.schema)
    for number in range(20):
        await app.signed_up(f"a{number}@example.com")
    browser = app.browser()
    answers = await all_at_once(
        [
            lambda number=number: browser.post("/sign-in/email", {**ADA, "email": f"a{number}@example.com"})
            for number in range(20)
        ]
    )
    assert statuses(answers) == {200: 20}
    listed = (await browser.get("/multi-session/list-device-sessions")).json
    assert len(listed) == 5
    kept = {each["session"]["token"] for each in listed}
    over = next(answer.json["token"] for answer in answers if answer.json["token"] not in kept)
    refused = await browser.post("/multi-session/set-active", {"sessionToken": over})
    assert (refused.status, refused.json["code"]) == REFUSED
    before = await app.auth.services.database.count(Session)
    assert (await browser.post("/sign-out")).status == 200
    assert before - await app.auth.services.database.count(Session) == 20


async def test_a_session_that_was_ended_elsewhere_is_not_activated() -> None:
    app = several()
    browser = await app.signed_up()
    token = await token_of(browser)
    await browser.post("/sign-up/email", {**ADA, "email": "bob@example.com"})
    await app.auth.services.sessions.end(app.auth.services.database, token)
    answer = await browser.post("/multi-session/set-active", {"sessionToken": token})
    assert (answer.status, answer.json["code"]) == REFUSED


# SES-18
@pytest.mark.parametrize("forged", ["unsigned", "signed for another name", "signed with another secret"])
async def test_ses_18_signing_out_ends_no_session_of_somebody_else(forged: str) -> None:
    app = several()
    ada, eve = await app.signed_up(), await app.signed_up("eve@example.com")
    token = await token_of(ada)
    value = {
        "unsigned": token,
        # What a browser can hold: a signed value of its own under the name of somebody else's session.
        "signed for another name": encode_uri_component(CookieSigner(SECRET).sign(await token_of(eve))),
        "signed with another secret": encode_uri_component(
            CookieSigner("another-secret-of-32-characters!").sign(token)
        ),
    }[forged]
    eve.jar[f"{ACTIVE}_multi-{token.lower()}"] = value
    assert (await eve.post("/sign-out")).status == 200
    assert await token_of(ada) == token
    listed = (await ada.get("/multi-session/list-device-sessions")).json
    assert [each["user"]["email"] for each in listed] == ["ada@example.com"]
    assert [row.token for row in await app.auth.services.database.find_many(Session)] == [token]
