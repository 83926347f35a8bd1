"""How many there may be of what: each limit as a number and as a function, up to it and not beyond."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.unit.plugins.organization.place import Place, founded

from gatewright.access.defaults import ORGANIZATION_ACCESS
from gatewright.model.user import User
from gatewright.plugins.organization.model import OrgRow

pytestmark = pytest.mark.anyio


async def test_organizations_of_a_user_are_counted() -> None:
    place = await founded({"organization_limit": 2})
    assert (await place.ask("create", {"name": "B", "slug": "b"})).status == 200
    refused = await place.ask("create", {"name": "C", "slug": "c"})
    assert (refused.status, refused.json["code"]) == (403, "YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS")
    bob = await place.app.signed_up("bob@example.com")
    assert (await place.ask("create", {"name": "C", "slug": "c"}, by=bob)).status == 200


async def test_or_a_function_says_that_there_are_enough() -> None:
    async def enough(user: User) -> bool:
        return user.email == "bob@example.com"

    place = await founded({"organization_limit": enough})
    bob = await place.app.signed_up("bob@example.com")
    refused = await place.ask("create", {"name": "B", "slug": "b"}, by=bob)
    assert (refused.status, refused.json["code"]) == (403, "YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS")
    assert (await place.ask("create", {"name": "B", "slug": "b"})).status == 200


async def _three(user: User, organization: OrgRow) -> int:
    assert (organization.slug, "@" in user.email) == ("acme", True)
    return 3


@pytest.mark.parametrize("limit", [3, _three])
async def test_members_are_counted_whatever_the_way_in(limit: object) -> None:
    place = await founded({"membership_limit": limit})
    for email in ("a@example.com", "b@example.com", "c@example.com"):
        await place.app.signed_up(email)
    code = "ORGANIZATION_MEMBERSHIP_LIMIT_REACHED"

    async def added(email: str) -> Any:
        return await place.ask("add-member", {"userId": await place.user_id(email), "role": "member"})

    assert (await added("a@example.com")).status == 200
    invited = (await place.ask("invite-member", {"email": "d@example.com", "role": "member"})).json["id"]
    late = await place.app.signed_up("d@example.com")
    assert (await added("b@example.com")).status == 200
    refused = await added("c@example.com")
    assert (refused.status, refused.json["code"]) == (403, code)
    by_mail = await place.ask("accept-invitation", {"invitationId": invited}, by=late)
    assert (by_mail.status, by_mail.json["code"]) == (403, code)
    await place.ask("remove-member", {"memberIdOrEmail": "a@example.com"})
    assert (await place.ask("accept-invitation", {"invitationId": invited}, by=late)).status == 200


async def _two(facts: Mapping[str, Any], context: object) -> int:
    assert set(facts) == {"user", "organization", "member"}
    assert context is None
    return 2


@pytest.mark.parametrize("limit", [2, _two])
async def test_open_invitations_are_counted(limit: object) -> None:
    place = await founded({"invitation_limit": limit, "cancel_pending_invitations_on_re_invite": True})

    async def invited(email: str, **more: object) -> Any:
        return await place.ask("invite-member", {"email": email, "role": "member", **more})

    first = (await invited("a@example.com")).json["id"]
    assert (await invited("b@example.com")).status == 200
    refused = await invited("c@example.com")
    assert (refused.status, refused.json["code"]) == (403, "INVITATION_LIMIT_REACHED")
    assert (await invited("b@example.com")).status == 200
    assert (await invited("b@example.com", resend=True)).status == 200
    await place.ask("cancel-invitation", {"invitationId": first})
    assert (await invited("c@example.com")).status == 200
    place.app.clock.advance(seconds=172_800)
    assert (await invited("d@example.com")).status == 200


async def _teams(facts: Mapping[str, Any], call: object) -> int:
    assert set(facts) == {"organizationId", "session"}
    assert facts["session"].user.email == "owner@example.com"
    assert call is not None
    return 2


@pytest.mark.parametrize("limit", [2, _teams])
async def test_teams_are_counted_the_first_one_too(limit: object) -> None:
    place = await founded({"teams": {"enabled": True, "maximum_teams": limit}})
    made = await place.ask("create-team", {"name": "Red"})
    refused = await place.ask("create-team", {"name": "Blue"})
    assert (refused.status, refused.json["code"]) == (400, "YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_TEAMS")
    await place.ask("remove-team", {"teamId": made.json["id"]})
    assert (await place.ask("create-team", {"name": "Blue"})).status == 200


async def _one(facts: Mapping[str, Any]) -> int:
    assert set(facts) == {"teamId", "session", "organizationId"}
    return 1


async def team_of_one(limit: object) -> tuple[Place, str]:
    place = await founded({"teams": {"enabled": True, "maximum_members_per_team": limit}})
    team = (await place.ask("create-team", {"name": "Red"})).json["id"]
    _, first = await place.joined("first@example.com")
    assert (await place.ask("add-team-member", {"teamId": team, "userId": first.user_id})).status == 200
    return place, team


@pytest.mark.parametrize("limit", [1, _one])
async def test_members_of_a_team_are_counted(limit: object) -> None:
    place, team = await team_of_one(limit)
    _, second = await place.joined("second@example.com")
    refused = await place.ask("add-team-member", {"teamId": team, "userId": second.user_id})
    assert (refused.status, refused.json["code"]) == (403, "TEAM_MEMBER_LIMIT_REACHED")
    inviting = await place.ask("invite-member", {"email": "x@example.com", "role": "member", "teamId": team})
    assert (inviting.status, inviting.json["code"]) == (403, "TEAM_MEMBER_LIMIT_REACHED")
    await place.app.signed_up("third@example.com")
    adding = {"userId": await place.user_id("third@example.com"), "role": "member", "teamId": team}
    full = await place.ask("add-member", adding)
    assert (full.status, full.json["code"]) == (403, "TEAM_MEMBER_LIMIT_REACHED")
    assert await place.member_of("third@example.com") is None
    await place.ask("remove-member", {"memberIdOrEmail": "first@example.com"})
    assert (await place.ask("add-team-member", {"teamId": team, "userId": second.user_id})).status == 200


async def _roles(organization_id: str) -> int:
    assert organization_id
    return 1


@pytest.mark.parametrize("limit", [1, _roles])
async def test_roles_of_an_organization_are_counted(limit: object) -> None:
    dynamic = {"enabled": True, "maximum_roles_per_organization": limit}
    place = await founded({"dynamic_access_control": dynamic, "ac": ORGANIZATION_ACCESS})

    async def made(name: str) -> Any:
        return await place.ask("create-role", {"role": name, "permission": {"ac": ["read"]}})

    assert (await made("one")).status == 200
    refused = await made("two")
    assert (refused.status, refused.json["code"]) == (400, "TOO_MANY_ROLES")
    await place.ask("delete-role", {"roleName": "one"})
    assert (await made("two")).status == 200
