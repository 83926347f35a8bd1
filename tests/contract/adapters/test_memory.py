"""The memory adapter gives every guarantee of the port."""

from __future__ import annotations

import pytest

from gatewright.testing.adapter_suite import AdapterSuite
from gatewright_adapters.memory import MemoryAdapter


class TestMemoryAdapter(AdapterSuite):
    @pytest.fixture
    def adapter(self) -> MemoryAdapter:
        return MemoryAdapter()
