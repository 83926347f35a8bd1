"""How many members there are: counted for a page, or kept."""

from typing import Any

import pytest
from tests.unit.plugins.organization.place import Place, founded

from gatewright.plugins.organization.model import CountedOrg, Member
from gatewright.ports.adapter import Features
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

KEPT: dict[str, Any] = {"keep_member_count": True, "teams": {"enabled": True}}


async def kept(place: Place) -> int | None:
    found = await place.db.find_one(CountedOrg, CountedOrg.id.eq(place.id))
    assert found is not None
    return found.member_count


async def total(place: Place, query: str = "limit=1") -> int:
    return (await place.owner.get(f"/organization/list-members?{query}")).json["total"]


@pytest.mark.parametrize("options", [{}, KEPT])
@pytest.mark.parametrize(
    ("query", "members"),
    [("limit=2", 2), ("limit=10", 3), ("limit=2&offset=2", 1), ("limit=2&offset=9", 0), ("offset=3", 0)],
)
async def test_the_total_is_exact_on_every_page(options: dict[str, Any], query: str, members: int) -> None:
    place = await founded(options)
    for email in ("a@example.com", "b@example.com"):
        await place.joined(email)
    page = (await place.owner.get(f"/organization/list-members?{query}")).json
    assert (len(page["members"]), page["total"]) == (members, 3)


@pytest.mark.parametrize("options", [{}, KEPT])
async def test_a_filtered_total_is_that_of_the_filter(options: dict[str, Any]) -> None:
    place = await founded(options)
    for number in range(3):
        await place.joined(f"a{number}@example.com")
    assert await total(place, "limit=1&filterField=role&filterValue=member") == 3
    assert await total(place, "filterField=role&filterValue=owner") == 1


async def added(place: Place, email: str) -> None:
    await place.app.signed_up(email)
    answer = await place.ask("add-member", {"userId": await place.user_id(email), "role": "member"})
    assert answer.status == 200


@pytest.mark.parametrize(("options", "seen"), [({}, 3), (KEPT, 4)])
async def test_the_total_of_very_many_may_be_a_minute_old_unless_it_is_kept(options: dict[str, Any], seen: int) -> None:
    place = await founded(options)
    place.app.auth.services.totals.many = 3
    for email in ("a@example.com", "b@example.com"):
        await added(place, email)
    assert await total(place) == 3
    await added(place, "c@example.com")
    assert await total(place) == seen
    place.app.clock.advance(minutes=1)
    assert await total(place) == 4


async def test_the_count_is_kept_with_everyone_who_comes_and_goes() -> None:
    place = await founded(KEPT, settings={"user": {"delete_user": {"enabled": True}}})
    await place.joined("a@example.com")
    assert (await kept(place), await total(place), await kept(place)) == (None, 2, 2)
    bob = await place.app.signed_up("bob@example.com")
    once = await place.ask("add-member", {"userId": await place.user_id("bob@example.com"), "role": "member"})
    assert (once.status, await kept(place)) == (200, 3)
    again = await place.ask("add-member", {"userId": await place.user_id("bob@example.com"), "role": "member"})
    assert (again.status, await kept(place)) == (400, 3)
    invited = (await place.ask("invite-member", {"email": "eve@example.com", "role": "member"})).json
    eve = await place.app.signed_up("eve@example.com")
    await place.ask("accept-invitation", {"invitationId": invited["id"]}, by=eve)
    assert await kept(place) == 4
    await place.ask("leave", {"organizationId": place.id}, by=bob)
    assert await kept(place) == 3
    await place.ask("remove-member", {"memberIdOrEmail": "a@example.com"})
    assert await kept(place) == 2
    await eve.post("/delete-user", {"password": "password-1234"})
    assert (await kept(place), await total(place)) == (1, await place.db.count(Member))


async def test_the_count_leaves_the_server_nowhere() -> None:
    place = await founded(KEPT)
    await total(place)
    for path in ("get-organization", "get-full-organization"):
        assert "memberCount" not in (await place.owner.get(f"/organization/{path}")).json
    assert "memberCount" not in (await place.owner.get("/organization/list")).json[0]
    made = await place.ask("create", {"name": "B", "slug": "b", "memberCount": 7})
    assert "memberCount" not in made.json


async def test_a_request_does_not_say_how_many_there_are() -> None:
    place = await founded(KEPT)
    await place.ask("update", {"data": {"memberCount": 7}})
    assert await kept(place) is None


async def test_without_transactions_members_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemoryAdapter, "features", Features(transactions=False, bounded=True))
    place = await founded(KEPT)
    await place.joined("a@example.com")
    assert (await total(place), await kept(place)) == (2, None)
