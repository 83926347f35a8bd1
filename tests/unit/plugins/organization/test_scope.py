"""Requests that say which organization they are about."""

from typing import Any

import pytest
from tests.unit.plugins.organization.place import Place, founded

from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import handles
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.organization.guards import Membership, member
from gatewright.testing.browser import Browser
from gatewright.wire.calls import Api
from gatewright.wire.operation import Operation, get
from gatewright.wire.result import Result

pytestmark = pytest.mark.anyio


class Shown(Result):
    """Where somebody works."""

    organization: str
    role: str


@get("/desk")
class ShowDesk(Operation[Shown]):
    """An application's own operation."""

    organization_id: str | None = None


@handles(ShowDesk, member)
async def show_desk(call: Call[ShowDesk], mine: Membership) -> Shown:
    return Shown(organization=mine.member.organization_id, role=mine.member.role)


class Desk(Plugin[Api]):
    """An application's own plugin."""

    id = "desk"
    api_type = Api

    def parts(self) -> Parts:
        return Parts(endpoints=(show_desk,))


async def two(options: dict[str, Any] | None = None) -> tuple[Place, str]:
    """Two organizations; the session works in the second."""
    place = await founded({"request_scope": True} if options is None else options, plugins=[Desk()])
    second = (await place.ask("create", {"name": "Beta", "slug": "beta"})).json["id"]
    return place, second


def header(organization_id: str) -> dict[str, str]:
    return {"x-organization-id": organization_id}


async def slug(browser: Browser, path: str, headers: dict[str, str] | None = None) -> Any:
    return (await browser.get(path, headers=headers)).json["slug"]


async def test_the_session_is_only_the_default() -> None:
    place, second = await two()
    path = "/organization/get-organization"
    assert await slug(place.owner, path) == "beta"
    assert await slug(place.owner, path, header(place.id)) == "acme"
    assert await slug(place.owner, f"{path}?organizationId={place.id}") == "acme"
    assert await slug(place.owner, f"/organization/{place.id}/get-organization") == "acme"
    assert await slug(place.owner, f"/organization/{place.id}/get-organization", header(second)) == "acme"


async def test_two_requests_may_not_be_about_two_organizations() -> None:
    place, second = await two()
    for path, headers in (
        (f"/organization/get-organization?organizationId={second}", header(place.id)),
        (f"/organization/{place.id}/get-organization?organizationId={second}", {}),
        (f"/organization/{place.id}/list-members?organizationSlug=beta", {}),
    ):
        answer = await place.owner.get(path, headers=headers)
        assert (answer.status, answer.json["code"]) == (400, "ORGANIZATION_MISMATCH")
    deleted = await place.owner.post(f"/organization/{place.id}/delete", {"organizationId": second})
    assert (deleted.status, deleted.json["code"]) == (400, "ORGANIZATION_MISMATCH")
    invited = (await place.ask("invite-member", {"email": "x@example.com", "role": "member"})).json["id"]
    cancelled = await place.owner.post(f"/organization/{place.id}/cancel-invitation", {"invitationId": invited})
    assert (cancelled.status, cancelled.json["code"]) == (400, "ORGANIZATION_MISMATCH")


async def test_membership_is_asked_for_as_always() -> None:
    place, _ = await two()
    eve = await place.app.signed_up("eve@example.com")
    for path in ("get-organization", "list-members", "list-invitations", "page-members"):
        assert (await eve.get(f"/organization/{place.id}/{path}")).status == 403
    answer = await eve.post(f"/organization/{place.id}/has-permission", {"permissions": {"ac": ["read"]}})
    assert answer.status == 401


async def test_writes_are_about_the_organization_of_the_path() -> None:
    place, _ = await two()
    body = {"email": "x@example.com", "role": "member"}
    invited = await place.owner.post(f"/organization/{place.id}/invite-member", body)
    assert invited.json["organizationId"] == place.id
    assert (await place.owner.post(f"/organization/{place.id}/set-active", {})).json["slug"] == "acme"


async def test_nothing_of_it_holds_unless_the_option_says_so() -> None:
    place, _ = await two({})
    path = "/organization/get-organization"
    assert await slug(place.owner, path, header(place.id)) == "beta"
    assert (await place.owner.get(f"/organization/{place.id}/get-organization")).status == 404


async def test_an_applications_own_operation_knows_the_member() -> None:
    place, second = await two()
    bob, _ = await place.joined("bob@example.com", "admin")
    assert (await place.owner.get("/desk")).json == {"organization": second, "role": "owner"}
    assert (await bob.get("/desk", headers=header(place.id))).json == {"organization": place.id, "role": "admin"}
    assert (await bob.get(f"/desk?organizationId={second}")).status == 403
    eve = await place.app.signed_up("eve@example.com")
    assert (await eve.get("/desk")).json["code"] == "NO_ACTIVE_ORGANIZATION"
    assert (await place.app.browser().get("/desk")).status == 401


@pytest.mark.parametrize("organization", ["%ff", "%0a", "%00", ".."])
async def test_an_odd_path_is_no_organization(organization: str) -> None:
    place, _ = await two()
    assert 400 <= (await place.owner.get(f"/organization/{organization}/list-members")).status < 500
