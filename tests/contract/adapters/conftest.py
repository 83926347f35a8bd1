"""What the tests of stores share: Cloudflare's own D1 engine, started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.contract.adapters.d1_engine import bridge


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Of an engine that lives as long as the session."""
    with bridge() as address:
        yield address
