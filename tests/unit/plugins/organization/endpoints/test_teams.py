"""Teams: who makes, changes and removes them, and who is in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.unit.plugins.organization.place import Place, founded

from gatewright.plugins.organization import OrganizationApi
from gatewright.plugins.organization.model import Team, TeamMember
from gatewright.testing.browser import Browser

pytestmark = pytest.mark.anyio

TEAMS: Mapping[str, Any] = {"teams": {"enabled": True}}


async def team_of(place: Place, name: str = "Red", **more: object) -> str:
    answer = await place.ask("create-team", {"name": name, **more})
    assert answer.status == 200, answer
    return answer.json["id"]


async def names(browser: Browser) -> list[str]:
    return sorted(team["name"] for team in (await browser.get("/organization/list-teams")).json)


async def test_an_organization_begins_with_a_team_of_its_founder() -> None:
    place = await founded(TEAMS)
    assert await names(place.owner) == ["Acme"]
    assert [one["name"] for one in (await place.owner.get("/organization/list-user-teams")).json] == ["Acme"]
    session = (await place.owner.get("/get-session")).json["session"]
    assert session["activeTeamId"] is not None


async def test_the_first_team_can_be_left_out_or_made_otherwise() -> None:
    without = await founded({"teams": {"enabled": True, "default_team": {"enabled": False}}})
    assert await without.db.count(Team) == 0
    made: list[Mapping[str, Any]] = []

    async def make(organization: Mapping[str, Any], call: Any) -> Team:
        made.append(organization)
        return await call.db.insert(Team(name="Everybody", organization_id=organization["id"]))

    other = await founded({"teams": {"enabled": True, "default_team": {"custom_create_default_team": make}}})
    assert await names(other.owner) == ["Everybody"]
    assert [one["slug"] for one in made] == ["acme"]


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("admin", 200), ("member", 403)])
async def test_teams_take_a_role_that_may(role: str, status: int) -> None:
    place = await founded(TEAMS)
    caller, _ = await place.joined("caller@example.com", role)
    team = await team_of(place)
    made = await place.ask("create-team", {"name": "Blue"}, by=caller)
    changed = await place.ask("update-team", {"teamId": team, "data": {"name": "Green"}}, by=caller)
    removed = await place.ask("remove-team", {"teamId": team}, by=caller)
    assert (made.status, changed.status, removed.status) == (status, status, status)
    if status == 403:
        assert made.json["code"] == "YOU_ARE_NOT_ALLOWED_TO_CREATE_TEAMS_IN_THIS_ORGANIZATION"
        assert changed.json["code"] == "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_TEAM"
        assert removed.json["code"] == "YOU_ARE_NOT_ALLOWED_TO_DELETE_TEAMS_IN_THIS_ORGANIZATION"
    assert await names(place.owner) == (["Acme", "Blue"] if status == 200 else ["Acme", "Red"])


async def test_a_team_is_named_and_stays_in_its_organization() -> None:
    place = await founded(TEAMS)
    team = await team_of(place)
    second = (await place.ask("create", {"name": "B", "slug": "b", "keepCurrentActiveOrganization": True})).json["id"]
    place.app.clock.advance(seconds=1)
    changed = await place.ask("update-team", {"teamId": team, "data": {"name": "Blue", "id": "x", "memberCount": 9}})
    assert changed.json == {
        "id": team,
        "name": "Blue",
        "organizationId": place.id,
        "createdAt": "2026-01-01T12:00:00.000Z",
        "updatedAt": "2026-01-01T12:00:01.000Z",
    }
    moved = await place.ask("update-team", {"teamId": team, "data": {"organizationId": second}})
    assert (moved.status, moved.json["code"]) == (400, "TEAM_NOT_FOUND")


async def test_the_last_team_stays_unless_it_may_go() -> None:
    place = await founded(TEAMS)
    (team,) = await place.db.find_many(Team)
    active = await place.ask("remove-team", {"teamId": team.id})
    assert (active.status, active.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_TEAM")
    await place.ask("set-active-team", {"teamId": None})
    last = await place.ask("remove-team", {"teamId": team.id})
    assert (last.status, last.json["code"]) == (400, "UNABLE_TO_REMOVE_LAST_TEAM")
    other = await founded({"teams": {"enabled": True, "allow_removing_all_teams": True}})
    (team,) = await other.db.find_many(Team)
    await other.ask("set-active-team", {"teamId": None})
    assert (await other.ask("remove-team", {"teamId": team.id})).json == {"message": "Team removed successfully."}
    assert (await other.db.count(Team), await other.db.count(TeamMember)) == (0, 0)


async def test_the_application_makes_and_removes_teams() -> None:
    place = await founded(TEAMS)
    api = OrganizationApi(place.app.auth)
    team = await api.create_team(name="Red", organization_id=place.id)
    assert await names(place.owner) == ["Acme", "Red"]
    assert (await api.remove_team(team_id=team.id, organization_id=place.id)).message == "Team removed successfully."


# Members -----------------------------------------------------------------------------------------------------------------


async def test_members_of_the_organization_join_a_team_once() -> None:
    place = await founded(TEAMS)
    bob, member = await place.joined("bob@example.com")
    team = await team_of(place)
    body = {"teamId": team, "userId": member.user_id}
    joined = await place.ask("add-team-member", body)
    assert (joined.json["teamId"], joined.json["userId"], "membershipKey" in joined.json) == (
        team,
        member.user_id,
        False,
    )
    assert (await place.ask("add-team-member", body)).json["id"] == joined.json["id"]
    listed = (await bob.get(f"/organization/list-team-members?teamId={team}")).json
    assert [one["id"] for one in listed] == [joined.json["id"]]
    gone = await place.ask("remove-team-member", body)
    assert gone.json == {"message": "Team member removed successfully."}
    again = await place.ask("remove-team-member", body)
    assert (again.status, again.json["code"]) == (400, "USER_IS_NOT_A_MEMBER_OF_THE_TEAM")
    found = await place.db.find_one(Team, Team.id.eq(team))
    assert found is not None
    assert found.member_count == 0


async def test_nobody_else_joins() -> None:
    place = await founded(TEAMS)
    eve = await place.app.signed_up("eve@example.com")
    team, stranger = await team_of(place), await place.user_id("eve@example.com")
    outside = await place.ask("add-team-member", {"teamId": team, "userId": stranger})
    assert (outside.status, outside.json["code"]) == (400, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION")
    unknown = await place.ask("add-team-member", {"teamId": "unknown", "userId": stranger})
    assert (unknown.status, unknown.json["code"]) == (400, "TEAM_NOT_FOUND")
    mine = {"teamId": team, "userId": stranger, "organizationId": place.id}
    refused = await place.ask("add-team-member", mine, by=eve)
    assert (refused.status, refused.json["code"]) == (400, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION")
    bob, member = await place.joined("bob@example.com")
    denied = await place.ask("add-team-member", {"teamId": team, "userId": member.user_id}, by=bob)
    assert (denied.status, denied.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_CREATE_A_NEW_TEAM_MEMBER")
    removing = await place.ask("remove-team-member", {"teamId": team, "userId": member.user_id}, by=bob)
    assert (removing.status, removing.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_REMOVE_A_TEAM_MEMBER")


async def test_an_invitation_leads_into_its_teams() -> None:
    place = await founded(TEAMS)
    red, blue = await team_of(place), await team_of(place, "Blue")
    bob = await place.app.signed_up("bob@example.com")
    body = {"email": "bob@example.com", "role": "member", "teamId": [red, blue]}
    invited = (await place.ask("invite-member", body)).json
    assert invited["teamId"] == f"{red},{blue}"
    await place.ask("accept-invitation", {"invitationId": invited["id"]}, by=bob)
    assert sorted(one["name"] for one in (await bob.get("/organization/list-user-teams")).json) == ["Blue", "Red"]
    assert (await bob.get("/get-session")).json["session"].get("activeTeamId") is None


@pytest.mark.parametrize(("team", "code"), [("unknown", "TEAM_NOT_FOUND"), ("a,b", "INVALID_TEAM_ID")])
async def test_an_invitation_names_teams_that_there_are(team: str, code: str) -> None:
    place = await founded(TEAMS)
    answer = await place.ask("invite-member", {"email": "x@example.com", "role": "member", "teamId": team})
    assert (answer.status, answer.json["code"]) == (400, code)


async def test_an_invitation_to_a_team_that_is_gone_makes_nobody_a_member() -> None:
    place = await founded(TEAMS)
    team = await team_of(place)
    bob = await place.app.signed_up("bob@example.com")
    body = {"email": "bob@example.com", "role": "member", "teamId": team}
    invited = (await place.ask("invite-member", body)).json
    await place.ask("remove-team", {"teamId": team})
    refused = await place.ask("accept-invitation", {"invitationId": invited["id"]}, by=bob)
    assert (refused.status, refused.json["code"]) == (400, "TEAM_NOT_FOUND")
    assert await place.member_of("bob@example.com") is None


# The session -------------------------------------------------------------------------------------------------------------


async def test_a_session_works_in_a_team_of_its_user() -> None:
    place = await founded(TEAMS)
    bob, member = await place.joined("bob@example.com")
    team = await team_of(place)
    outside = await place.ask("set-active-team", {"teamId": team}, by=bob)
    assert (outside.status, outside.json["code"]) == (403, "USER_IS_NOT_A_MEMBER_OF_THE_TEAM")
    await place.ask("add-team-member", {"teamId": team, "userId": member.user_id})
    assert (await place.ask("set-active-team", {"teamId": team}, by=bob)).json["name"] == "Red"
    assert (await place.ask("set-active-team", {}, by=bob)).json["name"] == "Red"
    assert len((await bob.get("/organization/list-team-members")).json) == 1
    assert (await place.ask("set-active-team", {"teamId": None}, by=bob)).json is None
    nowhere = await bob.get("/organization/list-team-members")
    assert (nowhere.status, nowhere.json["code"]) == (400, "YOU_DO_NOT_HAVE_AN_ACTIVE_TEAM")
    unknown = await place.ask("set-active-team", {"teamId": "unknown"}, by=bob)
    assert (unknown.status, unknown.json["code"]) == (400, "TEAM_NOT_FOUND")


async def test_members_of_a_team_are_listed_by_its_members() -> None:
    place = await founded(TEAMS)
    bob, _ = await place.joined("bob@example.com")
    team = await team_of(place)
    outside = await bob.get(f"/organization/list-team-members?teamId={team}")
    assert (outside.status, outside.json["code"]) == (400, "USER_IS_NOT_A_MEMBER_OF_THE_TEAM")
    unknown = await bob.get("/organization/list-team-members?teamId=unknown")
    assert (unknown.status, unknown.json["code"]) == (400, "TEAM_NOT_FOUND")


async def test_teams_are_listed_by_members() -> None:
    place = await founded(TEAMS)
    eve = await place.app.signed_up("eve@example.com")
    foreign = await eve.get(f"/organization/list-teams?organizationId={place.id}")
    assert (foreign.status, foreign.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_ACCESS_THIS_ORGANIZATION")
    assert (await eve.get("/organization/list-teams")).json["code"] == "NO_ACTIVE_ORGANIZATION"


async def test_without_the_option_there_are_no_teams() -> None:
    place = await founded()
    for path in ("create-team", "remove-team", "update-team", "set-active-team", "add-team-member"):
        assert (await place.ask(path, {"teamId": "t", "name": "x", "userId": "u", "data": {}})).status == 404
