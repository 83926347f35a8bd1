"""What each database stores for a value, and what it is read as."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import bindparam, column
from sqlalchemy.dialects.mysql import dialect as mysql_dialect
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine

from gatewright.model.column import ColumnSpec, ColumnType, Reference
from gatewright.model.query import Operator
from gatewright.wire.faults import ConfigError
from gatewright_adapters.sqlalchemy.values import Encoder, values_for

MOMENT = datetime(2026, 1, 1, 1, 2, 3, 456000, tzinfo=UTC)


def stored(dialect: str, kind: ColumnType, value: Any, *, bigint: bool = False) -> Any:
    encode = values_for(dialect).encoder(ColumnSpec("x", kind, bigint=bigint))
    return value if encode is None else encode(value)


def read(dialect: str, kind: ColumnType, value: Any) -> Any:
    decode = values_for(dialect).decoder(ColumnSpec("x", kind))
    return value if decode is None else decode(value)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("string", "é", "é"),
        ("number", 7, 7),
        ("number", 0.5, 0.5),
        ("boolean", True, 1),
        ("boolean", False, 0),
        ("date", MOMENT, "2026-01-01T01:02:03.456Z"),
        ("date", MOMENT.astimezone(timezone(timedelta(hours=5))), "2026-01-01T01:02:03.456Z"),
        ("json", {"a": [1, None]}, '{"a":[1,null]}'),
        ("string[]", ["a"], '["a"]'),
        ("number[]", [1, 2.5], "[1,2.5]"),
        ("date", None, None),
        ("json", None, None),
    ],
)
def test_sqlite_stores_what_better_auth_stores(kind: ColumnType, value: Any, expected: Any) -> None:
    assert stored("sqlite", kind, value) == expected
    if expected is not None:
        assert read("sqlite", kind, expected) == value


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-01T01:02:03.456Z",
        "2026-01-01 01:02:03.456",
        "2026-01-01T02:02:03.456789+01:00",
        int(MOMENT.timestamp() * 1000),
        MOMENT.timestamp(),
    ],
)
def test_sqlite_reads_dates_as_other_tools_write_them(value: Any) -> None:
    moment = read("sqlite", "date", value)
    assert moment == MOMENT
    assert moment.tzinfo is UTC


def test_sqlite_reads_whole_seconds_and_days() -> None:
    assert read("sqlite", "date", "2026-01-01 01:02:03") == datetime(2026, 1, 1, 1, 2, 3, tzinfo=UTC)
    assert read("sqlite", "date", "2026-01-01") == datetime(2026, 1, 1, tzinfo=UTC)
    assert read("sqlite", "date", 1_700_000_000) == datetime.fromtimestamp(1_700_000_000, UTC)


@pytest.mark.parametrize(
    ("value", "expected"), [(1, True), (0, False), ("true", True), ("false", False), ("0", False), ("no", False)]
)
def test_text_in_a_boolean_column_is_not_simply_true(value: Any, expected: bool) -> None:
    assert read("sqlite", "boolean", value) is expected


@pytest.mark.parametrize(
    ("dialect", "kind", "value"),
    [
        ("sqlite", "number", 2**63),
        ("sqlite", "number", float("nan")),
        ("sqlite", "date", "2026-01-01"),
        ("sqlite", "date", datetime(2026, 1, 1)),  # noqa: DTZ001 (the point of the test)
        ("postgresql", "number", 2**31),
        ("postgresql", "number", 1.5),
        ("postgresql", "string", "a\0b"),
        ("postgresql", "string", 7),
        ("postgresql", "json", {"a": "\0"}),
        ("mysql", "number", 2**31),
        ("mysql", "string", 7),
        ("mysql", "string", "\ud800"),
        ("mysql", "date", datetime(2026, 1, 1)),  # noqa: DTZ001 (the point of the test)
        ("postgresql", "date", datetime(2026, 1, 1)),  # noqa: DTZ001 (the point of the test)
    ],
)
def test_what_a_column_cannot_keep_is_refused(dialect: str, kind: ColumnType, value: Any) -> None:
    with pytest.raises(ValueError, match=r"number|date|text|NUL|surrogate"):
        stored(dialect, kind, value)


def test_postgresql_keeps_long_numbers_in_wide_columns() -> None:
    assert stored("postgresql", "number", 2**31, bigint=True) == 2**31
    assert stored("postgresql", "number", 2.0) == 2


@pytest.mark.parametrize("op", ["eq", "in", "contains", "starts_with", "ends_with"])
def test_text_that_cannot_be_stored_is_looked_for_as_null(op: Operator) -> None:
    spec = ColumnSpec("x")
    for dialect, text in (("sqlite", "\ud800"), ("postgresql", "\ud800"), ("postgresql", "a\0"), ("postgresql", "é\0")):
        encode = values_for(dialect).condition_encoder(spec, op)
        assert encode is not None
        assert encode(text) is None
        assert encode("é") == "é"


@pytest.mark.parametrize("op", ["ne", "not_in", "lt", "gte"])
def test_a_difference_from_such_text_has_no_answer(op: Operator) -> None:
    encode = values_for("postgresql").condition_encoder(ColumnSpec("x"), op)
    assert encode is not None
    with pytest.raises(ValueError, match="cannot keep"):
        encode("a\0")


def test_a_text_column_is_compared_with_text() -> None:
    encode = values_for("sqlite").condition_encoder(ColumnSpec("x"), "eq")
    assert encode is not None
    with pytest.raises(ValueError, match="text"):
        encode(7)


def test_a_dialect_that_is_not_known_is_refused() -> None:
    with pytest.raises(ConfigError, match="oracle"):
        values_for("oracle")


@pytest.mark.parametrize(
    ("spec", "keyed", "sql"),
    [
        (ColumnSpec("id"), False, "VARCHAR(255) COLLATE utf8mb4_0900_bin"),
        (ColumnSpec("x", unique=True), False, "VARCHAR(255) COLLATE utf8mb4_0900_bin"),
        (ColumnSpec("x", sortable=True), False, "VARCHAR(255) COLLATE utf8mb4_0900_bin"),
        (ColumnSpec("x", references=Reference("user")), False, "VARCHAR(255) COLLATE utf8mb4_0900_bin"),
        (ColumnSpec("x"), True, "VARCHAR(255) COLLATE utf8mb4_0900_bin"),
        (ColumnSpec("x"), False, "TEXT COLLATE utf8mb4_0900_bin"),
        (ColumnSpec("x", type="date"), False, "DATETIME(3)"),
        (ColumnSpec("x", type="json"), False, "JSON"),
        (ColumnSpec("x", type="boolean"), False, "BOOL"),
        (ColumnSpec("x", type="number", bigint=True), False, "BIGINT"),
    ],
)
def test_mysql_keeps_short_text_where_an_index_holds_it(spec: ColumnSpec, keyed: bool, sql: str) -> None:
    assert values_for("mysql").type_of(spec, keyed=keyed).compile(mysql_dialect()) == sql


@pytest.mark.parametrize(
    ("op", "pattern"), [("contains", "%a|%|_||b%"), ("starts_with", "a|%|_||b%"), ("ends_with", "%a|%|_||b")]
)
def test_mysql_searches_text_literally(op: Operator, pattern: str) -> None:
    encoders: list[Encoder | None] = []

    def bind(encode: Encoder | None, kind: TypeEngine[Any]) -> ColumnElement[Any]:
        encoders.append(encode)
        return bindparam("x", type_=kind)

    values_for("mysql").search(op, column("name"), bind)
    for encode in encoders:
        assert encode is not None
        assert encode("a%_|b") == pattern
        assert encode("\ud800") is None
