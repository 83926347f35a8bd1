"""Creating, changing and removing users: who may, and what data may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.unit.plugins.admin.place import opened

from gatewright.access.statements import Role
from gatewright.model.account import Account
from gatewright.model.user import User
from gatewright.plugins.admin import AdminApi
from gatewright.wire.faults import ApiError

pytestmark = pytest.mark.anyio

NEW: Mapping[str, object] = {"email": "new@example.com", "name": "New", "password": "password-5678"}
ROLES: Mapping[str, Role[Any]] = {
    "admin": Role(
        {"user": ["create", "list", "set-role", "ban", "delete", "set-password", "set-email", "get", "update"]}
    ),
    "lead": Role({"user": ["create", "update"]}),
    "user": Role({"user": []}),
}


# Creating ----------------------------------------------------------------------------------------------------------------


async def test_a_user_is_created_without_a_session_for_the_administrator() -> None:
    office = await opened()
    made = await office.ask("create-user", NEW)
    assert (made.json["user"]["email"], made.json["user"]["role"], made.json["user"]["emailVerified"]) == (
        "new@example.com",
        "user",
        False,
    )
    assert (await office.root.get("/get-session")).json["user"]["email"] == "root@example.com"
    assert (await office.sign_in("new@example.com", "password-5678")).status == 200


async def test_a_user_without_a_password_has_none() -> None:
    office = await opened()
    made = await office.ask("create-user", {"email": "new@example.com", "name": "New"})
    assert await office.db.count(Account, Account.user_id.eq(made.json["user"]["id"])) == 0
    assert (await office.sign_in("new@example.com", "")).status >= 400


async def test_data_holds_further_columns() -> None:
    settings = {"user": {"additional_fields": {"plan": {"type": "string", "required": False}}}}
    office = await opened(settings=settings)
    data = {"plan": "gold", "emailVerified": True, "unknown": 1, "image": "i.png"}
    made = (await office.ask("create-user", {**NEW, "data": data})).json["user"]
    assert (made["plan"], made["emailVerified"], made["image"], "unknown" in made) == ("gold", True, "i.png", False)


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"email": "no address"}, 400, "INVALID_EMAIL"),
        ({"email": "ADA@example.com"}, 400, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"),
        ({"role": "wizard"}, 400, "YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE"),
        ({"data": {"role": 7}}, 400, "INVALID_ROLE_TYPE"),
    ],
)
async def test_bad_input_creates_nobody(more: Mapping[str, object], status: int, code: str) -> None:
    office = await opened({"roles": ROLES})
    answer = await office.ask("create-user", {**NEW, **more})
    assert (answer.status, answer.json["code"]) == (status, code)
    assert await office.db.count(User) == 2


async def test_creating_takes_a_role_that_may() -> None:
    office = await opened({"roles": ROLES})
    refused = await office.ask("create-user", NEW, by=office.ada)
    assert (refused.status, refused.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS")
    assert (await office.ask("create-user", NEW, by=office.app.browser())).status == 401
    lead = await office.joined("lead@example.com", "lead")
    assert (await office.ask("create-user", NEW, by=lead)).status == 200
    higher = await office.ask("create-user", {**NEW, "email": "x@example.com", "role": "user"}, by=lead)
    assert (higher.status, higher.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE")


# Changing ----------------------------------------------------------------------------------------------------------------


async def test_a_user_is_changed() -> None:
    office = await opened()
    data = {"name": "Ada L.", "email": "ADA.L@example.com", "role": ["user", "admin"]}
    changed = (await office.ask("update-user", {"userId": office.ada_id, "data": data})).json
    assert (changed["name"], changed["email"], changed["role"]) == ("Ada L.", "ada.l@example.com", "user,admin")


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        ({}, 400, "NO_DATA_TO_UPDATE"),
        ({"unknown": 1}, 400, "NO_DATA_TO_UPDATE"),
        ({"id": "x"}, 400, "NO_DATA_TO_UPDATE"),
        ({"password": "password-5678"}, 400, "PASSWORD_CANNOT_BE_UPDATED_VIA_UPDATE_USER"),
        ({"email": "no address"}, 400, "INVALID_EMAIL"),
        ({"email": "root@example.com"}, 400, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"),
        ({"role": "wizard"}, 400, "YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE"),
        ({"role": {"a": 1}}, 400, "INVALID_ROLE_TYPE"),
    ],
)
async def test_bad_input_changes_nothing(data: Mapping[str, object], status: int, code: str) -> None:
    office = await opened({"roles": ROLES})
    before = dict((await office.user()).raw)
    answer = await office.ask("update-user", {"userId": office.ada_id, "data": data})
    assert (answer.status, answer.json["code"]) == (status, code)
    assert dict((await office.user()).raw) == before


async def test_who_is_unknown_is_not_changed() -> None:
    office = await opened()
    for path, body in (
        ("update-user", {"data": {"name": "X"}}),
        ("set-role", {"role": "user"}),
        ("ban-user", {}),
        ("unban-user", {}),
        ("remove-user", {}),
        ("set-user-password", {"newPassword": "password-5678"}),
        ("impersonate-user", {}),
    ):
        answer = await office.ask(path, {"userId": "unknown", **body})
        assert (answer.status, answer.json["code"]) == (404, "USER_NOT_FOUND"), path


async def test_an_address_may_stay_as_it_is() -> None:
    office = await opened()
    answer = await office.ask("update-user", {"userId": office.ada_id, "data": {"email": "ada@example.com"}})
    assert answer.status == 200


async def test_roles_are_set_by_who_may() -> None:
    office = await opened({"roles": ROLES})
    changed = await office.ask("set-role", {"userId": office.ada_id, "role": ["user", "lead"]})
    assert changed.json["user"]["role"] == "user,lead"
    refused = await office.ask("set-role", {"userId": office.ada_id, "role": "admin"}, by=office.ada)
    assert (refused.status, refused.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE")


# Passwords, sessions and the end -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "code"), [("short", "PASSWORD_TOO_SHORT"), ("x" * 129, "PASSWORD_TOO_LONG"), ("", "VALIDATION_ERROR")]
)
async def test_a_password_is_within_the_bounds(password: str, code: str) -> None:
    office = await opened()
    answer = await office.ask("set-user-password", {"userId": office.ada_id, "newPassword": password})
    assert (answer.status, answer.json["code"]) == (400, code)
    assert (await office.sign_in()).status == 200


async def test_a_password_is_set_by_who_may() -> None:
    office = await opened()
    body = {"userId": office.ada_id, "newPassword": "password-5678"}
    refused = await office.ask("set-user-password", body, by=office.ada)
    assert (refused.status, refused.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD")
    assert (await office.ask("set-user-password", body)).json == {"status": True}
    assert (await office.sign_in()).status == 401
    assert (await office.sign_in(password="password-5678")).status == 200


async def test_all_sessions_of_a_user_end_and_no_others() -> None:
    office = await opened()
    await office.sign_in()
    assert (await office.ask("revoke-user-sessions", {"userId": office.ada_id})).json == {"success": True}
    assert (await office.ada.get("/get-session")).json is None
    assert (await office.root.get("/get-session")).json is not None
    refused = await office.ask("revoke-user-sessions", {"userId": office.ada_id}, by=await office.joined("b@x.com"))
    assert (refused.status, refused.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS")


async def test_nobody_removes_themselves_and_who_is_removed_is_gone() -> None:
    office = await opened()
    root = (await office.user("root@example.com")).id
    own = await office.ask("remove-user", {"userId": root})
    assert (own.status, own.json["code"]) == (400, "YOU_CANNOT_REMOVE_YOURSELF")
    refused = await office.ask("remove-user", {"userId": root}, by=office.ada)
    assert (refused.status, refused.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS")
    assert (await office.ask("remove-user", {"userId": office.ada_id})).json == {"success": True}
    assert await office.db.count(User) == 1
    assert (await office.ada.get("/get-session")).json is None


async def test_the_application_asks_nobody() -> None:
    office = await opened()
    api = AdminApi(office.app.auth)
    made = await api.create_user(email="x@example.com", name="X", role="admin", data={"banned": True})
    assert (made.user.get("role"), made.user.get("banned")) == ("admin", True)
    with pytest.raises(ApiError) as refused:
        await api.list_users()
    assert refused.value.status == 401
