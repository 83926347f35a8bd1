"""What becomes of organizations when a user is deleted."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.unit.plugins.organization.place import Place, founded

from gatewright.model.user import User
from gatewright.plugins.admin import Admin, AdminOptions
from gatewright.plugins.api_key import ApiKey
from gatewright.plugins.organization import NamedOrganization
from gatewright.plugins.organization.model import Invitation, Member, OrgRow, Team, TeamMember

pytestmark = pytest.mark.anyio

DELETES: Mapping[str, Any] = {"user": {"delete_user": {"enabled": True}}}
BODY = {"password": "password-1234"}


async def left(place: Place) -> tuple[int, int]:
    """How many organizations and members there are."""
    return await place.db.count(OrgRow), await place.db.count(Member)


async def test_an_organization_that_was_the_users_alone_goes_with_the_user() -> None:
    told: list[object] = []

    async def before(facts: Mapping[str, Any]) -> None:
        told.append(("before", facts["organization"]["slug"], facts["user"]["email"]))

    async def after(facts: Mapping[str, Any]) -> None:
        told.append(("after", facts["organization"]["slug"], facts["user"]["email"]))

    hooks = {"before_delete_organization": before, "after_delete_organization": after}
    options = {"organization_hooks": hooks, "teams": {"enabled": True}}
    place = await founded(options, settings=DELETES, plugins=[ApiKey()])
    await place.ask("invite-member", {"email": "x@example.com", "role": "member"})
    assert (await place.owner.post("/delete-user", BODY)).status == 200
    assert await left(place) == (0, 0)
    assert (await place.db.count(Invitation), await place.db.count(Team), await place.db.count(TeamMember)) == (0, 0, 0)
    assert await place.db.count(User) == 0
    assert told == [("before", "acme", "owner@example.com"), ("after", "acme", "owner@example.com")]


async def test_the_last_owner_of_others_is_not_deleted() -> None:
    place = await founded(settings=DELETES)
    bob, member = await place.joined("bob@example.com")
    refused = await place.owner.post("/delete-user", BODY)
    assert (refused.status, refused.json["code"]) == (400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER")
    assert await left(place) == (1, 2)
    assert (await place.owner.get("/get-session")).json["user"]["email"] == "owner@example.com"
    await place.ask("update-member-role", {"memberId": member.id, "role": "owner"})
    assert (await place.owner.post("/delete-user", BODY)).status == 200
    assert await left(place) == (1, 1)
    assert (await bob.get("/organization/get-active-member-role")).json == {"role": "owner"}


async def test_a_member_who_is_deleted_leaves_and_is_counted_no_longer() -> None:
    place = await founded({"teams": {"enabled": True}}, settings=DELETES)
    bob, member = await place.joined("bob@example.com")
    team = (await place.ask("create-team", {"name": "Red"})).json
    await place.ask("add-team-member", {"teamId": team["id"], "userId": member.user_id})
    assert (await bob.post("/delete-user", BODY)).status == 200
    assert await left(place) == (1, 1)
    found = await place.db.find_one(Team, Team.id.eq(team["id"]))
    assert found is not None
    assert found.member_count == 0


async def test_where_organizations_are_not_dissolved_their_only_member_stays() -> None:
    place = await founded({"disable_organization_deletion": True}, settings=DELETES)
    assert (await place.owner.post("/delete-user", BODY)).status == 400
    assert await left(place) == (1, 1)


async def test_a_hook_that_keeps_an_organization_keeps_its_owner() -> None:
    async def before(facts: Mapping[str, Any]) -> None:
        raise RuntimeError(f"{facts['organization']['slug']} has debts")

    place = await founded({"organization_hooks": {"before_delete_organization": before}}, settings=DELETES)
    assert (await place.owner.post("/delete-user", BODY)).status == 500
    assert await left(place) == (1, 1)
    assert await place.db.count(User) == 1


async def test_an_administrator_does_not_leave_others_without_an_owner_either() -> None:
    place = await founded(plugins=[Admin(AdminOptions(default_role="user"))])
    await place.joined("bob@example.com")
    admin = await place.app.signed_up("admin@example.com")
    await place.app.auth.services.users.update(place.db, await place.user_id("admin@example.com"), {"role": "admin"})
    owner = await place.user_id("owner@example.com")
    refused = await admin.post("/admin/remove-user", {"userId": owner})
    assert (refused.status, refused.json["code"]) == (400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER")
    bob = await place.user_id("bob@example.com")
    assert (await admin.post("/admin/remove-user", {"userId": bob})).json == {"success": True}
    assert (await admin.post("/admin/remove-user", {"userId": owner})).json == {"success": True}
    assert await left(place) == (0, 0)


async def test_every_instance_is_left() -> None:
    households = NamedOrganization("household")
    place = await founded(settings=DELETES, plugins=[households])
    await place.owner.post("/household/create", {"name": "Home", "slug": "home"})
    assert (await place.owner.post("/delete-user", BODY)).status == 200
    assert await left(place) == (0, 0)
    assert await households.seen(place.db).count(OrgRow) == 0
