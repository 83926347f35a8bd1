"""Attacks on organizations. Named after the cases."""

from typing import Any

import pytest

from gatewright.model.user import User
from gatewright.plugins.organization import Organization, OrganizationOptions
from gatewright.plugins.organization.model import Invitation, Member, OrgSession
from gatewright.testing.app import Browser, TestApp, make_app

pytestmark = pytest.mark.anyio


async def founded(options: dict[str, Any] | None = None) -> tuple[TestApp, Browser, str]:
    app = make_app(plugins=[Organization(OrganizationOptions.model_validate(options or {}))])
    owner = await app.signed_up("owner@example.com")
    made = await owner.post("/organization/create", {"name": "Acme", "slug": "acme"})
    return app, owner, made.json["id"]


async def joined(app: TestApp, owner: Browser, email: str, role: str) -> Browser:
    browser = await app.signed_up(email)
    invited = await owner.post("/organization/invite-member", {"email": email, "role": role})
    await browser.post("/organization/accept-invitation", {"invitationId": invited.json["id"]})
    return browser


async def member_id(app: TestApp, email: str) -> str:
    db = app.auth.services.database
    user = await db.find_one(User, User.email.eq(email))
    assert user is not None
    member = await db.find_one(Member, Member.user_id.eq(user.id))
    assert member is not None
    return member.id


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/organization/update", {"data": {"name": "Mine"}}),
        ("/organization/delete", {}),
        ("/organization/set-active", {}),
        ("/organization/invite-member", {"email": "x@example.com", "role": "member"}),
        ("/organization/remove-member", {"memberIdOrEmail": "owner@example.com"}),
        ("/organization/leave", {}),
        ("/organization/has-permission", {"permissions": {"member": ["create"]}}),
    ],
)
async def test_org_01_an_outsider_changes_nothing(path: str, body: dict[str, Any]) -> None:
    app, owner, organization_id = await founded()
    eve = await app.signed_up("eve@example.com")
    answer = await eve.post(path, {**body, "organizationId": organization_id})
    assert 400 <= answer.status < 404
    assert (await owner.get("/organization/get-organization")).json["name"] == "Acme"


@pytest.mark.parametrize("path", ["get-full-organization", "get-organization", "list-members", "list-invitations"])
async def test_org_01_an_outsider_reads_nothing(path: str) -> None:
    app, _, organization_id = await founded()
    eve = await app.signed_up("eve@example.com")
    assert (await eve.get(f"/organization/{path}?organizationId={organization_id}")).status == 403


@pytest.mark.parametrize("role", ["owner", ["member", "owner"], "member,owner", " owner ", "OWNER"])
async def test_org_02_04_only_owners_make_owners(role: object) -> None:
    app, owner, _ = await founded()
    admin = await joined(app, owner, "admin@example.com", "admin")
    invited = await admin.post("/organization/invite-member", {"email": "x@example.com", "role": role})
    assert invited.status in (400, 403)
    body = {"memberId": await member_id(app, "admin@example.com"), "role": role}
    assert (await admin.post("/organization/update-member-role", body)).status in (400, 403)


async def test_org_03_an_admin_does_not_touch_an_owner() -> None:
    app, owner, _ = await founded()
    admin = await joined(app, owner, "admin@example.com", "admin")
    await joined(app, owner, "second@example.com", "owner")
    second = await member_id(app, "second@example.com")
    assert (await admin.post("/organization/update-member-role", {"memberId": second, "role": "member"})).status == 403
    assert (await admin.post("/organization/remove-member", {"memberIdOrEmail": second})).status == 401


async def test_org_07_an_invitation_is_for_its_recipient() -> None:
    app, owner, _ = await founded()
    invited = await owner.post("/organization/invite-member", {"email": "Bob@example.com", "role": "member"})
    eve = await app.signed_up("eve@example.com")
    for path in ("accept-invitation", "reject-invitation"):
        assert (await eve.post(f"/organization/{path}", {"invitationId": invited.json["id"]})).status == 403
    bob = await app.signed_up("bob@example.com")
    assert (await bob.post("/organization/accept-invitation", {"invitationId": invited.json["id"]})).status == 200
    assert (await bob.post("/organization/accept-invitation", {"invitationId": invited.json["id"]})).status == 400


async def test_org_08_an_invitation_expires() -> None:
    app, owner, _ = await founded({"invitation_expires_in": 60})
    bob = await app.signed_up("bob@example.com")
    invited = await owner.post("/organization/invite-member", {"email": "bob@example.com", "role": "member"})
    app.clock.advance(seconds=60)
    answer = await bob.post("/organization/accept-invitation", {"invitationId": invited.json["id"]})
    assert (answer.status, answer.json["code"]) == (400, "INVITATION_NOT_FOUND")


async def test_org_09_nobody_becomes_an_owner_by_the_word_of_a_former_owner() -> None:
    app, owner, _ = await founded()
    second = await joined(app, owner, "second@example.com", "owner")
    bob = await app.signed_up("bob@example.com")
    invited = await second.post("/organization/invite-member", {"email": "bob@example.com", "role": "owner"})
    await owner.post("/organization/remove-member", {"memberIdOrEmail": "second@example.com"})
    answer = await bob.post("/organization/accept-invitation", {"invitationId": invited.json["id"]})
    assert answer.status == 403


async def test_org_11_15_who_is_removed_works_there_no_longer() -> None:
    app, owner, organization_id = await founded()
    bob = await joined(app, owner, "bob@example.com", "member")
    await owner.post("/organization/remove-member", {"memberIdOrEmail": "bob@example.com"})
    assert (
        await app.auth.services.database.count(OrgSession, OrgSession.active_organization_id.eq(organization_id)) == 1
    )
    answer = await bob.post("/organization/has-permission", {"permissions": {"ac": ["read"]}})
    assert (answer.status, answer.json["code"]) == (400, "NO_ACTIVE_ORGANIZATION")


async def test_org_16_nothing_of_a_dissolved_organization_stays() -> None:
    app, owner, organization_id = await founded(
        {"teams": {"enabled": True}, "dynamic_access_control": {"enabled": True}}
    )
    await owner.post("/organization/invite-member", {"email": "bob@example.com", "role": "member"})
    assert (await owner.post("/organization/delete", {"organizationId": organization_id})).status == 200
    db = app.auth.services.database
    assert (await db.count(Member), await db.count(Invitation)) == (0, 0)


async def test_the_seed_spellings_are_answered() -> None:
    _, owner, _ = await founded()
    assert (await owner.get("/organization/get-full")).json["slug"] == "acme"
    assert (await owner.get("/organization/check-slug?slug=free")).json == {"status": True}
