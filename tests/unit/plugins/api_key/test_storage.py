"""Keys in a secondary storage, in the application's own, and in the database with copies."""

from __future__ import annotations

import json

import pytest
from tests.api_keys import key_app

from gatewright.crypto.hashing import sha256_base64url
from gatewright.model.schema import Schema
from gatewright.plugins.api_key.model import KeyRow
from gatewright.plugins.api_key.records import read_key, read_list
from gatewright_adapters.memory_cache import MemoryCache

pytestmark = pytest.mark.anyio

IN_CACHE = {"storage": "secondary-storage", "enableMetadata": True}


class OwnStore:
    """Functions of an application's own, and what was asked of them."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.ttl: dict[str, int | None] = {}

    async def get(self, key: str) -> str | None:
        return self.values.get(key)

    async def set(self, key: str, value: str, ttl: int | None) -> None:
        self.values[key], self.ttl[key] = value, ttl

    async def delete(self, key: str) -> None:
        self.values.pop(key, None)

    @property
    def options(self) -> dict[str, object]:
        return {"get": self.get, "set": self.set, "delete": self.delete}


async def test_a_key_is_kept_under_the_contracts_names() -> None:
    own = OwnStore()
    keys = await key_app({**IN_CACHE, "customStorage": own.options}).begin()
    made = await keys.made(expires_in=86_400, metadata={"a": 1})
    digest = sha256_base64url(made.key)
    names = [f"api-key:{digest}", f"api-key:by-id:{made.id}", f"api-key:by-ref:{keys.user_id}"]
    assert sorted(own.values) == sorted(names)
    assert [own.ttl[name] for name in names] == [86_400, 86_400, None]
    assert json.loads(own.values[names[2]]) == [made.id]
    kept = json.loads(own.values[names[0]])
    assert (kept["key"], kept["metadata"], kept["expiresAt"][-1]) == (digest, {"a": 1}, "Z")
    assert await keys.rows() == []
    keys.app.clock.advance(seconds=10)
    assert (await keys.used(made.key)).valid
    assert own.values[names[0]] == own.values[names[1]]
    assert (json.loads(own.values[names[0]])["requestCount"], own.ttl[names[0]]) == (1, 86_390)
    listed = (await keys.browser.get("/api-key/list?sortBy=requestCount&limit=1")).json
    assert (listed["apiKeys"][0]["id"], listed["total"]) == (made.id, 1)
    changed = await keys.browser.post("/api-key/update", {"keyId": made.id, "name": "new"})
    assert changed.json["name"] == "new"
    assert (await keys.browser.post("/api-key/delete", {"keyId": made.id})).json == {"success": True}
    assert own.values == {}


async def test_a_copy_that_is_gone_is_made_anew() -> None:
    cache = MemoryCache()
    keys = await key_app({**IN_CACHE, "fallbackToDatabase": True}, cache=cache).begin()
    made = await keys.made()
    assert len(await keys.rows()) == 1
    name = f"api-key:{sha256_base64url(made.key)}"
    await cache.delete(name)
    assert (await keys.used(made.key)).valid
    assert await cache.get(name) is not None
    assert [row.request_count for row in await keys.rows()] == [1]


async def test_a_copy_that_is_behind_decides_nothing() -> None:
    cache = MemoryCache()
    keys = await key_app({**IN_CACHE, "fallbackToDatabase": True}, cache=cache).begin()
    made = await keys.made(remaining=1)
    name = f"api-key:{sha256_base64url(made.key)}"
    old = await cache.get(name)
    assert old is not None
    assert (await keys.used(made.key)).valid
    await cache.set(name, old)
    assert not (await keys.used(made.key)).valid


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"id": 5}', '{"configId": "default"}', "{" * 100])
async def test_a_text_that_is_no_key_is_none(text: str) -> None:
    assert read_key(Schema.build([KeyRow])[KeyRow], text) is None
    assert read_list(text) == []


async def test_without_a_secondary_storage_it_is_the_operators_fault() -> None:
    keys = await key_app(IN_CACHE).begin()
    answer = await keys.browser.post("/api-key/create", {})
    assert answer.status == 500
