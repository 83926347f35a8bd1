"""The suite for two servers, of the organization plugin: its calls, and what a client holds of it."""

from __future__ import annotations

import secrets

import pytest
from tests.unit.client.plugins.world import World
from tests.unit.client.servers import PASSWORD

from gatewright.contract.results import Done
from gatewright.plugins.organization import faults as org_faults
from gatewright_client import Client

pytestmark = pytest.mark.anyio


async def test_an_organization_is_founded_joined_and_left(world: World, client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    held = client.organization
    assert (await held.list_organizations.refetch()).data == []
    assert (await held.active_organization.refetch()).data is None
    slug = f"tea-{secrets.token_hex(4)}"
    assert (await client.organization.check_slug(slug=slug)).unwrap() == Done()
    made = (await client.organization.create(name="Tea", slug=slug, metadata={"leaf": "green"})).unwrap()
    assert (made.metadata, [each.role for each in made.members]) == ({"leaf": "green"}, ["owner"])
    assert [each.slug for each in held.list_organizations.data or []] == [slug]
    assert held.active_organization.data is not None
    assert held.active_organization.data.id == made.id
    taken = await client.organization.check_slug(slug=slug)
    assert isinstance(taken.error, org_faults.OrganizationSlugAlreadyTaken)
    assert (await client.organization.has_permission(permissions={"member": ["create"]})).unwrap().success
    assert (await held.active_member_role.refetch()).data is not None
    invited = (await client.organization.invite_member(email=f"other-{email}", role="member")).unwrap()
    assert [each.id for each in (await client.organization.list_invitations()).unwrap()] == [invited.id]
    assert world.post.last("invitation")["email"] == f"other-{email}"
    async with await world.signed_up(f"other-{email}") as hers:
        await hers.email_otp.send_verification_otp(email=f"other-{email}", type="email-verification")
        await hers.email_otp.verify_email(email=f"other-{email}", otp=world.post.last("code")["otp"])
        (mine,) = (await hers.organization.list_user_invitations()).unwrap()
        assert (mine.id, mine.organization_name) == (invited.id, "Tea")
        shown = (await hers.organization.get_invitation(id=invited.id)).unwrap()
        assert (shown.email, shown.organization_slug, shown.inviter_email) == (f"other-{email}", slug, email)
        (await hers.organization.accept_invitation(invitation_id=invited.id)).unwrap()
        page = (await client.organization.list_members(limit=10)).unwrap()
        assert page.total == 2
        (member,) = (each for each in page.members if each.role == "member")
        (await client.organization.update_member_role(member_id=member.id, role="admin")).unwrap()
        assert (await hers.organization.get_active_member_role()).unwrap().role == "admin"
        assert (await hers.organization.get_active_member()).unwrap().role == "admin"
        assert (await hers.organization.leave(organization_id=made.id)).ok
    assert (await client.organization.update(data={"name": "Coffee"})).unwrap().name == "Coffee"
    assert held.active_organization.data.name == "Coffee"
    assert (await client.organization.set_active(organization_id=None)).unwrap() is None
    assert held.active_organization.data is None
    assert (await client.organization.delete(organization_id=made.id)).ok
    assert held.list_organizations.data == []
    assert (await client.organization.list()).unwrap() == []


async def test_invitations_are_refused_and_withdrawn_and_members_removed(
    world: World, client: Client, email: str
) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    made = (await client.organization.create(name="Tea", slug=f"tea-{secrets.token_hex(4)}")).unwrap()
    async with await world.signed_up(f"other-{email}") as hers:
        await hers.email_otp.send_verification_otp(email=f"other-{email}", type="email-verification")
        await hers.email_otp.verify_email(email=f"other-{email}", otp=world.post.last("code")["otp"])

        async def invited() -> str:
            return (await client.organization.invite_member(email=f"other-{email}", role="member")).unwrap().id

        rejected = (await hers.organization.reject_invitation(invitation_id=await invited())).unwrap()
        assert rejected.invitation.status == "rejected"
        canceled = (await client.organization.cancel_invitation(invitation_id=await invited())).unwrap()
        assert canceled.status == "canceled"
        (await hers.organization.accept_invitation(invitation_id=await invited())).unwrap()
    removed = (await client.organization.remove_member(member_id_or_email=f"other-{email}")).unwrap()
    assert removed.member.role == "member"
    full = (await client.organization.get_full_organization()).unwrap()
    assert full is not None
    assert [(each.role, each.user and each.user.email) for each in full.members] == [("owner", email)]
    assert [each.status for each in full.invitations] == ["rejected", "canceled", "accepted"]
    assert full.teams is not None
    assert [(each.name, each.member_count) for each in full.teams] == [("Tea", 1)]
    plain = (await client.organization.get_organization(organization_id=made.id)).unwrap()
    assert plain is not None
    assert plain.name == "Tea"


async def test_roles_are_made_while_the_server_runs(client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    (await client.organization.create(name="Tea", slug=f"tea-{secrets.token_hex(4)}")).unwrap()
    made = (await client.organization.create_role(role="taster", permission={"member": ["create"]})).unwrap()
    assert made.role_data.role == "taster"
    assert [each.role for each in (await client.organization.list_roles()).unwrap()] == ["taster"]
    changed = await client.organization.update_role(role_name="taster", data={"permission": {"member": ["delete"]}})
    assert changed.unwrap().success
    assert (await client.organization.get_role(role_name="taster")).unwrap().permission == {"member": ["delete"]}
    assert (await client.organization.delete_role(role_name="taster")).unwrap().success
    missing = await client.organization.get_role(role_name="taster")
    assert isinstance(missing.error, org_faults.RoleNotFound)


async def test_teams_are_made_and_unmade(client: Client, email: str) -> None:
    user = (await client.sign_up.email(name="Ada", email=email, password=PASSWORD)).unwrap().user
    (await client.organization.create(name="Tea", slug=f"tea-{secrets.token_hex(4)}")).unwrap()
    team = (await client.organization.create_team(name="Green")).unwrap()
    assert team.id in {each.id for each in (await client.organization.list_teams()).unwrap()}
    assert (await client.organization.add_team_member(team_id=team.id, user_id=user.id)).unwrap().team_id == team.id
    chosen = (await client.organization.set_active_team(team_id=team.id)).unwrap()
    assert chosen is not None
    assert chosen.id == team.id
    assert team.id in {each.id for each in (await client.organization.list_user_teams()).unwrap()}
    members = (await client.organization.list_team_members(team_id=team.id)).unwrap()
    assert [each.user_id for each in members] == [user.id]
    renamed = (await client.organization.update_team(team_id=team.id, data={"name": "Black"})).unwrap()
    assert renamed.name == "Black"
    assert (await client.organization.set_active_team(team_id=None)).unwrap() is None
    assert (await client.organization.remove_team_member(team_id=team.id, user_id=user.id)).ok
    assert (await client.organization.remove_team(team_id=team.id)).ok


async def test_what_is_held_is_dropped_with_the_session(client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    (await client.organization.create(name="Tea", slug=f"tea-{secrets.token_hex(4)}")).unwrap()
    held = client.organization
    assert len((await held.list_organizations.refetch()).data or []) == 1
    assert (await held.active_member.refetch()).data is not None
    await client.sign_out()
    assert (held.list_organizations.data, held.active_member.data) == (None, None)
    await client.sign_up.email(name="Grace", email=f"other-{email}", password=PASSWORD)
    assert held.list_organizations.data == []
    assert (await client.organization.list()).unwrap() == []
