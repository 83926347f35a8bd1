"""Reading members, invitations and organizations with cursors."""

from typing import Any

import pytest
from tests.unit.plugins.organization.place import Place, founded

from gatewright.testing.browser import Browser

pytestmark = pytest.mark.anyio


async def walked(browser: Browser, path: str, name: str) -> list[Any]:
    """Everything, three at a time."""
    found: list[Any] = []
    cursor = ""
    while True:
        page = (await browser.get(f"/organization/{path}?limit=3&cursor={cursor}")).json
        assert len(page[name]) <= 3
        found += page[name]
        if page["nextCursor"] is None:
            return found
        cursor = page["nextCursor"]


async def peopled(count: int) -> Place:
    place = await founded()
    for number in range(count):
        await place.joined(f"user{number}@example.com")
        # Some joined in the same moment.
        place.app.clock.advance(seconds=number % 2)
    return place


@pytest.mark.parametrize("count", [0, 2, 3, 7])
async def test_every_member_is_read_once(count: int) -> None:
    place = await peopled(count)
    rows = await walked(place.owner, "page-members", "members")
    emails = [row["user"]["email"] for row in rows]
    assert len(emails) == len(set(emails)) == count + 1
    whole = (await place.owner.get("/organization/list-members")).json["members"]
    assert sorted(emails) == sorted(row["user"]["email"] for row in whole)
    assert [row["createdAt"] for row in rows] == [row["createdAt"] for row in whole]


async def test_every_invitation_and_every_organization_is_read_once() -> None:
    place = await founded()
    for number in range(7):
        await place.ask("invite-member", {"email": f"bob{number}@example.com", "role": "member"})
        await place.ask("create", {"name": "X", "slug": f"x{number}", "keepCurrentActiveOrganization": True})
    invitations = await walked(place.owner, "page-invitations", "invitations")
    assert sorted(row["email"] for row in invitations) == [f"bob{number}@example.com" for number in range(7)]
    organizations = await walked(place.owner, "page-organizations", "organizations")
    assert sorted(row["slug"] for row in organizations) == ["acme", *(f"x{number}" for number in range(7))]


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJ4IiwieSJd", "WzEsMl0", "%00", "bnVsbA"])
async def test_a_foreign_cursor_is_bad_input(cursor: str) -> None:
    place = await founded()
    answer = await place.owner.get(f"/organization/page-members?cursor={cursor}")
    assert (answer.status, answer.json["code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("path", ["page-members", "page-invitations"])
async def test_an_outsider_reads_no_page(path: str) -> None:
    place = await founded()
    eve = await place.app.signed_up("eve@example.com")
    assert (await eve.get(f"/organization/{path}?organizationId={place.id}")).status == 403
    assert (await eve.get(f"/organization/{path}?organizationSlug=acme")).status == 403
    assert (await eve.get(f"/organization/{path}")).json["code"] == "NO_ACTIVE_ORGANIZATION"
    assert (await place.app.browser().get(f"/organization/{path}")).status == 401
