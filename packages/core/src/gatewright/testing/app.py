"""An instance for tests: no socket, no waiting, no chance. What uses it is in ``browser``."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from gatewright.access.assurance import PASSWORD, Proof
from gatewright.auth import Auth
from gatewright.binding import Ports
from gatewright.blueprint import Blueprint
from gatewright.contract.results import SessionData
from gatewright.contract.session import GetSession
from gatewright.crypto.passwords import Argon2id, Passwords
from gatewright.http.base_url import BaseURL, normalize_base_path
from gatewright.http.headers import Headers
from gatewright.pipeline.call import Call
from gatewright.pipeline.session_gates import SessionClaim, store_session
from gatewright.pipeline.session_reading import send_copy, send_session
from gatewright.plugins.base import Plugin
from gatewright.ports.adapter import Adapter
from gatewright.ports.cache import Cache
from gatewright.ports.workers import InlineWorkers
from gatewright.settings.callbacks import UserInfoSource
from gatewright.settings.settings import Settings
from gatewright.testing.browser import ORIGIN, Answer, Browser, StorageState, StoredCookie
from gatewright.testing.clock import FrozenClock
from gatewright.testing.egress import ScriptedEgress
from gatewright.testing.log import RecordingLog
from gatewright.testing.mailbox import Mailbox
from gatewright.testing.random import SeededRandom
from gatewright.testing.senders import caught, caught_plugins
from gatewright.wire.names import camel

__all__ = ("SECRET", "Answer", "Browser", "StorageState", "StoredCookie", "TestApp", "make_app", "rebound")

SECRET = "a-secret-for-tests-that-is-long-enough"  # noqa: S105 (for tests)


class TestApp:
    """An instance with everything a test wants to look at.

    Attributes:
        auth: The instance.
        adapter, clock, mailbox, egress, log: What it was given.
    """

    __test__ = False

    def __init__(
        self,
        auth: Auth[Any],
        *,
        adapter: Adapter,
        clock: FrozenClock,
        mailbox: Mailbox,
        egress: ScriptedEgress,
        log: RecordingLog,
    ) -> None:
        self.auth = auth
        self.adapter = adapter
        self.clock = clock
        self.mailbox = mailbox
        self.egress = egress
        self.log = log
        base = auth.blueprint.plan.base
        # Where every request decides, a test's requests come to this one.
        self._base = base.url if base is not None else ORIGIN + normalize_base_path(auth.blueprint.settings.base_path)

    @property
    def origin(self) -> str:
        """The instance's own."""
        parts = urlsplit(self._base)
        return f"{parts.scheme}://{parts.netloc}"

    def browser(self, *, origin: str | None = "") -> Browser:
        """A browser without cookies; by default on the instance's own origin."""
        return Browser(self.auth, origin=self.origin if origin == "" else origin, base=self._base)

    async def as_user(self, email: str = "ada@example.com", **columns: object) -> Browser:
        """A browser with a session of a user, who is made if there is none: no password, no form, no second factor.

        Args:
            email: Whose.
            columns: Further values of a new user, by wire name or attribute; of one who is there already they are
                changed. ``name`` is the address by default, and the address counts as verified.

        Raises:
            Refused: A hook of the application does not want the user.
        """
        services = self.auth.services
        base = services.plan.base or BaseURL.parse(self._base, "/api/auth")
        headers = Headers.of({"user-agent": "gatewright.testing"})
        call: Call[GetSession] = Call(GetSession(), services, headers, None, base, trusted=True)
        given = {camel(name): value for name, value in columns.items()}
        email = email.lower()
        user = await services.users.by_email(call.db, email)
        if user is None:
            values = {"name": email, "emailVerified": True, **given, "email": email}
            user = await services.users.create(call.db, values, source=UserInfoSource("email-password"))
        elif given:
            user = await services.users.update(call.db, user.id, given) or user
        claim = SessionClaim(user, PASSWORD, passing=False, proof=Proof().having(PASSWORD, call.now))
        session = await store_session(call, claim)
        send_session(call, SessionData(session=session, user=user), passing=False)
        await send_copy(call)
        browser = self.browser()
        browser.keep(call.out.cookies.values())
        return browser

    async def signed_up(self, email: str = "ada@example.com", **more: object) -> Browser:
        """A browser with a new user's session."""
        browser = self.browser()
        answer = await browser.post(
            "/sign-up/email", {"name": "Ada", "email": email, "password": "password-1234", **more}
        )
        if answer.status != 200:
            raise AssertionError(f"signing up failed: {answer!r}")
        return browser


def make_app(
    options: Mapping[str, Any] | None = None,
    *,
    adapter: Adapter | None = None,
    cache: Cache | None = None,
    stateless: bool = False,
    plugins: Sequence[Plugin[Any]] = (),
    mailbox: Mailbox | None = None,
    api: Any = None,
) -> TestApp:
    """An instance for tests: e-mail and password enabled, frozen clock, seeded randomness, the memory adapter.

    Args:
        options: Merged over the defaults, in either spelling.
        adapter: A database; by default ``gatewright_adapters.memory``.
        cache: A secondary storage; by default there is none.
        stateless: Without a database.
        plugins: As for ``Auth``.
        mailbox: Where senders in ``options`` put what they send.
        api: As for ``Auth``.
    """
    adapter = adapter or _memory()
    defaults: dict[str, Any] = {
        "secret": SECRET,
        "base_url": ORIGIN,
        "email_and_password": {"enabled": True},
    }
    settings = Settings.load({**defaults, **(options or {})})
    more: dict[str, Any] = {} if api is None else {"api": api}
    blueprint: Blueprint[Any] = Blueprint(settings, plugins=plugins, stateless=stateless and cache is None, **more)
    clock, egress, log = FrozenClock(), ScriptedEgress(), RecordingLog()
    auth = Auth[Any].bound(_cheap(blueprint), adapter, **_ports(clock, egress, log, cache))
    return TestApp(auth, adapter=auth.adapter, clock=clock, mailbox=mailbox or Mailbox(), egress=egress, log=log)


@contextmanager
def rebound(
    auth: Auth[Any], *, adapter: Adapter | None = None, cache: Cache | None = None, clock: FrozenClock | None = None
) -> Generator[TestApp]:
    """An application's own instance, for the length of a test on an empty database, with nothing of it reaching outside.

    It stays the same object, so that routes and guards that were made with it are tested as they are: settings, plugins
    and hooks are the application's. What they send is in the mailbox, time stands still, and outbound requests are
    scripted. Afterwards it is as before.

    Args:
        auth: The instance; nobody else uses it meanwhile.
        adapter: A database; by default ``gatewright_adapters.memory``.
        cache: A secondary storage, where the instance is to have one.
        clock: Another one than a new :class:`~gatewright.testing.clock.FrozenClock`.
    """
    mailbox, egress, log = Mailbox(), ScriptedEgress(), RecordingLog()
    clock = clock or FrozenClock()
    own = auth.blueprint
    blueprint: Blueprint[Any] = Blueprint(
        caught(own.settings, mailbox),
        plugins=caught_plugins(own.plugins, mailbox),
        api=own.api_type,
        stateless=own.plan.stateless and adapter is None and cache is None,
    )
    before = dict(vars(auth))
    auth.rebind(_cheap(blueprint), adapter or _memory(), **_ports(clock, egress, log, cache))
    try:
        yield TestApp(auth, adapter=auth.adapter, clock=clock, mailbox=mailbox, egress=egress, log=log)
    finally:
        vars(auth).clear()
        vars(auth).update(before)


def _cheap(blueprint: Blueprint[Any]) -> Blueprint[Any]:
    """The scheme of production at a fraction of its cost: what is hashed in a test is no secret."""
    if blueprint.settings.email_and_password.password_hash == "argon2id":  # noqa: S105 (a scheme)
        blueprint.schemes = Passwords(Argon2id(memory_kib=64, passes=1))
    return blueprint


def _ports(clock: FrozenClock, egress: ScriptedEgress, log: RecordingLog, cache: Cache | None) -> Ports:
    return {
        "cache": cache,
        "clock": clock,
        "random": SeededRandom(),
        "workers": InlineWorkers(),
        "egress": egress,
        "log": log,
    }


def _memory() -> Adapter:
    from gatewright_adapters.memory import MemoryAdapter  # noqa: PLC0415 (another distribution)

    return MemoryAdapter()
