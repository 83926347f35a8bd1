"""An instance without any store: sessions are what their owners' cookies say."""

import pytest

from gatewright.auth import Auth
from gatewright.settings.settings import Settings
from gatewright.testing.app import SECRET, TestApp, make_app
from gatewright_adapters.memory_cache import MemoryCache

pytestmark = pytest.mark.anyio

DATA = "better-auth.session_data"


def attributes(cookies: list[str], name: str) -> str:
    (line,) = [line for line in cookies if line.startswith(f"{name}=")]
    return line.split("; ", 1)[1]


def restarted(app: TestApp) -> TestApp:
    """Another process with the same settings: it knows nothing."""
    other = make_app(stateless=True)
    other.clock.set(app.clock.now())
    return other


async def test_the_copy_is_encrypted_and_lasts_as_long_as_the_session() -> None:
    app = make_app(stateless=True)
    browser = app.browser()
    answer = await browser.post("/sign-up/email", {"name": "Ada", "email": "ada@x.org", "password": "password-1234"})
    assert attributes(answer.cookies, DATA) == "Max-Age=604800; Path=/; HttpOnly; SameSite=Lax"
    assert browser.jar[DATA].startswith("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIi")


async def test_another_process_knows_the_session_from_its_copy() -> None:
    app = make_app(stateless=True)
    browser = await app.signed_up()
    app.clock.advance(days=3)
    visitor = restarted(app).browser()
    visitor.jar.update(browser.jar)
    answer = await visitor.get("/get-session")
    assert (answer.json["user"]["name"], answer.cookies) == ("Ada", [])


async def test_what_needs_a_stored_session_takes_the_copy_where_there_is_no_store() -> None:
    app = make_app(stateless=True)
    browser = await app.signed_up()
    visitor = restarted(app).browser()
    visitor.jar.update(browser.jar)
    answer = await visitor.post("/get-access-token", {"accountId": "x"})
    assert (answer.status, answer.json["code"], answer.cookies) == (400, "ACCOUNT_NOT_FOUND", [])


async def test_a_copy_is_renewed_from_itself_in_the_last_fifth_of_its_life() -> None:
    settings = {"session": {"cookie_cache": {"enabled": True, "max_age": 300}}}
    app = make_app(settings, stateless=True)
    browser = await app.signed_up()
    app.clock.advance(seconds=240)
    assert (await browser.get("/get-session")).cookies == []
    app.clock.advance(seconds=1)
    renewed = await browser.get("/get-session")
    assert [line.split("=")[0] for line in renewed.cookies] == ["better-auth.session_token", DATA]
    app.clock.advance(seconds=240)
    other = make_app(settings, stateless=True)
    other.clock.set(app.clock.now())
    visitor = other.browser()
    visitor.jar.update(browser.jar)
    assert (await visitor.get("/get-session")).json["user"]["name"] == "Ada"


async def test_a_copy_cannot_outlive_its_session() -> None:
    app = make_app({"session": {"expires_in": 1000, "cookie_cache": {"max_age": 300}}}, stateless=True)
    browser = await app.signed_up()
    for _ in range(3):
        app.clock.advance(seconds=299)
        assert (await browser.get("/get-session")).json is not None
    app.clock.advance(seconds=103)
    assert (await browser.get("/get-session")).json is None


async def test_signing_out_clears_everything() -> None:
    browser = await make_app(stateless=True).signed_up()
    answer = await browser.post("/sign-out")
    assert browser.jar == {}
    assert "better-auth.account_data" in {line.split("=")[0] for line in answer.cookies}


async def test_a_secondary_storage_is_a_store() -> None:
    cache = MemoryCache()
    browser = await make_app(stateless=True, cache=cache).signed_up()
    assert list(browser.jar) == ["better-auth.session_token"]
    assert len(list(cache.keys())) == 2


async def test_an_instance_needs_nothing_but_settings() -> None:
    auth = Auth(Settings(secret=SECRET, base_url="http://localhost:3000"))
    async with auth:
        assert (await auth.api.ok()).ok is True
