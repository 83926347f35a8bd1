"""User administration over HTTP and from the application itself."""

from collections.abc import Mapping
from typing import Any

import pytest

from gatewright.access.statements import Role
from gatewright.model.user import User
from gatewright.plugins.admin import Admin, AdminApi, AdminOptions, AdminUser
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser
from gatewright.wire.faults import ApiError, ConfigError

pytestmark = pytest.mark.anyio

SUPPORT: Mapping[str, Role[Any]] = {"admin": Role({"user": ["list", "ban", "set-role"]}), "user": Role({"user": []})}


async def administered(options: Mapping[str, Any] | None = None) -> tuple[TestApp, Browser, Browser, str]:
    """An instance, its administrator, a user and the user's identifier."""
    app = make_app(plugins=[Admin(AdminOptions.model_validate(options or {}))], api=None)
    root = await app.signed_up("root@example.com")
    await app.auth.services.database.update_one(
        AdminUser, AdminUser.email.eq("root@example.com"), set=[AdminUser.role.to("admin")]
    )
    ada = await app.signed_up()
    user = await app.auth.services.database.find_one(User, User.email.eq("ada@example.com"))
    assert user is not None
    return app, root, ada, user.id


async def test_a_new_user_has_the_default_role() -> None:
    _, _, ada, _ = await administered({"default_role": "guest"})
    assert (await ada.get("/get-session")).json["user"]["role"] == "guest"


async def test_an_administrator_creates_a_user_who_can_sign_in() -> None:
    app, root, _, _ = await administered()
    body = {"email": "New@Example.com", "name": "New", "password": "password-5678", "role": ["user", "admin"]}
    made = await root.post("/admin/create-user", body)
    assert (made.status, made.json["user"]["role"], made.json["user"]["email"]) == (
        200,
        "user,admin",
        "new@example.com",
    )
    again = await app.browser().post("/sign-in/email", {"email": "new@example.com", "password": "password-5678"})
    assert again.status == 200
    taken = await root.post("/admin/create-user", body)
    assert (taken.status, taken.json["code"]) == (400, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL")


async def test_the_application_itself_needs_no_session() -> None:
    app, _, _, user_id = await administered()
    api = AdminApi(app.auth)
    made = await api.create_user(email="own@example.com", name="Own")
    assert made.user.email == "own@example.com"
    assert (await api.user_has_permission(user_id=user_id, permissions={"user": ["list"]})).success is False
    assert (await api.user_has_permission(role="admin", permissions={"user": ["list"]})).success is True
    with pytest.raises(ApiError, match="user id or role is required"):
        await api.user_has_permission(permissions={"user": ["list"]})


async def test_users_are_listed_in_pages() -> None:
    _, root, _, _ = await administered()
    answer = await root.get("/admin/list-users?limit=1&offset=1&sortBy=email&sortDirection=desc")
    assert [user["email"] for user in answer.json["users"]] == ["ada@example.com"]
    assert (answer.json["total"], answer.json["limit"], answer.json["offset"]) == (2, 1, 1)


async def test_users_are_searched_for_and_filtered() -> None:
    _, root, _, _ = await administered()
    for query in ("searchValue=ADA", "filterField=role&filterOperator=ne&filterValue=admin"):
        answer = await root.get(f"/admin/list-users?{query}")
        assert [user["email"] for user in answer.json["users"]] == ["ada@example.com"], query
    both = await root.get("/admin/list-users?filterField=banned&filterValue=false")
    assert both.json["total"] == 2


async def test_a_ban_ends_sessions_and_keeps_out_until_it_is_over() -> None:
    app, root, ada, user_id = await administered({"banned_user_message": "Go away."})
    banned = await root.post("/admin/ban-user", {"userId": user_id, "banReason": "Spam", "banExpiresIn": 60})
    assert (banned.json["user"]["banned"], banned.json["user"]["banReason"]) == (True, "Spam")
    assert (await ada.get("/get-session")).json is None
    credentials = {"email": "ada@example.com", "password": "password-1234"}
    refused = await ada.post("/sign-in/email", credentials)
    assert (refused.status, refused.json) == (403, {"message": "Go away.", "code": "BANNED_USER"})
    app.clock.advance(seconds=59)
    assert (await ada.post("/sign-in/email", credentials)).status == 403
    app.clock.advance(seconds=1)
    assert (await ada.post("/sign-in/email", credentials)).status == 200
    user = await app.auth.services.database.find_one(AdminUser, AdminUser.id.eq(user_id))
    assert user is not None
    assert (user.banned, user.ban_reason, user.ban_expires) == (False, None, None)


async def test_a_lifted_ban_lets_in_again() -> None:
    _, root, ada, user_id = await administered()
    await root.post("/admin/ban-user", {"userId": user_id})
    await root.post("/admin/unban-user", {"userId": user_id})
    answer = await ada.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    assert answer.status == 200


async def test_an_administrator_acts_for_a_user_and_goes_back() -> None:
    _, root, ada, user_id = await administered()
    begun = await root.post("/admin/impersonate-user", {"userId": user_id})
    assert begun.json["session"]["expiresAt"] == "2026-01-01T13:00:00.000Z"
    assert (await root.get("/get-session")).json["user"]["id"] == user_id
    assert len((await ada.get("/list-sessions")).json) == 1
    back = await root.post("/admin/stop-impersonating")
    assert back.json["user"]["email"] == "root@example.com"
    assert (await root.get("/get-session")).json["user"]["email"] == "root@example.com"
    twice = await root.post("/admin/stop-impersonating")
    assert (twice.status, twice.json) == (400, {"message": "You are not impersonating anyone"})


async def test_a_password_is_set_within_the_bounds() -> None:
    app, root, _, user_id = await administered()
    short = await root.post("/admin/set-user-password", {"userId": user_id, "newPassword": "short"})
    assert (short.status, short.json["code"]) == (400, "PASSWORD_TOO_SHORT")
    assert (
        await root.post("/admin/set-user-password", {"userId": user_id, "newPassword": "password-5678"})
    ).status == 200
    answer = await app.browser().post("/sign-in/email", {"email": "ada@example.com", "password": "password-5678"})
    assert answer.status == 200


async def test_a_first_password_can_be_set() -> None:
    app, root, _, _ = await administered()
    made = await root.post("/admin/create-user", {"email": "bare@example.com", "name": "Bare"})
    user_id = made.json["user"]["id"]
    await root.post("/admin/set-user-password", {"userId": user_id, "newPassword": "password-5678"})
    answer = await app.browser().post("/sign-in/email", {"email": "bare@example.com", "password": "password-5678"})
    assert answer.status == 200


async def test_sessions_of_a_user_are_listed_and_ended() -> None:
    _, root, ada, user_id = await administered()
    listed = await root.post("/admin/list-user-sessions", {"userId": user_id})
    token = listed.json["sessions"][0]["token"]
    assert (await root.post("/admin/revoke-user-session", {"sessionToken": token})).json == {"success": True}
    assert (await ada.get("/get-session")).json is None


async def test_a_user_is_removed() -> None:
    _, root, ada, user_id = await administered()
    assert (await root.post("/admin/remove-user", {"userId": user_id})).json == {"success": True}
    assert (await ada.get("/get-session")).json is None
    assert (await root.get(f"/admin/get-user?id={user_id}")).status == 404


async def test_the_seed_spellings_are_answered_with_the_same_guards() -> None:
    app, root, _, user_id = await administered()
    for method, path in (("PUT", "/admin/update-user"), ("DELETE", "/admin/remove-user")):
        assert (await app.browser().send(method, path, headers={"content-type": "application/json"})).status in (
            400,
            401,
        )
    listed = await root.get(f"/admin/list-user-sessions?userId={user_id}")
    assert len(listed.json["sessions"]) == 1


async def test_roles_of_the_applications_own_decide() -> None:
    _, root, _, user_id = await administered({"roles": SUPPORT})
    wrong = await root.post("/admin/set-role", {"userId": user_id, "role": "wizard"})
    assert (wrong.status, wrong.json["code"]) == (400, "YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE")
    denied = await root.post("/admin/remove-user", {"userId": user_id})
    assert (denied.status, denied.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS")


def test_an_administrators_role_must_exist() -> None:
    with pytest.raises((ConfigError, ValueError), match="there is no role boss"):
        AdminOptions(admin_roles=["boss"])
