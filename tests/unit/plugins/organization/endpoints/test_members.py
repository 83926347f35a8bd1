"""Members: who adds, removes and promotes whom, and what members read of each other."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.plugins.organization.place import founded

from gatewright.access.statements import Role
from gatewright.plugins.organization import OrganizationApi
from gatewright.plugins.organization.model import Member
from gatewright.wire.faults import ApiError

pytestmark = pytest.mark.anyio


async def test_the_application_adds_a_member_without_asking_anybody() -> None:
    place = await founded()
    await place.app.signed_up("bob@example.com")
    api, bob = OrganizationApi(place.app.auth), await place.user_id("bob@example.com")
    added = await api.add_member(user_id=bob, role=["admin", "member"], organization_id=place.id)
    assert (added.role, added.organization_id, added.user_id) == ("admin,member", place.id, bob)
    refusals: tuple[tuple[dict[str, Any], str | None], ...] = (
        ({"user_id": bob, "organization_id": place.id}, "USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION"),
        ({"user_id": "nobody", "organization_id": place.id}, "USER_NOT_FOUND"),
        ({"user_id": bob}, "NO_ACTIVE_ORGANIZATION"),
        ({"user_id": bob, "organization_id": "unknown"}, "ORGANIZATION_NOT_FOUND"),
        ({"user_id": bob, "organization_id": place.id, "team_id": "t"}, None),
    )
    for more, code in refusals:
        with pytest.raises(ApiError) as refused:
            await api.add_member(role="member", **more)
        assert (refused.value.status, refused.value.code) == (400, code)


# Removing ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["id", "email"])
@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("admin", 200), ("member", 401)])
async def test_removing_takes_a_role_that_may(role: str, status: int, by: str) -> None:
    place = await founded()
    caller, _ = await place.joined("caller@example.com", role)
    _, bob = await place.joined("bob@example.com")
    named = bob.id if by == "id" else "BOB@example.com"
    answer = await place.ask("remove-member", {"memberIdOrEmail": named}, by=caller)
    assert answer.status == status
    assert (await place.member_of("bob@example.com") is None) is (status == 200)
    if status == 200:
        assert (answer.json["member"]["id"], answer.json["member"]["user"]["email"]) == (bob.id, "bob@example.com")
    else:
        assert answer.json["code"] == "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER"


async def test_an_owner_is_removed_by_owners_only_and_never_the_last() -> None:
    place = await founded()
    admin, _ = await place.joined("admin@example.com", "admin")
    own = await place.member_of("owner@example.com")
    assert own is not None
    last = await place.ask("remove-member", {"memberIdOrEmail": own.id}, by=admin)
    assert (last.status, last.json["code"]) == (400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER")
    alone = await place.ask("remove-member", {"memberIdOrEmail": own.id})
    assert (alone.status, alone.json["code"]) == (400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER")
    second, _ = await place.joined("second@example.com", "admin,owner")
    refused = await place.ask("remove-member", {"memberIdOrEmail": own.id}, by=admin)
    assert (refused.status, refused.json["code"]) == (401, "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER")
    assert (await place.ask("remove-member", {"memberIdOrEmail": own.id}, by=second)).status == 200


@pytest.mark.parametrize("named", ["unknown", "nobody@example.com", "eve@example.com"])
async def test_who_is_no_member_is_not_removed(named: str) -> None:
    place = await founded()
    await place.app.signed_up("eve@example.com")
    answer = await place.ask("remove-member", {"memberIdOrEmail": named})
    assert (answer.status, answer.json["code"]) == (400, "MEMBER_NOT_FOUND")


async def test_who_is_removed_is_out_of_teams_and_sessions() -> None:
    place = await founded({"teams": {"enabled": True}})
    bob, member = await place.joined("bob@example.com")
    team = (await place.ask("create-team", {"name": "Red"})).json
    await place.ask("add-team-member", {"teamId": team["id"], "userId": member.user_id})
    await place.ask("set-active-team", {"teamId": team["id"]}, by=bob)
    await place.ask("remove-member", {"memberIdOrEmail": member.id})
    session = (await bob.get("/get-session")).json["session"]
    assert (session["activeOrganizationId"], session["activeTeamId"]) == (None, None)
    assert (await bob.get("/organization/list-user-teams")).json == []


# Roles -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("caller", "before", "after", "status"),
    [
        ("owner", "member", "owner", 200),
        ("owner", "owner", "member", 200),
        ("admin", "member", "admin", 200),
        ("admin", "member", "owner", 403),
        ("admin", "member", "admin, owner", 403),
        ("admin", "owner", "member", 403),
        ("member", "member", "admin", 403),
        ("owner", "member", "boss", 400),
        ("owner", "member", "", 400),
        ("owner", "member", " , ", 400),
    ],
)
async def test_a_role_is_given_within_reach(caller: str, before: str, after: str, status: int) -> None:
    place = await founded()
    who, _ = await place.joined("caller@example.com", caller)
    _, bob = await place.joined("bob@example.com", before)
    answer = await place.ask("update-member-role", {"memberId": bob.id, "role": after}, by=who)
    found = await place.member_of("bob@example.com")
    assert found is not None
    assert (answer.status, found.role) == (status, after if status == 200 else before)


async def test_several_roles_are_one_text() -> None:
    place = await founded()
    _, bob = await place.joined("bob@example.com")
    answer = await place.ask("update-member-role", {"memberId": bob.id, "role": ["admin", "member"]})
    assert answer.json["role"] == "admin,member"


async def test_the_last_owner_stays_one() -> None:
    place = await founded()
    own = await place.member_of("owner@example.com")
    assert own is not None
    last = await place.ask("update-member-role", {"memberId": own.id, "role": "admin"})
    assert (last.status, last.json["code"]) == (400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER")
    assert (await place.ask("update-member-role", {"memberId": own.id, "role": "owner,admin"})).status == 200


async def test_members_of_others_are_not_changed() -> None:
    place = await founded()
    other = await place.app.signed_up("other@example.com")
    made = (await place.ask("create", {"name": "B", "slug": "b"}, by=other)).json
    foreign = await place.ask("update-member-role", {"memberId": made["members"][0]["id"], "role": "member"})
    assert (foreign.status, foreign.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER")
    unknown = await place.ask("update-member-role", {"memberId": "unknown", "role": "member"})
    assert (unknown.status, unknown.json["code"]) == (400, "MEMBER_NOT_FOUND")


# Leaving -----------------------------------------------------------------------------------------------------------------


async def test_a_member_leaves_and_the_last_owner_does_not() -> None:
    place = await founded()
    bob, member = await place.joined("bob@example.com")
    gone = await place.ask("leave", {"organizationId": place.id}, by=bob)
    assert (gone.status, gone.json["id"], gone.json["user"]["email"]) == (200, member.id, "bob@example.com")
    again = await place.ask("leave", {"organizationId": place.id}, by=bob)
    assert (again.status, again.json["code"]) == (400, "MEMBER_NOT_FOUND")
    last = await place.ask("leave", {"organizationId": place.id})
    assert (last.status, last.json["code"]) == (400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER")


# Reading -----------------------------------------------------------------------------------------------------------------


async def test_members_are_listed_in_pages_by_order_and_filter() -> None:
    place = await founded()
    for email, role in (("a@example.com", "admin"), ("b@example.com", "member"), ("c@example.com", "member")):
        await place.joined(email, role)
        place.app.clock.advance(seconds=1)

    async def emails(query: str) -> list[str]:
        page = (await place.owner.get(f"/organization/list-members?{query}")).json
        return [one["user"]["email"][0] for one in page["members"]]

    assert await emails("sortBy=createdAt&sortDirection=desc&limit=2") == ["c", "b"]
    assert await emails("sortBy=createdAt&limit=2&offset=1") in (["a", "b"], ["o", "b"])
    assert sorted(await emails("filterField=role&filterOperator=ne&filterValue=member")) == ["a", "o"]
    assert await emails("filterField=role&filterOperator=contains&filterValue=%25") == []
    assert await emails("organizationSlug=acme&filterField=role&filterValue=admin") == ["a"]


@pytest.mark.parametrize("query", ["sortBy=secret", "filterField=secret&filterValue=x"])
async def test_fields_of_the_list_are_a_closed_list(query: str) -> None:
    place = await founded()
    answer = await place.owner.get(f"/organization/list-members?{query}")
    assert (answer.status, answer.json["code"]) == (400, "VALIDATION_ERROR")


async def test_what_members_see_of_each_other_is_little() -> None:
    place = await founded()
    (only,) = (await place.owner.get("/organization/list-members")).json["members"]
    assert set(only["user"]) == {"id", "name", "email", "image"}
    active = (await place.owner.get("/organization/get-active-member")).json
    assert (active["role"], set(active["user"])) == ("owner", {"id", "name", "email", "image"})


async def test_a_member_asks_for_the_role_of_another() -> None:
    place = await founded()
    bob, member = await place.joined("bob@example.com", "admin")
    assert (await bob.get("/organization/get-active-member-role")).json == {"role": "admin"}
    other = await place.owner.get(f"/organization/get-active-member-role?userId={member.user_id}")
    assert other.json == {"role": "admin"}
    for query in ("userId=nobody", "organizationId=unknown"):
        answer = await bob.get(f"/organization/get-active-member-role?{query}")
        assert (answer.status, answer.json["code"]) == (403, "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION")
    unknown = await bob.get("/organization/get-active-member-role?organizationSlug=unknown")
    assert (unknown.status, unknown.json["code"]) == (400, "ORGANIZATION_NOT_FOUND")


# Permissions -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "permissions", "success"),
    [
        ("owner", {"organization": ["update", "delete"]}, True),
        ("admin", {"organization": ["update"]}, True),
        ("admin", {"organization": ["update", "delete"]}, False),
        ("admin", {"member": ["create"], "organization": ["delete"]}, False),
        ("member", {"ac": ["read"]}, True),
        ("member", {"invitation": ["create"]}, False),
        ("member, admin", {"invitation": ["create"]}, True),
        ("boss", {"ac": ["read"]}, False),
        ("owner", {"unknown": ["x"]}, False),
        ("owner", {}, False),
    ],
)
async def test_a_permission_is_what_one_role_allows(
    role: str, permissions: dict[str, list[str]], success: bool
) -> None:
    place = await founded()
    bob, _ = await place.joined("bob@example.com", role)
    answer = await place.ask("has-permission", {"permissions": permissions}, by=bob)
    assert answer.json == {"error": None, "success": success}


async def test_roles_of_the_applications_own_decide() -> None:
    place = await founded({"roles": {"owner": Role({"tea": ["taste"]}), "clerk": Role({"member": ["create"]})}})
    assert (await place.ask("has-permission", {"permissions": {"tea": ["taste"]}})).json["success"] is True
    assert (await place.ask("has-permission", {"permissions": {"member": ["create"]}})).json["success"] is False
    clerk, _ = await place.joined("clerk@example.com", "clerk")
    assert (await place.ask("has-permission", {"permissions": {"member": ["create"]}}, by=clerk)).json[
        "success"
    ] is True


async def test_a_permission_is_asked_for_inside() -> None:
    place = await founded()
    body = {"permissions": {"ac": ["read"]}}
    eve = await place.app.signed_up("eve@example.com")
    assert (await place.ask("has-permission", body, by=eve)).json["code"] == "NO_ACTIVE_ORGANIZATION"
    foreign = await place.ask("has-permission", {**body, "organizationId": place.id}, by=eve)
    assert (foreign.status, foreign.json["code"]) == (401, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION")
    assert (await place.ask("has-permission", {**body, "permission": {"ac": ["read"]}})).status == 400
    assert (await place.ask("has-permission", {})).status == 400
    assert await place.db.count(Member) == 1
