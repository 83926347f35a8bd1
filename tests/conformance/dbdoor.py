"""The control protocol's ``db`` operations: straight to an adapter, in the contract's words; no table hooks run.

Conditions follow the contract: all with the connector AND hold, and at least one of those with OR.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from tests.conformance.codec import JsonObject, Unsupported, decode, encode, members

from gatewright.model.column import ColumnSpec, Missing
from gatewright.model.query import (
    AnyOf,
    Change,
    Condition,
    Count,
    Delete,
    Insert,
    Operator,
    Order,
    Select,
    Update,
    Values,
    Where,
)
from gatewright.model.schema import Schema, Table
from gatewright.ports.adapter import Adapter
from gatewright.ports.clock import Clock
from gatewright.wire.dates import from_wire
from gatewright.wire.faults import ConfigError
from gatewright.wire.json import Json

__all__ = ("DbDoor",)


class DbDoor:
    """Answers ``db`` operations of one instance.

    Args:
        schema: The instance's tables.
        clock: For defaults that hold the time of writing.
        new_id: Makes identifiers, ``None`` where the store does.
        limit: Rows that ``findMany`` gives where nothing is said.
    """

    def __init__(self, schema: Schema, clock: Clock, new_id: Callable[[str], str | None], limit: int) -> None:
        self._schema = schema
        self._clock = clock
        self._new_id = new_id
        self._limit = limit
        self._ops: Mapping[str, Callable[[Adapter, Table, JsonObject], Awaitable[JsonObject]]] = {
            "create": self._create,
            "findOne": self._find_one,
            "findMany": self._find_many,
            "update": self._update,
            "updateMany": self._update_many,
            "delete": self._delete,
            "deleteMany": self._delete_many,
            "count": self._count,
            "consumeOne": self._consume_one,
            "incrementOne": self._increment_one,
        }

    async def run(self, op: str, adapter: Adapter, body: JsonObject) -> JsonObject:
        """The answer to one operation: ``{"value": …}``, or ``{}`` where it gives nothing.

        Raises:
            Unsupported: There is no such operation.
            ConfigError: There is no such model.
        """
        run = self._ops.get(op)
        if run is None:
            raise Unsupported(f"db.{op}")
        model = str(body.get("model"))
        if model not in self._schema:
            raise ConfigError(f'Model "{model}" not found in schema')
        return await run(adapter, self._schema[model], body)

    async def _create(self, adapter: Adapter, table: Table, body: JsonObject) -> JsonObject:
        data: dict[str, Any] = decode(members(body.get("data")))
        keeps_id = body.get("forceAllowId") is True
        values: dict[str, Any] = {}
        for name, spec in table.columns.items():
            if name == "id":
                given = data.get("id") if keeps_id else None
                made = given if given is not None else self._new_id(table.name)
                if made is not None:
                    values["id"] = made
            else:
                values[name] = _stored(spec, data[name]) if name in data else _default(spec.default, self._clock.now())
        return {"value": _shown(table, await adapter.insert(Insert(table, values)), body)}

    async def _find_one(self, adapter: Adapter, table: Table, body: JsonObject) -> JsonObject:
        rows = await adapter.select(Select(table, where_of(table, body), limit=1))
        return {"value": _shown(table, rows[0], body) if rows else None}

    async def _find_many(self, adapter: Adapter, table: Table, body: JsonObject) -> JsonObject:
        limit, offset = body.get("limit"), body.get("offset")
        rows = await adapter.select(
            Select(
                table,
                where_of(table, body),
                order=_order_of(body),
                limit=limit if isinstance(limit, int) else self._limit,
                offset=offset if isinstance(offset, int) else None,
            )
        )
        return {"value": [_shown(table, row, body) for row in rows]}

    async def _update(self, adapter: Adapter, table: Table, body: JsonObject) -> JsonObject:
        row = await adapter.update_one(Update(table, where_of(table, body), self._changes(table, body), one=True))
        return {"value": None if row is None else _shown(table, row, {})}

    async def _update_many(self, adapter: Adapter, table: Table, body: JsonObject) -> JsonObject:
        return {"value": await adapter.update(Update(table, where_of(table, body), self._changes(table, body)))}

    async def _delete(self, adapter: Adapter, table: Table, body: JsonObject) -> JsonObject:
        await adapter.take(Delete(table, where_of(table, body), one=True))
        return {}

    async def _delete_many(self, adapter: Adapter, table: Table, body: JsonObject) -> JsonObject:
        return {"value": await adapter.delete(Delete(table, where_of(table, body)))}

    async def _count(self, adapter: Adapter, table: Table, body: JsonObject) -> JsonObject:
        return {"value": await adapter.count(Count(table, where_of(table, body)))}

    async def _consume_one(self, adapter: Adapter, table: Table, body: JsonObject) -> JsonObject:
        row = await adapter.take(Delete(table, where_of(table, body), one=True))
        return {"value": None if row is None else _shown(table, row, {})}

    async def _increment_one(self, adapter: Adapter, table: Table, body: JsonObject) -> JsonObject:
        sets: dict[str, Any] = decode(members(body.get("set")))
        changes: list[Change[Any]] = [
            *(Change(name, "add", delta) for name, delta in members(body.get("increment")).items()),
            *(Change(name, "set", _stored(table.columns[name], value)) for name, value in sets.items()),
        ]
        row = await adapter.update_one(Update(table, where_of(table, body), tuple(changes), one=True))
        return {"value": None if row is None else _shown(table, row, {})}

    def _changes(self, table: Table, body: JsonObject) -> tuple[Change[Any], ...]:
        data: dict[str, Any] = decode(members(body.get("data")))
        changes: list[Change[Any]] = []
        for name, spec in table.columns.items():
            if name in data:
                changes.append(Change(name, "set", _stored(spec, data[name])))
            elif spec.on_update is not Missing.NONE:
                changes.append(Change(name, "set", _default(spec.on_update, self._clock.now())))
        return tuple(changes)


def where_of(table: Table, body: JsonObject) -> tuple[Where[Any], ...]:
    """The conditions that ``where`` means: those joined by AND one by one, those joined by OR as one.

    Raises:
        Unsupported: An operator that there is not.
    """
    given = body.get("where")
    required: list[Where[Any]] = []
    either: list[Condition[Any]] = []
    for each in map(members, given if isinstance(given, list) else []):
        condition = _condition(table, each)
        if each.get("connector") == "OR":
            either.append(condition)
        else:
            required.append(condition)
    if either:
        required.append(AnyOf(tuple(either)))
    return tuple(required)


_OPERATORS: Mapping[str, Operator] = {
    "eq": "eq",
    "ne": "ne",
    "lt": "lt",
    "lte": "lte",
    "gt": "gt",
    "gte": "gte",
    "in": "in",
    "not_in": "not_in",
    "contains": "contains",
    "starts_with": "starts_with",
    "ends_with": "ends_with",
}


def _condition(table: Table, given: JsonObject) -> Condition[Any]:
    field = str(given.get("field"))
    operator = _OPERATORS.get(str(given.get("operator") or "eq"))
    spec = table.columns.get(field)
    if operator is None or spec is None:
        raise Unsupported(f"where {field} {given.get('operator')}")
    value: Any = decode(given.get("value"))
    if operator in ("in", "not_in"):
        many = cast("Sequence[object]", value) if isinstance(value, list) else (value,)
        return Condition(field, operator, tuple(_asked(spec, each) for each in many))
    return Condition(field, operator, _asked(spec, value))


def _asked(spec: ColumnSpec, value: object) -> object:
    return from_wire(value) if spec.type == "date" and isinstance(value, str) else value


def _order_of(body: JsonObject) -> tuple[Order[Any], ...]:
    given = members(body.get("sortBy"))
    if not given:
        return ()
    return (Order(str(given.get("field")), "desc" if given.get("direction") == "desc" else "asc"),)


def _stored(spec: ColumnSpec, value: Any) -> Any:
    if value is not None and spec.transform_input is not None:
        value = spec.transform_input(value)
    return from_wire(value) if spec.type == "date" and isinstance(value, str) else value


def _default(default: object, now: datetime) -> object:
    if default is Missing.NONE:
        return None
    if default is Missing.NOW:
        return now
    return default() if callable(default) else default


def _shown(table: Table, row: Values, body: JsonObject) -> Json:
    select = body.get("select")
    wanted = [str(name) for name in select] if isinstance(select, list) and select else None
    found: JsonObject = {}
    for name, spec in table.columns.items():
        if name in row and (wanted is None or name in wanted):
            value = row[name]
            if spec.transform_output is not None:
                value = spec.transform_output(value)
            found[name] = encode(value)
    return found
