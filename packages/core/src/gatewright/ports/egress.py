"""The port for outbound HTTP: small requests with bounds on time and size, redirects never followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import anyio

if TYPE_CHECKING:
    import httpx

__all__ = ("Egress", "EgressError", "HttpxEgress", "Outbound", "Reply")

MAX_BYTES = 1_048_576
"""Largest answer that is read, after decoding."""

TIMEOUT_SECONDS = 10.0
"""Longest that a request may take in all."""

IDLE_SECONDS = 3.0
"""Longest that an unused connection is kept: many servers close theirs after 5 s, and what is sent meanwhile is lost."""

CONNECTIONS = 100
"""Most connections at once, all of which may be kept."""


class EgressError(Exception):
    """No usable answer: refused, too slow, too large. The text names the host, never a secret."""


@dataclass(frozen=True, slots=True)
class Outbound:
    """A request to another server."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """Its answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """A 2xx."""
        return 200 <= self.status < 300


class Egress(Protocol):
    """Sends requests to other servers."""

    async def send(self, request: Outbound, /) -> Reply:
        """The answer, whatever its status.

        Raises:
            EgressError: There is no usable answer.
        """
        ...


class HttpxEgress:
    """Sends through an ``httpx.AsyncClient`` (or the compatible ``httpx2.AsyncClient``).

    Args:
        client: The application's own client; without one a client is made at first use: no redirects, no proxies from
            the environment.
        timeout: Longest time, in seconds, that an answer may take.
    """

    __slots__ = ("_client", "_owned", "_timeout")

    def __init__(self, client: httpx.AsyncClient | None = None, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self._client = client
        self._owned = client is None
        self._timeout = timeout

    async def send(self, request: Outbound, /) -> Reply:
        """The answer, read up to :data:`MAX_BYTES`."""
        import httpx  # noqa: PLC0415 (costs 60 ms that only those who send should pay)

        if self._client is None:
            limits = httpx.Limits(
                max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS, keepalive_expiry=IDLE_SECONDS
            )
            self._client = httpx.AsyncClient(
                follow_redirects=False, trust_env=False, timeout=self._timeout, limits=limits
            )
        try:
            with anyio.fail_after(self._timeout):
                async with self._client.stream(
                    request.method,
                    request.url,
                    headers=dict(request.headers),
                    content=request.body,
                    follow_redirects=False,
                ) as response:
                    body = bytearray()
                    async for chunk in response.aiter_bytes():
                        body += chunk
                        if len(body) > MAX_BYTES:
                            raise EgressError(f"{_host(request.url)} answers with more than {MAX_BYTES} bytes")  # noqa: TRY301
                    return Reply(response.status_code, dict(response.headers), bytes(body))
        except (TimeoutError, OSError, ValueError) as error:
            raise EgressError(f"{_host(request.url)} does not answer: {type(error).__name__}") from None
        except Exception as error:
            # httpx and httpx2 have their own trees of errors; both end in a class named HTTPError or InvalidURL.
            if any(cls.__name__ in ("HTTPError", "InvalidURL") for cls in type(error).__mro__):
                raise EgressError(f"{_host(request.url)} does not answer: {type(error).__name__}") from None
            raise

    async def close(self) -> None:
        """Close the client, if it is ours."""
        if self._owned and self._client is not None:
            await self._client.aclose()
            self._client = None


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "the server"
    except ValueError:
        return "the server"
