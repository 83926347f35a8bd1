"""What roles may do, who is an administrator by name, and asking for it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.plugins.admin.place import opened

from gatewright.access.statements import AccessControl, Role
from gatewright.plugins.admin import AdminApi
from gatewright.wire.faults import ApiError

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("role", "permissions", "success"),
    [
        ("admin", {"user": ["create", "ban"], "session": ["revoke"]}, True),
        ("admin", {"user": ["impersonate-admins"]}, False),
        ("user", {"user": ["list"]}, False),
        ("user,admin", {"user": ["list"]}, True),
        ("wizard", {"user": ["list"]}, False),
        ("admin", {"tea": ["taste"]}, False),
        ("admin", {}, False),
    ],
)
async def test_a_permission_is_what_one_role_allows(
    role: str, permissions: dict[str, list[str]], success: bool
) -> None:
    office = await opened()
    await office.become("ada@example.com", role)
    asked = await office.ask("has-permission", {"permissions": permissions}, by=office.ada)
    assert asked.json == {"error": None, "success": success}
    api = AdminApi(office.app.auth)
    assert (await api.user_has_permission(role=role, permissions=permissions)).success is success
    assert (await api.user_has_permission(user_id=office.ada_id, permissions=permissions)).success is success


async def test_a_caller_asks_for_themselves_only() -> None:
    office = await opened()
    root = (await office.user("root@example.com")).id
    body: dict[str, Any] = {"permissions": {"user": ["list"]}}
    for more in ({"userId": root}, {"role": "admin"}):
        answer = await office.ask("has-permission", {**body, **more}, by=office.ada)
        assert answer.status in (200, 400)
        assert answer.status == 400 or answer.json["success"] is False
    assert (await office.ask("has-permission", body, by=office.app.browser())).status == 401
    assert (await office.ask("has-permission", {}, by=office.ada)).status == 400


async def test_roles_of_the_applications_own_take_the_place_of_the_contracts() -> None:
    ac = AccessControl({"user": ["list", "ban"], "tea": ["taste"]})
    roles: dict[str, Role[Any]] = {"admin": ac.new_role({"tea": ["taste"]}), "taster": ac.new_role({"tea": ["taste"]})}
    office = await opened({"ac": ac, "roles": roles})
    assert (await office.ask("has-permission", {"permissions": {"tea": ["taste"]}})).json["success"] is True
    assert (await office.root.get("/admin/list-users")).status == 403


async def test_administrators_by_name_pass_every_check() -> None:
    first = await opened()
    office = await opened({"admin_user_ids": [first.ada_id]})
    assert office.ada_id == first.ada_id
    assert (await office.ada.get("/admin/list-users")).status == 200
    asked = await office.ask("has-permission", {"permissions": {"anything": ["at all"]}}, by=office.ada)
    assert asked.json["success"] is True
    assert (await office.ask("set-role", {"userId": office.ada_id, "role": "user"}, by=office.ada)).status == 200


async def test_administrators_roles_say_who_is_not_acted_for() -> None:
    roles: dict[str, Role[Any]] = {
        "admin": Role({"user": ["impersonate"]}),
        "boss": Role({"user": []}),
        "user": Role({"user": []}),
    }
    office = await opened({"roles": roles, "admin_roles": "boss"})
    await office.become("ada@example.com", "boss")
    refused = await office.ask("impersonate-user", {"userId": office.ada_id})
    assert (refused.status, refused.json["code"]) == (403, "YOU_CANNOT_IMPERSONATE_ADMINS")
    await office.become("ada@example.com", "admin")
    assert (await office.ask("impersonate-user", {"userId": office.ada_id})).status == 200


async def test_the_application_asks_about_somebody() -> None:
    office = await opened()
    api = AdminApi(office.app.auth)
    with pytest.raises(ApiError, match="user not found"):
        await api.user_has_permission(user_id="unknown", permissions={"user": ["list"]})
    with pytest.raises(ApiError, match="user id or role is required"):
        await api.user_has_permission(permissions={"user": ["list"]})
