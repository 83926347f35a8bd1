"""Functions of options that ask the scenario, and the transactions that they lead back into."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from tests.conformance.callbacks import Callbacks, CallbackThrew, ScopedAdapter
from tests.conformance.codec import Unsupported

from gatewright.model.schema import Schema
from gatewright.model.user import User
from gatewright.ports.adapter import Adapter
from gatewright.wire.faults import ApiError
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

Scenario = Callable[[httpx.Request], httpx.Response]


def callbacks(scenario: Scenario) -> Callbacks:
    """The functions of an instance whose scenario answers so."""
    transport = httpx.MockTransport(scenario)
    return Callbacks("http://scenario/cb/7", httpx.AsyncClient(transport=transport), httpx.Client(transport=transport))


def answering(answer: object) -> Scenario:
    """A scenario that always says the same."""
    return lambda request: httpx.Response(200, json=answer)


def awaited(made: Callable[..., object], *args: object) -> Awaitable[Any]:
    """A call of a function that is awaited."""
    answer: Any = made(*args)
    return answer


async def test_a_call_names_its_function_and_hands_over_its_arguments() -> None:
    seen: list[tuple[str, Any]] = []

    def scenario(request: httpx.Request) -> httpx.Response:
        seen.append((str(request.url), json.loads(request.content)))
        return httpx.Response(200, json={"value": {"$set": ["a"]}})

    made = callbacks(scenario).make("on sign in/1", "user.onSignIn")
    assert await awaited(made, User(id="u", name="Ada", email="a@b.c"), None) == frozenset({"a"})
    ((url, body),) = seen
    assert url == "http://scenario/cb/7/on%20sign%20in%2F1"
    assert body["args"][0]["email"] == "a@b.c"
    assert body["args"][1] is None


async def test_an_answer_may_be_an_error_of_the_contract_or_any_other() -> None:
    refusing = callbacks(answering({"error": {"status": "FORBIDDEN", "body": {"message": "No"}}})).make("f", "f")
    with pytest.raises(ApiError) as refused:
        await awaited(refusing)
    assert (refused.value.status, refused.value.body) == (403, {"message": "No", "code": "NO"})
    breaking = callbacks(answering({"throw": "broken"})).make("f", "f")
    with pytest.raises(CallbackThrew, match="broken"):
        await awaited(breaking)
    assert await awaited(callbacks(answering({})).make("f", "f")) is None


async def test_a_function_that_is_not_awaited_answers_at_once() -> None:
    seen: list[Any] = []

    def scenario(request: httpx.Request) -> httpx.Response:
        seen.append(json.loads(request.content))
        return httpx.Response(200, json={"value": "user-1"})

    made = callbacks(scenario).make("f", "advanced.database.generateId")
    assert made("user") == "user-1"
    assert seen == [{"args": [{"model": "user"}]}]


async def test_without_a_place_to_ask_there_are_no_functions() -> None:
    async with httpx.AsyncClient() as client:
        with httpx.Client() as blocking, pytest.raises(Unsupported, match=r"^user\.f: a function"):
            Callbacks(None, client, blocking).make("f", "user.f")


async def test_a_scope_leads_into_the_transaction_while_its_callback_runs() -> None:
    found: list[tuple[str, Adapter | None]] = []

    def scenario(request: httpx.Request) -> httpx.Response:
        scope = json.loads(request.content)["scope"]
        found.append((scope, made_by.within(scope)))
        return httpx.Response(200, json={})

    made_by = callbacks(scenario)
    made = made_by.make("f", "databaseHooks.user.create.before")
    adapter = ScopedAdapter(MemoryAdapter())
    await adapter.create_tables(Schema.build([User]))
    async with adapter.transaction() as inner:
        await awaited(made)
    await awaited(made)
    (inside, outside) = found
    assert inside[1] is inner
    assert outside[1] is None
    assert made_by.within(inside[0]) is None
    assert inside[0] != outside[0]
