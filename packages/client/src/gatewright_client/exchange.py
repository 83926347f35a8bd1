"""One call as a conversation without I/O: what to send, keep and tell, step by step.

A generator yields what it wants done and is sent the outcome; the asynchronous and the synchronous sender only differ
in how they do it. What it returns is the :class:`Result`, with what is to be told of it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import msgspec

from gatewright.wire.faults import ApiError, ConfigError, Fault
from gatewright.wire.kinds import Redirect
from gatewright.wire.operation import Method, Operation
from gatewright_client.cookies import Cookie, cookie_header, kept_cookies, matching_cookies
from gatewright_client.decoding import Answer, Instances, read_answer
from gatewright_client.encoding import encode_operation
from gatewright_client.faults import NoAnswer
from gatewright_client.options import CallOptions
from gatewright_client.plugins.base import ClientPlugin
from gatewright_client.result import Result
from gatewright_client.storage import Saved

__all__ = ("Conversation", "Keep", "Pause", "Recall", "Server", "Step", "Transmit", "exchange", "redirect_of")

AUTH_TOKEN = "set-auth-token"  # noqa: S105 (the header that hands over a bearer token)
MAX_COOKIES_SENT = 16 * 1024
"""Bytes; more than servers accept in one header is a sign that something is wrong with the jar."""

_UNSAFE = frozenset({"javascript", "data", "vbscript"})


@dataclass(frozen=True, slots=True)
class Server:
    """The server as the client knows it.

    Attributes:
        url: Base URL with the base path, without a slash at the end.
        origin: What requests say of where they come from.
        bearer: Sessions travel as tokens in ``Authorization`` instead of cookies.
        instead: Answers that plugins know.
        signals: Signals with the rules of plugins.
        faults: Faults that plugins know, by code.
        paths: Operations that the server has elsewhere, by their declared path.
        plugins: The client's plugins.
        now: The aware UTC time.
    """

    url: str
    origin: str
    bearer: bool
    instead: Instances
    signals: Mapping[str, tuple[Callable[[str], bool], ...]]
    faults: Mapping[str, type[Fault]]
    paths: Mapping[str, str]
    plugins: tuple[ClientPlugin, ...]
    now: Callable[[], datetime]

    @classmethod
    def at(
        cls,
        base_url: str,
        base_path: str,
        *,
        origin: str | None,
        bearer: bool,
        plugins: Sequence[ClientPlugin],
        now: Callable[[], datetime],
    ) -> Server:
        """Read the address as the JavaScript client does: one with a path is used as it is, else the base path is added.

        Raises:
            ConfigError: Not an absolute HTTP address, or two plugins that say the same.
        """
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ConfigError("base_url must be an absolute http or https address")
        path = parts.path.rstrip("/") or "/" + base_path.strip("/")
        instead: dict[str, type[msgspec.Struct]] = {}
        signals: dict[str, tuple[Callable[[str], bool], ...]] = {}
        faults: dict[str, type[Fault]] = {}
        paths: dict[str, str] = {}
        for plugin in plugins:
            repeated = instead.keys() & plugin.instead.keys()
            if repeated:
                raise ConfigError(f"plugin {plugin.id} repeats the answers {', '.join(sorted(repeated))}")
            instead.update(plugin.instead)
            faults.update((each.default_code, each) for each in plugin.faults)
            paths.update(plugin.paths)
            for name, rule in plugin.signals.items():
                signals[name] = (*signals.get(name, ()), rule)
        own = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        return cls(f"{own}{path}", origin or own, bearer, instead, signals, faults, paths, tuple(plugins), now)

    def signals_of(self, operation: type[Operation[Any]]) -> tuple[str, ...]:
        """The names of the signals that a success of ``operation`` raises."""
        route = operation.route
        found = [route.signals.name] if route.signals is not None else []
        path = route.path or ""
        found += [name for name, rules in self.signals.items() if any(rule(path) for rule in rules)]
        return tuple(dict.fromkeys(found))

    def token_in(self, saved: Saved) -> str | None:
        """The token of the kept session, or ``None``. It is a secret: whoever has it is signed in."""
        token = saved.tokens.get(self.url)
        if token is not None:
            return token
        cookies = matching_cookies(saved.cookies, self.url, self.now())
        return next((each.value for each in cookies if each.name.endswith("session_token")), None)

    def cookies_in(self, saved: Saved) -> list[Cookie]:
        """The kept cookies that this server is sent."""
        return matching_cookies(saved.cookies, self.url + "/", self.now())

    def cookie_in(self, saved: Saved) -> str:
        """The ``Cookie`` header for the server, for requests that the caller makes without this client."""
        return cookie_header(self.cookies_in(saved))

    def with_token(self, token: str) -> Callable[[Saved], Saved]:
        """Go on with a session whose token came another way, as a device's does.

        Raises:
            ConfigError: The client keeps cookies, not tokens.
        """
        if not self.bearer:
            raise ConfigError("tokens are kept by clients that were made with bearer=True")
        return lambda saved: msgspec.structs.replace(saved, tokens={**saved.tokens, self.url: token})

    def without(self) -> Callable[[Saved], Saved]:
        """Drop what is kept for this server, without telling the server. To end the session, sign out."""

        def drop(saved: Saved) -> Saved:
            own = self.cookies_in(saved)
            return msgspec.structs.replace(
                saved,
                cookies=tuple(each for each in saved.cookies if each not in own),
                tokens={url: token for url, token in saved.tokens.items() if url != self.url},
            )

        return drop


@dataclass(frozen=True, slots=True)
class Transmit:
    """Send a request; the outcome is an :class:`Answer` or a :class:`NoAnswer`."""

    method: Method
    url: str
    headers: dict[str, str]
    body: bytes
    timeout: float | None


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Recall:
    """Load what is kept."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Change what is kept."""

    change: Callable[[Saved], Saved]


Step: TypeAlias = Transmit | Pause | Recall | Keep
Conversation: TypeAlias = "Generator[Step, Answer | NoAnswer | Saved | None, Result[Any]]"


def exchange(server: Server, op: Operation[Any], options: CallOptions, method: Method | None = None) -> Conversation:
    """Ask ``server`` for ``op``.

    Yields:
        What is to be done; each step is to be answered with its outcome.

    Returns:
        The result.
    """
    encoded = encode_operation(op, method)
    declared = op.route.path or ""
    moved = server.paths.get(declared)
    # A moved operation has a path without parameters.
    url = server.url + (encoded.path if moved is None else moved + encoded.path.removeprefix(declared))
    saved = yield Recall()
    headers = {"accept": "application/json", "origin": server.origin}
    if encoded.media is not None:
        headers["content-type"] = encoded.media
    if isinstance(saved, Saved):
        headers.update(_credentials(server, saved, url))
    headers.update((name.lower(), value) for name, value in options.headers.items())
    transmit = Transmit(encoded.method, url, headers, encoded.body, options.timeout)
    attempts = options.retries if _is_repeatable(type(op), encoded.method) else 0
    outcome = yield transmit
    for attempt in range(attempts):
        if isinstance(outcome, Answer):
            break
        yield Pause(0.2 * 2**attempt)
        outcome = yield transmit
    if not isinstance(outcome, Answer):
        return Result(error=outcome if isinstance(outcome, ApiError) else NoAnswer())
    change = _kept(server, url, outcome)
    if change is not None:
        yield Keep(change)
    return read_answer(type(op), outcome, server.instead, server.faults)


def redirect_of(data: object) -> str | None:
    """Where an answer with ``redirect`` sends the user: an address that is safe to open, or ``None``."""
    url = getattr(data, "url", None)
    if getattr(data, "redirect", False) is not True or not isinstance(url, str) or not url:
        return None
    # Browsers skip control characters and blanks when they read a scheme.
    readable = "".join(char for char in url if char > " ").lower()
    return None if readable.partition(":")[0] in _UNSAFE else url


def _credentials(server: Server, saved: Saved, url: str) -> dict[str, str]:
    if server.bearer:
        token = saved.tokens.get(server.url)
        return {} if token is None else {"authorization": f"Bearer {token}"}
    header = cookie_header(matching_cookies(saved.cookies, url, server.now()))
    return {"cookie": header} if header and len(header) <= MAX_COOKIES_SENT else {}


def _kept(server: Server, url: str, answer: Answer) -> Callable[[Saved], Saved] | None:
    """What an answer changes in what is kept, or ``None``."""
    lines = [value for name, value in answer.headers if name == "set-cookie"]
    token = answer.header(AUTH_TOKEN)
    if server.bearer:
        ended = any(_ends_session(line) for line in lines)
        if token is None and not ended:
            return None

        def keep_token(saved: Saved) -> Saved:
            tokens = {key: value for key, value in saved.tokens.items() if key != server.url}
            if token:
                tokens[server.url] = token
            return msgspec.structs.replace(saved, tokens=tokens)

        return keep_token
    if not lines:
        return None
    now = server.now()
    return lambda saved: msgspec.structs.replace(saved, cookies=kept_cookies(saved.cookies, url, lines, now))


def _ends_session(line: str) -> bool:
    """Whether a ``Set-Cookie`` line takes the session's cookie away."""
    pair, *attributes = line.split(";")
    return pair.partition("=")[0].strip().endswith("session_token") and any(
        attribute.strip().lower() == "max-age=0" for attribute in attributes
    )


def _is_repeatable(operation: type[Operation[Any]], method: Method) -> bool:
    """Reads may be sent twice; links that work once and whatever changes the session may not."""
    return method == "GET" and operation.route.signals is None and not _leads_on(operation)


def _leads_on(operation: type[Operation[Any]]) -> bool:
    returns: Any = operation.returns
    return returns is Redirect or Redirect in getattr(returns, "__args__", ())
