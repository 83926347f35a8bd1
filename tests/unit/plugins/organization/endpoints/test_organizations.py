"""Founding, changing, reading and dissolving organizations: who may, and what is answered."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.plugins.organization.place import Place, founded

from gatewright.access.defaults import ORGANIZATION_ACCESS, ORGANIZATION_ROLES
from gatewright.api import CoreApi
from gatewright.model.user import User
from gatewright.plugins.organization import (
    Organization,
    OrganizationApi,
    OrganizationCoreApi,
    OrganizationOptions,
    OrganizationTeamsApi,
)
from gatewright.plugins.organization.model import Invitation, Member, OrgRow, RoleRow, Team, TeamMember
from gatewright.testing.app import make_app
from gatewright.wire.faults import ApiError, ConfigError

pytestmark = pytest.mark.anyio


class Plain(CoreApi, OrganizationCoreApi):
    """What an application without teams and roles of its own calls."""


class WithTeams(CoreApi, OrganizationCoreApi, OrganizationTeamsApi):
    """The same with teams."""


async def active(place: Place) -> Any:
    session = (await place.owner.get("/get-session")).json["session"]
    return session["activeOrganizationId"]


# Founding ----------------------------------------------------------------------------------------------------------------


async def test_a_founder_owns_the_organization_and_works_in_it() -> None:
    place = await founded()
    made = await place.ask("create", {"name": "Beta", "slug": "beta", "logo": "l.png", "metadata": {"tier": 1}})
    found = made.json
    (member,) = found.pop("members")
    assert (member["role"], member["organizationId"]) == ("owner", found["id"])
    assert found == {
        "id": found["id"],
        "name": "Beta",
        "slug": "beta",
        "logo": "l.png",
        "metadata": {"tier": 1},
        "createdAt": "2026-01-01T12:00:00.000Z",
    }
    assert await active(place) == found["id"]


async def test_the_session_stays_where_it_is_if_the_founder_wants_that() -> None:
    place = await founded()
    await place.ask("create", {"name": "Beta", "slug": "beta", "keepCurrentActiveOrganization": True})
    assert await active(place) == place.id


@pytest.mark.parametrize(
    "body", [{}, {"name": "X"}, {"slug": "x"}, {"name": "", "slug": "x"}, {"name": "X", "slug": ""}]
)
async def test_an_organization_has_a_name_and_a_slug(body: dict[str, object]) -> None:
    place = await founded()
    answer = await place.ask("create", body)
    assert (answer.status, answer.json["code"]) == (400, "VALIDATION_ERROR")


async def test_a_slug_is_given_once() -> None:
    place = await founded()
    taken = await place.ask("create", {"name": "Other", "slug": "acme"})
    assert (taken.status, taken.json["code"]) == (400, "ORGANIZATION_ALREADY_EXISTS")
    assert (await place.owner.get("/organization/check-slug?slug=free")).status in (200, 404)
    assert (await place.ask("check-slug", {"slug": "free"})).json == {"status": True}
    checked = await place.ask("check-slug", {"slug": "acme"})
    assert (checked.status, checked.json["code"]) == (400, "ORGANIZATION_SLUG_ALREADY_TAKEN")


async def test_nobody_founds_without_a_session() -> None:
    place = await founded()
    assert (await place.ask("create", {"name": "B", "slug": "b"}, by=place.app.browser())).status == 401
    named = {"name": "B", "slug": "b", "userId": await place.user_id("owner@example.com")}
    assert (await place.ask("create", named, by=place.app.browser())).status == 401


async def test_the_application_founds_for_a_user() -> None:
    place = await founded()
    await place.app.signed_up("bob@example.com")
    bob = await place.user_id("bob@example.com")
    made = await OrganizationApi(place.app.auth).create_organization(name="Bobs", slug="bobs", user_id=bob)
    assert made.members[0].user_id == bob
    with pytest.raises(ApiError) as refused:
        await OrganizationApi(place.app.auth).create_organization(name="X", slug="x", user_id="nobody")
    assert refused.value.status == 401


async def _only_bob(user: User) -> bool:
    return user.email == "owner@example.com"


async def test_who_may_found_is_the_applications_word() -> None:
    place = await founded({"allow_user_to_create_organization": _only_bob})
    bob = await place.app.signed_up("bob@example.com")
    refused = await place.ask("create", {"name": "B", "slug": "b"}, by=bob)
    assert (refused.status, refused.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_CREATE_A_NEW_ORGANIZATION")
    assert (await place.ask("create", {"name": "B", "slug": "b"})).status == 200


async def test_founders_have_the_role_that_is_said() -> None:
    roles = {**ORGANIZATION_ROLES, "chief": ORGANIZATION_ROLES["owner"]}
    place = await founded({"creator_role": "chief", "roles": roles})
    own = await place.member_of("owner@example.com")
    assert own is not None
    assert own.role == "chief"
    last = await place.ask("leave", {"organizationId": place.id})
    assert (last.status, last.json["code"]) == (400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER")
    owner, _ = await place.joined("bob@example.com", "owner")
    refused = await place.ask("invite-member", {"email": "x@example.com", "role": "chief"}, by=owner)
    assert refused.json["code"] == "YOU_ARE_NOT_ALLOWED_TO_INVITE_USER_WITH_THIS_ROLE"


# Changing ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("admin", 200), ("member", 403), ("nothing", 403)])
async def test_changing_takes_a_role_that_may(role: str, status: int) -> None:
    place = await founded()
    bob, _ = await place.joined("bob@example.com", role)
    answer = await place.ask("update", {"data": {"name": "Beta", "metadata": {"a": 1}}}, by=bob)
    assert answer.status == status
    if status == 200:
        assert (answer.json["name"], answer.json["metadata"]) == ("Beta", {"a": 1})
    else:
        assert answer.json["code"] == "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION"


async def test_a_slug_that_is_taken_is_not_changed_to() -> None:
    place = await founded()
    await place.ask("create", {"name": "B", "slug": "beta", "keepCurrentActiveOrganization": True})
    taken = await place.ask("update", {"data": {"slug": "beta"}})
    assert (taken.status, taken.json["code"]) == (400, "ORGANIZATION_SLUG_ALREADY_TAKEN")
    assert (await place.ask("update", {"data": {"slug": "acme"}})).status == 200


@pytest.mark.parametrize("data", [{"name": ""}, {"slug": ""}])
async def test_a_name_and_a_slug_stay(data: dict[str, object]) -> None:
    place = await founded()
    assert (await place.ask("update", {"data": data})).json["code"] == "VALIDATION_ERROR"


async def test_identifier_and_time_of_founding_are_nobodys_to_change() -> None:
    place = await founded()
    body = {"data": {"id": "other", "createdAt": "2000-01-01T00:00:00.000Z", "name": "B"}}
    answer = (await place.ask("update", body)).json
    assert (answer["id"], answer["createdAt"], answer["name"]) == (place.id, "2026-01-01T12:00:00.000Z", "B")


async def test_changing_is_about_an_organization_of_the_callers() -> None:
    place = await founded()
    eve = await place.app.signed_up("eve@example.com")
    body = {"data": {"name": "B"}}
    assert (await place.ask("update", body, by=eve)).json["code"] == "ORGANIZATION_NOT_FOUND"
    foreign = await place.ask("update", {**body, "organizationId": place.id}, by=eve)
    assert (foreign.status, foreign.json["code"]) == (400, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION")
    assert (await place.ask("update", body, by=place.app.browser())).status == 401


# Dissolving --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("admin", 403), ("member", 403)])
async def test_dissolving_takes_a_role_that_may(role: str, status: int) -> None:
    place = await founded()
    bob, _ = await place.joined("bob@example.com", role)
    answer = await place.ask("delete", {"organizationId": place.id}, by=bob)
    assert answer.status == status
    assert await place.db.count(OrgRow) == (0 if status == 200 else 1)


async def test_everything_in_it_goes_with_an_organization_and_nothing_else() -> None:
    options = {"teams": {"enabled": True}, "dynamic_access_control": {"enabled": True}, "ac": ORGANIZATION_ACCESS}
    place = await founded(options)
    other = await place.app.signed_up("other@example.com")
    await place.ask("create", {"name": "B", "slug": "b"}, by=other)
    for who, email in ((place.owner, "x@example.com"), (other, "y@example.com")):
        await place.ask("invite-member", {"email": email, "role": "member"}, by=who)
        await place.ask("create-role", {"role": "clerk", "permission": {"ac": ["read"]}}, by=who)
    assert (await place.ask("delete", {"organizationId": place.id})).json["slug"] == "acme"
    for table in (OrgRow, Member, Invitation, Team, TeamMember, RoleRow):
        assert await place.db.count(table) == 1, table
    assert await active(place) is None


async def test_dissolving_can_be_turned_off() -> None:
    place = await founded({"disable_organization_deletion": True})
    answer = await place.ask("delete", {"organizationId": place.id})
    assert (answer.status, answer.json["code"]) == (404, "ORGANIZATION_DELETION_DISABLED")


async def test_what_is_not_there_is_not_dissolved() -> None:
    place = await founded()
    assert (await place.ask("delete", {"organizationId": ""})).json["code"] == "ORGANIZATION_NOT_FOUND"
    unknown = await place.ask("delete", {"organizationId": "unknown"})
    assert unknown.json["code"] == "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION"


# Reading -----------------------------------------------------------------------------------------------------------------


async def test_a_session_works_where_its_user_is_a_member() -> None:
    place = await founded()
    second = (await place.ask("create", {"name": "B", "slug": "b"})).json["id"]
    assert (await place.ask("set-active", {"organizationSlug": "acme"})).json["id"] == place.id
    assert await active(place) == place.id
    assert (await place.ask("set-active", {"organizationId": second})).json["slug"] == "b"
    assert (await place.ask("set-active", {})).json["slug"] == "b"
    assert (await place.ask("set-active", {"organizationId": None})).json is None
    assert await active(place) is None
    assert (await place.ask("set-active", {})).json is None
    unknown = await place.ask("set-active", {"organizationSlug": "unknown"})
    assert (unknown.status, unknown.json["code"]) == (400, "ORGANIZATION_NOT_FOUND")


async def test_who_is_no_member_works_nowhere_afterwards() -> None:
    place = await founded()
    eve = await place.app.signed_up("eve@example.com")
    await place.ask("create", {"name": "B", "slug": "b"}, by=eve)
    refused = await place.ask("set-active", {"organizationId": place.id}, by=eve)
    assert (refused.status, refused.json["code"]) == (403, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION")
    assert (await eve.get("/get-session")).json["session"]["activeOrganizationId"] is None


async def test_members_read_the_whole_organization() -> None:
    place = await founded({"teams": {"enabled": True}})
    bob, _ = await place.joined("bob@example.com")
    await place.ask("invite-member", {"email": "x@example.com", "role": "member"})
    found = (await bob.get("/organization/get-full-organization")).json
    assert [one["user"]["email"] for one in found["members"]] == ["owner@example.com", "bob@example.com"]
    assert [one["email"] for one in found["invitations"]] == ["x@example.com"]
    assert [(one["name"], one["memberCount"]) for one in found["teams"]] == [("Acme", 1)]
    by_slug = (await bob.get("/organization/get-full-organization?organizationSlug=acme&membersLimit=1")).json
    assert len(by_slug["members"]) == 1


@pytest.mark.parametrize("path", ["get-organization", "get-full-organization"])
async def test_nobody_else_reads_it(path: str) -> None:
    place = await founded()
    eve = await place.app.signed_up("eve@example.com")
    for query in (f"organizationId={place.id}", "organizationSlug=acme"):
        answer = await eve.get(f"/organization/{path}?{query}")
        assert (answer.status, answer.json["code"]) == (403, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION")
    unknown = await eve.get(f"/organization/{path}?organizationId=unknown")
    assert (unknown.status, unknown.json["code"]) == (400, "ORGANIZATION_NOT_FOUND")
    assert (await eve.get(f"/organization/{path}")).json is None
    assert (await place.app.browser().get(f"/organization/{path}")).status == 401


async def test_a_user_lists_their_own_organizations() -> None:
    place = await founded()
    await place.app.signed_up("eve@example.com")
    bob, _ = await place.joined("bob@example.com")
    await place.ask("create", {"name": "B", "slug": "b"}, by=bob)
    assert [one["slug"] for one in (await bob.get("/organization/list")).json] == ["acme", "b"]
    assert [one["slug"] for one in (await place.owner.get("/organization/list")).json] == ["acme"]


async def test_the_applications_methods_act_for_a_caller() -> None:
    place = await founded()
    api = OrganizationApi(place.app.auth).on({"cookie": place.owner.cookie_header()})
    assert [one.slug for one in await api.list_organizations()] == ["acme"]
    with pytest.raises(ApiError, match="Headers is required"):
        await OrganizationApi(place.app.auth).list_organizations()


async def test_methods_of_what_is_not_turned_on_are_refused_at_construction() -> None:
    app = make_app(plugins=[Organization()], api=Plain)
    with pytest.raises(ApiError):
        await app.auth.api.list_organizations()
    with pytest.raises(ConfigError, match="CreateTeam"):
        make_app(plugins=[Organization()], api=WithTeams)
    teams = OrganizationOptions.model_validate({"teams": {"enabled": True}})
    assert make_app(plugins=[Organization(teams)], api=WithTeams).auth.api.create_team is not None
