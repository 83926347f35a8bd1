"""What an organization offers beyond the contract, with a client: pages with a cursor, handing over."""

from __future__ import annotations

import pytest
from tests.unit.client.servers import PASSWORD, async_client

from gatewright.plugins.organization.plugin import Organization
from gatewright.testing.app import TestApp, make_app
from gatewright_client import Client
from gatewright_client.plugins import OrganizationClient

pytestmark = pytest.mark.anyio


async def founded(app: TestApp) -> Client:
    client = async_client(app, plugins=[OrganizationClient()])
    await client.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD)
    for slug in ("green", "black", "white"):
        (await client.organization.create(name=slug.title(), slug=slug)).unwrap()
    return client


async def test_organizations_are_read_page_by_page() -> None:
    client = await founded(make_app(plugins=[Organization()]))
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = (await client.organization.page_organizations(limit=2, cursor=cursor)).unwrap()
        found += [each.slug for each in page.organizations]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == ["green", "black", "white"]


async def test_members_come_with_their_users_and_one_of_them_takes_over() -> None:
    app = make_app(plugins=[Organization()])
    client = await founded(app)
    hers = async_client(app, plugins=[OrganizationClient()])
    grace = (await hers.sign_up.email(name="Grace", email="grace@example.com", password=PASSWORD)).unwrap().user
    invited = (await client.organization.invite_member(email="grace@example.com", role="member")).unwrap()
    page = (await client.organization.page_invitations()).unwrap()
    assert ([each.id for each in page.invitations], page.next_cursor) == ([invited.id], None)
    app.clock.advance(seconds=1)
    (await hers.organization.accept_invitation(invitation_id=invited.id)).unwrap()
    members = (await client.organization.page_members(limit=10)).unwrap().members
    assert [each.user and each.user.name for each in members] == ["Ada", "Grace"]
    (member,) = (each for each in members if each.user_id == grace.id)
    (await client.organization.transfer_ownership(member_id=member.id)).unwrap()
    roles = {each.user_id: each.role for each in (await client.organization.page_members()).unwrap().members}
    assert roles[grace.id] == "owner"
    assert sorted(roles.values()) == ["admin", "owner"]
