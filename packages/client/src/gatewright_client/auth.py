"""Authentication of requests to the application's own API, for ``httpx`` clients: session, JSON Web Token, API key.

A credential goes only to the origins that were named, and to the authentication server itself: an HTTP client that is
also used for other hosts gives nothing away. Source: RFC 6750 §2.1, §5.3; RFC 7519 §4.1.4.
"""

from __future__ import annotations

import base64
import binascii
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import anyio
import httpx

from gatewright.plugins.jwt.contract import GetToken, Token
from gatewright.wire.dates import from_millis
from gatewright.wire.faults import ConfigError
from gatewright.wire.json import JsonError, decode
from gatewright_client.client import Client, SyncClient

__all__ = ("ApiKeyAuth", "JwtAuth", "SessionAuth", "bound_to", "expiry_of")

LEEWAY = timedelta(seconds=30)
"""How long before its end a token is renewed."""

_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""Methods that may be sent twice (RFC 9110 §9.2.2)."""


class _ToOrigins(httpx.Auth):
    def __init__(self, origins: tuple[str, ...]) -> None:
        self._origins = frozenset(_origin(each) for each in origins)

    def _is_for(self, request: httpx.Request) -> bool:
        return _origin(str(request.url)) in self._origins


class SessionAuth(_ToOrigins):
    """The kept session's token as ``Authorization: Bearer``; without a session the request goes out as it is.

    Args:
        client: Whose session; a :class:`Client` for asynchronous HTTP clients, a :class:`SyncClient` for others.
        origins: Where the token may go besides the authentication server, such as ``https://api.example.com``.
    """

    def __init__(self, client: Client[Any] | SyncClient[Any], *origins: str) -> None:
        super().__init__((client.url, *origins))
        self._client = client

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the token."""
        if self._is_for(request):
            _bear(request, _sync(self._client).session_token())
        yield request

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Add the token."""
        if self._is_for(request):
            _bear(request, await _async(self._client).session_token())
        yield request


class JwtAuth(_ToOrigins):
    """A JSON Web Token of the session, renewed before it ends; of several requests at once, one renews it.

    A ``401`` renews it as well, once, and sends the request again if its method is idempotent. Without a session the
    request goes out as it is.

    Args:
        client: Whose session; a :class:`Client` for asynchronous HTTP clients, a :class:`SyncClient` for others.
        origins: Where the token may go besides the authentication server.
        leeway: How long before its end a token is renewed.
        now: The aware UTC time; by default the client's.
    """

    def __init__(
        self,
        client: Client[Any] | SyncClient[Any],
        *origins: str,
        leeway: timedelta = LEEWAY,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__((client.url, *origins))
        self._client = client
        self._leeway = leeway
        self._now = now or client.now
        self._token: str | None = None
        self._session: str | None = None
        self._ends_at: datetime | None = None
        self._lock = threading.Lock()
        self._turn: anyio.Lock | None = None

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the token; renew it after a ``401``."""
        if not self._is_for(request):
            yield request
            return
        token = self._fresh_sync(None)
        _bear(request, token)
        response = yield request
        if response.status_code == 401 and token is not None and request.method in _IDEMPOTENT:
            renewed = self._fresh_sync(token)
            if renewed is not None and renewed != token:
                _bear(request, renewed)
                yield request

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Add the token; renew it after a ``401``."""
        if not self._is_for(request):
            yield request
            return
        token = await self._fresh_async(None)
        _bear(request, token)
        response = yield request
        if response.status_code == 401 and token is not None and request.method in _IDEMPOTENT:
            renewed = await self._fresh_async(token)
            if renewed is not None and renewed != token:
                _bear(request, renewed)
                yield request

    def _fresh_sync(self, refused: str | None) -> str | None:
        client = _sync(self._client)
        session = client.session_token()
        if self._is_fresh(session, refused):
            return self._token
        with self._lock:
            if not self._is_fresh(session, refused):
                self._keep(session, client.with_options(silent=True, throw=False).send(GetToken()).data)
            return self._token

    async def _fresh_async(self, refused: str | None) -> str | None:
        client = _async(self._client)
        session = await client.session_token()
        if self._is_fresh(session, refused):
            return self._token
        self._turn = self._turn or anyio.Lock()
        async with self._turn:
            if not self._is_fresh(session, refused):
                self._keep(session, (await client.with_options(silent=True, throw=False).send(GetToken())).data)
            return self._token

    def _is_fresh(self, session: str | None, refused: str | None) -> bool:
        # A token is that of the session that it was asked with: whoever signs in next gets another one.
        if self._token is None or self._token == refused or self._session != session:
            return False
        return self._ends_at is None or self._now() < self._ends_at - self._leeway

    def _keep(self, session: str | None, issued: Token | None) -> None:
        self._session = session
        self._token = None if issued is None else issued.token
        self._ends_at = None if issued is None else expiry_of(issued.token)


class ApiKeyAuth(_ToOrigins):
    """An API key in a header.

    Args:
        key: The key; it is a secret.
        origins: Where the key may go; at least one.
        header: The header that the server reads.
    """

    def __init__(self, key: str, *origins: str, header: str = "x-api-key") -> None:
        if not origins:
            raise ConfigError("name the origins that the API key may go to")
        super().__init__(origins)
        self._key = key
        self._header = header

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the key."""
        if self._is_for(request):
            request.headers[self._header] = self._key
        yield request


def bound_to(auth: httpx.Auth, base: type[Any]) -> Any:
    """``auth`` as an instance of another library's ``Auth`` class: ``bound_to(JwtAuth(client), httpx2.Auth)``."""
    cls = type(type(auth).__name__, (base,), {})
    found = cls()
    for name in ("auth_flow", "sync_auth_flow", "async_auth_flow"):
        setattr(found, name, getattr(auth, name))
    return found


def expiry_of(token: str) -> datetime | None:
    """When a JSON Web Token says that it ends; ``None`` when it does not say. Nothing is verified: servers do that."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        payload = decode(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError, JsonError):
        return None
    ends = payload.get("exp") if isinstance(payload, dict) else None
    if not isinstance(ends, (int, float)) or isinstance(ends, bool):
        return None
    try:
        return from_millis(ends * 1000)
    except (OverflowError, ValueError):
        return None


def _bear(request: httpx.Request, token: str | None) -> None:
    if token is not None:
        request.headers["authorization"] = f"Bearer {token}"


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError("an origin is written as https://api.example.com")
    return parts.scheme, parts.hostname.lower(), parts.port or {"http": 80, "https": 443}[parts.scheme]


def _sync(client: Client[Any] | SyncClient[Any]) -> SyncClient[Any]:
    if isinstance(client, SyncClient):
        return client
    raise TypeError("a Client authenticates asynchronous HTTP clients; for httpx.Client make a SyncClient")


def _async(client: Client[Any] | SyncClient[Any]) -> Client[Any]:
    if isinstance(client, Client):
        return client
    raise TypeError("a SyncClient authenticates synchronous HTTP clients; for httpx.AsyncClient make a Client")
