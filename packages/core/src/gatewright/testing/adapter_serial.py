"""The part of the adapter suite about identifiers that the store counts: whole numbers there, text everywhere else."""

# ruff: noqa: S101 (assertions are what this module is for; a test's name says what it tests)

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anyio
import pytest

from gatewright.model.column import Column, Reference, column
from gatewright.model.query import (
    Condition,
    Count,
    Delete,
    Insert,
    Join,
    ListJoin,
    Order,
    Select,
    SelectListed,
    Update,
    Where,
)
from gatewright.model.row import Row
from gatewright.model.schema import Schema, Table
from gatewright.ports.adapter import Adapter, InvalidValue

__all__ = ("SERIAL_SCHEMA", "SerialTests")

INSERTERS = 50


class Ticket(Row, table="suiteTicket"):
    """A row with a number of the store's."""

    title: Column[str] = column()
    state: Column[str] = column(default="open")
    id: Column[str] = column(input=False)


class Stub(Row, table="suiteStub"):
    """A row that names a ticket by its number."""

    code: Column[str] = column(unique=True)
    ticket_id: Column[str | None] = column(default=None, references=Reference("suiteTicket"))
    id: Column[str] = column(input=False)


SERIAL_SCHEMA = Schema.build((Ticket, Stub), serial=True)
"""Tables whose identifiers the store counts."""

TICKET: Table = SERIAL_SCHEMA[Ticket]
STUB: Table = SERIAL_SCHEMA[Stub]


class SerialTests:
    """What holds for rows that are inserted without an identifier."""

    async def test_the_store_counts_what_has_no_identifier(self, counting: Adapter) -> None:
        first, second = await _add(counting, "one"), await _add(counting, "two")
        assert dict(first) == {"title": "one", "state": "open", "id": first["id"]}
        assert first["id"].isdecimal()
        assert int(second["id"]) > int(first["id"])

    async def test_a_row_is_found_by_its_number_as_text(self, counting: Adapter) -> None:
        first, second = await _add(counting, "one"), await _add(counting, "two")
        assert await _titles(counting, Ticket.id.eq(first["id"])) == ["one"]
        assert await _titles(counting, Ticket.id.one_of([first["id"], second["id"], "no number"])) == ["one", "two"]
        assert await _titles(counting, Ticket.id.ne(first["id"])) == ["two"]

    @pytest.mark.parametrize("text", ["", "x", "0{}", " {}", "{} ", "+{}", "{}.0", "-1", "9" * 30, "\u0661"])
    async def test_any_other_text_is_nobodys(self, counting: Adapter, text: str) -> None:
        row = await _add(counting, "one")
        assert await _titles(counting, Ticket.id.eq(text.format(row["id"]))) == []

    async def test_a_reference_is_the_same_text(self, counting: Adapter) -> None:
        ticket = await _add(counting, "one")
        stub = await counting.insert(Insert(STUB, {"code": "a", "ticketId": ticket["id"]}))
        assert stub["ticketId"] == ticket["id"]
        pair = await counting.select_pair(Select(STUB, (Stub.ticket_id.eq(ticket["id"]),), Join(TICKET, "ticketId")))
        assert pair is not None
        assert [dict(each) for each in pair] == [dict(stub), dict(ticket)]
        await counting.insert(Insert(STUB, {"code": "b", "ticketId": None}))
        with pytest.raises(InvalidValue):
            await counting.insert(Insert(STUB, {"code": "c", "ticketId": "no number"}))

    async def test_a_row_lists_others_by_their_numbers(self, counting: Adapter) -> None:
        first, second = await _add(counting, "one"), await _add(counting, "two")
        await counting.insert(Insert(STUB, {"code": f"x,{first['id']},{second['id']}", "ticketId": first["id"]}))
        await counting.insert(Insert(STUB, {"code": f"0{first['id']}", "ticketId": first["id"]}))
        join = ListJoin(TICKET, "ticketId", "id", "code", "id")
        query = SelectListed(STUB, (Stub.code.starts_with("x"),), join)
        found = await counting.select_listed(query)
        assert found is not None
        assert [dict(row) for row in found[1]] == [dict(first)]
        other = await counting.select_listed(SelectListed(STUB, (Stub.code.starts_with("0"),), join))
        assert other is not None
        assert list(other[1]) == []

    async def test_a_counted_row_is_changed_and_taken_by_anything(self, counting: Adapter) -> None:
        row = await _add(counting, "one")
        changed = await counting.update_one(Update(TICKET, (Ticket.title.eq("one"),), (Ticket.state.to("done"),)))
        assert dict(changed or {}) == {**row, "state": "done"}
        by_number = (Ticket.id.eq(row["id"]), Ticket.state.eq("done"))
        assert dict(await counting.take(Delete(TICKET, by_number, one=True)) or {}) == {**row, "state": "done"}
        assert await counting.count(Count(TICKET)) == 0

    async def test_a_number_is_never_given_out_twice(self, counting: Adapter) -> None:
        first = await _add(counting, "one")
        assert await counting.delete(Delete(TICKET, (Ticket.id.eq(first["id"]),))) == 1
        assert int((await _add(counting, "two"))["id"]) > int(first["id"])

    async def test_a_transaction_sees_the_number(self, counting: Adapter) -> None:
        async with counting.transaction() as inside:
            ticket = await _add(inside, "one")
            await inside.insert(Insert(STUB, {"code": "a", "ticketId": ticket["id"]}))
        assert await _titles(counting, Ticket.id.eq(ticket["id"])) == ["one"]

    async def test_many_at_once_get_a_number_each(self, counting: Adapter) -> None:
        made: dict[str, Any] = {}

        async def add(number: int) -> None:
            row = await _add(counting, f"ticket {number}")
            assert row["title"] == f"ticket {number}"
            made[row["id"]] = row

        async with anyio.create_task_group() as tasks:
            for number in range(INSERTERS):
                tasks.start_soon(add, number)
        assert len(made) == INSERTERS
        rows = await counting.select(Select(TICKET, (Condition("id", "in", tuple(made)),)))
        assert {row["id"]: dict(row) for row in rows} == {key: dict(row) for key, row in made.items()}


async def _add(store: Adapter, title: str) -> Mapping[str, Any]:
    return await store.insert(Insert(TICKET, {"title": title, "state": "open"}))


async def _titles(store: Adapter, *where: Where[Any]) -> list[str]:
    return [row["title"] for row in await store.select(Select(TICKET, where, order=(Order("id"),)))]
