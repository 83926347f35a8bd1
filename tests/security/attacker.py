"""What attackers do: raw requests, many at once, and what must be true of every answer that refuses them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeVar

import anyio
import anyio.lowlevel

from gatewright.auth import Auth
from gatewright.http.headers import Headers
from gatewright.http.request import Request
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer

__all__ = (
    "ORIGIN",
    "SIGN_IN",
    "SIGN_UP",
    "QuickPasswords",
    "all_at_once",
    "app_on",
    "app_with_fields",
    "post",
    "refused",
    "send",
    "statuses",
)

T = TypeVar("T")

ORIGIN = "http://localhost:3000"
SIGN_UP: Mapping[str, object] = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}
SIGN_IN: Mapping[str, object] = {"email": "ada@example.com", "password": "password-1234"}


class QuickPasswords:
    """An application's own password functions: no cost, but a chance for others to run, as a real one gives."""

    @staticmethod
    async def hash(password: str) -> str:
        await anyio.lowlevel.checkpoint()
        return f"hashed:{password}"

    @staticmethod
    async def verify(given: Any) -> bool:
        await anyio.lowlevel.checkpoint()
        return given["hash"] == f"hashed:{given['password']}"

    @classmethod
    def options(cls, **more: object) -> dict[str, object]:
        """``email_and_password`` with these functions."""
        return {"enabled": True, "password": {"hash": cls.hash, "verify": cls.verify}, **more}


async def app_on(adapter: Adapter, options: Mapping[str, Any] | None = None, **more: Any) -> TestApp:
    """An instance on ``adapter`` with its tables and quick passwords."""
    app = make_app({"email_and_password": QuickPasswords.options(), **(options or {})}, adapter=adapter, **more)
    await app.auth.create_tables()
    return app


async def app_with_fields(adapter: Adapter) -> TestApp:
    """The same with fields of the application's own on users and sessions."""
    fields = {
        "role": {"type": "string", "required": False, "input": False},
        "nickname": {"type": "string", "required": False},
        "metadata": {"type": "json", "required": False},
    }
    theme = {"type": "string", "required": False}
    return await app_on(
        adapter, {"user": {"additional_fields": fields}, "session": {"additional_fields": {"theme": theme}}}
    )


async def post(
    app: TestApp, path: str, body: object, media: str | None = "application/json", *, cookie: str = ""
) -> Answer:
    """A body, as it is or as JSON, below the base path."""
    headers = [] if media is None else [("content-type", media)]
    if cookie:
        headers += [("cookie", cookie), ("origin", ORIGIN)]
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await send(app.auth, "POST", f"/api/auth{path}", data, headers)


async def send(
    auth: Auth[Any],
    method: str,
    path: str,
    body: bytes = b"",
    headers: Iterable[tuple[str, str]] = (("content-type", "application/json"),),
    *,
    query: str = "",
    host: str = "localhost:3000",
    scheme: str = "http",
) -> Answer:
    """One request, byte for byte: ``path`` is the whole raw path."""
    return Answer(
        await auth.handle(Request(method, scheme, host, path, query, Headers(headers), body, peer="127.0.0.1"))
    )


def refused(answer: Answer) -> None:
    """A clean refusal: 4xx, the contract's JSON, no session, nothing from inside."""
    assert 400 <= answer.status < 500, answer
    assert answer.header("content-type") == "application/json"
    assert isinstance(answer.json["message"], str)
    assert not [line for line in answer.cookies if "session_token=" in line and "Max-Age=0" not in line]
    text = answer.body.decode().lower()
    for word in ("traceback", "sqlite", "select ", "insert ", "gatewright", "recursion"):
        assert word not in text


async def all_at_once(jobs: Iterable[Callable[[], Awaitable[T]]]) -> list[T]:
    """The results of jobs that all start before any is waited for."""
    made = list(jobs)
    results: dict[int, T] = {}

    async def run(number: int, job: Callable[[], Awaitable[T]]) -> None:
        results[number] = await job()

    async with anyio.create_task_group() as group:
        for number, job in enumerate(made):
            group.start_soon(run, number, job)
    return [results[number] for number in range(len(made))]


def statuses(answers: Iterable[Answer]) -> dict[int, int]:
    """How many answers of each status."""
    found: dict[int, int] = {}
    for answer in answers:
        found[answer.status] = found.get(answer.status, 0) + 1
    return found
