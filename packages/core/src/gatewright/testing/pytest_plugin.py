"""The pytest plugin: fixtures for the tests of an application. Installed with the extra ``testing``; see docs/testing.md.

An application overrides :func:`gatewright_auth` with its own instance, once, in its ``conftest.py``; the rest follows. All
fixtures are plain objects, so that they serve tests on asyncio and on trio, under any plugin that runs coroutines.
Nothing is imported before a fixture is asked for: this module is loaded with every run of pytest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    import httpx

    from gatewright.auth import Auth
    from gatewright.testing.app import TestApp
    from gatewright.testing.authenticator import Authenticator
    from gatewright.testing.browser import Browser
    from gatewright.testing.clock import FrozenClock
    from gatewright.testing.egress import ScriptedEgress
    from gatewright.testing.identity_provider import FakeIssuer
    from gatewright.testing.mailbox import Mailbox

__all__ = (
    "AsUser",
    "ClientFor",
    "as_user",
    "client_for",
    "frozen_clock",
    "gatewright_app",
    "gatewright_auth",
    "oidc_issuer",
    "outbound",
    "outbox",
    "soft_authenticator",
)

AsUser: TypeAlias = "Callable[..., Awaitable[Browser]]"
"""``await as_user("ada@example.com", role="admin")`` is a browser of somebody who is signed in."""

ClientFor: TypeAlias = "Callable[..., httpx.AsyncClient]"
"""``client_for(app, browser)`` is an HTTP client of an ASGI application, as somebody or as nobody."""


@pytest.fixture
def gatewright_auth() -> Auth[Any]:
    """The instance under test; an application overrides this with its own."""
    from gatewright.testing.app import make_app  # noqa: PLC0415

    return make_app().auth


@pytest.fixture
def gatewright_app(gatewright_auth: Auth[Any]) -> Generator[TestApp]:
    """The instance on an empty database, with nothing of it reaching outside, and all that a test wants to look at."""
    from gatewright.testing.app import rebound  # noqa: PLC0415

    with rebound(gatewright_auth) as app:
        yield app


@pytest.fixture
def as_user(gatewright_app: TestApp) -> AsUser:
    """Signs somebody in without a form or a password."""
    return gatewright_app.as_user


@pytest.fixture
def client_for(gatewright_app: TestApp) -> ClientFor:
    """Makes HTTP clients of an ASGI application that has the instance in it."""

    def make(app: Any, browser: Browser | None = None) -> httpx.AsyncClient:
        return (browser or gatewright_app.browser()).client(app)

    return make


@pytest.fixture
def outbox(gatewright_app: TestApp) -> Mailbox:
    """What the application would have mailed and texted: ``outbox.code("ada@example.com")``, ``outbox.url(…)``."""
    return gatewright_app.mailbox


@pytest.fixture
def frozen_clock(gatewright_app: TestApp) -> FrozenClock:
    """The instance's time, which stands still: ``frozen_clock.advance(minutes=10)``."""
    return gatewright_app.clock


@pytest.fixture
def outbound(gatewright_app: TestApp) -> ScriptedEgress:
    """What other servers answer the instance, and what it has asked them."""
    return gatewright_app.egress


@pytest.fixture
def oidc_issuer(gatewright_app: TestApp) -> FakeIssuer:
    """An OpenID Connect provider at the other end of :func:`outbound`, at ``https://issuer.example``."""
    from gatewright.testing.identity_provider import FakeIssuer  # noqa: PLC0415

    return FakeIssuer(gatewright_app.egress, gatewright_app.clock)


@pytest.fixture
def soft_authenticator(gatewright_app: TestApp) -> Authenticator:
    """A passkey authenticator in software, at a page of the instance's own origin."""
    from gatewright.testing.authenticator import Authenticator  # noqa: PLC0415

    return Authenticator(origin=gatewright_app.origin)
