"""INP-41: bodies and queries made from each operation's own shape, and bent. No answer is a server error."""

from __future__ import annotations

import json
from typing import Any, cast
from urllib.parse import urlencode

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.security.attacker import app_with_fields

from gatewright.endpoints import CORE
from gatewright.testing.app import TestApp
from gatewright.testing.browser import Browser
from gatewright.wire.operation import Operation
from gatewright.wire.shapes import JsonSchema, shape_of_operation
from gatewright_adapters.memory import MemoryAdapter

EXAMPLES = 25
INPUTS = 40
"""Of each example: together a thousand for every operation."""

OPERATIONS = [endpoint.operation for endpoint in CORE if endpoint.operation.route.served]

words = st.sampled_from(
    ["", "ada@example.com", "ADA@EXAMPLE.COM", "password-1234", "a" * 200, "\0", "é", "𝔘", "//evil.test", "/ok", "null",
     "https://x", "-1", "1e309", "true", "__proto__", "%00", "\r\n", "' OR 1=1 --", "{}", "2026-01-01T00:00:00.000Z"]
) | st.text(max_size=20)  # fmt: skip
scalars: st.SearchStrategy[Any] = st.one_of(
    words,
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=2**62, max_value=2**70),
    st.floats(allow_nan=False, allow_infinity=False),
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=8
)


def of_schema(schema: JsonSchema) -> st.SearchStrategy[Any]:
    """What fits a schema, and now and then what does not."""
    kind = schema.get("type")
    kinds = cast("list[str | None]", kind if isinstance(kind, list) else [kind])
    fitting: list[st.SearchStrategy[Any]] = []
    if "enum" in schema:
        fitting.append(st.sampled_from(schema["enum"]))
    if "anyOf" in schema:
        fitting += [of_schema(each) for each in schema["anyOf"]]
    for each in kinds:
        match each:
            case "string":
                fitting.append(words)
            case "boolean":
                fitting.append(st.booleans())
            case "integer" | "number":
                fitting.append(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
            case "array":
                fitting.append(st.lists(of_schema(schema.get("items", {})), max_size=3))
            case "object":
                fitting.append(of_object(schema))
            case "null":
                fitting.append(st.none())
            case _:
                fitting.append(values)
    return st.one_of(*fitting, values)


def of_object(schema: JsonSchema) -> st.SearchStrategy[dict[str, Any]]:
    properties: dict[str, JsonSchema] = schema.get("properties", {})
    known = {name: of_schema(each) for name, each in properties.items()}
    required = set(schema.get("required", ()))
    usual = st.fixed_dictionaries(
        {name: each for name, each in known.items() if name in required},
        optional={name: each for name, each in known.items() if name not in required},
    )
    fields = st.sampled_from(["nickname", "metadata", "theme", "role", "id", "createdAt", "extra", "callbackURL"])
    return st.tuples(usual, st.dictionaries(fields | words, values, max_size=2)).map(lambda both: both[0] | both[1])


async def instance() -> tuple[TestApp, Browser]:
    app = await app_with_fields(MemoryAdapter())
    return app, await app.signed_up()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.route.name)
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)
@given(data=st.data())
def test_inp_41_no_input_is_a_server_error(operation: type[Operation[Any]], data: st.DataObject) -> None:
    made = of_object(shape_of_operation(operation).schema())
    inputs = data.draw(st.lists(made | values, min_size=INPUTS, max_size=INPUTS))
    signed_in = data.draw(st.booleans())
    as_form = data.draw(st.booleans())

    async def run() -> None:
        app, browser = await instance()
        for value in inputs:
            for method in operation.route.methods:
                query = urlencode(_pairs(value), doseq=True) if method == "GET" or as_form else ""
                path = (operation.route.path or "").replace("{", "").replace("}", "") + ("?" + query if query else "")
                body = json.dumps(value).encode("utf-8", "surrogatepass") if method != "GET" else b""
                media = "application/json"
                if as_form and method != "GET":
                    body, media = query.encode(), "application/x-www-form-urlencoded"
                sender = browser if signed_in else app.browser()
                answer = await sender.send(method, path, body, headers={"content-type": media})
                assert answer.status < 500, (method, path, body, app.log.text())

    anyio.run(run)


def _pairs(value: object) -> list[tuple[str, Any]]:
    if not isinstance(value, dict):
        return [("value", str(value))]
    members = cast("dict[str, object]", value)
    return [(name, each if isinstance(each, list) else str(each)) for name, each in members.items()]
