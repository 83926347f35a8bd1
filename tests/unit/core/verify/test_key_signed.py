"""Cached sessions under the published keys of an instance, checked by a service that does not know its secret."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.plugins.jwt.tokens import ORIGIN, app_with, claims_of, published

from gatewright.contract.faults import ServiceUnavailable
from gatewright.crypto.jwt import sign_jwt
from gatewright.model.session import Session
from gatewright.plugins.jwt import Jwks
from gatewright.ports.egress import EgressError, Outbound, Reply
from gatewright.testing.app import SECRET, TestApp
from gatewright.testing.browser import Browser
from gatewright.verify import Verifier
from gatewright.wire.json import encode

pytestmark = pytest.mark.anyio

COOKIE = "better-auth.session_data"
TOKEN = "better-auth.session_token"
TYPE = "better-auth.session-cache+jwt"
SIGNED = {"session_cookie_cache": True, "disable_setting_jwt_header": True}


class Reaching:
    """Egress to an instance in this process.

    Attributes:
        paths: What was asked for.
        down: Nobody answers.
    """

    def __init__(self, app: TestApp) -> None:
        self._app = app
        self.paths: list[str] = []
        self.down = False

    async def send(self, request: Outbound, /) -> Reply:
        """The instance's answer."""
        path = request.url.removeprefix(f"{ORIGIN}/api/auth")
        self.paths.append(path)
        if self.down:
            raise EgressError("down")
        answer = await self._app.browser().get(path, headers=dict(request.headers))
        return Reply(answer.status, {"content-type": "application/json"}, answer.body)


async def signed_in(**cache: Any) -> tuple[TestApp, Browser, Verifier, Reaching]:
    """Somebody who carries a copy, and a service that knows where the keys are."""
    settings = {"session": {"cookie_cache": {"enabled": True, "strategy": "jwt", "max_age": 120, **cache}}}
    app = app_with(SIGNED, settings=settings)
    browser = await app.signed_up()
    reaching = Reaching(app)
    return app, browser, Verifier.of(ORIGIN, egress=reaching, clock=app.clock), reaching


def carried(browser: Browser) -> dict[str, str]:
    """The request's headers."""
    return {"cookie": "; ".join(f"{name}={value}" for name, value in browser.jar.items())}


async def test_a_copy_is_recognised_with_one_fetch_of_the_keys() -> None:
    app, browser, verifier, reaching = await signed_in()
    stored = (await browser.get("/get-session")).json
    await app.auth.services.database.delete(Session)
    for _ in range(3):
        found = await verifier.require(carried(browser))
        assert (found.source, found.user.wire()) == ("cookie", stored["user"])
        assert found.session is not None
        assert found.session.token == stored["session"]["token"]
    assert reaching.paths == ["/jwks"]


async def test_whoever_knows_the_secret_as_well_checks_the_session_cookie_too() -> None:
    app, browser, _, reaching = await signed_in()
    verifier = Verifier.of(ORIGIN, secret=SECRET, strategy="jwt", egress=reaching, clock=app.clock)
    assert (await verifier.require(carried(browser))).source == "cookie"
    browser.jar[TOKEN] = f"{browser.jar[TOKEN][:-12]}AAAAAAAAAA%3D"
    assert await verifier.identify(carried(browser)) is None
    assert reaching.paths == ["/jwks"]


async def test_a_copy_counts_until_it_is_over_and_the_clocks_have_had_their_leeway() -> None:
    app, browser, verifier, reaching = await signed_in()
    await app.auth.services.database.delete(Session)
    app.clock.advance(seconds=134)
    assert (await verifier.require(carried(browser))).source == "cookie"
    app.clock.advance(seconds=1)
    assert await verifier.identify(carried(browser)) is None
    assert reaching.paths[-1].startswith("/get-session")


async def test_without_the_copy_or_the_cookie_it_belongs_to_the_server_is_asked() -> None:
    _, browser, verifier, reaching = await signed_in()
    copy = browser.jar.pop(COOKIE)
    assert (await verifier.require(carried(browser))).source == "remote"
    token = browser.jar.pop(TOKEN)
    browser.jar[COOKIE] = copy
    assert await verifier.identify(carried(browser)) is None
    browser.jar[TOKEN] = f"another{token}"
    assert await verifier.identify(carried(browser)) is None
    assert [path.partition("?")[0] for path in reaching.paths] == [
        "/get-session",
        "/get-session",
        "/jwks",
        "/get-session",
    ]


async def test_without_its_keys_nobody_can_tell_now() -> None:
    _, browser, verifier, reaching = await signed_in()
    reaching.down = True
    with pytest.raises(ServiceUnavailable):
        await verifier.identify(carried(browser))


async def forged(app: TestApp, browser: Browser, *, typ: str = TYPE, **changed: Any) -> None:
    """Give the browser a copy that one of the instance's keys has signed, but that says something else."""
    plugin: Any = app.auth.blueprint.plugins[0]
    (row,) = await app.auth.services.database.find_many(Jwks)
    audience = "better-auth:session-cache"
    claims: Any = claims_of(browser.jar[COOKIE], await published(app), app.clock.now(), audience=audience)
    said = {name: value for name, value in {**claims, **changed}.items() if value is not None}
    key = plugin.keys(app.auth.services)._open(row)
    browser.jar[COOKIE] = sign_jwt(said, key, algorithm="EdDSA", kid=str(row.id), header={"typ": typ})


@pytest.mark.parametrize(
    ("changed", "taken"),
    [
        ({}, True),
        ({"iss": "better-auth:session-cache"}, True),
        ({"typ": "JWT"}, False),
        ({"aud": ORIGIN}, False),
        ({"iss": "https://elsewhere.example.com"}, False),
        ({"sub": "somebody-else"}, False),
        ({"sid": "another-session"}, False),
        ({"sid": None}, False),
        ({"exp": None}, False),
        ({"exp": "soon"}, False),
        ({"version": "2"}, False),
        ({"session": {}}, False),
        ({"user": {"id": "somebody-else"}}, False),
    ],
)
async def test_a_token_that_is_no_copy_of_this_session_is_not_taken_for_one(
    changed: dict[str, Any], taken: bool
) -> None:
    app, browser, verifier, _ = await signed_in()
    await forged(app, browser, **changed)
    await app.auth.services.database.delete(Session)
    found = await verifier.identify(carried(browser))
    assert (found is not None) == taken


async def test_a_copy_of_a_session_that_is_over_is_not_taken() -> None:
    app, browser, verifier, _ = await signed_in()
    session = (await browser.get("/get-session")).json["session"]
    await forged(app, browser, session={**session, "expiresAt": "2020-01-01T00:00:00.000Z"})
    await app.auth.services.database.delete(Session)
    assert await verifier.identify(carried(browser)) is None


async def test_keys_of_somebody_else_sign_nothing_here() -> None:
    app, browser, verifier, _ = await signed_in()
    other, _, _, elsewhere = await signed_in()
    await app.auth.services.database.delete(Session)
    await other.auth.services.database.delete(Session)
    assert await verifier.identify(carried(browser)) is not None
    stranger = Verifier.of(ORIGIN, egress=elsewhere, clock=app.clock)
    assert encode(await published(app)) != encode(await published(other))
    assert await stranger.identify(carried(browser)) is None
