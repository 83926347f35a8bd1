"""Reading, changing and ending sessions, through the HTTP door."""

import pytest

from gatewright.testing.app import make_app

pytestmark = pytest.mark.anyio


async def test_a_new_user_is_signed_in() -> None:
    app = make_app()
    browser = await app.signed_up()
    answer = await browser.get("/get-session")
    assert answer.status == 200
    assert answer.json["user"]["email"] == "ada@example.com"
    assert answer.json["session"]["expiresAt"] == "2026-01-08T12:00:00.000Z"


async def test_a_stranger_has_no_session() -> None:
    answer = await make_app().browser().get("/get-session")
    assert (answer.status, answer.json) == (200, None)


async def test_signing_out_ends_the_session() -> None:
    app = make_app()
    browser = await app.signed_up()
    kept = dict(browser.jar)
    answer = await browser.post("/sign-out")
    assert (answer.status, answer.json) == (200, {"success": True})
    assert browser.jar == {}
    browser.jar.update(kept)
    again = await browser.get("/get-session")
    assert again.json is None


async def test_a_session_is_extended_once_it_is_a_day_old() -> None:
    app = make_app()
    browser = await app.signed_up()
    app.clock.advance(hours=23)
    young = await browser.get("/get-session")
    assert (young.json["session"]["expiresAt"], young.cookies) == ("2026-01-08T12:00:00.000Z", [])
    app.clock.advance(hours=2)
    older = await browser.get("/get-session")
    assert older.json["session"]["expiresAt"] == "2026-01-09T13:00:00.000Z"
    assert len(older.cookies) == 1


async def test_a_session_that_is_not_to_be_extended_is_not_said_to_need_it() -> None:
    app = make_app({"email_and_password": {"enabled": True}, "session": {"defer_session_refresh": True}})
    browser = await app.signed_up()
    kept = await browser.get("/get-session")
    asked_not_to = await browser.get("/get-session?disableRefresh=true")
    assert [sorted(each.json) for each in (kept, asked_not_to)] == [
        ["needsRefresh", "session", "user"],
        ["session", "user"],
    ]
    app.clock.advance(hours=25)
    due = await browser.get("/get-session")
    asked_not_to = await browser.get("/get-session?disableRefresh=true")
    assert (due.json["needsRefresh"], "needsRefresh" in asked_not_to.json) == (True, False)
    passing = app.browser()
    await passing.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234", "rememberMe": False})
    assert sorted((await passing.get("/get-session")).json) == ["session", "user"]


async def test_where_refreshes_are_deferred_only_who_asks_for_one_is_given_it() -> None:
    app = make_app({"email_and_password": {"enabled": True}, "session": {"defer_session_refresh": True}})
    browser = await app.signed_up()
    app.clock.advance(hours=25)
    seen = [await browser.get("/list-accounts"), await browser.post("/verify-password", {"password": "password-1234"})]
    assert [(each.status, each.cookies) for each in seen] == [(200, []), (200, [])]
    assert (await browser.get("/get-session")).json["session"]["expiresAt"] == "2026-01-08T12:00:00.000Z"
    asked = await browser.post("/get-session")
    assert (asked.json["session"]["expiresAt"], len(asked.cookies)) == ("2026-01-09T13:00:00.000Z", 1)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, {"redirect": False}),
        ({"callbackURL": ""}, {"redirect": False, "url": ""}),
        ({"callbackURL": "/home"}, {"redirect": True, "url": "/home"}),
    ],
)
async def test_signing_in_tells_where_to_go_as_it_was_told(given: dict[str, str], told: dict[str, object]) -> None:
    app = make_app()
    await app.signed_up()
    answer = await app.browser().post(
        "/sign-in/email", {"email": "ada@example.com", "password": "password-1234", **given}
    )
    assert {name: value for name, value in answer.json.items() if name not in ("token", "user")} == told


async def test_an_expired_session_is_over() -> None:
    app = make_app()
    browser = await app.signed_up()
    app.clock.advance(days=7)
    answer = await browser.get("/get-session")
    assert answer.json is None
    assert [line.split("=")[0] for line in answer.cookies] == [
        "better-auth.session_token",
        "better-auth.session_data",
        "better-auth.dont_remember",
    ]


async def test_nobody_ends_the_session_of_another_user() -> None:
    app = make_app()
    ada, bob = await app.signed_up(), await app.signed_up("bob@example.com")
    token = (await ada.get("/get-session")).json["session"]["token"]
    answer = await bob.post("/revoke-session", {"token": token})
    assert (answer.status, answer.json) == (200, {"status": True})
    assert (await ada.get("/get-session")).json["session"]["token"] == token


async def test_the_answer_is_not_to_be_kept_by_any_cache() -> None:
    app = make_app()
    for answer in (await app.browser().get("/get-session"), await app.browser().post("/get-session")):
        sent = [(name, value) for name, value in answer.headers if name in ("cache-control", "pragma")]
        assert sent == [("cache-control", "no-store"), ("pragma", "no-cache")]


DEFERRED = {"session": {"defer_session_refresh": True}}


async def test_where_refreshes_are_deferred_only_the_one_that_is_asked_for_extends() -> None:
    app = make_app(DEFERRED)
    browser = await app.signed_up()
    app.clock.advance(hours=25)
    for answer in (
        await browser.get("/list-accounts"),
        await browser.post("/verify-password", {"password": "password-1234"}),
    ):
        assert (answer.status, answer.cookies) == (200, [])
    read = await browser.get("/get-session")
    assert (read.json["needsRefresh"], read.json["session"]["expiresAt"]) == (True, "2026-01-08T12:00:00.000Z")
    posted = await browser.post("/get-session")
    assert ("needsRefresh" in posted.json, posted.json["session"]["expiresAt"]) == (False, "2026-01-09T13:00:00.000Z")


async def test_who_cannot_or_does_not_want_to_refresh_is_not_told_whether_to() -> None:
    app = make_app(DEFERRED)
    browser = await app.signed_up()
    assert (await browser.get("/get-session")).json["needsRefresh"] is False
    assert "needsRefresh" not in (await browser.get("/get-session?disableRefresh=true")).json
    shared = app.browser()
    await shared.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234", "rememberMe": False})
    assert "needsRefresh" not in (await shared.get("/get-session")).json
