"""The cookie cache through the HTTP door: what it saves, how long it is believed, what it can never do."""

from collections.abc import Mapping
from typing import Any

import pytest

from gatewright.http.cookies import parse
from gatewright.model.query import Delete, Select, Values
from gatewright.model.session import Session
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser
from gatewright.wire.dates import millis
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

STRATEGIES = ["compact", "jwt", "jwe"]
DATA = "better-auth.session_data"


class CountingAdapter(MemoryAdapter):
    """Counts what is read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    async def select(self, query: Select) -> list[Values]:
        self.reads += 1
        return list(await super().select(query))

    async def select_pair(self, query: Select) -> tuple[Values, Values] | None:
        self.reads += 1
        return await super().select_pair(query)


def cached_app(strategy: str = "compact", **more: Any) -> tuple[TestApp, CountingAdapter]:
    adapter = CountingAdapter()
    cache: Mapping[str, Any] = {"enabled": True, "strategy": strategy, **more}
    return make_app({"session": {"cookie_cache": cache}}, adapter=adapter), adapter


async def revoke(app: TestApp) -> None:
    table = app.auth.blueprint.plan.schema[Session]
    await app.adapter.delete(Delete(table, ()))


def lines(answer_cookies: list[str]) -> dict[str, str]:
    return {line.split("=", 1)[0]: line.split("; ", 1)[1] for line in answer_cookies}


@pytest.mark.parametrize("strategy", STRATEGIES)
async def test_a_copy_answers_without_a_read(strategy: str) -> None:
    app, adapter = cached_app(strategy)
    browser = await app.signed_up()
    adapter.reads = 0
    answer = await browser.get("/get-session")
    assert adapter.reads == 0
    assert answer.cookies == []
    past = await browser.get("/get-session?disableCookieCache=true")
    assert adapter.reads == 1
    assert answer.json == past.json


@pytest.mark.parametrize("strategy", STRATEGIES)
async def test_a_copy_is_good_for_its_lifetime_and_no_longer(strategy: str) -> None:
    app, adapter = cached_app(strategy, max_age=100)
    browser = await app.signed_up()
    assert lines((await browser.get("/get-session?disableCookieCache=1")).cookies) == {
        DATA: "Max-Age=100; Path=/; HttpOnly; SameSite=Lax"
    }
    adapter.reads = 0
    app.clock.advance(seconds=99)
    await browser.get("/get-session")
    assert adapter.reads == 0
    app.clock.advance(seconds=1)
    renewed = await browser.get("/get-session")
    assert (adapter.reads, list(lines(renewed.cookies))) == (1, [DATA])


@pytest.mark.parametrize("strategy", STRATEGIES)
async def test_a_revoked_session_is_refused_when_its_copy_is_over(strategy: str) -> None:
    app, _ = cached_app(strategy)
    browser = await app.signed_up()
    await revoke(app)
    app.clock.advance(seconds=299)
    assert (await browser.get("/get-session")).json is not None
    app.clock.advance(seconds=1)
    refused = await browser.get("/get-session")
    assert (refused.json, browser.jar) == (None, {})


async def test_a_revoked_session_cannot_keep_its_copy_alive() -> None:
    app, _ = cached_app()
    browser = await app.signed_up()
    await revoke(app)
    kept = dict(browser.jar)
    answer = await browser.post("/update-user", {"name": "Eve"})
    assert (answer.status, browser.jar) == (401, {})
    browser.jar.update(kept)
    for _ in range(10):
        app.clock.advance(seconds=40)
        answer = await browser.get("/get-session")
    assert answer.json is None


async def test_asking_past_the_copy_finds_out_at_once() -> None:
    app, _ = cached_app()
    browser = await app.signed_up()
    await revoke(app)
    refused = await browser.get("/get-session?disableCookieCache=true")
    assert (refused.json, browser.jar) == (None, {})


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/revoke-sessions"), ("POST", "/revoke-other-sessions"), ("GET", "/list-sessions")],
)
async def test_what_matters_asks_the_store(method: str, path: str) -> None:
    app, _ = cached_app()
    browser = await app.signed_up()
    await revoke(app)
    answer = await (browser.get(path) if method == "GET" else browser.post(path))
    assert (answer.status, browser.jar) == (401, {})


@pytest.mark.parametrize("strategy", STRATEGIES)
async def test_an_altered_copy_is_worth_nothing(strategy: str) -> None:
    app, adapter = cached_app(strategy)
    browser = await app.signed_up()
    value = browser.jar[DATA]
    for forged in (value[:-6] + "AAAAAA", value[:-1], "x", "", value + "." + value, "{}"):
        browser.jar[DATA] = forged
        adapter.reads = 0
        answer = await browser.get("/get-session")
        assert (answer.json["user"]["name"], adapter.reads) == ("Ada", 1)
        assert browser.jar[DATA] != forged


@pytest.mark.parametrize("strategy", STRATEGIES)
async def test_the_copy_of_another_user_is_worth_nothing(strategy: str) -> None:
    app, adapter = cached_app(strategy)
    ada, bob = await app.signed_up(), await app.signed_up("bob@example.com")
    ada.jar[DATA] = bob.jar[DATA]
    adapter.reads = 0
    answer = await ada.get("/get-session")
    assert (answer.json["user"]["email"], adapter.reads) == ("ada@example.com", 1)


async def test_a_copy_without_the_session_cookie_is_worth_nothing() -> None:
    app, _ = cached_app()
    browser = await app.signed_up()
    del browser.jar["better-auth.session_token"]
    assert (await browser.get("/get-session")).json is None


async def test_the_copy_of_one_strategy_is_not_read_as_another() -> None:
    for strategy in STRATEGIES:
        app, adapter = cached_app(strategy)
        browser = await app.signed_up()
        for other in STRATEGIES:
            theirs = make_app({"session": {"cookie_cache": {"enabled": True, "strategy": other}}}, adapter=adapter)
            visitor = theirs.browser()
            visitor.jar.update(browser.jar)
            adapter.reads = 0
            assert (await visitor.get("/get-session")).json["user"]["name"] == "Ada"
            assert adapter.reads == (0 if other == strategy else 1)


async def test_another_version_calls_for_a_new_copy() -> None:
    adapter = CountingAdapter()
    old = make_app({"session": {"cookie_cache": {"enabled": True, "version": "1"}}}, adapter=adapter)
    browser = await old.signed_up()
    new = make_app({"session": {"cookie_cache": {"enabled": True, "version": "2"}}}, adapter=adapter)
    visitor = new.browser()
    visitor.jar.update(browser.jar)
    adapter.reads = 0
    await visitor.get("/get-session")
    await visitor.get("/get-session")
    assert adapter.reads == 1


async def test_the_version_may_depend_on_the_user() -> None:
    names: list[str] = []

    async def version(session: Session, user: Any) -> str:
        assert session.user_id == user.id
        names.append(user.name)
        return user.name

    app, adapter = cached_app(version=version)
    browser = await app.signed_up()
    adapter.reads = 0
    await browser.get("/get-session")
    assert (adapter.reads, names) == (0, ["Ada", "Ada"])


async def test_changing_the_user_renews_the_copy() -> None:
    app, adapter = cached_app()
    browser = await app.signed_up()
    app.clock.advance(seconds=200)
    answer = await browser.post("/update-user", {"name": "Ada L."})
    assert list(lines(answer.cookies)) == ["better-auth.session_token", DATA]
    adapter.reads = 0
    app.clock.advance(seconds=200)
    assert (await browser.get("/get-session")).json["user"]["name"] == "Ada L."
    assert adapter.reads == 0


@pytest.mark.parametrize(("strategy", "seconds"), [("compact", 60), ("jwt", 300), ("jwe", 300)])
async def test_a_session_of_the_browser_has_a_copy_of_its_own_lifetime(strategy: str, seconds: int) -> None:
    app, adapter = cached_app(strategy, max_age=1000)
    await app.signed_up()
    browser = app.browser()
    body = {"email": "ada@example.com", "password": "password-1234", "rememberMe": False}
    answer = await browser.post("/sign-in/email", body)
    assert lines(answer.cookies)[DATA] == "Path=/; HttpOnly; SameSite=Lax"
    adapter.reads = 0
    app.clock.advance(seconds=seconds - 1)
    await browser.get("/get-session")
    assert adapter.reads == 0
    app.clock.advance(seconds=1)
    answer = await browser.get("/get-session")
    assert (adapter.reads, lines(answer.cookies)) == (1, {DATA: "Max-Age=0; Path=/; HttpOnly; SameSite=Lax"})


async def test_who_asks_to_leave_the_session_alone_is_given_no_new_copy() -> None:
    app, adapter = cached_app()
    browser = await app.signed_up()
    browser.jar.pop(DATA)
    adapter.reads = 0
    answer = await browser.get("/get-session?disableRefresh=true")
    assert (answer.json["user"]["name"], adapter.reads, answer.cookies) == ("Ada", 1, [])


async def test_an_operation_that_asks_for_a_fresh_session_gives_a_copy_to_who_has_none() -> None:
    app, _ = cached_app()
    browser = await app.signed_up()
    assert (await browser.get("/list-sessions")).cookies == []
    del browser.jar[DATA]
    assert list(lines((await browser.get("/list-sessions")).cookies)) == [DATA]


async def test_a_refresh_that_was_asked_for_happens_although_there_is_a_copy() -> None:
    app = make_app({"session": {"cookie_cache": {"enabled": True}, "defer_session_refresh": True}})
    browser = await app.signed_up()
    app.clock.advance(hours=25)
    told = await browser.get("/get-session")
    assert (told.json["needsRefresh"], list(lines(told.cookies))) == (True, [DATA])
    extended = await browser.post("/get-session")
    assert extended.json["session"]["expiresAt"] == "2026-01-09T13:00:00.000Z"
    assert list(lines(extended.cookies)) == ["better-auth.session_token", DATA]


async def big_user() -> tuple[TestApp, Browser]:
    options: dict[str, Any] = {
        "session": {"cookie_cache": {"enabled": True, "strategy": "jwe"}},
        "user": {"additional_fields": {"bio": {"type": "string", "required": False}}},
    }
    app = make_app(options)
    return app, await app.signed_up(bio="lorem ipsum " * 600)


async def test_a_big_user_is_cut_into_chunks_that_are_cleared_when_they_are_not_needed() -> None:
    _, browser = await big_user()
    chunks = sorted(name for name in browser.jar if name.startswith(DATA))
    assert chunks == [f"{DATA}.0", f"{DATA}.1", f"{DATA}.2"]
    answer = await browser.get("/get-session")
    assert (answer.json["user"]["bio"], answer.cookies) == ("lorem ipsum " * 600, [])
    await browser.post("/update-user", {"bio": "short"})
    assert sorted(browser.jar) == [DATA, "better-auth.session_token"]


async def test_signing_out_clears_every_chunk() -> None:
    _, browser = await big_user()
    await browser.post("/sign-out")
    assert browser.jar == {}


async def test_a_hidden_column_is_not_in_the_copy() -> None:
    hidden = {"type": "string", "required": False, "returned": False, "default_value": "secret-note"}
    options: dict[str, Any] = {
        "session": {"cookie_cache": {"enabled": True, "strategy": "jwt"}},
        "user": {"additional_fields": {"note": hidden}},
    }
    app = make_app(options)
    browser = await app.signed_up()
    opened = app.auth.blueprint.plan.session_cache
    assert opened is not None
    value = parse(browser.cookie_header())[DATA]
    cached = opened.open(value, now=app.clock.now())
    assert cached is not None
    assert "note" not in cached.user.raw
    assert millis(cached.expires_at) == millis(app.clock.now()) + 300_000


async def test_an_expired_session_is_not_revived_by_its_copy() -> None:
    app = make_app({"session": {"expires_in": 100, "cookie_cache": {"enabled": True, "max_age": 1000}}})
    browser = await app.signed_up()
    app.clock.advance(seconds=100)
    assert (await browser.get("/get-session")).json is None


async def test_without_the_option_there_is_no_copy() -> None:
    browser = await make_app().signed_up()
    assert list(browser.jar) == ["better-auth.session_token"]
