"""API keys: made, listed, changed and removed, in families, and as sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from tests.api_keys import key_app

from gatewright.pipeline.call import Call
from gatewright.plugins.api_key import ApiKey, ApiKeyOptions
from gatewright.wire.dates import to_wire
from gatewright.wire.faults import ApiError, ConfigError

pytestmark = pytest.mark.anyio


async def test_a_key_is_what_the_options_say() -> None:
    async def granted(owner: str, call: Call[Any]) -> Mapping[str, list[str]]:
        return {"owner": [owner], "at": [call.now.date().isoformat()]}

    keys = await key_app(
        {
            "defaultPrefix": "gw_",
            "defaultKeyLength": 20,
            "enableMetadata": True,
            "keyExpiration": {"defaultExpiresIn": 60},
            "rateLimit": {"timeWindow": 5000, "maxRequests": 3},
            "permissions": {"defaultPermissions": granted},
        }
    ).begin()
    now = keys.app.clock.now()
    answer = await keys.browser.post("/api-key/create", {"name": "mine", "metadata": {"a": 1}})
    made = answer.json
    key, start = made.pop("key"), made.pop("start")
    assert (len(key), key[:3], start) == (23, "gw_", key[:6])
    identifier = made.pop("id")
    assert made.pop("expiresAt") == to_wire(now + timedelta(seconds=60))
    assert made.pop("createdAt") == made.pop("updatedAt")
    assert made == {
        "configId": "default",
        "name": "mine",
        "referenceId": keys.user_id,
        "prefix": "gw_",
        "refillInterval": None,
        "refillAmount": None,
        "lastRefillAt": None,
        "enabled": True,
        "rateLimitEnabled": True,
        "rateLimitTimeWindow": 5000,
        "rateLimitMax": 3,
        "requestCount": 0,
        "remaining": None,
        "lastRequest": None,
        "permissions": {"owner": [keys.user_id], "at": [now.date().isoformat()]},
        "metadata": {"a": 1},
    }
    assert (await keys.browser.get(f"/api-key/get?id={identifier}")).json["start"] == start


async def test_functions_of_the_application_make_check_and_find_keys() -> None:
    def generate(given: Mapping[str, object]) -> str:
        return f"{given.get('prefix', '')}{'K' * int(str(given['length']))}"

    def carried(call: Call[Any]) -> object:
        return 5 if call.headers.get("x-odd") else call.headers.get("x-mine")

    seen: list[str] = []

    async def check(given: Mapping[str, object]) -> bool:
        seen.append(str(given["key"]))
        return not str(given["key"]).startswith("no")

    keys = await key_app(
        {
            "customKeyGenerator": generate,
            "customAPIKeyValidator": check,
            "customAPIKeyGetter": carried,
            "enableSessionForAPIKeys": True,
            "disableKeyHashing": True,
        }
    ).begin()
    made = await keys.made(prefix="p-")
    assert made.key == "p-" + "K" * 64
    assert [row.key for row in await keys.rows()] == [made.key]
    robot = keys.app.browser()
    assert (await robot.get("/get-session", headers={"x-mine": made.key})).json["session"]["id"] == made.id
    assert (await robot.get("/get-session", headers={"x-api-key": made.key})).json is None
    odd = await robot.get("/get-session", headers={"x-odd": "1"})
    assert (odd.status, odd.json["code"]) == (400, "INVALID_API_KEY_GETTER_RETURN_TYPE")
    refused = await robot.get("/get-session", headers={"x-mine": "no" * 40})
    assert (refused.status, refused.json["code"]) == (403, "INVALID_API_KEY")
    found = await keys.used("no")
    assert found.error is not None
    assert found.error.code == "KEY_NOT_FOUND"
    assert seen == [made.key, "no" * 40, "no"]


async def test_families_are_kept_apart() -> None:
    keys = await key_app([{"configId": "public", "defaultPrefix": "pub_"}, {"configId": "secret"}]).begin()
    with pytest.raises(ApiError) as refused:
        await keys.made()
    assert refused.value.code == "NO_DEFAULT_API_KEY_CONFIGURATION_FOUND"
    public, secret = await keys.made(config_id="public"), await keys.made(config_id="secret")
    assert (public.prefix, secret.prefix) == ("pub_", None)
    assert not (await keys.used(secret.key, config_id="public")).valid
    assert (await keys.used(secret.key, config_id="secret")).valid
    assert (await keys.browser.get(f"/api-key/get?configId=public&id={secret.id}")).status == 404
    assert (await keys.browser.get("/api-key/list")).json["total"] == 2
    assert (await keys.browser.get("/api-key/list?configId=secret")).json["total"] == 1


@pytest.mark.parametrize("given", [[{}], [{"configId": "a"}, {}], [{"configId": "a"}, {"configId": "a"}]])
async def test_families_have_names_of_their_own(given: list[object]) -> None:
    with pytest.raises(ConfigError):
        ApiKey(ApiKeyOptions.model_validate(given))


async def test_what_is_over_is_swept_along_with_other_work() -> None:
    keys = await key_app({"keyExpiration": {"minExpiresIn": 0}}).begin()
    await keys.made(expires_in=5)
    keys.app.clock.advance(seconds=11)
    await keys.browser.get("/api-key/list")
    assert await keys.rows() == []
    await keys.made(expires_in=5)
    keys.app.clock.advance(seconds=6)
    await keys.browser.get("/api-key/list")
    assert len(await keys.rows()) == 1
    found = await keys.api.delete_all_expired_api_keys()
    assert (found.success, found.error, await keys.rows()) == (True, None, [])


async def test_pages_are_sorted() -> None:
    keys = await key_app().begin()
    for name in ("b", "c", "a"):
        await keys.made(name=name)
    page = (await keys.browser.get("/api-key/list?sortBy=name&sortDirection=desc&limit=2&offset=1")).json
    assert [each["name"] for each in page.pop("apiKeys")] == ["b", "a"]
    assert page == {"total": 3, "limit": 2, "offset": 1}


async def test_updates_that_nobody_waits_for_are_made_all_the_same() -> None:
    keys = await key_app({"deferUpdates": True}).begin()
    made = await keys.made(rate_limit_enabled=False)
    counted = await keys.made(remaining=1)
    found = await keys.used(made.key)
    assert found.key is not None
    assert found.key.last_request == keys.app.clock.now()
    assert (await keys.used(counted.key)).valid
    assert not (await keys.used(counted.key)).valid
    assert [row.last_request for row in await keys.rows()] == [keys.app.clock.now()]
