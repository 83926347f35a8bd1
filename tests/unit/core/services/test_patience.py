"""A statement that a database does not answer ends all the same."""

from __future__ import annotations

from collections.abc import Sequence

import anyio
import pytest

from gatewright.model.query import ListJoin, SelectListed, Values
from gatewright.ports.adapter import StoreUnavailable
from gatewright.services.patience import PatientAdapter
from gatewright.testing.adapter_tables import BADGE, PERSON, Person
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

QUERY = SelectListed(PERSON, (Person.id.eq("p1"),), ListJoin(BADGE, "id", "personId", "nickname", "code"))


class Silent(MemoryAdapter):
    """Never says what a row lists."""

    async def select_listed(self, query: SelectListed) -> tuple[Values, Sequence[Values]] | None:
        await anyio.sleep_forever()


async def test_what_a_row_lists_is_not_waited_for_for_ever() -> None:
    with pytest.raises(StoreUnavailable, match=r"within 0\.01 s"):
        await PatientAdapter(Silent(), 0.01).select_listed(QUERY)
    assert await PatientAdapter(MemoryAdapter(), 5).select_listed(QUERY) is None
