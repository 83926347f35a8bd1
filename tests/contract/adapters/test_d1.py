"""The D1 adapter gives every guarantee of the port: over HTTP to the real engine, and over a Worker's binding.

The engine is Cloudflare's own (miniflare) behind ``d1_bridge``.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import pytest
from tests.contract.adapters.api_key_counters import ApiKeyCounters
from tests.contract.adapters.d1_binding import Binding
from tests.contract.adapters.d1_engine import TOKEN, over_http

from gatewright.ports.adapter import StoreUnavailable
from gatewright.testing.adapter_suite import AdapterSuite
from gatewright.testing.adapter_tables import BADGE, SUITE_SCHEMA, Person, add_badge, add_person, found, how_many
from gatewright.wire.faults import ConfigError
from gatewright_adapters.d1 import D1Adapter


@pytest.fixture(params=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """What goes over the network is httpx's; the binding is tested on both."""
    return str(request.param)


class TestD1OverHttp(AdapterSuite):
    @pytest.fixture
    async def adapter(self, address: str) -> AsyncIterator[D1Adapter]:
        adapter = over_http(address, f"db-{secrets.token_hex(6)}")
        await adapter.open()
        yield adapter
        await adapter.close()


class TestD1OverABinding(AdapterSuite):
    @pytest.fixture(params=["asyncio", "trio"])
    def anyio_backend(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.fixture
    async def adapter(self) -> AsyncIterator[D1Adapter]:
        binding = Binding()
        adapter = D1Adapter.bound(binding)
        await adapter.open()
        yield adapter
        await adapter.close()
        binding.close()


class TestD1OverASession(AdapterSuite):
    """Of a binding, which replicas may answer."""

    @pytest.fixture
    async def adapter(self) -> AsyncIterator[D1Adapter]:
        binding = Binding()
        adapter = D1Adapter.bound(binding, bookmark="first-primary")
        await adapter.open()
        yield adapter
        await adapter.close()
        binding.close()


@pytest.mark.anyio
async def test_a_bookmark_is_handed_from_one_adapter_to_the_next() -> None:
    binding = Binding()
    adapter = D1Adapter.bound(binding, bookmark="first-primary")
    assert adapter.bookmark is None
    await adapter.create_tables(SUITE_SCHEMA)
    await add_person(adapter, 1)
    seen = adapter.bookmark
    assert seen is not None
    later = D1Adapter.bound(binding, bookmark=seen)
    assert await found(later) == ["p1"]
    assert later.bookmark == f"{seen}+1"
    assert D1Adapter.bound(binding).bookmark is None
    binding.close()


@pytest.mark.anyio
async def test_over_http_there_are_no_bookmarks() -> None:
    adapter = D1Adapter(account_id="a", database_id="d", token=TOKEN)
    assert adapter.bookmark is None
    await adapter.close()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("database", "token", "reason"), [("missing", TOKEN, "no such account or database"), ("db", "other", "token")]
)
async def test_what_d1_does_not_know_is_a_configuration_error(
    address: str, database: str, token: str, reason: str
) -> None:
    adapter = over_http(address, database, token)
    with pytest.raises(ConfigError, match=reason):
        await adapter.open()
    with pytest.raises(StoreUnavailable, match=reason) as refused:
        await found(adapter)
    assert token not in str(refused.value)
    await adapter.close()


@pytest.mark.anyio
async def test_more_values_than_d1_binds_are_found(address: str) -> None:
    adapter = over_http(address, f"db-{secrets.token_hex(6)}")
    await adapter.create_tables(SUITE_SCHEMA)
    for number in range(3):
        await add_person(adapter, number, nickname=f"n{number}")
    many = [f"n{number}" for number in range(2, 300)]
    assert await found(adapter, Person.nickname.one_of(many)) == ["p2"]
    assert await found(adapter, Person.nickname.none_of(many)) == ["p0", "p1"]
    assert await adapter.plan_tables(SUITE_SCHEMA) == ()
    await adapter.close()


@pytest.mark.anyio
async def test_a_column_that_gets_its_name_of_today_refers_to_nothing_any_more() -> None:
    binding = Binding()
    adapter = D1Adapter.bound(binding)
    await adapter.create_tables(SUITE_SCHEMA)
    await add_person(adapter, 1)
    await add_badge(adapter, "old", "p1")
    binding.connection.execute('ALTER TABLE "suiteBadge" RENAME COLUMN "personId" TO "owner"')
    with pytest.raises(StoreUnavailable):
        await add_badge(adapter, "early", "p1")
    await adapter.apply_plan(SUITE_SCHEMA, former={"suiteBadge": {"personId": "owner"}})
    await add_badge(adapter, "new", "an organization")
    assert await how_many(adapter, table=BADGE) == 2
    assert await adapter.plan_tables(SUITE_SCHEMA, former={"suiteBadge": {"personId": "owner"}}) == ()
    binding.close()


@pytest.mark.anyio
class TestApiKeys(ApiKeyCounters):
    adapter = TestD1OverHttp.adapter
