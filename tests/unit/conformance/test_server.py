"""The control protocol from the outside, over its ASGI application."""

import base64
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from tests.conformance.instances import Surroundings
from tests.conformance.server import Control

pytestmark = pytest.mark.anyio

OPTIONS = {
    "baseURL": "http://localhost:3000",
    "secret": "conformance-secret-0123456789abcdef",
    "emailAndPassword": {"enabled": True},
}
ADA = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}


@asynccontextmanager
async def protocol() -> AsyncGenerator[httpx.AsyncClient]:
    """A control server, and a client of it."""
    surroundings = Surroundings()
    control = Control(surroundings)
    transport = httpx.ASGITransport(app=control)
    async with httpx.AsyncClient(transport=transport, base_url="http://control") as client:
        try:
            yield client
        finally:
            await control.close()
            await surroundings.close()


async def post(client: httpx.AsyncClient, path: str, body: object = None) -> Any:
    """The answer to a control request that is not malformed."""
    reply = await client.post(path, json=body or {})
    assert reply.status_code in (200, 201)
    return reply.json()


async def start(client: httpx.AsyncClient, **more: object) -> str:
    """The path of a new instance."""
    answer = await post(client, "/__instances", {"options": OPTIONS, "storage": "memory", **more})
    assert answer["origin"] is None
    return f"/__instances/{answer['id']}"


async def test_an_instance_answers_requests_calls_and_questions_about_its_rows() -> None:
    async with protocol() as client:
        await post(client, "/__clock", {"now": 1_780_315_200_000})
        path = await start(client)
        created = await post(client, f"{path}/api/signUpEmail", {"body": ADA})
        assert created["value"]["user"]["createdAt"] == {"$date": "2026-06-01T12:00:00.000Z"}
        body = base64.b64encode(json.dumps(ADA).encode()).decode()
        url = "http://localhost:3000/api/auth/sign-in/email"
        headers = [["content-type", "application/json"], ["origin", "http://localhost:3000"]]
        signed_in = await post(
            client, f"{path}/fetch", {"method": "POST", "url": url, "headers": headers, "body": body}
        )
        assert signed_in["status"] == 200
        cookie = next(value for name, value in signed_in["headers"] if name == "set-cookie").split(";")[0]
        session = await post(client, f"{path}/api/getSession", {"headers": [["cookie", cookie]]})
        assert session["value"]["user"]["email"] == "ada@example.com"
        counted = await post(client, f"{path}/db/count", {"model": "session"})
        assert counted == {"value": 2}


async def test_a_failure_is_an_error_or_a_response_as_the_caller_asks() -> None:
    async with protocol() as client:
        path = await start(client)
        error = (await post(client, f"{path}/api/signInEmail", {"body": ADA}))["error"]
        assert (error["status"], error["body"]["code"]) == (401, "INVALID_EMAIL_OR_PASSWORD")
        response = await post(client, f"{path}/api/signInEmail", {"body": ADA, "asResponse": True})
        assert response["status"] == 401
        assert json.loads(base64.b64decode(response["body"]))["code"] == "INVALID_EMAIL_OR_PASSWORD"


async def test_helpers_of_the_running_instance_can_be_called() -> None:
    async with protocol() as client:
        path = await start(client)
        hashed = (await post(client, f"{path}/call/hashPassword", {"password": "password-1234"}))["value"]
        right = await post(client, f"{path}/call/verifyPassword", {"password": "password-1234", "hash": hashed})
        wrong = await post(client, f"{path}/call/verifyPassword", {"password": "another", "hash": hashed})
        assert (right, wrong) == ({"value": True}, {"value": False})
        hidden = (await post(client, f"{path}/call/encrypt", {"data": "a secret"}))["value"]
        assert (await post(client, f"{path}/call/decrypt", {"data": hidden})) == {"value": "a secret"}
        signature = await post(client, f"{path}/call/makeSignature", {"value": "hello"})
        assert signature == {"value": "MfSzK3QaJe+BQ8eM3mG755DWixqYvXWn/3wiQudOUVI="}


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ({"options": {"noSuch": 1}}, "noSuch"),
        ({"plugins": [{"name": "noSuch"}]}, "plugins.noSuch"),
        ({"storage": "clay"}, "storage clay"),
        ({"secondaryStorage": "clay"}, "secondaryStorage clay"),
        ({"listen": "clay"}, "listen clay"),
        ({"options": {"trustedOrigins": {"$fn": "f"}}}, "trustedOrigins: a function without a callbackUrl"),
    ],
)
async def test_what_there_is_not_is_said_by_its_path(spec: dict[str, Any], path: str) -> None:
    async with protocol() as client:
        options = {**OPTIONS, **spec.get("options", {})}
        answer = await post(client, "/__instances", {"storage": "memory", **spec, "options": options})
        assert answer == {"error": {"status": 501, "message": f"unsupported: {path}"}}


async def test_a_method_that_there_is_not_is_unsupported() -> None:
    async with protocol() as client:
        path = await start(client)
        answer = await post(client, f"{path}/api/noSuch")
        assert answer == {"error": {"status": 501, "message": "unsupported: api.noSuch"}}
        methods = (await client.get(f"{path}/api")).json()["methods"]
        assert methods["signInEmail"] == {"path": "/sign-in/email", "methods": ["POST"]}


async def test_a_malformed_control_request_is_told_so() -> None:
    async with protocol() as client:
        for path, body in (("/__instances", b"{"), ("/nothing", b"{}"), ("/__instances/i9/fetch", b"{}")):
            reply = await client.post(path, content=body)
            assert reply.status_code == 400
            assert list(reply.json()) == ["error"]


async def test_a_removed_instance_is_gone() -> None:
    async with protocol() as client:
        first, second = await start(client), await start(client)
        assert (await client.delete(first)).status_code == 204
        assert (await client.get(f"{first}/api")).status_code == 400
        assert (await client.delete("/__instances")).status_code == 204
        assert (await client.get(f"{second}/api")).status_code == 400
