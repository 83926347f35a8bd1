"""The calls of a further instance of the organization plugin, and what a client holds of it."""

from __future__ import annotations

import pytest
from tests.unit.client.servers import PASSWORD, async_client

from gatewright.access.defaults import ORGANIZATION_ACCESS
from gatewright.plugins.organization import NamedOrganization, Organization
from gatewright.testing.app import TestApp, make_app
from gatewright_client import Client
from gatewright_client.plugins import NamedOrganizationClient, OrganizationClient

pytestmark = pytest.mark.anyio


@pytest.fixture
def app() -> TestApp:
    return make_app(plugins=[Organization(), NamedOrganization("household")])


async def signed_up(app: TestApp, plugins: list[NamedOrganizationClient | OrganizationClient]) -> Client:
    client = async_client(app, plugins=plugins)
    (await client.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD)).unwrap()
    return client


async def test_the_calls_of_an_instance_are_those_of_the_first_elsewhere(app: TestApp) -> None:
    households = NamedOrganizationClient("household")
    async with await signed_up(app, [OrganizationClient(), households]) as client:
        homes = client.of(households.here)
        assert (await homes.list_organizations.refetch()).data == []
        assert (await client.organization.list_organizations.refetch()).data == []
        made = (await homes.create(name="Home", slug="home")).unwrap()
        held = homes.list_organizations.data
        assert held is not None
        assert [each.slug for each in held] == ["home"]
        assert client.organization.list_organizations.data == []
        assert homes.list_organizations is client.of(households.here).list_organizations
        (await client.organization.create(name="Acme", slug="acme")).unwrap()
        assert [each.slug for each in (await homes.list()).unwrap()] == ["home"]
        assert (await homes.has_permission(permissions={"member": ["create"]})).unwrap().success
        assert (await homes.delete(organization_id=made.id)).ok
        assert homes.list_organizations.data == []
        assert [each.slug for each in (await client.organization.list()).unwrap()] == ["acme"]


async def test_each_instance_is_asked_for_its_own_roles(app: TestApp) -> None:
    guest = {"guest": ORGANIZATION_ACCESS.new_role({"invitation": ["create"]})}
    households = NamedOrganizationClient("household", guest)
    async with await signed_up(app, [households, OrganizationClient()]) as client:
        asked = {"invitation": ["create"]}
        assert client.of(households.here).check_role_permission(role="guest", permissions=asked)
        assert not client.of(households.here).check_role_permission(role="admin", permissions=asked)
        assert client.organization.check_role_permission(role="admin", permissions=asked)
        assert not client.organization.check_role_permission(role="guest", permissions=asked)
