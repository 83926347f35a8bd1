"""better-auth and Gatewright on one database, both running: each takes the other's users, passwords, sessions and tables.

Needs Node.js and the conformance kit with its npm packages, which ``nox -s conformance`` installs; PostgreSQL and MariaDB
where they answer (``GATEWRIGHT_POSTGRES`` and ``GATEWRIGHT_MYSQL`` name others than those on this machine).
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import subprocess
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import anyio
import httpx
import pytest
from pyotp.totp import TOTP
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from gatewright.auth import Auth
from gatewright.http.request import Request
from gatewright.model.session import Session
from gatewright.plugins import (
    Admin,
    AdminOptions,
    Anonymous,
    AnonymousOptions,
    ApiKey,
    ApiKeyOptions,
    DeviceAuthorization,
    Jwt,
    JwtOptions,
    Organization,
    OrganizationOptions,
    Passkey,
    PasskeyOptions,
    PhoneNumber,
    PhoneNumberOptions,
    Siwe,
    SiweOptions,
    TwoFactor,
    TwoFactorOptions,
    Username,
    UsernameOptions,
)
from gatewright.plugins.api_key import ApiKeyApi
from gatewright.plugins.base import Plugin
from gatewright.settings import Settings
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", ["asyncio"])]

MYSQL = os.environ.get("GATEWRIGHT_MYSQL", "mysql+aiomysql://root@127.0.0.1:3306")
POSTGRES = os.environ.get("GATEWRIGHT_POSTGRES", "postgresql+asyncpg://root@127.0.0.1:5432/test")
SCRIPT = Path(__file__).with_name("shared_database.mjs")
ORIGIN = "http://localhost:3000"
ADA = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}


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


@asynccontextmanager
async def _mariadb(_folder: Path) -> AsyncGenerator[Store]:
    pytest.importorskip("aiomysql", reason="aiomysql is not installed")
    name = f"shared_{secrets.token_hex(6)}"
    admin = create_async_engine(MYSQL, poolclass=NullPool, connect_args={"connect_timeout": 2})
    try:
        async with admin.begin() as connection:
            await connection.execute(text(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"))
    except Exception as error:  # noqa: BLE001 (as for PostgreSQL)
        pytest.skip(f"no MariaDB or MySQL answers: {type(error).__name__}")
    engine = create_async_engine(f"{MYSQL}/{name}")
    try:
        yield Store(SQLAlchemyAdapter(engine), {"MYSQL": f"{MYSQL.replace('mysql+aiomysql', 'mysql')}/{name}"})
    finally:
        await engine.dispose()
        async with admin.begin() as connection:
            await connection.execute(text(f"DROP DATABASE {name}"))


class Side:
    """One of the two servers, and the cookies of one browser that both are visited with."""

    def __init__(self, send: Callable[[str, str, dict[str, str], bytes], Any]) -> None:
        self._send = send

    async def ask(self, jar: dict[str, str], method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
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
    kit: Path, store: Store, *, strategy: str, migrated_by: str, plugins: bool = False
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
        installed = [make(options) for make, options in PLUGINS.values()] if plugins else []
        auth = Auth[Any](Settings.load(ours), store.adapter, plugins=installed)
        if migrated_by == "gatewright":
            await auth.create_tables()
        environment = {
            "PATH": os.environ["PATH"],
            "KIT": str(kit),
            "OPTIONS": json.dumps(options),
            **({"MIGRATE": "1"} if migrated_by == "better-auth" else {}),
            **({"PLUGINS": json.dumps({name: options for name, (_, options) in PLUGINS.items()})} if plugins else {}),
            "LACKING": "1",
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
        told = b""
        with anyio.fail_after(60):
            while b"ready http" not in told or not told.endswith(b"\n"):
                told += await process.stdout.receive()
        lacking, ready = told.decode().splitlines()
        # Nothing that the other has to add, whoever made the tables.
        assert json.loads(lacking) == []
        address = ready.split()[1]
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=address))
        # Whoever made the tables: an instance does not open on a database that lacks any.
        await stack.enter_async_context(auth)
        yield _theirs(client), _ours(auth), auth


PLUGINS: dict[str, tuple[Callable[[Any], Plugin[Any]], dict[str, Any]]] = {
    "admin": (lambda options: Admin(AdminOptions.model_validate(options)), {}),
    "anonymous": (lambda options: Anonymous(AnonymousOptions.model_validate(options)), {}),
    "apiKey": (lambda options: ApiKey(ApiKeyOptions.model_validate(options)), {"rateLimit": {"maxRequests": 3}}),
    "deviceAuthorization": (lambda _: DeviceAuthorization(), {}),
    "jwt": (lambda options: Jwt(JwtOptions.model_validate(options)), {}),
    "organization": (
        lambda options: Organization(OrganizationOptions.model_validate(options)),
        {"teams": {"enabled": True}, "dynamicAccessControl": {"enabled": True}},
    ),
    "passkey": (lambda options: Passkey(PasskeyOptions.model_validate(options)), {}),
    "phoneNumber": (lambda options: PhoneNumber(PhoneNumberOptions.model_validate(options)), {}),
    "siwe": (lambda options: Siwe(SiweOptions.model_validate(options)), {"domain": "localhost:3000"}),
    "twoFactor": (lambda options: TwoFactor(TwoFactorOptions.model_validate(options)), {}),
    "username": (lambda options: Username(UsernameOptions.model_validate(options)), {}),
}
"""Every plugin that has tables or columns, by the reference's name, with options that both take."""

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


@pytest.mark.parametrize("open_store", [_sqlite, _postgres, _mariadb], ids=["sqlite", "postgres", "mariadb"])
@pytest.mark.parametrize("migrated_by", ["better-auth", "gatewright"])
async def test_each_side_works_with_all_tables_that_the_other_has_made(
    open_store: Any, migrated_by: str, kit: Path, tmp_path: Path
) -> None:
    async with (
        open_store(tmp_path) as store,
        _both(kit, store, strategy="compact", migrated_by=migrated_by, plugins=True) as (theirs, ours, auth),
    ):
        steps = await store.adapter.plan_tables(auth.tables)
        assert {step.kind for step in steps} <= ({"index"} if migrated_by == "better-auth" else set())
        await auth.create_tables()
        assert await store.adapter.plan_tables(auth.tables) == ()
        for number, (first, second) in enumerate(((theirs, ours), (ours, theirs))):
            key = await _everything(first, second, number)
            # Read once and then remembered: what a use is guarded by is there in both sides' rows.
            used = [await _api_keys(auth).verify_api_key(key=key) for _ in range(4)]
            assert [each.valid for each in used] == [True, True, True, False]
            assert [each.error and each.error.code for each in used] == [None, None, None, "RATE_LIMITED"]


def _api_keys(auth: Auth[Any]) -> ApiKeyApi:
    (plugin,) = [each for each in auth.blueprint.plugins if isinstance(each, ApiKey)]
    return auth.of(plugin)


async def _everything(first: Side, second: Side, number: int) -> str:
    """What one side writes with each plugin, the other reads; an API key of the first side's."""

    async def ask(side: Side, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        status, answer = await side.ask(jar, method, path, body)
        assert status == 200, (path, status, answer)
        return answer

    jar: dict[str, str] = {}
    user = {**ADA, "email": f"ada{number}@example.com", "username": f"ada{number}"}
    made = await ask(first, "POST", "/sign-up/email", user)
    jar = {name: value for name, value in jar.items() if "session_data" not in name}
    named = {"username": user["username"], "password": user["password"]}
    status, again = await second.ask({}, "POST", "/sign-in/username", named)
    assert (status, again["user"]["id"]) == (200, made["user"]["id"])

    acme = await ask(first, "POST", "/organization/create", {"name": "Acme", "slug": f"acme-{number}"})
    team = await ask(second, "POST", "/organization/create-team", {"name": "Eng", "organizationId": acme["id"]})
    invited = {"email": "eve@example.com", "role": "member", "organizationId": acme["id"], "teamId": team["id"]}
    await ask(first, "POST", "/organization/invite-member", invited)
    where = f"organizationId={acme['id']}"
    for side in (first, second):
        assert [each["slug"] for each in await ask(side, "GET", "/organization/list")] == [f"acme-{number}"]
        teams = await ask(side, "GET", f"/organization/list-teams?{where}")
        assert {"Eng"} <= {each["name"] for each in teams}
        invitations = await ask(side, "GET", f"/organization/list-invitations?{where}")
        assert [each["email"] for each in invitations] == ["eve@example.com"]
        assert (await ask(side, "GET", f"/organization/list-members?{where}"))["total"] == 1

    key = await ask(first, "POST", "/api-key/create", {"name": "ci"})
    for side in (first, second):
        listed = (await ask(side, "GET", "/api-key/list"))["apiKeys"]
        assert [(each["id"], each["name"]) for each in listed] == [(key["id"], "ci")]
        assert await ask(side, "GET", "/passkey/list-user-passkeys") == []
    token = (await ask(first, "GET", "/token"))["token"]
    kid = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))["kid"]
    assert kid in {each["kid"] for each in (await ask(second, "GET", "/jwks"))["keys"]}
    assert (await ask(second, "GET", "/token"))["token"].split(".")[0] == token.split(".")[0]

    device = await ask(first, "POST", "/device/code", {"client_id": "cli"})
    await ask(second, "GET", f"/device?user_code={device['user_code']}")
    await ask(second, "POST", "/device/approve", {"userCode": device["user_code"]})
    grant = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": device["device_code"],
        "client_id": "cli",
    }
    assert (await ask(first, "POST", "/device/token", grant))["access_token"]

    enabled = await ask(first, "POST", "/two-factor/enable", {"password": user["password"]})
    secret = parse_qs(urlsplit(str(enabled["totpURI"])).query)["secret"][0]
    await ask(second, "POST", "/two-factor/verify-totp", {"code": TOTP(secret).now()})
    for side in (first, second):
        owed = await side.ask({}, "POST", "/sign-in/email", {"email": user["email"], "password": user["password"]})
        assert (owed[0], owed[1]["twoFactorRedirect"]) == (200, True)
    return str(key["key"])
