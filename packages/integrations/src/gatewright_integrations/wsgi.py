"""WSGI: the endpoints in front of Flask, Django or any other synchronous application, and the caller's session.

::

    app.wsgi_app = GatewrightWSGI(auth, app.wsgi_app)

    @app.get("/me")
    def me():
        current = session_of(request.environ)

The instance runs on one event loop in a thread of its own for each process. A WSGI environment spells header names with
underscores only, so which header was dashed is the server's knowledge: use one that drops names with underscores, as
gunicorn, waitress, mod_wsgi, Werkzeug and Django's own do. Source: PEP 3333.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeAlias
from urllib.parse import quote, urlsplit

from typing_extensions import Unpack

from gatewright.auth import Auth
from gatewright.contract.results import SessionData
from gatewright.http.headers import Headers
from gatewright.http.request import Request
from gatewright.http.response import Response
from gatewright.wire.faults import ConfigError
from gatewright_integrations.caller import KEY, Caller
from gatewright_integrations.portal import portal
from gatewright_integrations.requirement import Asked, Requirement
from gatewright_integrations.translation import (
    Limits,
    base_path_of,
    header_pairs,
    header_value,
    is_below,
)

__all__ = ("Environ", "GatewrightWSGI", "StartResponse", "WSGIApp", "require_session", "session_of")

Environ: TypeAlias = dict[str, Any]
WSGIApp: TypeAlias = Callable[[Environ, Any], Iterable[bytes]]
_REASONS = {200: "OK", 204: "No Content", 302: "Found", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden"}


class StartResponse(Protocol):
    """What a server gives an application to begin its answer with."""

    def __call__(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
    ) -> Callable[[bytes], object]:
        """Begin."""
        ...


class _Sync:
    """A caller for synchronous code."""

    __slots__ = ("auth", "caller")

    def __init__(self, auth: Auth[Any], caller: Caller) -> None:
        self.auth = auth
        self.caller = caller


def session_of(environ: Environ) -> SessionData | None:
    """The session of the caller, or ``None``; read once for each request.

    Raises:
        ApiError: It could not be read.
        ConfigError: The application does not stand behind :class:`GatewrightWSGI`.
    """
    found = _sync(environ)
    return portal().open(found.auth).call(found.caller.session)


def require_session(
    environ: Environ, path: Mapping[str, object] | None = None, /, **asked: Unpack[Asked]
) -> SessionData:
    """The session of the caller.

    Args:
        environ: Of the request.
        path: The parameters of the route's path, where the organization is named there.
        asked: What the caller must be or may do; see :class:`~gatewright_integrations.requirement.Asked`.

    Raises:
        ApiError: The caller has none, is not, or may not; see :mod:`gatewright_integrations.requirement`.
        ConfigError: The application does not stand behind :class:`GatewrightWSGI`, or a plugin is not installed.
    """
    found = _sync(environ)
    requirement = Requirement(found.auth, asked) if asked else None
    return portal().open(found.auth).call(found.caller.meets, requirement, path)


class GatewrightWSGI:
    """Answers below the instance's base path; all other requests reach the application with their caller.

    Args:
        auth: The instance; opened with the first request and closed when the process ends.
        app: The application; without one everything else is a bare 404.
    """

    __slots__ = ("_base", "_limits", "app", "auth")

    def __init__(self, auth: Auth[Any], app: WSGIApp | None = None) -> None:
        self.auth = auth
        self.app = app
        self._base = base_path_of(auth)
        if app is not None and not self._base:
            raise ConfigError("an instance without a base path leaves nothing for the application")
        self._limits = Limits(auth)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, or let the application do so."""
        path = _path(environ)
        if self.app is None or is_below(path, self._base):
            return self._answer(environ, path, start_response)
        caller = Caller(self.auth, _headers(environ))
        environ[KEY] = _Sync(self.auth, caller)

        def start_with_cookies(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
        ) -> Callable[[bytes], object]:
            lines = [(name, header_value(value).decode("ascii")) for name, value in caller.lines]
            more = () if exc_info is None else (exc_info,)
            return start_response(status, [*headers, *lines], *more)

        return self.app(environ, start_with_cookies)

    def close(self) -> None:
        """Close the instance before the process ends."""
        portal().close(self.auth)

    def _answer(self, environ: Environ, path: str, start_response: StartResponse) -> Iterable[bytes]:
        headers = _headers(environ)
        method: str = environ["REQUEST_METHOD"]
        read = b"" if method == "GET" else self._body(environ, headers)
        if isinstance(read, Response):
            response = read
        else:
            request = Request(
                method=method,
                scheme=environ["wsgi.url_scheme"],
                host=headers.get("host") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}",
                path=path,
                query=environ.get("QUERY_STRING", ""),
                headers=headers,
                body=read,
                peer=environ.get("REMOTE_ADDR") or None,
            )
            response = portal().open(self.auth).call(self.auth.handle, request)
        pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in header_pairs(response)]
        start_response(f"{response.status} {_REASONS.get(response.status, 'Status')}", pairs)
        return [b"" if method == "HEAD" else response.body]

    def _body(self, environ: Environ, headers: Headers) -> bytes | Response:
        refusal = self._limits.refusal(headers)
        if refusal is not None:
            return refusal
        length = headers.get("content-length")
        if length is None:
            # A body without a length can be read only where the server marks its end (``wsgi.input_terminated``).
            if not environ.get("wsgi.input_terminated"):
                return b""
            return self._read(environ, self._limits.body + 1)
        body = self._read(environ, int(length))
        if isinstance(body, bytes) and len(body) != int(length):
            return self._limits.incomplete
        return body

    def _read(self, environ: Environ, most: int) -> bytes | Response:
        parts: list[bytes] = []
        left = most
        while left > 0:
            try:
                part: bytes = environ["wsgi.input"].read(left)
            except (OSError, ValueError):
                # The caller is gone, or its chunks are malformed: nobody is left who could use a better answer.
                return self._limits.incomplete
            if not part:
                break
            parts.append(part)
            left -= len(part)
        body = b"".join(parts)
        return body if len(body) <= self._limits.body else self._limits.too_large


def _sync(environ: Environ) -> _Sync:
    found = environ.get(KEY)
    if not isinstance(found, _Sync):
        raise ConfigError("the application does not stand behind GatewrightWSGI")
    return found


def _path(environ: Environ) -> str:
    """The path with its escapes, as it was sent, where the server keeps it; else the decoded one, escaped again."""
    for name in ("RAW_URI", "REQUEST_URI"):
        raw = environ.get(name)
        if isinstance(raw, str) and raw:
            target = raw if raw.startswith("/") else urlsplit(raw).path
            return target.partition("?")[0] or "/"
    decoded: str = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    return quote(decoded.encode("latin-1")) or "/"


def _headers(environ: Environ) -> Headers:
    pairs: list[tuple[bytes, bytes]] = []
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            name = key[5:]
        elif key in ("CONTENT_TYPE", "CONTENT_LENGTH") and value:
            name = key
        else:
            continue
        pairs.append((name.lower().replace("_", "-").encode("latin-1"), str(value).encode("latin-1")))
    return Headers.from_raw(tuple(pairs))
