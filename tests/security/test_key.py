"""Attacks on API keys: made for others, guessed, widened, used after their end, and used to become somebody."""

from __future__ import annotations

import pytest
from tests.api_keys import key_app

from gatewright.crypto.hashing import sha256_base64url
from gatewright.plugins.admin import Admin
from gatewright.plugins.admin.model import AdminUser
from gatewright.plugins.api_key.contract import VerifyApiKey
from gatewright.plugins.organization import Organization
from gatewright.testing.browser import Answer
from gatewright.wire.faults import ApiError

pytestmark = pytest.mark.anyio

SESSIONS = {"enableSessionForAPIKeys": True}


def told(answer: Answer) -> tuple[int, str | None]:
    return answer.status, None if answer.json is None else answer.json.get("code")


async def test_key_01_without_a_session_naming_a_user_is_worth_nothing() -> None:
    # KEY-01
    keys = await key_app().begin()
    made = await keys.made()
    stranger = keys.app.browser()
    create = await stranger.post("/api-key/create", {"userId": keys.user_id})
    update = await stranger.post("/api-key/update", {"userId": keys.user_id, "keyId": made.id, "name": "x"})
    assert told(create) == told(update) == (401, "UNAUTHORIZED_SESSION")
    assert [row.name for row in await keys.rows()] == [None]


async def test_key_02_nobody_makes_keys_for_others() -> None:
    # KEY-02
    keys = await key_app().begin()
    other = await keys.app.signed_up("bob@example.com")
    assert told(await other.post("/api-key/create", {"userId": keys.user_id})) == (401, "UNAUTHORIZED_SESSION")
    assert await keys.rows() == []


@pytest.mark.parametrize(
    "body",
    [
        {"remaining": 5},
        {"refillAmount": 5, "refillInterval": 5},
        {"rateLimitMax": 5},
        {"rateLimitTimeWindow": 5},
        {"rateLimitEnabled": False},
        {"permissions": {"files": ["write"]}},
    ],
)
async def test_key_03_limits_and_permissions_are_the_applications(body: dict[str, object]) -> None:
    # KEY-03
    keys = await key_app().begin()
    made = await keys.made()
    create = await keys.browser.post("/api-key/create", body)
    update = await keys.browser.post("/api-key/update", {"keyId": made.id, **body})
    assert told(create) == told(update) == (400, "SERVER_ONLY_PROPERTY")


async def test_key_04_keys_of_others_are_not_there() -> None:
    # KEY-04
    keys = await key_app().begin()
    made = await keys.made()
    other = await keys.app.signed_up("bob@example.com")
    for answer in (
        await other.get(f"/api-key/get?id={made.id}"),
        await other.post("/api-key/update", {"keyId": made.id, "enabled": False}),
        await other.post("/api-key/delete", {"keyId": made.id}),
    ):
        assert told(answer) == (404, "KEY_NOT_FOUND")
    assert (await keys.used(made.key)).valid


async def test_key_05_a_copy_of_a_session_that_was_ended_makes_no_key() -> None:
    # KEY-05
    keys = await key_app(settings={"session": {"cookie_cache": {"enabled": True, "max_age": 300}}}).begin()
    stolen = keys.app.browser()
    stolen.jar = dict(keys.browser.jar)
    await keys.browser.post("/sign-out")
    assert (await stolen.get("/get-session")).json is not None
    assert told(await stolen.post("/api-key/create", {})) == (401, "UNAUTHORIZED_SESSION")


async def test_key_06_nothing_but_the_key_is_the_key() -> None:
    # KEY-06
    keys = await key_app([{"configId": "default", "defaultPrefix": "gw_"}, {"configId": "other"}]).begin()
    made = await keys.made()
    for text in ("", "gw_", made.key.swapcase(), f"{made.key} ", f" {made.key}", made.key[:-1], "x" * 1_048_576):
        found = await keys.used(text)
        assert (found.valid, found.error and found.error.code) == (False, "INVALID_API_KEY")
    with pytest.raises(ApiError) as refused:
        await keys.used(f"{made.key}\x00")
    assert refused.value.status == 400
    assert not (await keys.used(made.key, config_id="other")).valid
    assert (await keys.used(made.key, config_id="default")).valid


@pytest.mark.parametrize(
    ("asked", "valid"),
    [
        ({"files": ["read"]}, True),
        ({"files": ["write", "read"], "users": ["list"]}, True),
        ({"files": ["read", "delete"]}, False),
        ({"files": ["*"]}, False),
        ({"*": ["read"]}, False),
        ({"files": []}, False),
        ({"__proto__": ["read"]}, False),
        ({"constructor": ["name"]}, False),
        ({}, False),
    ],
)
async def test_key_07_permissions_are_exact(asked: dict[str, list[str]], valid: bool) -> None:
    # KEY-07
    keys = await key_app().begin()
    made = await keys.made(permissions={"files": ["read", "write"], "users": ["list"]})
    found = await keys.used(made.key, permissions=asked)
    assert (found.valid, found.error and found.error.code) == (valid, None if valid else "KEY_NOT_FOUND")


async def test_key_08_a_key_ends_with_its_time() -> None:
    # KEY-08
    keys = await key_app().begin()
    made = await keys.made(expires_in=86_400)
    keys.app.clock.advance(seconds=86_400)
    assert (await keys.used(made.key)).valid
    keys.app.clock.advance(seconds=0.001)
    found = await keys.used(made.key)
    assert found.error is not None
    assert found.error.code == "KEY_EXPIRED"
    assert await keys.rows() == []


async def test_key_08_a_key_ends_when_it_is_switched_off() -> None:
    # KEY-08
    keys = await key_app().begin()
    made = await keys.made()
    await keys.browser.post("/api-key/update", {"keyId": made.id, "enabled": False})
    found = await keys.used(made.key)
    assert found.error is not None
    assert found.error.code == "KEY_DISABLED"


async def test_key_08_keys_of_the_banned_and_the_deleted_are_refused() -> None:
    # KEY-08
    keys = await key_app(SESSIONS, settings={"user": {"delete_user": {"enabled": True}}}, plugins=[Admin()]).begin()
    made = await keys.made()
    database = keys.app.auth.services.database
    await database.update_one(AdminUser, AdminUser.id.eq(keys.user_id), set=[AdminUser.banned.to(True)])
    assert not (await keys.used(made.key)).valid
    acting = await keys.app.browser().get("/get-session", headers={"x-api-key": made.key})
    assert told(acting) == (401, "INVALID_API_KEY")
    await database.update_one(
        AdminUser, AdminUser.id.eq(keys.user_id), set=[AdminUser.ban_expires.to(keys.app.clock.now())]
    )
    assert (await keys.used(made.key)).valid
    await database.update_one(AdminUser, AdminUser.id.eq(keys.user_id), set=[AdminUser.banned.to(False)])
    answer = await keys.browser.post("/delete-user", {"password": "password-1234"})
    assert answer.status == 200
    assert not (await keys.used(made.key)).valid
    # RACE-26
    assert await keys.rows() == []


async def test_key_09_only_a_digest_is_stored_and_the_key_is_shown_once() -> None:
    # KEY-09
    keys = await key_app({"startingCharactersConfig": {"charactersLength": 4}}).begin()
    made = (await keys.browser.post("/api-key/create", {})).json
    (row,) = await keys.rows()
    assert (row.key, row.start) == (sha256_base64url(made["key"]), made["key"][:4])
    assert made["key"] not in repr(row.raw)
    assert made["key"] not in (await keys.browser.get(f"/api-key/get?id={made['id']}")).body.decode()
    assert made["key"] not in repr(VerifyApiKey(key=made["key"]))


async def test_key_10_a_key_is_no_session_unless_the_options_say_so() -> None:
    # KEY-10
    keys = await key_app().begin()
    made = await keys.made()
    assert (await keys.app.browser().get("/get-session", headers={"x-api-key": made.key})).json is None


async def test_key_10_a_key_makes_no_keys_and_changes_no_way_in() -> None:
    # KEY-10
    keys = await key_app(SESSIONS, settings={"user": {"delete_user": {"enabled": True}}}).begin()
    made = await keys.made(rate_limit_enabled=False)
    robot, headers = keys.app.browser(), {"x-api-key": made.key}
    assert (await robot.get("/get-session", headers=headers)).json["user"]["id"] == keys.user_id
    change = {"currentPassword": "password-1234", "newPassword": "password-9876"}
    for path, body in (
        ("/api-key/create", {}),
        ("/change-password", change),
        ("/delete-user", {"password": "password-1234"}),
        ("/revoke-sessions", {}),
    ):
        assert (await robot.post(path, body, headers=headers)).status == 401
    assert len(await keys.rows()) == 1
    # What a key was given as a cookie is no session afterwards.
    await robot.post("/update-user", {"name": "Robot"}, headers=headers)
    assert (await robot.get("/get-session")).json is None


async def test_key_11_an_organizations_keys_are_for_members_who_may() -> None:
    # KEY-11
    plugin = Organization()
    families = [{"configId": "default"}, {"configId": "org", "references": "organization"}]
    keys = await key_app(families, plugins=[plugin]).begin()
    admin, stranger = await keys.app.signed_up("b@example.com"), await keys.app.signed_up("c@example.com")
    admin_id = (await admin.get("/get-session")).json["user"]["id"]
    organization = (await keys.browser.post("/organization/create", {"name": "O", "slug": "o"})).json["id"]
    body = {"configId": "org", "organizationId": organization}
    await keys.app.auth.of(plugin).add_member(user_id=admin_id, organization_id=organization, role="admin")
    made = (await keys.browser.post("/api-key/create", body)).json
    assert made["referenceId"] == organization
    assert told(await stranger.post("/api-key/create", body)) == (403, "USER_NOT_MEMBER_OF_ORGANIZATION")
    assert told(await admin.post("/api-key/create", body)) == (403, "INSUFFICIENT_API_KEY_PERMISSIONS")
    place = f"/api-key/get?configId=org&id={made['id']}"
    assert told(await admin.get(place)) == (403, "INSUFFICIENT_API_KEY_PERMISSIONS")
    await keys.browser.post(
        "/organization/remove-member", {"memberIdOrEmail": "b@example.com", "organizationId": organization}
    )
    assert told(await admin.get(place)) == (403, "USER_NOT_MEMBER_OF_ORGANIZATION")
    assert (await keys.browser.get(f"/api-key/list?organizationId={organization}")).json["total"] == 1
    assert (await keys.browser.get("/api-key/list")).json["total"] == 0
    await keys.browser.post("/organization/delete", {"organizationId": organization})
    assert await keys.rows() == []


@pytest.mark.parametrize("expires_in", ["0", "-1", "1" + "0" * 400, "1e300", "31536001", '"5"', "true", "0.5"])
async def test_key_12_lifetimes_out_of_bounds_are_bad_input(expires_in: str) -> None:
    # KEY-12
    keys = await key_app().begin()
    made = await keys.made()
    headers = {"content-type": "application/json"}
    create = b'{"expiresIn": %s}' % expires_in.encode()
    update = b'{"keyId": "%s", "expiresIn": %s}' % (made.id.encode(), expires_in.encode())
    assert (await keys.browser.send("POST", "/api-key/create", create, headers=headers)).status == 400
    assert (await keys.browser.send("POST", "/api-key/update", update, headers=headers)).status == 400


async def test_key_13_metadata_is_kept_as_it_is_and_does_nothing() -> None:
    # KEY-13
    keys = await key_app({"enableMetadata": True}).begin()
    metadata = {"__proto__": {"admin": True}, "constructor": 1, "nested": {"a": [1, None]}, "long": "x" * 100_000}
    made = await keys.browser.post("/api-key/create", {"metadata": metadata})
    assert (made.status, made.json["metadata"]) == (200, metadata)
    assert (await keys.browser.get(f"/api-key/get?id={made.json['id']}")).json["metadata"] == metadata
    deep: object = 1
    for _ in range(100):
        deep = {"a": deep}
    assert (await keys.browser.post("/api-key/create", {"metadata": deep})).status == 400
    assert told(await keys.browser.post("/api-key/create", {"metadata": "x"})) == (400, "INVALID_METADATA_TYPE")


async def test_key_14_a_list_is_the_callers_own_and_holds_no_secret() -> None:
    # KEY-14
    keys = await key_app().begin()
    made = await keys.made(name="mine")
    other = await keys.app.signed_up("bob@example.com")
    assert (await other.get("/api-key/list")).json == {"apiKeys": [], "total": 0}
    answer = await keys.browser.get("/api-key/list?sortBy=createdAt&sortDirection=desc&limit=5&offset=0")
    assert [each["name"] for each in answer.json["apiKeys"]] == ["mine"]
    assert "key" not in answer.json["apiKeys"][0]
    assert made.key not in answer.body.decode()
    assert sha256_base64url(made.key) not in answer.body.decode()
    assert (await keys.browser.get("/api-key/list?sortBy=nonsense")).status == 400


async def test_a_window_of_no_length_ends_in_an_answer() -> None:
    keys = await key_app().begin()
    made = await keys.made(rate_limit_time_window=0, rate_limit_max=1)
    assert [(await keys.used(made.key)).valid for _ in range(2)] == [True, False]
    keys.app.clock.advance(seconds=0.001)
    assert (await keys.used(made.key)).valid
