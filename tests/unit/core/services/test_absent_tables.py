"""A database without some tables finds nothing in them, and what lists their rows lists none."""

from __future__ import annotations

import pytest

from gatewright.model.query import ListJoin, SelectListed
from gatewright.ports.adapter import Adapter
from gatewright.services.absent_tables import without_tables
from gatewright.testing.adapter_tables import BADGE, PERSON, SUITE_SCHEMA, Person, add_badge, add_person, badge, person
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

QUERY = SelectListed(PERSON, (Person.id.eq("p1"),), ListJoin(BADGE, "id", "personId", "nickname", "code"))


@pytest.fixture
async def store() -> Adapter:
    adapter = MemoryAdapter()
    await adapter.create_tables(SUITE_SCHEMA)
    await add_person(adapter, 1, nickname="a")
    await add_badge(adapter, "a", "p1")
    return adapter


async def test_with_both_tables_a_row_comes_with_what_it_lists(store: Adapter) -> None:
    found = await without_tables(store, frozenset({"other"})).select_listed(QUERY)
    assert found == (person(1, nickname="a"), [badge("a", "p1")])


async def test_without_the_table_of_what_is_listed_a_row_comes_alone(store: Adapter) -> None:
    lacking = without_tables(store, frozenset({BADGE.name}))
    assert await lacking.select_listed(QUERY) == (person(1, nickname="a"), ())
    none = SelectListed(PERSON, (Person.id.eq("p2"),), QUERY.join)
    assert await lacking.select_listed(none) is None


async def test_without_its_own_table_there_is_no_row(store: Adapter) -> None:
    assert await without_tables(store, frozenset({PERSON.name})).select_listed(QUERY) is None
