"""The control protocol over HTTP: a bare ASGI application on a loopback port, JSON in and out."""

from __future__ import annotations

import itertools
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import unquote

from tests.conformance.codec import JsonObject, encode_error, members
from tests.conformance.instances import Instance, Surroundings, create

from gatewright.wire.json import Json, JsonError, decode

__all__ = ("BadControl", "Control")

Scope: TypeAlias = Mapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Mapping[str, Any]]]
Send: TypeAlias = Callable[[dict[str, Any]], Awaitable[None]]
Answer: TypeAlias = "tuple[int, JsonObject | None]"


class BadControl(Exception):
    """The control request itself is malformed: bad JSON, no such path, no such instance."""


class Control:
    """Keeps the instances and answers control requests.

    Args:
        surroundings: What all instances share.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._instances: dict[str, Instance] = {}
        self._numbers = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["type"] != "http":
            return
        body = await _read(receive)
        try:
            status, answer = await self._control(scope["method"], scope["raw_path"].decode("ascii"), body)
        except BadControl as error:
            status, answer = 400, {"error": {"message": str(error)}}
        except Exception as error:  # noqa: BLE001 (whatever an instance throws is the answer)
            status, answer = 200, {"error": encode_error(error)}
        payload = b"" if answer is None else json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass")
        headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", b"%d" % len(payload))]
        await send({"type": "http.response.start", "status": status, "headers": [] if answer is None else headers})
        await send({"type": "http.response.body", "body": payload})

    async def close(self) -> None:
        """Close every instance."""
        instances, self._instances = self._instances, {}
        for instance in instances.values():
            await instance.close()

    async def _control(self, method: str, path: str, payload: bytes) -> Answer:
        body = _object(payload)
        match method, [unquote(part) for part in path.split("?", maxsplit=1)[0].split("/") if part]:
            case "POST", ["__clock"]:
                return self._set_clock(body.get("now"))
            case "POST", ["__instances"]:
                instance = await create(body, self._surroundings)
                name = f"i{next(self._numbers)}"
                self._instances[name] = instance
                return 201, {"id": name, "origin": instance.origin}
            case "DELETE", ["__instances"]:
                await self.close()
                return 204, None
            case "DELETE", ["__instances", name]:
                instance = self._find(name)
                del self._instances[name]
                await instance.close()
                return 204, None
            case "GET", ["__instances", name, "api"]:
                return 200, {"methods": self._find(name).methods()}
            case "POST", ["__instances", name, "fetch"]:
                return 200, await self._find(name).fetch(body)
            case "POST", ["__instances", name, "api", method_name]:
                return 200, await self._find(name).api(method_name, body)
            case "POST", ["__instances", name, "db", op]:
                return 200, await self._find(name).db(op, body)
            case "POST", ["__instances", name, "storage", op]:
                return 200, await self._find(name).storage(op, body)
            case "POST", ["__instances", name, "call", helper]:
                return 200, await self._find(name).call(helper, body)
            case _:
                raise BadControl("no such path")

    def _set_clock(self, now: Json) -> Answer:
        if now is not None and (isinstance(now, bool) or not isinstance(now, (int, float))):
            raise BadControl("now")
        self._surroundings.clock.set(now)
        return 200, {}

    def _find(self, name: str) -> Instance:
        instance = self._instances.get(name)
        if instance is None:
            raise BadControl(f"no instance {name}")
        return instance


def _object(payload: bytes) -> JsonObject:
    if not payload:
        return {}
    try:
        return members(decode(payload))
    except JsonError:
        raise BadControl("body is not JSON") from None


async def _read(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)
