"""Handing an organization over."""

import pytest
from tests.unit.plugins.organization.place import founded

from gatewright.plugins.organization.model import Member

pytestmark = pytest.mark.anyio


async def test_an_owner_hands_the_organization_over() -> None:
    told: list[tuple[object, ...]] = []

    async def before(facts: dict[str, object]) -> None:
        told.append(("before", facts["newRole"]))

    async def after(facts: dict[str, object]) -> None:
        told.append(("after", facts["previousRole"]))

    hooks = {"before_update_member_role": before, "after_update_member_role": after}
    place = await founded({"organization_hooks": hooks})
    _, bob = await place.joined("bob@example.com")
    answer = await place.ask("transfer-ownership", {"memberId": bob.id})
    assert answer.status == 200
    assert (answer.json["owner"]["id"], answer.json["owner"]["role"]) == (bob.id, "owner")
    assert answer.json["formerOwner"]["role"] == "admin"
    own = await place.member_of("owner@example.com")
    assert own is not None
    assert own.role == "admin"
    assert told == [("before", "owner"), ("before", "admin"), ("after", "member"), ("after", "owner")]


async def test_the_former_owner_gets_the_role_that_is_asked_for() -> None:
    place = await founded()
    _, bob = await place.joined("bob@example.com")
    answer = await place.ask("transfer-ownership", {"memberId": bob.id, "role": "member"})
    assert answer.json["formerOwner"]["role"] == "member"


@pytest.mark.parametrize("role", ["owner", "boss", "", "member,owner"])
async def test_the_former_owner_gets_a_role_that_there_is(role: str) -> None:
    place = await founded()
    _, bob = await place.joined("bob@example.com")
    assert (await place.ask("transfer-ownership", {"memberId": bob.id, "role": role})).status == 400
    assert await place.db.count(Member, Member.role.eq("owner")) == 1


async def test_only_an_owner_hands_over_and_only_to_another_member() -> None:
    place = await founded()
    admin, member = await place.joined("admin@example.com", "admin")
    refused = await place.ask("transfer-ownership", {"memberId": member.id}, by=admin)
    assert (refused.status, refused.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER")
    own = await place.member_of("owner@example.com")
    assert own is not None
    for other in (own.id, "nobody"):
        answer = await place.ask("transfer-ownership", {"memberId": other})
        assert (answer.status, answer.json["code"]) == (400, "MEMBER_NOT_FOUND")
    eve = await place.app.signed_up("eve@example.com")
    body = {"memberId": member.id, "organizationId": place.id}
    assert (await place.ask("transfer-ownership", body, by=eve)).json["code"] == "MEMBER_NOT_FOUND"
    assert (await place.ask("transfer-ownership", body, by=place.app.browser())).status == 401
