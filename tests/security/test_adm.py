"""Attacks on user administration. Named after the cases."""

from collections.abc import Mapping
from typing import Any

import pytest

from gatewright.access.statements import Role
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins.admin import Admin, AdminOptions, AdminUser
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser

pytestmark = pytest.mark.anyio

ROLES: Mapping[str, Role[Any]] = {
    "admin": Role({"user": ["list", "create", "update", "set-role", "ban", "impersonate"], "session": ["list"]}),
    "lead": Role({"user": ["create", "update", "impersonate"]}),
    "user": Role({"user": []}),
}
CREDENTIALS = {"email": "ada@example.com", "password": "password-1234"}


async def administered(options: Mapping[str, Any] | None = None) -> tuple[TestApp, Browser, Browser, str, str]:
    app = make_app(plugins=[Admin(AdminOptions.model_validate(options or {}))])
    root = await app.signed_up("root@example.com")
    await give_role(app, "root@example.com", "admin")
    ada = await app.signed_up()
    return app, root, ada, await id_of(app, "root@example.com"), await id_of(app, "ada@example.com")


async def give_role(app: TestApp, email: str, role: str) -> None:
    await app.auth.services.database.update_one(AdminUser, AdminUser.email.eq(email), set=[AdminUser.role.to(role)])


async def id_of(app: TestApp, email: str) -> str:
    user = await app.auth.services.database.find_one(User, User.email.eq(email))
    assert user is not None
    return user.id


CALLS = (
    ("/admin/create-user", {"email": "x@example.com", "name": "X"}),
    ("/admin/set-role", {"userId": "x", "role": "admin"}),
    ("/admin/update-user", {"userId": "x", "data": {"name": "X"}}),
    ("/admin/ban-user", {"userId": "x"}),
    ("/admin/unban-user", {"userId": "x"}),
    ("/admin/impersonate-user", {"userId": "x"}),
    ("/admin/list-user-sessions", {"userId": "x"}),
    ("/admin/revoke-user-session", {"sessionToken": "x"}),
    ("/admin/revoke-user-sessions", {"userId": "x"}),
    ("/admin/remove-user", {"userId": "x"}),
    ("/admin/set-user-password", {"userId": "x", "newPassword": "password-5678"}),
)


@pytest.mark.parametrize(("path", "body"), CALLS)
async def test_adm_01_only_an_administrators_own_live_session_will_do(path: str, body: dict[str, Any]) -> None:
    app, root, ada, _, ada_id = await administered()
    assert (await app.browser().post(path, body)).status == 401
    assert (await ada.post(path, body)).status == 403
    await root.post("/admin/impersonate-user", {"userId": ada_id})
    assert (await root.post(path, body)).status == 403
    app.clock.advance(days=8)
    assert (await root.post(path, body)).status == 401


@pytest.mark.parametrize("name", ["wizard", "constructor", "__proto__", "toString", "__class__", "admin,user", ""])
async def test_adm_02_a_role_that_does_not_exist_is_refused(name: str) -> None:
    _, root, _, _, ada_id = await administered({"roles": ROLES})
    answer = await root.post("/admin/set-role", {"userId": ada_id, "role": name})
    assert (answer.status, answer.json["code"]) == (400, "YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE")


@pytest.mark.parametrize("user_id", [["x"], {"$ne": "x"}, None])
async def test_adm_03_a_user_id_is_text(user_id: object) -> None:
    _, root, _, _, _ = await administered()
    assert (await root.post("/admin/set-role", {"userId": user_id, "role": "user"})).status == 400


async def test_adm_04_creating_does_not_give_what_the_caller_may_not_give() -> None:
    app, _, ada, _, _ = await administered({"roles": ROLES})
    await give_role(app, "ada@example.com", "lead")
    base = {"email": "x@example.com", "name": "X"}
    for more in ({"role": "admin"}, {"data": {"role": "admin"}}):
        answer = await ada.post("/admin/create-user", {**base, **more})
        assert (answer.status, answer.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE")
    banned = await ada.post("/admin/create-user", {**base, "data": {"banned": True}})
    assert (banned.status, banned.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_BAN_USERS")
    made = await ada.post("/admin/create-user", {**base, "data": {"email": "y@example.com", "id": "mine", "name": "Y"}})
    assert (made.json["user"]["email"], made.json["user"]["name"]) == ("x@example.com", "X")
    assert made.json["user"]["id"] != "mine"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"role": "admin"}, "YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE"),
        ({"banned": False}, "YOU_ARE_NOT_ALLOWED_TO_BAN_USERS"),
        ({"banExpires": None}, "YOU_ARE_NOT_ALLOWED_TO_BAN_USERS"),
        ({"emailVerified": True}, "YOU_ARE_NOT_ALLOWED_TO_SET_USERS_EMAIL"),
        ({"email": "z@example.com"}, "YOU_ARE_NOT_ALLOWED_TO_SET_USERS_EMAIL"),
        ({"password": "password-5678"}, "PASSWORD_CANNOT_BE_UPDATED_VIA_UPDATE_USER"),
    ],
)
async def test_adm_05_changing_needs_the_matching_permission(data: dict[str, Any], code: str) -> None:
    app, _, ada, root_id, _ = await administered({"roles": ROLES})
    await give_role(app, "ada@example.com", "lead")
    answer = await ada.post("/admin/update-user", {"userId": root_id, "data": data})
    assert answer.json["code"] == code
    assert answer.status in (400, 403)


async def test_adm_06_nobody_bans_themselves() -> None:
    _, root, _, root_id, _ = await administered()
    for path, body in (
        ("/admin/ban-user", {"userId": root_id}),
        ("/admin/update-user", {"userId": root_id, "data": {"banned": True}}),
    ):
        answer = await root.post(path, body)
        assert (answer.status, answer.json["code"]) == (400, "YOU_CANNOT_BAN_YOURSELF")


async def test_adm_06_a_ban_by_update_ends_sessions_too() -> None:
    _, root, ada, _, ada_id = await administered()
    await root.post("/admin/update-user", {"userId": ada_id, "data": {"banned": True}})
    assert (await ada.get("/get-session")).json is None
    assert (await ada.post("/sign-in/email", CREDENTIALS)).status == 403


async def test_adm_07_administrators_banned_users_and_oneself_are_not_acted_for() -> None:
    app, root, _, root_id, ada_id = await administered({"allow_impersonating_admins": True})
    own = await root.post("/admin/impersonate-user", {"userId": root_id})
    assert own.status == 403
    await root.post("/admin/ban-user", {"userId": ada_id})
    banned = await root.post("/admin/impersonate-user", {"userId": ada_id})
    assert (banned.status, banned.json["code"]) == (403, "BANNED_USER")
    await app.signed_up("second@example.com")
    await give_role(app, "second@example.com", "admin")
    second = await id_of(app, "second@example.com")
    assert (await root.post("/admin/impersonate-user", {"userId": second})).status == 200
    through = await root.post("/admin/impersonate-user", {"userId": root_id})
    assert (through.status, through.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS")


async def test_adm_07_administrators_are_not_acted_for_by_default() -> None:
    app, root, _, _, ada_id = await administered()
    await give_role(app, "ada@example.com", "user,admin")
    answer = await root.post("/admin/impersonate-user", {"userId": ada_id})
    assert (answer.status, answer.json["code"]) == (403, "YOU_CANNOT_IMPERSONATE_ADMINS")


async def test_adm_08_a_session_in_anothers_name_is_never_extended() -> None:
    app, root, _, _, ada_id = await administered()
    begun = await root.post("/admin/impersonate-user", {"userId": ada_id})
    root.jar.pop("better-auth.dont_remember", None)
    app.clock.advance(minutes=30)
    read = await root.get("/get-session")
    assert read.json["session"]["expiresAt"] == begun.json["session"]["expiresAt"]
    app.clock.advance(minutes=31)
    assert (await root.get("/get-session")).json is None


@pytest.mark.parametrize("text", ["%25", "_", "%5C"])
async def test_adm_09_what_is_searched_for_is_literal(text: str) -> None:
    _, root, _, _, _ = await administered()
    assert (await root.get(f"/admin/list-users?searchValue={text}")).json == {"users": [], "total": 0}


@pytest.mark.parametrize("query", ["sortBy=id;drop", "sortBy=password", "filterField=unknown&filterValue=1"])
async def test_adm_09_fields_are_a_closed_list(query: str) -> None:
    _, root, _, _, _ = await administered()
    answer = await root.get(f"/admin/list-users?{query}")
    assert (answer.status, answer.json["code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("query", ["limit=-1", "limit=0", "limit=1e9", "limit=abc", "offset=-5", "limit=1e999"])
async def test_adm_09_odd_pages_are_clamped(query: str) -> None:
    _, root, _, _, _ = await administered()
    assert len((await root.get(f"/admin/list-users?{query}")).json["users"]) == 2


async def test_adm_10_a_named_administrator_passes_every_check_and_a_lost_role_counts_at_once() -> None:
    app, root, _, root_id, _ = await administered()
    assert (await root.get("/admin/list-users")).status == 200
    await give_role(app, "root@example.com", "user")
    assert (await root.get("/admin/list-users")).status == 403
    named = Admin(AdminOptions(admin_user_ids=frozenset({root_id})))
    user = await app.auth.services.database.find_one(User, User.id.eq(root_id))
    assert user is not None
    assert named.allows(user, {"user": ["list"]})
    assert not Admin().allows(user, {"user": ["list"]})


async def test_adm_11_nothing_of_a_removed_user_stays() -> None:
    app, root, _, _, ada_id = await administered()
    await root.post("/admin/remove-user", {"userId": ada_id})
    assert await app.auth.services.database.count(Session, Session.user_id.eq(ada_id)) == 0


async def test_adm_14_permission_is_computed_for_the_caller_only() -> None:
    _, _, ada, root_id, _ = await administered()
    for more in ({"userId": root_id}, {"role": "admin"}):
        answer = await ada.post("/admin/has-permission", {"permissions": {"user": ["list"]}, **more})
        assert answer.json == {"error": None, "success": False}


async def test_race_25_a_ban_that_comes_between_ends_the_session_that_was_being_begun() -> None:
    app, _, _, _, ada_id = await administered()
    seen: list[int] = []

    async def ban_meanwhile(*_: object) -> None:
        seen.append(1)
        if len(seen) == 1:
            await app.auth.services.database.update_one(
                AdminUser, AdminUser.id.eq(ada_id), set=[AdminUser.banned.to(True)]
            )
            await app.auth.services.sessions.end_all(app.auth.services.database, ada_id)

    insert = app.adapter.insert

    async def late(query: Any) -> Any:
        if query.table.name == "session":
            await ban_meanwhile()
        return await insert(query)

    app.adapter.insert = late
    answer = await app.browser().post("/sign-in/email", CREDENTIALS)
    assert (answer.status, answer.json["code"]) == (403, "BANNED_USER")
    assert await app.auth.services.database.count(Session, Session.user_id.eq(ada_id)) == 0


async def test_adm_12_a_password_that_is_set_is_checked_and_ends_what_was_begun() -> None:
    app, root, ada, _, ada_id = await administered()
    for password in ("short", "x" * 129, ""):
        answer = await root.post("/admin/set-user-password", {"userId": ada_id, "newPassword": password})
        assert answer.status == 400
    assert (await app.browser().post("/sign-in/email", CREDENTIALS)).status == 200
    changed = await root.post("/admin/set-user-password", {"userId": ada_id, "newPassword": "password-5678"})
    assert changed.json == {"status": True}
    assert (await app.browser().post("/sign-in/email", CREDENTIALS)).status == 401
    again = {**CREDENTIALS, "password": "password-5678"}
    assert (await app.browser().post("/sign-in/email", again)).status == 200
    assert (
        await ada.post("/admin/set-user-password", {"userId": ada_id, "newPassword": "password-9999"})
    ).status == 403


async def test_adm_13_a_session_that_is_revoked_is_over_at_once_and_no_other_is() -> None:
    app, root, ada, root_id, ada_id = await administered()
    second = app.browser()
    token = (await second.post("/sign-in/email", CREDENTIALS)).json["token"]
    assert (await ada.post("/admin/revoke-user-session", {"sessionToken": token})).status == 403
    assert (await ada.post("/admin/revoke-user-sessions", {"userId": root_id})).status == 403
    assert (await root.post("/admin/revoke-user-session", {"sessionToken": token})).status == 200
    assert (await second.get("/get-session")).json is None
    assert (await ada.get("/get-session")).json is not None
    assert (await root.post("/admin/revoke-user-sessions", {"userId": ada_id})).status == 200
    assert (await ada.get("/get-session")).json is None
    assert (await root.get("/get-session")).json is not None
    assert (await root.post("/admin/revoke-user-session", {"sessionToken": "nobody's"})).status < 500


async def test_adm_a_total_of_very_many_users_is_kept_for_a_minute() -> None:
    app, root, *_ = await administered()

    async def total(query: str = "") -> int:
        return (await root.get(f"/admin/list-users?limit=1{query}")).json["total"]

    assert await total() == 2
    app.auth.services.totals.many = 3
    await app.signed_up("eve@example.com")
    assert await total() == 3
    await app.signed_up("mallory@example.com")
    assert await total() == 3
    # Few are counted for every page, also among many.
    assert await total("&searchOperator=starts_with&searchValue=mallory") == 1
    app.clock.advance(minutes=1)
    assert await total() == 4
