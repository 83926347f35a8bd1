"""SES: what a session's cookie and token can and cannot do."""

from __future__ import annotations

import string
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from tests.security.attacker import app_on, send

from gatewright.crypto.hmac import CookieSigner
from gatewright.crypto.random_text import ID_ALPHABET, random_text
from gatewright.http.cookies import encode_uri_component
from gatewright.model.session import Session
from gatewright.plugins.bearer.plugin import Bearer, BearerOptions
from gatewright.ports.adapter import Adapter
from gatewright.ports.random import SystemRandom
from gatewright.testing.app import SECRET, TestApp
from gatewright.testing.browser import Answer, Browser
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

NAME = "better-auth.session_token"


@pytest.fixture
async def app(store: Adapter) -> TestApp:
    return await app_on(store)


async def sessions(app: TestApp) -> list[Session]:
    return await app.auth.services.database.find_many(Session)


async def ask(app: TestApp, *cookies: str, path: str = "/get-session") -> Answer:
    return await send(app.auth, "GET", f"/api/auth{path}", headers=[("cookie", each) for each in cookies])


def signed(token: str, secret: str = SECRET) -> str:
    return encode_uri_component(CookieSigner(secret).sign(token))


async def test_ses_01_signing_in_begins_a_session_of_its_own(app: TestApp) -> None:
    browser = await app.signed_up()
    before = browser.jar[NAME]
    answer = await browser.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    assert answer.status == 200
    assert browser.jar[NAME] != before
    planted = app.browser()
    planted.jar[NAME] = signed("a-token-that-an-attacker-has-chosen")
    await planted.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    assert "attacker" not in planted.jar[NAME]
    assert "a-token-that-an-attacker-has-chosen" not in [row.token for row in await sessions(app)]


async def test_ses_02_a_cookie_without_the_right_signature_is_no_session(app: TestApp) -> None:
    browser = await app.signed_up()
    (row,) = await sessions(app)
    good = browser.jar[NAME]
    for value in (
        row.token,
        f"{row.token}.",
        good[:-8],
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        signed(row.token, "another-secret-that-is-long-enough"),
        f"x{good}",
        good.replace(".", "%2E%2E"),
        "",
        ".",
        "%",
    ):
        answer = await ask(app, f"{NAME}={value}")
        assert (answer.status, answer.json, answer.cookies) == (200, None, []), value
    assert (await ask(app, f"{NAME}={good}")).json is not None


async def test_ses_03_of_two_cookies_the_first_counts(app: TestApp) -> None:
    good = (await app.signed_up()).jar[NAME]
    other = (await app.signed_up("bob@example.com")).jar[NAME]
    for first, second in ((good, "bad"), ("bad", good), (good, other), (other, good)):
        one = await ask(app, f"{NAME}={first}; {NAME}={second}")
        alone = await ask(app, f"{NAME}={first}")
        assert one.json == alone.json
        assert (await ask(app, f"{NAME}={first}", f"{NAME}={second}")).json == alone.json


async def test_ses_03_on_https_only_the_secure_name_counts() -> None:
    app = await app_on(MemoryAdapter(), {"base_url": "https://app.test"})
    browser = await app.signed_up()
    good = browser.jar[f"__Secure-{NAME}"]
    assert (await ask(app, f"{NAME}={good}")).json is None
    assert (await ask(app, f"{NAME}=tossed; __Secure-{NAME}={good}")).json is not None
    assert (await ask(app, f"__Secure-{NAME}=tossed; {NAME}={good}")).json is None


@pytest.mark.parametrize(
    "cookie",
    ["; ".join(f"c{number}=v" for number in range(100)), f"{NAME}={'a' * 15_000}", f"{NAME}=%zz%", f"{NAME}=%ff.%fe", "=; ;;=",
     f"{NAME}", f"={NAME}=", f'{NAME}="x', f"{NAME}=\xff\xfe", f"{NAME}={'.' * 5000}"],
)  # fmt: skip
async def test_ses_05_strange_cookies_are_no_session(app: TestApp, cookie: str) -> None:
    answer = await ask(app, cookie)
    assert (answer.status, answer.json) == (200, None)


@pytest.mark.parametrize(
    ("base", "remember", "line"),
    [
        ("http://localhost:3000", True, "; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax"),
        ("https://app.test", True, "; Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Lax"),
        ("http://localhost:3000", False, "; Path=/; HttpOnly; SameSite=Lax"),
    ],
)
async def test_ses_06_the_attributes_of_the_cookie(base: str, remember: bool, line: str) -> None:
    app = await app_on(MemoryAdapter(), {"base_url": base})
    await app.signed_up()
    answer = await app.browser().post(
        "/sign-in/email", {"email": "ada@example.com", "password": "password-1234", "rememberMe": remember}
    )
    (found,) = [each for each in answer.cookies if "session_token=" in each]
    assert found[found.index(";") :] == line
    assert found.startswith("__Secure-" if base.startswith("https") else NAME)


async def test_ses_08_a_session_is_over_at_the_moment_it_expires(app: TestApp) -> None:
    browser = await app.signed_up()
    (row,) = await sessions(app)
    app.clock.set(row.expires_at - timedelta(milliseconds=1))
    answer = await browser.get("/get-session?disableRefresh=true")
    assert answer.json["session"]["token"] == row.token
    app.clock.set(row.expires_at)
    assert (await browser.get("/get-session")).json is None
    assert (await sessions(app), browser.jar) == ([], {})


async def test_ses_09_a_session_is_extended_once_after_the_boundary(app: TestApp) -> None:
    browser = await app.signed_up()
    (row,) = await sessions(app)
    began = app.clock.now()
    app.clock.set(began + timedelta(days=1) - timedelta(milliseconds=1))
    assert (await browser.get("/get-session")).cookies == []
    app.clock.set(began + timedelta(days=1))
    answer = await browser.get("/get-session")
    assert len(answer.cookies) == 1
    assert (await sessions(app))[0].expires_at == row.expires_at + timedelta(days=1)
    assert (await browser.get("/get-session")).cookies == []


async def test_ses_09_never_where_it_is_switched_off(store: Adapter) -> None:
    app = await app_on(store, {"session": {"disable_session_refresh": True}})
    browser = await app.signed_up()
    (row,) = await sessions(app)
    app.clock.advance(days=3)
    answer = await browser.get("/get-session")
    assert (answer.json["session"]["token"], answer.cookies) == (row.token, [])
    assert (await sessions(app))[0].raw == row.raw


async def test_ses_10_an_old_session_is_not_fresh(app: TestApp) -> None:
    browser = await app.signed_up()
    app.clock.advance(seconds=86_399)
    assert (await browser.get("/list-sessions")).status == 200
    app.clock.advance(seconds=1)
    answer = await browser.get("/list-sessions")
    assert (answer.status, answer.json["code"]) == (403, "SESSION_NOT_FRESH")


async def test_ses_15_nobody_ends_the_session_of_another(app: TestApp) -> None:
    ada, eve = await app.signed_up(), await app.signed_up("eve@example.com")
    token = (await ada.get("/get-session")).json["session"]["token"]
    answer = await eve.post("/revoke-session", {"token": token})
    assert (answer.status, answer.json) == (200, {"status": True})
    assert (await ada.get("/get-session")).json["session"]["token"] == token
    await eve.post("/revoke-sessions")
    assert (await eve.get("/get-session")).json is None
    assert (await ada.get("/get-session")).json is not None


async def test_ses_16_the_list_holds_only_the_users_own_sessions_that_are_not_over(app: TestApp) -> None:
    ada = await app.signed_up()
    await app.signed_up("eve@example.com")
    passing = app.browser()
    await passing.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234", "rememberMe": False})
    app.clock.advance(hours=23)
    assert len((await ada.get("/list-sessions")).json) == 2
    second = app.browser()
    app.clock.advance(hours=2)
    await second.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    listed = (await second.get("/list-sessions")).json
    me = (await ada.get("/get-session")).json["user"]["id"]
    assert {row["userId"] for row in listed} == {me}
    assert len(listed) == 2


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "bearer\t", "Basic eDp5", "Bearer a b c", "Bearer \xff.\xfe", "Bearer " + "a" * 10_000, "Bearer .",
     "Bearer %ff", "Bearer a.b", "Bearer é", "Bearer ;=;", "Bearer \0"],
)  # fmt: skip
async def test_ses_20_a_malformed_authorization_is_ignored(header: str) -> None:
    app = await app_on(MemoryAdapter(), plugins=[Bearer()])
    answer = await send(app.auth, "GET", "/api/auth/get-session", headers=[("authorization", header)])
    assert (answer.status, answer.json) == (200, None)


async def test_ses_20_an_unsigned_token_counts_only_where_it_may() -> None:
    for strict in (False, True):
        app = await app_on(MemoryAdapter(), plugins=[Bearer(BearerOptions(require_signature=strict))])
        browser = await app.signed_up()
        (row,) = await sessions(app)
        for token, works in ((row.token, not strict), (browser.cookie(NAME), True), (browser.jar[NAME], True)):
            answer = await send(
                app.auth, "GET", "/api/auth/get-session", headers=[("authorization", f"Bearer {token}")]
            )
            assert (answer.json is not None) is works


async def test_ses_20_two_authorizations_are_none() -> None:
    app = await app_on(MemoryAdapter(), plugins=[Bearer()])
    await app.signed_up()
    (row,) = await sessions(app)
    for pair in ((row.token, "x"), ("x", row.token), (row.token, row.token)):
        headers = [("authorization", f"Bearer {each}") for each in pair]
        assert (await send(app.auth, "GET", "/api/auth/get-session", headers=headers)).json is None


def test_ses_21_tokens_are_random_without_bias() -> None:
    draw = SystemRandom().bytes
    text = "".join(random_text(1000, ID_ALPHABET, draw) for _ in range(1000))
    counts = Counter(text)
    expected = len(text) / len(ID_ALPHABET)
    assert set(counts) == set(ID_ALPHABET) == set(string.ascii_letters + string.digits)
    # 61 degrees of freedom: a fair source passes 150 about once in 10^8 runs.
    assert sum((count - expected) ** 2 / expected for count in counts.values()) < 150


async def test_ses_21_tokens_hold_enough_randomness_and_never_repeat(app: TestApp) -> None:
    await app.signed_up()
    for _ in range(20):
        await app.browser().post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    tokens = [row.token for row in await sessions(app)]
    assert len(set(tokens)) == 21
    # 62 characters hold 5.95 bits each.
    assert all(len(token) * 5.95 >= 128 for token in tokens)


async def test_ses_23_an_answer_holds_no_secret_and_nobody_else(store: Adapter) -> None:
    hidden: dict[str, Any] = {"type": "string", "required": False, "returned": False, "default_value": "hidden-value"}
    app = await app_on(store, {"user": {"additional_fields": {"secret_note": hidden}}})
    browser = await app.signed_up()
    await app.signed_up("eve@example.com")
    bodies = [await browser.get("/get-session"), await browser.get("/list-sessions")]
    bodies.append(await browser.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"}))
    bodies.append(await browser.post("/update-user", {"name": "Ada L."}))
    bodies.append(
        await browser.post("/change-password", {"currentPassword": "password-1234", "newPassword": "password-9999"})
    )
    for answer in bodies:
        assert answer.status == 200
        text = answer.body.decode()
        for word in ("hashed:", "password-1234", "password-9999", "hidden-value", "secret_note", "secretNote", "eve@"):
            assert word not in text


async def test_ses_25_answers_about_a_session_are_not_kept(app: TestApp) -> None:
    browser: Browser = await app.signed_up()
    answers = [
        await browser.get("/get-session"),
        await browser.get("/list-sessions"),
        await browser.post("/update-user", {"name": "Ada L."}),
        await browser.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"}),
        await browser.post("/sign-in/email", {"email": "ada@example.com", "password": "wrong-password"}),
        await browser.post("/sign-out"),
        await browser.get("/list-sessions"),
    ]
    for answer in answers:
        assert "no-store" in (answer.header("cache-control") or ""), answer
