"""A pytest plugin that writes down every query which the tests of a run put to the database, once for each shape.

``-p tests.contract.adapters.recording``, with the file to write in ``GATEWRIGHT_QUERIES``. Tests without services run on the
adapter of dictionaries, which is given queries as values; here they become the SQL of each database.
"""

from __future__ import annotations

import functools
import inspect
import os
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pytest
from sqlalchemy.dialects import postgresql

from gatewright.model.column import ColumnSpec
from gatewright.model.query import Condition, Count, Delete, Insert, Select, SelectListed, Tally, Update
from gatewright.model.schema import Schema, Table
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy.definitions import definitions, target_metadata
from gatewright_adapters.sqlalchemy.statements import Bound, Statements
from gatewright_adapters.sqlalchemy.transports.sqlite import sqlite_dialect
from gatewright_adapters.sqlalchemy.values import values_for

__all__ = ("FILE", "Asked", "Written")

FILE = "GATEWRIGHT_QUERIES"

Query: TypeAlias = Select | SelectListed | Update | Delete | Count | Insert
BETWEEN = ("services/database.py", "services/patience.py", "services/absent_tables.py", "/memory.py")
"""What passes a query on."""
TESTS = str(Path(__file__).parents[2])
ROWS = 2000
METHODS = ("insert", "select", "select_pair", "select_listed", "count", "update", "update_one", "delete", "take")


@dataclass(frozen=True, slots=True)
class Written:
    """A statement of one database: its text with its parameters, and what makes its tables, with rows."""

    text: str
    parameters: tuple[Any, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that was asked.

    Attributes:
        name: Its shape in words, as ``select session by userId eq; order createdAt desc``.
        test: One that asked it.
    """

    name: str
    test: str
    sqlite: Written
    postgresql: Written


class Recorder:
    """Keeps the first query of each shape."""

    def __init__(self) -> None:
        self.seen: dict[str, tuple[Query, str]] = {}
        self.test = ""

    def note(self, query: Query, *, one: bool) -> None:
        """Keep ``query`` where its shape is new."""
        if any(isinstance(each, Condition) and each.op == "in" and not each.value for each in query.where):
            return  # which no row meets
        if isinstance(query, (Update, Delete)):
            query = replace(query, one=one)
        name = _named(query)
        if name not in self.seen:
            self.seen[name] = (query, self.test)

    def asked(self) -> Iterator[Asked]:
        """Everything that was kept, as SQL."""
        sqlite = Statements(sqlite_dialect(), values_for("sqlite"))
        postgres = Statements(postgresql.asyncpg.dialect(), values_for("postgresql"))
        for name, (query, test) in self.seen.items():
            schema = Schema({table.name: table for table in _tables(query)})
            yield Asked(
                name,
                test,
                Written(*_written(sqlite, query), (*_made(schema, "sqlite"), "ANALYZE")),
                Written(*_written(postgres, query), (*_made(schema, "postgresql"), "ANALYZE")),
            )


recorder = Recorder()


def pytest_configure() -> None:
    """Listen to the adapter of dictionaries."""
    for name in METHODS:
        setattr(MemoryAdapter, name, _listening(getattr(MemoryAdapter, name), one=name in ("update_one", "take")))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Whoever asks from here on is this test."""
    recorder.test = item.nodeid


def pytest_sessionfinish() -> None:
    """Write it all down."""
    Path(os.environ[FILE]).write_bytes(pickle.dumps(list(recorder.asked())))


def _listening(method: Any, *, one: bool) -> Any:
    @functools.wraps(method)
    def listening(self: MemoryAdapter, query: Query) -> Any:
        if _is_ours():
            recorder.note(query, one=one)
        return method(self, query)

    return listening


def _is_ours() -> bool:
    """Whether a flow asks, and not a test that looks at what is there."""
    frame = inspect.currentframe()
    while frame is not None:
        path = frame.f_code.co_filename
        if TESTS in path and path != __file__:
            return False
        if "/src/gatewright" in path and not path.endswith(BETWEEN):
            return True
        frame = frame.f_back
    return False


def _tables(query: Query) -> Iterator[Table]:
    yield query.table
    if isinstance(query, (Select, SelectListed)) and query.join is not None:
        yield query.join.table
    for condition in query.where:
        if isinstance(condition, Tally):
            yield condition.table


def _made(schema: Schema, dialect: Literal["sqlite", "postgresql"]) -> Iterator[str]:
    """What creates the tables and fills them."""
    yield from (step.sql for step in definitions(schema, dialect))
    numbers = f"generate_series(1, {ROWS}) AS n"
    if dialect == "sqlite":
        numbers = f"(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {ROWS}) SELECT n FROM s)"
    for table in target_metadata(schema, dialect).sorted_tables:
        model = next(each for each in schema if each.db_name == table.name)
        names = ", ".join(f'"{spec.stored_as}"' for spec in model.columns.values())
        values = ", ".join(_value(model, spec, dialect) for spec in model.columns.values())
        yield f'INSERT INTO "{table.name}" ({names}) SELECT {values} FROM {numbers}'


def _value(table: Table, spec: ColumnSpec, dialect: Literal["sqlite", "postgresql"]) -> str:
    """The value of a column in the n-th row; what need not be unique is there ten times."""
    single = spec.name == "id" or any(index.unique and spec.name in index.columns for index in table.indexes)
    number = "n" if single else f"(n % {ROWS // 10})"
    if spec.serial or spec.references is not None:
        return "n" if spec.serial else "'v' || n"
    match spec.type:
        case "number":
            return number
        case "boolean":
            return "n % 2" if dialect == "sqlite" else "n % 2 = 0"
        case "date" if dialect == "sqlite":
            return f"strftime('%Y-%m-%dT%H:%M:%S.000Z', 1767225600 + {number}, 'unixepoch')"
        case "date":
            return f"to_timestamp(1767225600 + {number})"
        case "string":
            return "'v' || n" if spec.name == "id" else f"'v' || {number}"
        case _:
            return "'[]'"


def _written(statements: Statements, query: Query) -> tuple[str, tuple[Any, ...]]:
    statement, parameters = _bound(statements, query)
    return statement.text, parameters


def _bound(statements: Statements, query: Query) -> Bound:
    if isinstance(query, Select):
        return statements.select(query)
    if isinstance(query, SelectListed):
        return statements.select_listed(query)
    if isinstance(query, Update):
        return statements.update(query)
    if isinstance(query, Delete):
        return statements.delete(query)
    return statements.count(query) if isinstance(query, Count) else statements.insert(query)


def _named(query: Query) -> str:
    one = " one" if isinstance(query, (Update, Delete)) and query.one else ""
    parts = [f"{type(query).__name__.lower()}{one} {query.table.name}"]
    if query.table.db_name != query.table.name:
        parts.append(f"as {query.table.db_name}")
    where = [_told(condition.shape) for condition in query.where]
    if where:
        parts.append(f"where {', '.join(sorted(where))}")
    if isinstance(query, SelectListed):
        parts.append(f"with {query.join.table.name} that {query.join.list} lists")
    elif isinstance(query, Select) and query.join is not None:
        parts.append(f"joined {query.join.table.name}")
    if isinstance(query, (Select, SelectListed)) and query.order:
        parts.append(f"order {', '.join(f'{each.column} {each.direction}' for each in query.order)}")
    if isinstance(query, Select):
        parts += ["limited"] if query.limit is not None else []
        parts += ["from an offset"] if query.offset else []
    return " ".join(parts)


def _told(shape: Any) -> str:
    """A condition's shape; how many values a list has makes no difference."""
    if shape[0] == "or":
        return f"({' or '.join(_told(each) for each in shape[1:])})"
    if shape[0] == "tally":
        return f"{shape[2]} {shape[1]} with {', '.join(_told(each) for each in shape[3:])}"
    column, op, more = shape
    return f"{column} {op}{' null' if more is True else ''}"
