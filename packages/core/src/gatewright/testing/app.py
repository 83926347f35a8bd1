"""An instance for tests, and browsers to use it with: no socket, no waiting, no chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec

from gatewright.auth import Auth
from gatewright.blueprint import Blueprint
from gatewright.crypto.passwords import Argon2id, Passwords
from gatewright.http.cookies import parse
from gatewright.http.request import Request
from gatewright.http.response import Response
from gatewright.plugins.base import Plugin
from gatewright.ports.adapter import Adapter
from gatewright.ports.cache import Cache
from gatewright.ports.workers import InlineWorkers
from gatewright.settings.settings import Settings
from gatewright.testing.clock import FrozenClock
from gatewright.testing.egress import ScriptedEgress
from gatewright.testing.log import RecordingLog
from gatewright.testing.mailbox import Mailbox
from gatewright.testing.random import SeededRandom
from gatewright.wire.json import encode

__all__ = ("SECRET", "Answer", "Browser", "TestApp", "make_app")

SECRET = "a-secret-for-tests-that-is-long-enough"  # noqa: S105 (for tests)
ORIGIN = "http://localhost:3000"


class Answer:
    """An HTTP answer, with its JSON at hand."""

    def __init__(self, response: Response) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.body

    @property
    def json(self) -> Any:
        """The body as a JSON value; ``None`` for an empty one."""
        return msgspec.json.decode(self.body) if self.body else None

    @property
    def cookies(self) -> list[str]:
        """Every ``Set-Cookie`` line."""
        return [value for name, value in self.headers if name == "set-cookie"]

    def header(self, name: str) -> str | None:
        """The first value of a header, in lower case ``name``."""
        return next((value for key, value in self.headers if key == name), None)

    def __repr__(self) -> str:
        return f"Answer({self.status}, {self.body[:200]!r})"


class Browser:
    """Keeps cookies and says where it comes from, as browsers do."""

    def __init__(self, auth: Auth[Any], *, origin: str | None = ORIGIN, base: str = f"{ORIGIN}/api/auth") -> None:
        self._auth = auth
        self.origin = origin
        self.base = base
        self.jar: dict[str, str] = {}

    async def get(self, path: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for a path below the base path, or a whole address."""
        return await self.send("GET", path, headers=headers)

    async def post(self, path: str, body: object = None, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Send JSON."""
        given = {"content-type": "application/json", **(headers or {})}
        return await self.send("POST", path, encode({} if body is None else body), headers=given)

    async def send(
        self, method: str, path: str, body: bytes = b"", *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send anything."""
        url = path if "://" in path else self.base + path
        given: dict[str, str] = {}
        if self.origin is not None:
            given["origin"] = self.origin
        if self.jar:
            given["cookie"] = self.cookie_header()
        response = await self._auth.handle(
            Request.make(method, url, {**given, **(headers or {})}, body, peer="127.0.0.1")
        )
        self._keep(response)
        return Answer(response)

    async def follow(self, answer: Answer) -> Answer:
        """Go where a redirect leads."""
        location = answer.header("location")
        if location is None:
            raise AssertionError(f"{answer!r} leads nowhere")
        return await self.get(urljoin(self.base, location))

    def cookie_header(self) -> str:
        """What the browser sends; also good for ``auth.api.on``."""
        return "; ".join(f"{name}={value}" for name, value in self.jar.items())

    def _keep(self, response: Response) -> None:
        for name, line in response.headers:
            if name != "set-cookie":
                continue
            pair, *attributes = line.split("; ")
            key, _, value = pair.partition("=")
            if "Max-Age=0" in attributes:
                self.jar.pop(key, None)
            else:
                self.jar[key] = value

    def cookie(self, name: str) -> str | None:
        """The decoded value of a cookie."""
        return parse(self.cookie_header()).get(name)


class TestApp:
    """An instance with everything a test wants to look at.

    Attributes:
        auth: The instance.
        clock, random, mailbox, egress, log, adapter: What it was given.
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
        self._base = base.url if base is not None else f"{ORIGIN}/api/auth"

    def browser(self, *, origin: str | None = "") -> Browser:
        """A browser without cookies; by default on the instance's own origin."""
        parts = urlsplit(self._base)
        own = f"{parts.scheme}://{parts.netloc}"
        return Browser(self.auth, origin=own if origin == "" else origin, base=self._base)

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
    if adapter is None:
        from gatewright_adapters.memory import MemoryAdapter  # noqa: PLC0415 (another distribution)

        adapter = MemoryAdapter()
    clock, egress, log = FrozenClock(), ScriptedEgress(), RecordingLog()
    defaults: dict[str, Any] = {
        "secret": SECRET,
        "base_url": ORIGIN,
        "email_and_password": {"enabled": True},
    }
    settings = Settings.load({**defaults, **(options or {})})
    more: dict[str, Any] = {} if api is None else {"api": api}
    blueprint: Blueprint[Any] = Blueprint(settings, plugins=plugins, stateless=stateless and cache is None, **more)
    if settings.email_and_password.password_hash == "argon2id":  # noqa: S105 (a scheme)
        # The scheme of production at a fraction of its cost: what is hashed in a test is no secret.
        blueprint.schemes = Passwords(Argon2id(memory_kib=64, passes=1))
    auth = Auth[Any].bound(
        blueprint,
        adapter,
        cache=cache,
        clock=clock,
        random=SeededRandom(),
        workers=InlineWorkers(),
        egress=egress,
        log=log,
    )
    return TestApp(auth, adapter=auth.adapter, clock=clock, mailbox=mailbox or Mailbox(), egress=egress, log=log)
