"""What a use asks the database for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.api_keys import Keys, key_app
from tests.unit.plugins.api_key.watching import Watching

from gatewright.pipeline.hooks import updating
from gatewright.plugins.api_key.model import KeyRow
from gatewright.plugins.api_key.recent import Recent
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.organization import Organization
from gatewright.plugins.organization.model import OrgRow
from gatewright.services.database import RowChange

pytestmark = pytest.mark.anyio

AT_ONCE = ["write apikey"]
READ = ["read apikey and user", "write apikey"]
SECOND_LOOK = [*AT_ONCE, *READ]
FILES = {"files": ["read", "write"]}


async def begun(options: object = None, *plugins: Plugin[Any], **settings: Any) -> tuple[Keys, Watching]:
    store = Watching()
    return await key_app(options, adapter=store, plugins=plugins, settings=settings).begin(), store


async def outcome(keys: Keys, key: str, **more: Any) -> str:
    found = await keys.used(key, **more)
    return "valid" if found.error is None else found.error.code


async def test_a_key_that_was_used_before_is_used_in_one_statement() -> None:
    keys, store = await begun()
    made = await keys.made(remaining=9, refill_amount=9, refill_interval=1000)
    store.told()
    assert (await outcome(keys, made.key), store.told()) == ("valid", READ)
    for _ in range(3):
        assert (await outcome(keys, made.key), store.told()) == ("valid", AT_ONCE)
    keys.app.clock.advance(seconds=2)
    assert (await outcome(keys, made.key), store.told()) == ("valid", AT_ONCE)
    (row,) = await keys.rows()
    assert (row.remaining, row.last_refill_at, row.request_count) == (8, keys.app.clock.now(), 5)
    keys.app.clock.advance(seconds=86_401)
    store.told()
    assert (await outcome(keys, made.key), store.told()) == ("valid", AT_ONCE)
    (row,) = await keys.rows()
    assert (row.remaining, row.request_count) == (8, 1)


async def test_a_refill_or_a_window_of_another_process_costs_a_second_look() -> None:
    keys, store = await begun()
    other = key_app(adapter=store)
    made = await keys.made(remaining=9, refill_amount=9, refill_interval=1000)
    await keys.used(made.key)
    for each in (keys, other):
        each.app.clock.advance(seconds=2)
    await other.used(made.key)
    store.told()
    # What the other process has filled up is not filled up twice.
    assert (await outcome(keys, made.key), store.told()) == ("valid", SECOND_LOOK)
    (row,) = await keys.rows()
    assert (row.remaining, row.request_count) == (7, 3)


async def test_what_is_asked_of_a_key_is_in_the_same_statement() -> None:
    keys, store = await begun()
    made = await keys.made(permissions=FILES)
    await keys.used(made.key)
    store.told()
    assert (await outcome(keys, made.key, permissions={"files": ["write"]}), store.told()) == ("valid", AT_ONCE)
    # A refusal is never a hint's.
    refused = await outcome(keys, made.key, permissions={"files": ["delete"]})
    assert (refused, store.told()) == ("KEY_NOT_FOUND", ["read apikey and user"])
    refused = await outcome(keys, made.key, config_id="other")
    assert (refused, store.told()) == ("INVALID_API_KEY", ["read apikey and user"])


async def test_an_organizations_key_is_used_in_one_statement_for_as_long_as_there_is_one() -> None:
    families = [{"configId": "default"}, {"configId": "org", "references": "organization"}]
    keys, store = await begun(families, Organization())
    organization = (await keys.browser.post("/organization/create", {"name": "O", "slug": "o"})).json["id"]
    made = await keys.made(config_id="org", organization_id=organization)
    named = {"config_id": "org"}
    read = ["read apikey and user", "read apikey", "read organization", "write apikey"]
    store.told()
    assert (await outcome(keys, made.key, **named), store.told()) == ("valid", read)
    assert (await outcome(keys, made.key, **named), store.told()) == ("valid", AT_ONCE)
    # Somebody else's statement, and not the plugin's, which takes the keys along.
    await keys.app.auth.services.database.delete(OrgRow, OrgRow.id.eq(organization))
    assert await outcome(keys, made.key, **named) == "INVALID_API_KEY"
    assert len(await keys.rows()) == 1


async def test_a_key_that_acts_as_its_owner_is_read_with_its_owner() -> None:
    keys, store = await begun({"enableSessionForAPIKeys": True})
    made = await keys.made()
    await keys.used(made.key)
    store.told()
    for _ in range(2):
        session = await keys.app.browser().get("/get-session", headers={"x-api-key": made.key})
        assert (session.json["user"]["id"], store.told()[:2]) == (keys.user_id, READ)


async def test_a_use_that_is_written_later_is_read() -> None:
    keys, store = await begun({"deferUpdates": True})
    made, counted = await keys.made(rate_limit_enabled=False), await keys.made()
    for _ in range(2):
        store.told()
        assert (await outcome(keys, made.key), store.told()) == ("valid", READ)
    await keys.used(counted.key)
    store.told()
    assert (await outcome(keys, counted.key), store.told()) == ("valid", AT_ONCE)
    await keys.app.auth.services.database.update_one(KeyRow, KeyRow.id.eq(made.id), set=[KeyRow.enabled.to(False)])
    assert await outcome(keys, made.key) == "KEY_DISABLED"


class Listening(Plugin[Any]):
    """Hears of every use before it is written."""

    id = "listening"

    def __init__(self) -> None:
        self.heard: list[str] = []

    def parts(self) -> Parts:
        @updating(KeyRow)
        async def hear(change: RowChange[KeyRow], call: object) -> None:
            del call
            self.heard.append(", ".join(change.values))

        return Parts(row_hooks=(hear,))


async def test_whoever_listens_to_uses_hears_of_those_that_are_made() -> None:
    listening = Listening()
    keys, store = await begun(None, listening)
    made = await keys.made()
    await keys.used(made.key)
    store.told()
    assert (await outcome(keys, made.key), store.told()) == ("valid", READ)
    await keys.app.auth.services.database.delete(KeyRow)
    assert await outcome(keys, made.key) == "INVALID_API_KEY"
    assert listening.heard == ["requestCount, lastRequest, updatedAt", "lastRequest, updatedAt"]


async def test_a_secret_is_not_kept_in_this_process() -> None:
    keys, store = await begun({"disableKeyHashing": True})
    made = await keys.made()
    await keys.used(made.key)
    store.told()
    assert (await outcome(keys, made.key), store.told()) == ("valid", AT_ONCE)
    recent = keys.plugin.recent(keys.plugin.options)
    assert isinstance(recent, Recent)
    kept: Mapping[str, KeyRow] = recent._rows  # pyright: ignore[reportPrivateUsage] (all that there is)
    assert made.key not in repr({digest: row.raw for digest, row in kept.items()})


async def test_two_keys_and_two_ways_of_keeping_them_are_told_apart() -> None:
    families = [{"configId": "default"}, {"configId": "plain", "disableKeyHashing": True}]
    keys, _ = await begun(families)
    hashed, plain = await keys.made(), await keys.made(config_id="plain")
    for _ in range(2):
        assert await outcome(keys, hashed.key) == "valid"
        assert await outcome(keys, plain.key, config_id="plain") == "valid"
        assert await outcome(keys, hashed.key, config_id="plain") == "INVALID_API_KEY"
        assert await outcome(keys, plain.key) == "INVALID_API_KEY"
