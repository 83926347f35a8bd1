"""The rows of one table of the memory adapter: keys, order and conditions. Not references, not transactions."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from gatewright.model.column import ColumnSpec
from gatewright.model.query import AnyOf, Condition, Order, Tally, Values, Where
from gatewright.model.schema import Table
from gatewright.ports.adapter import Conflict, InvalidValue
from gatewright.wire.dates import truncated

__all__ = ("DEEP", "Rows", "kept", "matching", "sort", "spec_of")

DEEP = ("json", "string[]", "number[]")
"""Types of columns whose values have insides, so that they are copied."""
_LARGEST = 2**63
_SERIAL_DIGITS = 18


class Rows:
    """The rows of one table, and which row has which key.

    A stored row is never changed but replaced, so copying the dictionaries copies the table.
    """

    __slots__ = ("_counted", "_next", "keys", "rows")

    def __init__(self) -> None:
        self.rows: dict[int, Values] = {}
        self.keys: dict[tuple[str, ...], dict[tuple[object, ...], int]] = {}
        self._next = 0
        self._counted = 0

    def copied(self) -> Rows:
        """The same rows, to be changed apart."""
        twin = Rows()
        twin.rows = dict(self.rows)
        twin.keys = {columns: dict(taken) for columns, taken in self.keys.items()}
        twin._next = self._next
        twin._counted = self._counted
        return twin

    def widen(self, table: Table) -> None:
        """Give rows that are there the columns that came later, with their fixed default."""
        added = {
            spec.name: spec.default if isinstance(spec.default, (bool, int, str)) else None
            for spec in table.columns.values()
        }
        for number, row in self.rows.items():
            if not added.keys() <= row.keys():
                self.rows[number] = {**added, **row}

    def index(self, columns: tuple[str, ...]) -> None:
        """Keep ``columns`` unique from now on."""
        if columns not in self.keys:
            taken = self.keys[columns] = {}
            for number, row in self.rows.items():
                key = _key(columns, row)
                if key is not None:
                    taken[key] = number

    def free(self, table: str, changed: Mapping[int, Values]) -> None:
        """Check that the new rows keep every key unique.

        Raises:
            Conflict: They do not.
        """
        for columns, taken in self.keys.items():
            fresh: set[tuple[object, ...]] = set()
            for number, row in changed.items():
                key = _key(columns, row)
                if key is None:
                    continue
                holder = taken.get(key)
                held = holder is not None and holder != number and holder not in changed
                if key in fresh or held:
                    raise Conflict(table, columns)
                fresh.add(key)

    def put(self, changed: Mapping[int, Values]) -> None:
        """Store rows that were checked by :meth:`free`."""
        self.drop([number for number in changed if number in self.rows], keep=True)
        for number, row in changed.items():
            self.rows[number] = row
            for columns, taken in self.keys.items():
                key = _key(columns, row)
                if key is not None:
                    taken[key] = number

    def drop(self, numbers: Sequence[int], *, keep: bool = False) -> None:
        """Remove rows and their keys; with ``keep``, the keys only, so that the rows keep their places."""
        for number in numbers:
            row = self.rows[number] if keep else self.rows.pop(number)
            for columns, taken in self.keys.items():
                key = _key(columns, row)
                if key is not None:
                    taken.pop(key, None)

    def number(self) -> int:
        """A number for a new row."""
        self._next += 1
        return self._next

    def count(self) -> int:
        """A serial identifier that no row has or had."""
        self._counted += 1
        while (self._counted,) in self.keys.get(("id",), {}):
            self._counted += 1
        return self._counted


def serial_number(value: object) -> int:
    """The number that a serial identifier stands for; one that no row has, for any other text."""
    if isinstance(value, int):
        return value
    text = str(value)
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= _SERIAL_DIGITS else -1
    # "01" is another text than "1", so it is nobody's identifier.
    return number if str(number) == text else -1


def spec_of(table: Table, column: str) -> ColumnSpec:
    """The column with this wire name.

    Raises:
        ValueError: There is none.
    """
    try:
        return table.columns[column]
    except KeyError:
        raise ValueError(f"{table.name} has no column {column}") from None


def _key(columns: tuple[str, ...], row: Values) -> tuple[object, ...] | None:
    """The key of ``row`` over ``columns``; ``None`` where a part is null, which never takes a key."""
    key = tuple(row.get(column) for column in columns)
    return None if None in key else key


def kept(spec: ColumnSpec, value: Any, table: Table) -> Any:
    """``value`` as it is stored: dates in UTC with milliseconds, documents copied.

    Raises:
        ValueError: The column cannot hold it.
    """
    if value is None:
        if spec.required:
            raise InvalidValue(f"{table.name}.{spec.name} is required")
        return None
    if spec.type == "date":
        return _moment(value)
    if spec.serial:
        number = serial_number(value)
        if number < 0:
            raise InvalidValue(f"{table.name}.{spec.name} is no serial identifier")
        return number
    if spec.type == "number" and (value != value or (isinstance(value, int) and not -_LARGEST <= value < _LARGEST)):  # noqa: PLR0124 (not a number)
        raise InvalidValue("a number that no store keeps")
    return copy.deepcopy(value) if spec.type in DEEP else value


def _moment(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise InvalidValue("a date without a time zone")
    value = truncated(value)
    return value if value.tzinfo is UTC else value.replace(tzinfo=UTC)


def sort(rows: list[Values], order: Sequence[Order[Any]]) -> list[Values]:
    """Sorted by each column in turn; null is smallest."""
    for each in reversed(order):
        name = each.column

        def weight(row: Values, name: str = name) -> tuple[bool, Any]:
            value = row.get(name)
            return (value is not None, 0 if value is None else value)

        rows = sorted(rows, key=weight, reverse=each.direction == "desc")
    return rows


def matching(store: Rows, table: Table, where: Sequence[Where[Any]], *, one: bool = False) -> list[tuple[int, Values]]:
    """The rows that match, oldest first; by key where one decides."""
    tests = [_test(table, condition) for condition in where]
    candidates = store.rows.items()
    for condition in where:
        if isinstance(condition, Condition) and condition.op == "eq" and condition.value is not None:
            taken = store.keys.get((condition.column,))
            if taken is not None:
                number = taken.get((_compared(spec_of(table, condition.column), condition.value),))
                candidates = () if number is None else ((number, store.rows[number]),)
                break
    found: list[tuple[int, Values]] = []
    for number, row in candidates:
        if all(test(row) for test in tests):
            found.append((number, row))
            if one:
                break
    return found


def _test(table: Table, where: Where[Any]) -> Callable[[Values], bool]:
    if isinstance(where, AnyOf):
        tests = [_test(table, condition) for condition in where.conditions]
        return lambda row: any(test(row) for test in tests)
    if isinstance(where, Tally):
        raise TypeError("counts are for the adapter, which knows the other tables")
    spec = spec_of(table, where.column)
    name, op, value = where.column, where.op, where.value
    if op in ("in", "not_in"):
        items: Sequence[Any] = where.value  # pyright: ignore[reportAssignmentType]
        values = [_compared(spec, item) for item in items if item is not None]
        if op == "in":
            return lambda row: row.get(name) in values if row.get(name) is not None else False
        return lambda row: not values or (row.get(name) is not None and row.get(name) not in values)
    if value is None:
        if op == "eq":
            return lambda row: row.get(name) is None
        if op == "ne":
            return lambda row: row.get(name) is not None
        return lambda _: False
    compare, wanted = _OPERATORS[op], _compared(spec, value)
    return lambda row: (have := row.get(name)) is not None and compare(have, wanted)


def _compared(spec: ColumnSpec, value: Any) -> Any:
    if spec.serial:
        return serial_number(value)
    return _moment(value) if spec.type == "date" and value is not None else value


_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda have, value: have == value,
    "ne": lambda have, value: have != value,
    "lt": lambda have, value: have < value,
    "lte": lambda have, value: have <= value,
    "gt": lambda have, value: have > value,
    "gte": lambda have, value: have >= value,
    "contains": lambda have, value: value in have,
    "starts_with": lambda have, value: have.startswith(value),
    "ends_with": lambda have, value: have.endswith(value),
}
