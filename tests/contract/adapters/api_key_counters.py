"""Uses of API keys are counted exactly, whatever keeps them: fifty at once. Stores mix this in beside their own suite."""

from __future__ import annotations

from typing import ClassVar

import pytest
from tests.api_keys import Keys, codes, key_app
from tests.mailing import all_at_once

from gatewright.model.user import User
from gatewright.plugins.api_key.contract import VerifiedApiKey
from gatewright.ports.adapter import Adapter
from gatewright.ports.cache import Cache
from gatewright_adapters.memory import MemoryAdapter

__all__ = ("IN_CACHE", "ApiKeyCounters")

IN_CACHE = {"storage": "secondary-storage"}
PATIENT = {"advanced": {"database": {"statement_timeout": 60}}}
"""How long fifty callers wait for each other is not what is tested."""


class ApiKeyCounters:
    """What holds for keys on every store; those who mix it in bring the fixture ``adapter``, or ``key_cache``."""

    OPTIONS: ClassVar[dict[str, object]] = {}

    @pytest.fixture
    def adapter(self) -> Adapter:
        return MemoryAdapter()

    @pytest.fixture
    def key_cache(self) -> Cache | None:
        return None

    @pytest.fixture
    async def keys(self, adapter: Adapter, key_cache: Cache | None) -> Keys:
        keys = key_app(self.OPTIONS, settings=PATIENT, adapter=adapter, cache=key_cache)
        await keys.app.auth.create_tables()
        return await keys.begin()

    @pytest.fixture
    def other(self, keys: Keys, adapter: Adapter, key_cache: Cache | None) -> Keys:
        """Another process with the same stores."""
        return key_app(self.OPTIONS, settings=PATIENT, adapter=adapter, cache=key_cache)

    async def test_race_16_ten_of_fifty_uses_are_left(self, keys: Keys) -> None:
        made = await keys.made(remaining=10, rate_limit_enabled=False)
        found = await keys.used_at_once(made.key)
        assert found.pop("valid") == 10
        assert set(found) <= {"USAGE_EXCEEDED", "INVALID_API_KEY"}

    async def test_race_17_a_refill_happens_once(self, keys: Keys) -> None:
        made = await keys.made(remaining=1, refill_amount=5, refill_interval=1000, rate_limit_enabled=False)
        assert (await keys.used(made.key)).valid
        assert not (await keys.used(made.key)).valid
        keys.app.clock.advance(seconds=2)
        assert await keys.used_at_once(made.key) == {"valid": 5, "USAGE_EXCEEDED": 45}
        assert await keys.used_at_once(made.key, 2) == {"USAGE_EXCEEDED": 2}

    async def test_race_18_ten_of_fifty_fit_into_the_window(self, keys: Keys) -> None:
        made = await keys.made(rate_limit_max=10, rate_limit_time_window=60_000)
        assert await keys.used_at_once(made.key) == {"valid": 10, "RATE_LIMITED": 40}
        keys.app.clock.advance(seconds=61)
        assert await keys.used_at_once(made.key) == {"valid": 10, "RATE_LIMITED": 40}

    async def test_race_16_processes_that_remember_a_key_count_as_one(self, keys: Keys, other: Keys) -> None:
        made = await keys.made(remaining=14, rate_limit_enabled=False)
        for each in (keys, other, keys, other):
            assert (await each.used(made.key)).valid
        uses = [lambda each=each: each.used(made.key) for each in (keys, other) * 25]
        assert codes(await all_at_once(uses)).pop("valid") == 10

    async def test_race_18_processes_that_remember_a_key_share_its_window(self, keys: Keys, other: Keys) -> None:
        made = await keys.made(rate_limit_max=10, rate_limit_time_window=60_000)
        for each in (keys, other):
            assert (await each.used(made.key)).valid
        uses = [lambda each=each: each.used(made.key) for each in (keys, other) * 25]
        assert codes(await all_at_once(uses)) == {"valid": 8, "RATE_LIMITED": 42}
        for each in (keys, other):
            each.app.clock.advance(seconds=61)
        assert codes(await all_at_once(uses)) == {"valid": 10, "RATE_LIMITED": 40}

    async def test_nobody_uses_the_keys_of_an_owner_who_is_gone(self, keys: Keys, other: Keys) -> None:
        made = await keys.made(rate_limit_enabled=False)
        for each in (keys, other):
            assert (await each.used(made.key)).valid

        async def leave() -> VerifiedApiKey:
            await keys.app.auth.services.database.delete(User, User.id.eq(keys.user_id))
            return await other.used(made.key)

        uses = [lambda each=each: each.used(made.key) for each in (keys, other) * 10]
        answers = await all_at_once([*uses, leave, *uses])
        assert not answers[20].valid
        assert set(codes(answers)) <= {"valid", "INVALID_API_KEY"}
        assert codes(await all_at_once(uses)) == {"INVALID_API_KEY": 20}
