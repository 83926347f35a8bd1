"""SQL text per shape of a query, and the keeping of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect

from gatewright.model.query import AnyOf, Change, Condition, Count, Delete, Insert, Join, Order, Select, Update
from gatewright.model.rate_limit import RateLimit
from gatewright.model.schema import Schema
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright_adapters.sqlalchemy.statements import Bound, Statements
from gatewright_adapters.sqlalchemy.transports.sqlite import sqlite_dialect
from gatewright_adapters.sqlalchemy.values import values_for

SCHEMA = Schema.build((User, Session, Verification, RateLimit))
RATE = SCHEMA[RateLimit]
VERIFICATION = SCHEMA[Verification]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def sqlite() -> Statements:
    return Statements(sqlite_dialect(), values_for("sqlite"))


def postgres() -> Statements:
    return Statements(asyncpg_dialect(), values_for("postgresql"))


def said(bound: Bound) -> tuple[str, tuple[Any, ...]]:
    return " ".join(bound[0].text.split()), bound[1]


def test_a_pair_is_one_join() -> None:
    query = Select(
        SCHEMA[Session],
        (Condition("token", "eq", "t"), Condition("expiresAt", "gt", NOW)),
        join=Join(SCHEMA[User], "userId"),
        columns=("id", "expiresAt"),
        limit=1,
    )
    text, parameters = said(sqlite().select(query))
    assert text == (
        'SELECT session.id, session."expiresAt", partner.name, partner.email, partner."emailVerified", partner.image,'
        ' partner."createdAt", partner."updatedAt", partner.id AS id_1'
        ' FROM session JOIN user AS partner ON session."userId" = partner.id'
        ' WHERE session.token = ? AND session."expiresAt" > ? LIMIT ? OFFSET ?'
    )
    assert parameters == ("t", "2026-01-01T00:00:00.000Z", 1, 0)


def test_a_row_named_by_a_unique_column_is_changed_directly() -> None:
    query = Update(
        RATE,
        (Condition("key", "eq", "k"), Condition("count", "lt", 3)),
        (Change("count", "add", 1), Change("lastRequest", "set", 5)),
        one=True,
    )
    assert said(sqlite().update(query)) == (
        (
            'UPDATE "rateLimit" SET count=("rateLimit".count + ?), "lastRequest"=?'
            ' WHERE "rateLimit"."key" = ? AND "rateLimit".count < ?'
            ' RETURNING "key", count, "lastRequest", id'
        ),
        (1, 5, "k", 3),
    )


def test_one_of_several_rows_is_chosen_and_guarded_again() -> None:
    query = Delete(VERIFICATION, (Condition("identifier", "eq", "i"),), one=True)
    text, parameters = said(sqlite().delete(query))
    assert text.startswith(
        "DELETE FROM verification WHERE verification.id = (SELECT chosen.id FROM verification AS chosen"
        " WHERE chosen.identifier = ? LIMIT ? OFFSET ?) AND verification.identifier = ? RETURNING"
    )
    assert parameters == ("i", 1, 0, "i")


def test_postgresql_locks_the_row_that_it_chooses() -> None:
    query = Delete(VERIFICATION, (Condition("identifier", "eq", "i"),), one=True)
    text, parameters = said(postgres().delete(query))
    assert "LIMIT $2::INTEGER FOR UPDATE) AND verification.identifier = $3::VARCHAR" in text
    assert parameters == ("i", 1, "i")


def test_writing_many_needs_no_returning() -> None:
    assert said(sqlite().delete(Delete(RATE, ()))) == ('DELETE FROM "rateLimit"', ())
    assert said(sqlite().count(Count(RATE, (Condition("count", "gte", 2),)))) == (
        'SELECT count(*) AS count_1 FROM "rateLimit" WHERE "rateLimit".count >= ?',
        (2,),
    )


def test_an_insert_names_only_what_it_is_given() -> None:
    query = Insert(RATE, {"id": "a", "key": "k", "count": 1})
    assert said(sqlite().insert(query)) == (
        'INSERT INTO "rateLimit" ("key", count, id) VALUES (?, ?, ?) RETURNING "key", count, "lastRequest", id',
        ("k", 1, "a"),
    )


@pytest.mark.parametrize(
    ("value", "after"),
    [("ab", "ac"), ("", b""), ("a\U0010ffff", "b"), ("\U0010ffff", b""), ("\ud7ff", "\ue000")],
)
def test_a_prefix_is_a_range_in_sqlite(value: str, after: str | bytes) -> None:
    text, parameters = said(sqlite().select(Select(RATE, (Condition("key", "starts_with", value),), columns=("id",))))
    assert text == 'SELECT "rateLimit".id FROM "rateLimit" WHERE "rateLimit"."key" >= ? AND "rateLimit"."key" < ?'
    assert parameters == (value, after)


def test_values_stay_out_of_the_text() -> None:
    secret = "'; DROP TABLE user; --"
    for statements in (sqlite(), postgres()):
        for op in ("eq", "contains", "starts_with", "ends_with"):
            bound = statements.select(Select(RATE, (Condition("key", op, secret),)))
            assert "DROP" not in bound[0].text
            assert secret in bound[1]


def test_null_sorts_below_in_postgresql_as_well() -> None:
    text, _ = said(postgres().select(Select(SCHEMA[User], order=(Order("image"), Order("name")), columns=("id",))))
    assert text.endswith('ORDER BY "user".image ASC NULLS FIRST, "user".name ASC')


def test_a_shape_is_translated_once() -> None:
    statements = sqlite()

    def ask(*values: str, limit: int | None = 5) -> Bound:
        where = (Condition("key", "in", values), AnyOf((Condition("count", "eq", len(values)),)))
        return statements.select(Select(RATE, where, limit=limit))

    first, first_values = ask("a", "b", "c")
    second, second_values = ask("d", "e", "f", "g", limit=7)
    assert first is second
    assert first_values == ("a", "b", "c", "c", 3, 5, 0)
    assert second_values == ("d", "e", "f", "g", 4, 7, 0)
    assert ask("a")[0] is not first
    assert ask("a", "b", "c", limit=None)[0] is not first


def test_equal_tables_of_two_applications_share_translations() -> None:
    statements = sqlite()
    first, _ = statements.count(Count(RATE))
    second, _ = statements.count(Count(Schema.build((RateLimit,))[RateLimit]))
    renamed, _ = statements.count(Count(Schema.build((RateLimit,), naming="snake_case")[RateLimit]))
    assert first is second
    assert "rate_limit" in renamed.text


def test_shapes_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatewright_adapters.sqlalchemy.statements._SHAPES_PER_TABLE", 3)
    statements = sqlite()
    first, _ = statements.count(Count(RATE))
    for column in ("id", "key"):
        statements.select(Select(RATE, columns=(column,)))
    assert statements.count(Count(RATE))[0] is first
    statements.select(Select(RATE, columns=("count",)))
    assert statements.count(Count(RATE))[0] is not first


REFUSED: list[Callable[[Statements], Bound]] = [
    lambda statements: statements.select(Select(RATE, (Condition("nope", "eq", 1),))),
    lambda statements: statements.select(Select(RATE, order=(Order("nope"),))),
    lambda statements: statements.select(Select(RATE, columns=("nope",))),
    lambda statements: statements.insert(Insert(RATE, {"nope": 1})),
    lambda statements: statements.update(Update(RATE, (), (Change("nope", "set", 1),))),
    lambda statements: statements.update(Update(RATE, (), ())),
]


@pytest.mark.parametrize("ask", REFUSED)
def test_a_column_that_is_not_there_is_refused(ask: Callable[[Statements], Bound]) -> None:
    with pytest.raises(ValueError, match=r"rateLimit has no column nope|changes something"):
        ask(sqlite())
