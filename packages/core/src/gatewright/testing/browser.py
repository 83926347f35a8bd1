"""What uses an instance in tests: a browser that keeps cookies, and the answers it gets. Not the instance: that is ``app``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, Never, TypedDict
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec

from gatewright.auth import Auth
from gatewright.http.cookies import parse
from gatewright.http.request import Request
from gatewright.http.response import Response
from gatewright.wire.json import encode

__all__ = ("ORIGIN", "Answer", "Browser", "StorageState", "StoredCookie")

ORIGIN = "http://localhost:3000"
"""Where an instance for tests is, unless it says otherwise."""


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


class StoredCookie(TypedDict):
    """A cookie as Playwright stores it."""

    name: str
    value: str
    domain: str
    path: str
    expires: float
    httpOnly: bool
    secure: bool
    sameSite: Literal["Lax", "None", "Strict"]


class StorageState(TypedDict):
    """What Playwright's ``storage_state`` is."""

    cookies: list[StoredCookie]
    origins: list[Never]


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

    def keep(self, lines: Iterable[str]) -> None:
        """Take cookies as ``Set-Cookie`` lines give them, as from an answer that this browser did not ask for."""
        self._keep(Response(200, tuple(("set-cookie", line) for line in lines), b""))

    def storage_state(self) -> StorageState:
        """The cookies in the form in which Playwright begins a context with them (``storage_state``).

        They end with the context: how long the instance's clock would let them live says nothing about the browser's.
        """
        parts = urlsplit(self.base)
        cookies: list[StoredCookie] = [
            {
                "name": name,
                "value": value,
                "domain": parts.hostname or "localhost",
                "path": "/",
                "expires": -1,
                "httpOnly": True,
                "secure": name.startswith("__Secure-"),
                "sameSite": "Lax",
            }
            for name, value in self.jar.items()
        ]
        return {"cookies": cookies, "origins": []}

    def client(self, app: Any) -> httpx.AsyncClient:
        """A client of an ASGI application with this browser's cookies and origin, on the instance's own address."""
        parts = urlsplit(self.base)
        headers = {} if self.origin is None else {"origin": self.origin}
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url=f"{parts.scheme}://{parts.netloc}",
            headers=headers,
            cookies=dict(self.jar),
        )
