"""The suite that every adapter must pass: one test for each guarantee of ``gatewright.ports.adapter``.

For pytest with anyio's plugin. Subclass :class:`AdapterSuite` and give it a fixture ``adapter``::

    class TestMyAdapter(AdapterSuite):
        @pytest.fixture
        async def adapter(self):
            adapter = MyAdapter(...)  # over an empty database
            await adapter.open()
            yield adapter
            await adapter.close()

Not for the adapter's own refinements: those are tested beside it.
"""

from __future__ import annotations

import pytest

from gatewright.ports.adapter import Adapter
from gatewright.testing.adapter_lists import ListTests
from gatewright.testing.adapter_races import RaceTests
from gatewright.testing.adapter_reads import ReadTests
from gatewright.testing.adapter_serial import SERIAL_SCHEMA, SerialTests
from gatewright.testing.adapter_tables import SUITE_SCHEMA
from gatewright.testing.adapter_tallies import TallyTests
from gatewright.testing.adapter_transactions import SchemaTests, TransactionTests
from gatewright.testing.adapter_writes import ValueTests, WriteTests

__all__ = ("AdapterSuite",)


@pytest.mark.anyio
class AdapterSuite(
    ReadTests, ListTests, WriteTests, ValueTests, TransactionTests, SchemaTests, SerialTests, RaceTests, TallyTests
):
    """Every guarantee of the database port; a subclass provides the fixture ``adapter``, open and empty."""

    @pytest.fixture
    async def store(self, adapter: Adapter) -> Adapter:
        """The adapter with the suite's tables."""
        await adapter.create_tables(SUITE_SCHEMA)
        return adapter

    @pytest.fixture
    async def counting(self, adapter: Adapter) -> Adapter:
        """The adapter with tables whose identifiers the store counts."""
        await adapter.create_tables(SERIAL_SCHEMA)
        return adapter
