"""better-auth and Gatewright on one database, both running: each takes the other's users, passwords and sessions.

Needs Node.js and the conformance kit with its npm packages, which ``nox -s conformance`` installs; PostgreSQL where it
answers (``GATEWRIGHT_POSTGRES`` names another than the one on this machine).
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from tests.conformance import run

from gatewright.auth import Auth
from gatewright.http.request import Request
from gatewright.model.session import Session
from gatewright.settings import Settings
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", ["asyncio"])]

POSTGRES = os.environ.get("GATEWRIGHT_POSTGRES", "postgresql+asyncpg://root@127.0.0.1:5432/test")
SCRIPT = Path(__file__).with_name("shared_database.mjs")
ORIGIN = "http://localhost:3000"
ADA = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}


@pytest.fixture(scope="module")
def kit() -> Path:
    """The reference with its npm packages."""
    if (reason := run.node_missing()) is not None:
        pytest.skip(reason)
    found = run.installed_reference()
    if found is None:
        pytest.skip("no conformance kit with its npm packages: nox -s conformance installs them")
    return found


@dataclass
class Store:
    """One database as both sides open it."""

    adapter: SQLAlchemyAdapter
    environment: dict[str, str]


@asynccontextmanager
async def _sqlite(folder: Path) -> AsyncGenerator[Store]:
    path = str(folder / "shared.db")
    yield Store(SQLAlchemyAdapter.sqlite(path), {"SQLITE": path})


@asynccontextmanager
async def _postgres(_folder: Path) -> AsyncGenerator[Store]:
    pytest.importorskip("asyncpg", reason="asyncpg is not installed")
    schema = f"shared_{secrets.token_hex(6)}"
    admin = create_async_engine(POSTGRES, poolclass=NullPool, connect_args={"timeout": 2})
    try:
        async with admin.begin() as connection:
            await connection.execute(text(f"CREATE SCHEMA {schema}"))
    except Exception as error:  # noqa: BLE001 (whatever it is, it is the reason shown for skipping)
        pytest.skip(f"no PostgreSQL answers: {type(error).__name__}")
    engine = create_async_engine(POSTGRES, connect_args={"server_settings": {"search_path": schema}})
    try:
        yield Store(
            SQLAlchemyAdapter(engine),
            {"POSTGRES": POSTGRES.replace("postgresql+asyncpg", "postgresql"), "SCHEMA": schema},
        )
    finally:
        await engine.dispose()
        async with admin.begin() as connection:
            await connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))


class Side:
    """One of the two servers, and the cookies of one browser that both are visited with."""

    def __init__(self, send: Callable[[str, str, dict[str, str], bytes], Any]) -> None:
        self._send = send

    async def ask(self, jar: dict[str, str], method: str, path: str, body: Mapping[str, str] | None = None) -> Any:
        """The status and the JSON of an answer; its cookies go into ``jar``."""
        headers = {"origin": ORIGIN, "cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
        if body is not None:
            headers["content-type"] = "application/json"
        content = b"" if body is None else json.dumps(body).encode()
        status, lines, payload = await self._send(method, path, headers, content)
        for line in lines:
            name, _, rest = line.partition("=")
            if "Max-Age=0" in rest:
                jar.pop(name, None)
            else:
                jar[name] = rest.partition(";")[0]
        return status, json.loads(payload) if payload else None


def _theirs(client: httpx.AsyncClient) -> Side:
    async def send(method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
        answer = await client.request(method, f"/api/auth{path}", headers=headers, content=body)
        return answer.status_code, answer.headers.get_list("set-cookie"), answer.content

    return Side(send)


def _ours(auth: Auth[Any]) -> Side:
    async def send(method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
        answer = await auth.handle(Request.make(method, f"{ORIGIN}/api/auth{path}", headers, body, peer="127.0.0.1"))
        return answer.status, [value for name, value in answer.headers if name == "set-cookie"], answer.body

    return Side(send)


@asynccontextmanager
async def _both(
    kit: Path, store: Store, *, strategy: str, migrated_by: str
) -> AsyncGenerator[tuple[Side, Side, Auth[Any]]]:
    options: dict[str, Any] = {
        "secret": "a-secret-that-both-sides-know-of-0123456789",
        "baseURL": ORIGIN,
        "emailAndPassword": {"enabled": True},
        "session": {"cookieCache": {"enabled": True, "strategy": strategy}},
        "rateLimit": {"enabled": False},
    }
    ours = {**options, "emailAndPassword": {"enabled": True, "passwordHash": "scrypt"}}
    async with AsyncExitStack() as stack:
        auth = await stack.enter_async_context(Auth[Any](Settings.load(ours), store.adapter))
        if migrated_by == "gatewright":
            await auth.create_tables()
        environment = {
            "PATH": os.environ["PATH"],
            "KIT": str(kit),
            "OPTIONS": json.dumps(options),
            **({"MIGRATE": "1"} if migrated_by == "better-auth" else {}),
            **store.environment,
        }
        process = await stack.enter_async_context(
            await anyio.open_process(
                ["node", str(SCRIPT)], env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        )
        stack.callback(process.terminate)
        if process.stdout is None:
            raise AssertionError
        with anyio.fail_after(60):
            address = (await process.stdout.receive()).decode().split()[1]
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=address))
        yield _theirs(client), _ours(auth), auth


STORES = pytest.mark.parametrize("open_store", [_sqlite, _postgres], ids=["sqlite", "postgres"])


@STORES
@pytest.mark.parametrize("strategy", ["compact", "jwt", "jwe"])
@pytest.mark.parametrize("migrated_by", ["better-auth", "gatewright"])
async def test_each_side_takes_what_the_other_has_made(
    open_store: Any, strategy: str, migrated_by: str, kit: Path, tmp_path: Path
) -> None:
    async with (
        open_store(tmp_path) as store,
        _both(kit, store, strategy=strategy, migrated_by=migrated_by) as (theirs, ours, auth),
    ):
        for number, (first, second) in enumerate(((theirs, ours), (ours, theirs))):
            user = {**ADA, "email": f"ada{number}@example.com"}
            jar: dict[str, str] = {}
            status, made = await first.ask(jar, "POST", "/sign-up/email", user)
            assert status == 200
            # The session, with the store asked: without the copy in the cookie.
            bare = {name: value for name, value in jar.items() if "session_data" not in name}
            status, seen = await second.ask(bare, "GET", "/get-session?disableCookieCache=true")
            assert (status, seen["user"]["id"], seen["session"]["token"]) == (200, made["user"]["id"], made["token"])
            # The password.
            status, again = await second.ask({}, "POST", "/sign-in/email", user)
            assert (status, again["user"]["id"]) == (200, made["user"]["id"])
            wrong = {**user, "password": "another-password"}
            assert (await second.ask({}, "POST", "/sign-in/email", wrong))[0] == 401
            # The copy, which needs no store.
            await auth.services.database.delete(Session, Session.token.eq(made["token"]))
            status, copied = await second.ask(dict(jar), "GET", "/get-session")
            assert (status, copied["user"]["email"]) == (200, user["email"])
            status, gone = await second.ask(dict(jar), "GET", "/get-session?disableCookieCache=true")
            assert (status, gone) == (200, None)


@STORES
async def test_what_one_side_ends_or_changes_the_other_refuses(open_store: Any, kit: Path, tmp_path: Path) -> None:
    async with (
        open_store(tmp_path) as store,
        _both(kit, store, strategy="compact", migrated_by="gatewright") as (theirs, ours, _),
    ):
        for number, (first, second) in enumerate(((theirs, ours), (ours, theirs))):
            user = {**ADA, "email": f"bob{number}@example.com"}
            jar: dict[str, str] = {}
            await first.ask(jar, "POST", "/sign-up/email", user)
            kept = dict(jar)
            change = {"currentPassword": user["password"], "newPassword": "another-password"}
            assert (await second.ask(dict(jar), "POST", "/change-password", change))[0] == 200
            assert (await first.ask({}, "POST", "/sign-in/email", user))[0] == 401
            assert (await first.ask({}, "POST", "/sign-in/email", {**user, "password": "another-password"}))[0] == 200
            assert (await second.ask(jar, "POST", "/sign-out", {}))[0] == 200
            assert await first.ask(kept, "GET", "/get-session?disableCookieCache=true") == (200, None)
