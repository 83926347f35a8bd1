"""Roles that organizations make for themselves: nobody gives what they may not do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.unit.plugins.organization.place import Place, founded

from gatewright.access.defaults import ORGANIZATION_ACCESS
from gatewright.plugins.organization.model import RoleRow
from gatewright.testing.browser import Answer

pytestmark = pytest.mark.anyio

DYNAMIC: Mapping[str, Any] = {"dynamic_access_control": {"enabled": True}, "ac": ORGANIZATION_ACCESS}
CLERK: Mapping[str, object] = {"role": "clerk", "permission": {"invitation": ["create"]}}


async def made(place: Place, **more: object) -> Answer:
    return await place.ask("create-role", {**CLERK, **more})


async def test_a_role_that_was_made_decides() -> None:
    place = await founded(DYNAMIC)
    answer = (await made(place, role="Clerk")).json
    assert answer["success"] is True
    assert answer["statements"] == {"invitation": ["create"]}
    assert (answer["roleData"]["role"], answer["roleData"]["permission"]) == ("clerk", {"invitation": ["create"]})
    bob, member = await place.joined("bob@example.com")
    body = {"email": "x@example.com", "role": "clerk"}
    assert (await place.ask("invite-member", body, by=bob)).status == 403
    await place.ask("update-member-role", {"memberId": member.id, "role": "clerk"})
    assert (await place.ask("invite-member", body, by=bob)).status == 200
    cannot = await place.ask("has-permission", {"permissions": {"invitation": ["cancel"]}}, by=bob)
    assert cannot.json["success"] is False


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("admin", 200), ("member", 403)])
async def test_making_takes_a_role_that_may(role: str, status: int) -> None:
    place = await founded(DYNAMIC)
    caller, _ = await place.joined("caller@example.com", role)
    answer = await place.ask("create-role", CLERK, by=caller)
    assert answer.status == status
    assert await place.db.count(RoleRow) == (1 if status == 200 else 0)


async def test_nobody_gives_what_they_may_not_do() -> None:
    place = await founded(DYNAMIC)
    admin, _ = await place.joined("admin@example.com", "admin")
    beyond = {"role": "boss", "permission": {"organization": ["update", "delete"], "ac": ["read"]}}
    refused = await place.ask("create-role", beyond, by=admin)
    assert (refused.status, refused.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_CREATE_A_ROLE")
    assert refused.json["missingPermissions"] == ["organization:delete"]
    await place.ask("create-role", CLERK, by=admin)
    data = {"permission": {"organization": ["delete"]}}
    changing = await place.ask("update-role", {"roleName": "clerk", "data": data}, by=admin)
    assert (changing.status, changing.json["missingPermissions"]) == (403, ["organization:delete"])
    assert (await place.ask("update-role", {"roleName": "clerk", "data": data})).status == 200


async def test_a_resource_is_one_that_there_is() -> None:
    place = await founded(DYNAMIC)
    answer = await made(place, permission={"tea": ["taste"]})
    assert (answer.status, answer.json["code"]) == (400, "INVALID_RESOURCE")


@pytest.mark.parametrize("name", ["owner", "Admin", "member", "a,b", " ", ""])
async def test_a_name_is_no_predefined_one(name: str) -> None:
    place = await founded(DYNAMIC)
    answer = await made(place, role=name)
    assert answer.status == 400
    assert await place.db.count(RoleRow) == 0


async def test_a_name_is_given_once_in_each_organization() -> None:
    place = await founded(DYNAMIC)
    await made(place)
    again = await made(place, role="CLERK")
    assert (again.status, again.json["code"]) == (400, "ROLE_NAME_IS_ALREADY_TAKEN")
    other = (await place.ask("create", {"name": "B", "slug": "b"})).json["id"]
    assert (await made(place, organizationId=other)).status == 200
    await made(place, role="cook")
    renaming = await place.ask("update-role", {"roleName": "cook", "data": {"roleName": "clerk"}})
    assert (renaming.status, renaming.json["code"]) == (400, "ROLE_NAME_IS_ALREADY_TAKEN")


async def test_roles_are_read_by_members_who_may() -> None:
    place = await founded(DYNAMIC)
    await made(place)
    bob, _ = await place.joined("bob@example.com")
    (listed,) = (await bob.get("/organization/list-roles")).json
    assert (listed["role"], listed["permission"]) == ("clerk", {"invitation": ["create"]})
    assert (await bob.get("/organization/get-role?roleName=clerk")).json["id"] == listed["id"]
    assert (await bob.get(f"/organization/get-role?roleId={listed['id']}")).json["role"] == "clerk"
    unknown = await bob.get("/organization/get-role?roleName=unknown")
    assert (unknown.status, unknown.json["code"]) == (400, "ROLE_NOT_FOUND")
    assert (await bob.get("/organization/get-role")).status == 400
    blind, _ = await place.joined("blind@example.com", "nothing")
    refused = await blind.get("/organization/list-roles")
    assert (refused.status, refused.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_LIST_A_ROLE")
    one = await blind.get("/organization/get-role?roleName=clerk")
    assert (one.status, one.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_READ_A_ROLE")


async def test_an_outsider_sees_and_makes_none() -> None:
    place = await founded(DYNAMIC)
    eve = await place.app.signed_up("eve@example.com")
    nowhere = await place.ask("create-role", CLERK, by=eve)
    assert nowhere.json["code"] == "YOU_MUST_BE_IN_AN_ORGANIZATION_TO_CREATE_A_ROLE"
    foreign = await place.ask("create-role", {**CLERK, "organizationId": place.id}, by=eve)
    assert (foreign.status, foreign.json["code"]) == (403, "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION")
    listed = await eve.get(f"/organization/list-roles?organizationId={place.id}")
    assert (listed.status, listed.json["code"]) == (403, "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION")


async def test_a_role_is_changed_and_renamed() -> None:
    place = await founded(DYNAMIC)
    await made(place)
    data = {"roleName": "Cook", "permission": {"member": ["create"]}}
    changed = (await place.ask("update-role", {"roleName": "clerk", "data": data})).json
    assert (changed["roleData"]["role"], changed["roleData"]["permission"]) == ("cook", {"member": ["create"]})
    for wrong in ({"permission": "all"}, {"permission": {"member": "create"}}, {"permission": {"member": [1]}}):
        answer = await place.ask("update-role", {"roleName": "cook", "data": wrong})
        assert (answer.status, answer.json["code"]) == (400, "VALIDATION_ERROR")
    unknown = await place.ask("update-role", {"roleName": "clerk", "data": {}})
    assert (unknown.status, unknown.json["code"]) == (400, "ROLE_NOT_FOUND")


async def test_a_role_goes_when_nobody_has_it() -> None:
    place = await founded(DYNAMIC)
    await made(place)
    _, bob = await place.joined("bob@example.com", "member,clerk")
    used = await place.ask("delete-role", {"roleName": "clerk"})
    assert (used.status, used.json["code"]) == (400, "ROLE_IS_ASSIGNED_TO_MEMBERS")
    await place.ask("update-member-role", {"memberId": bob.id, "role": "member"})
    assert (await place.ask("delete-role", {"roleName": "clerk"})).json == {"success": True}
    again = await place.ask("delete-role", {"roleName": "clerk"})
    assert (again.status, again.json["code"]) == (400, "ROLE_NOT_FOUND")
    own = await place.ask("delete-role", {"roleName": "admin"})
    assert (own.status, own.json["code"]) == (400, "CANNOT_DELETE_A_PRE_DEFINED_ROLE")


async def test_without_statements_nothing_is_made() -> None:
    place = await founded({"dynamic_access_control": {"enabled": True}})
    answer = await made(place)
    assert (answer.status, answer.json["code"]) == (501, "MISSING_AC_INSTANCE")


async def test_a_damaged_role_allows_nothing() -> None:
    place = await founded(DYNAMIC)
    for number, text in enumerate(("{", "[]", '{"ac": "read"}', '{"ac": [1]}')):
        row = RoleRow(organization_id=place.id, role=f"r{number}", permission=text)
        await place.db.insert(row)
        bob, _ = await place.joined(f"bob{number}@example.com", f"r{number}")
        can = await place.ask("has-permission", {"permissions": {"ac": ["read"]}}, by=bob)
        assert can.json["success"] is False
