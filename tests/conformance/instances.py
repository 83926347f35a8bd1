"""One instance under the control protocol: settings, plugins, storage and ports put together, and its doors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx
from tests.conformance.apidoor import call_api, methods
from tests.conformance.callbacks import Callbacks, ScopedAdapter
from tests.conformance.codec import JsonObject, Unsupported, decode, encode, encode_response, members
from tests.conformance.dbdoor import DbDoor
from tests.conformance.listen import listen
from tests.conformance.messages import request_of
from tests.conformance.options import settings_of
from tests.conformance.plugins import create_plugin
from tests.conformance.storage import open_storage
from tests.conformance.world import FunctionCache, MemoryCache, ProtocolClock, ProtocolEgress

from gatewright.auth import Auth
from gatewright.blueprint import Blueprint
from gatewright.ports.adapter import Adapter
from gatewright.ports.egress import Egress, HttpxEgress
from gatewright.ports.random import SystemRandom
from gatewright.ports.tasks import InlineTasks
from gatewright.ports.workers import InlineWorkers
from gatewright.services.background import HandedTasks
from gatewright.services.ids import id_source
from gatewright.services.logs import log_of
from gatewright.wire.json import Json

__all__ = ("Instance", "Surroundings", "create")


@dataclass
class Surroundings:
    """What every instance shares: the clock, and connections to the scenario."""

    clock: ProtocolClock = field(default_factory=ProtocolClock)
    client: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=60, trust_env=False))
    blocking: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30, trust_env=False))

    async def close(self) -> None:
        """Close the connections."""
        await self.client.aclose()
        self.blocking.close()


class Instance:
    """A running instance and the doors that the protocol has into it.

    Attributes:
        origin: Where it listens, or ``None``.
    """

    def __init__(
        self,
        auth: Auth[Any],
        db: DbDoor,
        callbacks: Callbacks,
        cache: MemoryCache | FunctionCache | None,
        origin: str | None,
        stack: AsyncExitStack,
    ) -> None:
        self.origin = origin
        self._auth = auth
        self._db = db
        self._callbacks = callbacks
        self._cache = cache
        self._stack = stack
        services = auth.services
        settings = auth.blueprint.settings
        cipher = services.plan.cipher
        draw = services.random.bytes
        new_id = id_source(settings.advanced.database.generate_id, services.random, services.clock)
        self._calls: Mapping[str, Callable[[JsonObject], Awaitable[Json]]] = {
            "makeSignature": _at_once(lambda body: services.plan.signer.signature(str(body["value"]))),
            "hashPassword": lambda body: services.passwords.hash(str(body["password"])),
            "verifyPassword": lambda body: services.passwords.verify(str(body["password"]), str(body["hash"])),
            "encrypt": _at_once(lambda body: cipher.encrypt(str(body["data"]), random=draw)),
            "decrypt": _at_once(lambda body: cipher.decrypt(str(body["data"]))),
            "generateId": _at_once(lambda body: new_id(str(body.get("model")))),
        }

    def methods(self) -> JsonObject:
        """The server-side methods."""
        return methods(self._auth)

    async def fetch(self, body: JsonObject) -> JsonObject:
        """One request through the handler, without a socket."""
        return encode_response(await self._auth.handle(request_of(body)))

    async def api(self, name: str, body: JsonObject) -> JsonObject:
        """One server-side call."""
        return await call_api(self._auth, name, body)

    async def db(self, op: str, body: JsonObject) -> JsonObject:
        """One operation of the database, in the transaction of a running callback where there is one."""
        adapter: Adapter = self._callbacks.within(body.get("scope")) or self._auth.adapter
        return await self._db.run(op, adapter, body)

    async def storage(self, op: str, body: JsonObject) -> JsonObject:
        """One operation of the secondary storage."""
        cache = self._cache
        if cache is None:
            raise Unsupported(f"storage.{op}")
        key = str(body.get("key"))
        ttl = body.get("ttl")
        seconds = ttl if isinstance(ttl, int) else None
        match op:
            case "get":
                return {"value": await cache.get(key)}
            case "set":
                await cache.set(key, str(body.get("value")), seconds)
                return {}
            case "delete":
                await cache.delete(key)
                return {}
            case "getAndDelete":
                return {"value": await cache.take(key)}
            case "increment":
                return {"value": await cache.increment(key, seconds or 0)}
            case "keys" if isinstance(cache, MemoryCache):
                return {"value": encode(await cache.keys())}
            case _:
                raise Unsupported(f"storage.{op}")

    async def call(self, name: str, body: JsonObject) -> JsonObject:
        """One named helper of the running instance."""
        helper = self._calls.get(name)
        if helper is None:
            raise Unsupported(f"call.{name}")
        return {"value": await helper(body)}

    async def close(self) -> None:
        """Close socket, database and storage."""
        await self._stack.aclose()


def _at_once(function: Callable[[JsonObject], Json]) -> Callable[[JsonObject], Awaitable[Json]]:
    async def call(body: JsonObject) -> Json:
        return function(body)

    return call


async def create(spec: JsonObject, surroundings: Surroundings) -> Instance:
    """A running instance.

    Raises:
        Unsupported: The specification asks for what is not there.
        ConfigError: Its options do not fit together.
    """
    clock = surroundings.clock
    url = spec.get("callbackUrl")
    callbacks = Callbacks(str(url) if url else None, surroundings.client, surroundings.blocking)
    settings = settings_of(members(spec.get("options")), callbacks.make)
    given = spec.get("plugins")
    listed = given if isinstance(given, list) else []
    plugins = [create_plugin(members(each), callbacks.make, index) for index, each in enumerate(listed)]
    cache = _open_cache(spec.get("secondaryStorage"), clock, callbacks)
    async with AsyncExitStack() as opening:
        storage = spec.get("storage") or "sqlite"
        stateless = storage == "none" and cache is None
        adapter = ScopedAdapter(await open_storage("memory" if storage == "none" else storage, opening))
        random, log = SystemRandom(), log_of(settings.logger)
        tasks = InlineTasks(lambda name, error: log.error("a background job failed", error=error, job=name))
        if settings.advanced.background_tasks is not None:
            tasks = HandedTasks(settings.advanced.background_tasks.handler, log)
        blueprint = Blueprint(settings, plugins=plugins, stateless=stateless)
        auth = blueprint.bind(
            adapter,
            cache=cache,
            clock=clock,
            random=random,
            workers=InlineWorkers(),
            tasks=tasks,
            egress=_egress(spec.get("egressUrl"), surroundings, opening),
            log=log,
        )
        await opening.enter_async_context(auth)
        await auth.create_tables()
        origin = await listen(auth, spec.get("listen"), opening)
        new_id = id_source(settings.advanced.database.generate_id, random, clock)
        db = DbDoor(auth.tables, clock, new_id, settings.advanced.database.default_find_many_limit)
        return Instance(auth, db, callbacks, cache, origin, opening.pop_all())


def _open_cache(kind: Json, clock: ProtocolClock, callbacks: Callbacks) -> MemoryCache | FunctionCache | None:
    if kind is None or kind == "none":
        return None
    if isinstance(kind, dict):
        return FunctionCache(decode(kind, callbacks.make, "secondaryStorage"))
    if kind != "memory":
        raise Unsupported(f"secondaryStorage {kind}")
    return MemoryCache(clock)


def _egress(url: Json, surroundings: Surroundings, opening: AsyncExitStack) -> Egress:
    if url:
        return ProtocolEgress(surroundings.client, str(url))
    egress = HttpxEgress()
    opening.push_async_callback(egress.close)
    return egress
