"""``{"$fn": name}``: functions of an instance's options that ask the scenario for their answer over HTTP.

Each asynchronous call carries a scope, which leads the scenario's own ``db`` operations back into the transaction that
the call was made from, for as long as the call runs.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, cast
from urllib.parse import quote

import httpx
from tests.conformance.codec import JsonObject, Unsupported, api_error, decode, encode, members
from tests.conformance.messages import pairs_of

from gatewright.model.query import Count, Delete, Insert, Select, SelectListed, Update, Values
from gatewright.model.schema import Schema
from gatewright.ports.adapter import Adapter, Features
from gatewright.settings.callbacks import UserInfoCheck
from gatewright.settings.hooks import HookAnswer
from gatewright.wire.json import Json

__all__ = ("CallbackThrew", "Callbacks", "ScopedAdapter")

SYNCHRONOUS = re.compile(
    "|".join(
        f"(?:{pattern})$"
        for pattern in (
            r"generateId",
            r"logger\.log",
            r"(^|\.)(default|defaultValue|onUpdate)",
            r"transform\.(input|output)",
            r"~standard\.validate",
            r"(usernameN|displayUsernameN)ormalization",
            r"generateOTP",
            r"generateClient(Id|Secret)",
            r"getTemp(Email|Name)",
            r"customResolveMethod",
            r"constructEvent",
            r"customSyntheticUser",
            r"customBackupCodesGenerate",
        )
    )
)
"""Options whose functions are called without awaiting."""


def _model(model: object) -> Sequence[object]:
    return [{"model": model}]


def _check(check: UserInfoCheck, context: object) -> Sequence[object]:
    source = check.source
    named = {"method": source.method, "action": source.action, "oauth": source.oauth}
    return [{"user": check.user, "source": {name: value for name, value in named.items() if value}}, context]


ARGUMENTS: Mapping[str, Callable[..., Sequence[object]]] = {
    # The contract calls with one object what this implementation calls with plain arguments.
    "advanced.database.generateId": _model,
    "user.validateUserInfo": _check,
}
"""How a function's arguments become the contract's, by the path of the option, where they differ."""

_inside: ContextVar[Adapter | None] = ContextVar("inside", default=None)


class CallbackThrew(Exception):
    """The scenario's function threw something that is no error of the contract."""


class ScopedAdapter:
    """An adapter that knows, within its transactions, that a callback made there belongs to them."""

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter

    @property
    def features(self) -> Features:
        """What the backend can do."""
        return self._adapter.features

    async def insert(self, query: Insert) -> Values:
        """Write one row."""
        return await self._adapter.insert(query)

    async def select(self, query: Select) -> Sequence[Values]:
        """Rows that match."""
        return await self._adapter.select(query)

    async def select_pair(self, query: Select) -> tuple[Values, Values] | None:
        """The first row that matches, with its partner."""
        return await self._adapter.select_pair(query)

    async def select_listed(self, query: SelectListed) -> tuple[Values, Sequence[Values]] | None:
        """The first row that matches, with the rows that it lists."""
        return await self._adapter.select_listed(query)

    async def count(self, query: Count) -> int:
        """How many rows match."""
        return await self._adapter.count(query)

    async def update(self, query: Update) -> int:
        """Change every row that matches."""
        return await self._adapter.update(query)

    async def update_one(self, query: Update) -> Values | None:
        """Change at most one row that matches."""
        return await self._adapter.update_one(query)

    async def delete(self, query: Delete) -> int:
        """Remove every row that matches."""
        return await self._adapter.delete(query)

    async def take(self, query: Delete) -> Values | None:
        """Remove at most one row that matches and give it."""
        return await self._adapter.take(query)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Adapter]:
        """The adapter's transaction; callbacks made within it are led back into it."""
        async with self._adapter.transaction() as inner:
            token = _inside.set(inner)
            try:
                yield inner
            finally:
                _inside.reset(token)

    async def create_tables(self, schema: Schema) -> None:
        """Create what is missing."""
        await self._adapter.create_tables(schema)

    async def open(self) -> None:
        """Get ready."""
        await self._adapter.open()

    async def close(self) -> None:
        """Give back what is held."""
        await self._adapter.close()


class Callbacks:
    """Makes the functions of one instance.

    Args:
        url: Where calls are sent, or ``None`` when the instance may have no functions.
        client: Sends the calls that are awaited.
        blocking: Sends the others; the scenario answers from another process, so waiting for it cannot lock up.
    """

    def __init__(self, url: str | None, client: httpx.AsyncClient, blocking: httpx.Client) -> None:
        self._url = url
        self._client = client
        self._blocking = blocking
        self._scopes: dict[str, Adapter] = {}
        self._numbers = itertools.count(1)

    def within(self, scope: Json) -> Adapter | None:
        """The transaction that a running callback was made from."""
        return self._scopes.get(scope) if isinstance(scope, str) else None

    def make(self, name: str, path: str) -> Callable[..., object]:
        """The function for ``{"$fn": name}`` in the option at ``path``.

        Raises:
            Unsupported: There is nowhere to send calls to.
        """
        if self._url is None:
            raise Unsupported(f"{path}: a function without a callbackUrl")
        url = f"{self._url}/{quote(name, safe='')}"
        shape = ARGUMENTS.get(path)

        def arguments(given: Sequence[object]) -> list[Json]:
            return [encode(each, whole=True) for each in (given if shape is None else shape(*given))]

        def call_now(*given: object) -> Any:
            answer = self._blocking.post(url, json={"args": arguments(given)})
            return _settle(members(answer.json()), path)

        async def call(*given: object) -> Any:
            scope = f"s{next(self._numbers)}"
            adapter = _inside.get()
            if adapter is not None:
                self._scopes[scope] = adapter
            try:
                answer = await self._client.post(url, json={"args": arguments(given), "scope": scope})
            finally:
                self._scopes.pop(scope, None)
            return _settle(members(answer.json()), path)

        async def keep(work: Awaitable[object]) -> None:
            # The contract's function is only shown that there is work; whoever starts the work is us.
            await call(None)
            await work

        if path == "advanced.backgroundTasks.handler":
            return keep
        return call_now if SYNCHRONOUS.search(path) else call


def _settle(reply: JsonObject, path: str) -> Any:
    if reply.get("error"):
        # Errors of these functions reach the contract's router as they are; others are made anew on the way.
        raise api_error(members(reply["error"]), plain=path.startswith(("hooks.", "databaseHooks.")))
    if "throw" in reply:
        raise CallbackThrew(str(reply["throw"]))
    value: object = decode(reply.get("value"), None, path)
    return _hook_answer(value, reply, path) if path in ("hooks.before", "hooks.after") else value


def _hook_answer(value: object, reply: JsonObject, path: str) -> HookAnswer:
    headers = tuple(pairs_of(reply.get("headers")))
    if path == "hooks.before":
        if not isinstance(value, dict):
            return HookAnswer(response_headers=headers)
        value = cast("JsonObject", value)
        changes = members(value.get("context"))
        if changes:
            return HookAnswer(
                body=members(changes["body"]) if "body" in changes else None,
                query=members(changes["query"]) if "query" in changes else None,
                headers=dict(pairs_of(changes.get("headers"))),
                response_headers=headers,
            )
    return HookAnswer(response=value, response_headers=headers)
