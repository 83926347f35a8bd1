"""What stays of members who leave, are removed or deleted. Named after the cases."""

import pytest
from tests.security.test_org import founded, joined

from gatewright.model.user import User
from gatewright.plugins.organization import Organization
from gatewright.plugins.organization.model import Member, OrgRow, OrgSession, Team, TeamMember
from gatewright.testing.app import make_app

pytestmark = pytest.mark.anyio


async def test_org_11_who_is_removed_works_there_no_longer() -> None:
    app, owner, organization_id = await founded()
    bob = await joined(app, owner, "bob@example.com", "member")
    await owner.post("/organization/remove-member", {"memberIdOrEmail": "bob@example.com"})
    permissions = {"permissions": {"ac": ["read"]}}
    answer = await bob.post("/organization/has-permission", permissions)
    assert (answer.status, answer.json["code"]) == (400, "NO_ACTIVE_ORGANIZATION")
    named = await bob.post("/organization/has-permission", {**permissions, "organizationId": organization_id})
    assert (named.status, named.json["code"]) == (401, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION")


@pytest.mark.parametrize("way", ["leave", "remove"])
async def test_org_15_sessions_and_teams_are_left_with_the_organization(way: str) -> None:
    app, owner, organization_id = await founded({"teams": {"enabled": True}})
    bob = await joined(app, owner, "bob@example.com", "member")
    db = app.auth.services.database
    (team,) = await db.find_many(Team)
    user = await db.find_one(User, User.email.eq("bob@example.com"))
    assert user is not None
    await owner.post("/organization/add-team-member", {"teamId": team.id, "userId": user.id})
    await bob.post("/organization/set-active-team", {"teamId": team.id})
    if way == "leave":
        await bob.post("/organization/leave", {"organizationId": organization_id})
    else:
        await owner.post("/organization/remove-member", {"memberIdOrEmail": "bob@example.com"})
    session = (await bob.get("/get-session")).json["session"]
    assert (session["activeOrganizationId"], session["activeTeamId"]) == (None, None)
    assert await db.count(OrgSession, OrgSession.active_organization_id.eq(organization_id)) == 1
    assert await db.count(TeamMember, TeamMember.user_id.eq(user.id)) == 0


async def test_org_owner_no_deleted_user_leaves_an_organization_without_an_owner() -> None:
    app = make_app({"user": {"delete_user": {"enabled": True}}}, plugins=[Organization()])
    owner = await app.signed_up("owner@example.com")
    await owner.post("/organization/create", {"name": "Acme", "slug": "acme"})
    db, bob = app.auth.services.database, await app.signed_up("bob@example.com")
    invited = await owner.post("/organization/invite-member", {"email": "bob@example.com", "role": "member"})
    await bob.post("/organization/accept-invitation", {"invitationId": invited.json["id"]})
    refused = await owner.post("/delete-user", {"password": "password-1234"})
    assert (refused.status, refused.json["code"]) == (400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER")
    assert await db.count(Member, Member.role.eq("owner")) == 1
    for one in (bob, owner):
        assert (await one.post("/delete-user", {"password": "password-1234"})).status == 200
    assert (await db.count(Member), await db.count(OrgRow)) == (0, 0)
