"""One-time values where the store cannot promise that they are given to one caller only. Row ONE-23."""

from __future__ import annotations

from typing import Any

import pytest

from gatewright.testing.app import make_app
from gatewright.wire.faults import ConfigError
from gatewright_adapters.memory_cache import MemoryCache


def without(name: str) -> Any:
    """A store of an application's own that lacks an operation."""

    class Lacking:
        def __init__(self) -> None:
            self._whole = MemoryCache()

        def __getattr__(self, asked: str) -> Any:
            if asked == name or asked.startswith("_"):
                raise AttributeError(asked)
            return getattr(self._whole, asked)

    return Lacking()


@pytest.mark.parametrize("name", ["get", "set", "delete", "take", "replace", "increment"])
def test_one_23_a_storage_that_lacks_an_operation_is_refused_at_construction(name: str) -> None:
    with pytest.raises(ConfigError, match=f"`{name}`"):
        make_app(cache=without(name))


def test_one_23_a_storage_that_has_them_all_is_taken() -> None:
    assert make_app(cache=without("nothing")).auth.services.cache is not None
