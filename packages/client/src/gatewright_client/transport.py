"""The seam to HTTP clients: what is used of ``httpx``, so that ``httpx2`` and look-alikes serve as well.

Not here: policy. The HTTP client's own cookies and redirects are kept out; the jar is the storage's.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from gatewright_client.decoding import Answer
from gatewright_client.exchange import Transmit
from gatewright_client.faults import NoAnswer, TimedOut

if TYPE_CHECKING:
    from http.cookiejar import CookieJar

__all__ = (
    "AsyncHttp",
    "SyncHttp",
    "TransportErrors",
    "answer_of",
    "no_answer",
    "own_async_http",
    "own_sync_http",
    "request_for",
)


class _Headers(Protocol):
    def multi_items(self) -> list[tuple[str, str]]: ...


class _Response(Protocol):
    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> _Headers: ...
    @property
    def content(self) -> bytes: ...


class _Builds(Protocol):
    def build_request(self, method: str, url: str, /) -> Any:
        """A request; ``headers``, ``content`` and ``timeout`` are given by keyword."""
        ...


class AsyncHttp(_Builds, Protocol):
    """An asynchronous HTTP client, as ``httpx.AsyncClient``."""

    async def send(self, request: Any, /, *, auth: Any = ..., follow_redirects: Any = ...) -> Any:
        """Send a request and read the whole response."""
        ...

    async def aclose(self) -> None:
        """Close all connections."""
        ...


class SyncHttp(_Builds, Protocol):
    """A synchronous HTTP client, as ``httpx.Client``."""

    def send(self, request: Any, /, *, auth: Any = ..., follow_redirects: Any = ...) -> Any:
        """Send a request and read the whole response."""
        ...

    def close(self) -> None:
        """Close all connections."""
        ...


class TransportErrors:
    """What the library of an HTTP client raises when no answer comes.

    Args:
        http: The client; the library is the first in its ancestry that names ``TransportError``.
    """

    def __init__(self, http: object) -> None:
        self.every: tuple[type[Exception], ...] = (OSError,)
        self.late: tuple[type[Exception], ...] = (TimeoutError,)
        for cls in type(http).__mro__:
            library = sys.modules.get(cls.__module__.partition(".")[0])
            base: object = getattr(library, "TransportError", None)
            late: object = getattr(library, "TimeoutException", None)
            if isinstance(base, type) and issubclass(base, Exception):
                self.every += (base,)
                if isinstance(late, type) and issubclass(late, Exception):
                    self.late += (late,)
                return


def request_for(http: _Builds, step: Transmit) -> Any:
    """The library's own request; without the cookies that the library would add."""
    more: Mapping[str, object] = {} if step.timeout is None else {"timeout": step.timeout}
    build: Any = http.build_request
    request = build(step.method, step.url, headers=step.headers, content=step.body, **more)
    if "cookie" not in step.headers:
        request.headers.pop("cookie", None)
    return request


def answer_of(response: _Response) -> Answer:
    """A response as a value."""
    headers = tuple((name.lower(), value) for name, value in response.headers.multi_items())
    return Answer(response.status_code, headers, response.content)


def no_answer(error: Exception, errors: TransportErrors) -> NoAnswer:
    """The error of a call that got no answer, with its cause."""
    found = (TimedOut if isinstance(error, errors.late) else NoAnswer)(f"{type(error).__name__}: {error}")
    found.__cause__ = error
    return found


def own_async_http() -> AsyncHttp:
    """An HTTP client of our own; ``httpx`` is loaded now, because whoever lends another one does not need it."""
    import httpx  # noqa: PLC0415

    return httpx.AsyncClient(cookies=_without_cookies())


def own_sync_http() -> SyncHttp:
    """As :func:`own_async_http`, without awaiting."""
    import httpx  # noqa: PLC0415

    return httpx.Client(cookies=_without_cookies())


def _without_cookies() -> CookieJar:
    """A jar that takes nothing: the storage is the jar."""
    from http.cookiejar import CookieJar, DefaultCookiePolicy  # noqa: PLC0415

    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))
