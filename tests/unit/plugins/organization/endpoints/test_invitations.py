"""Inviting by mail: who may invite whom, what is mailed, and who may accept, decline and take back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.unit.plugins.organization.place import Place, founded

from gatewright.model.user import User
from gatewright.plugins.organization import OrganizationApi
from gatewright.plugins.organization.model import Invitation, Member
from gatewright.testing.browser import Answer, Browser

pytestmark = pytest.mark.anyio


async def invited(place: Place, email: str = "bob@example.com", **more: object) -> Answer:
    return await place.ask("invite-member", {"email": email, "role": "member", **more})


async def bob_of(place: Place) -> tuple[Browser, str]:
    """Somebody with an account and an open invitation."""
    bob = await place.app.signed_up("bob@example.com")
    return bob, (await invited(place)).json["id"]


async def verify(place: Place, email: str) -> None:
    await place.db.update_one(User, User.email.eq(email), set=[User.email_verified.to(True)])


async def statuses(place: Place) -> list[str]:
    return sorted(row.status for row in await place.db.find_many(Invitation))


# Inviting ----------------------------------------------------------------------------------------------------------------


async def test_an_invitation_is_mailed_with_what_the_mail_needs() -> None:
    mails: list[Mapping[str, Any]] = []

    async def send(mail: Mapping[str, Any], request: object) -> None:
        assert request is not None
        mails.append(mail)

    place = await founded({"send_invitation_email": send})
    answer = await invited(place, "Bob@Example.com")
    assert answer.json == {
        "id": answer.json["id"],
        "organizationId": place.id,
        "email": "bob@example.com",
        "role": "member",
        "status": "pending",
        "inviterId": await place.user_id("owner@example.com"),
        "createdAt": "2026-01-01T12:00:00.000Z",
        "expiresAt": "2026-01-03T12:00:00.000Z",
    }
    (mail,) = mails
    assert set(mail) == {"id", "role", "email", "organization", "inviter", "invitation"}
    assert (mail["id"], mail["email"], mail["role"]) == (answer.json["id"], "bob@example.com", "member")
    assert (mail["organization"]["slug"], mail["inviter"]["user"]["email"]) == ("acme", "owner@example.com")


@pytest.mark.parametrize(
    ("caller", "role", "status"),
    [
        ("owner", "owner", 200),
        ("owner", ["member", "admin"], 200),
        ("admin", "admin", 200),
        ("admin", "owner", 403),
        ("admin", ["member", " owner"], 403),
        ("member", "member", 403),
        ("owner", "boss", 400),
    ],
)
async def test_inviting_is_within_reach(caller: str, role: object, status: int) -> None:
    place = await founded()
    who, _ = await place.joined("caller@example.com", caller)
    answer = await place.ask("invite-member", {"email": "x@example.com", "role": role}, by=who)
    assert answer.status == status
    assert await place.db.count(Invitation) == (1 if status == 200 else 0)


async def test_an_address_is_an_address_and_nobodys_who_is_a_member() -> None:
    place = await founded()
    await place.joined("bob@example.com")
    wrong = await invited(place, "no address")
    assert (wrong.status, wrong.json["code"]) == (400, "INVALID_EMAIL")
    member = await invited(place, "BOB@example.com")
    assert (member.status, member.json["code"]) == (400, "USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION")


async def test_an_outsider_invites_nobody() -> None:
    place = await founded()
    eve = await place.app.signed_up("eve@example.com")
    body = {"email": "x@example.com", "role": "member"}
    assert (await place.ask("invite-member", body, by=eve)).json["code"] == "ORGANIZATION_NOT_FOUND"
    foreign = await place.ask("invite-member", {**body, "organizationId": place.id}, by=eve)
    assert (foreign.status, foreign.json["code"]) == (400, "MEMBER_NOT_FOUND")


async def test_an_address_has_one_open_invitation() -> None:
    place = await founded()
    first = (await invited(place)).json
    again = await invited(place)
    assert (again.status, again.json["code"]) == (400, "USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION")
    place.app.clock.advance(seconds=60)
    resent = (await invited(place, resend=True)).json
    assert (resent["id"], resent["expiresAt"]) == (first["id"], "2026-01-03T12:01:00.000Z")
    place.app.clock.advance(seconds=172_800)
    assert (await invited(place)).status == 200


async def test_another_invitation_takes_the_place_of_the_open_one_if_it_shall() -> None:
    place = await founded({"cancel_pending_invitations_on_re_invite": True})
    first = (await invited(place)).json
    second = (await invited(place, role="admin")).json
    assert first["id"] != second["id"]
    assert await statuses(place) == ["canceled", "pending"]


async def test_an_invitation_lasts_as_long_as_is_said() -> None:
    place = await founded({"invitation_expires_in": 60})
    bob, invitation = await bob_of(place)
    place.app.clock.advance(seconds=60)
    late = await place.ask("accept-invitation", {"invitationId": invitation}, by=bob)
    assert (late.status, late.json["code"]) == (400, "INVITATION_NOT_FOUND")


# Answering ---------------------------------------------------------------------------------------------------------------


async def test_accepting_makes_a_member_who_works_there() -> None:
    place = await founded()
    bob, invitation = await bob_of(place)
    accepted = (await place.ask("accept-invitation", {"invitationId": invitation}, by=bob)).json
    assert accepted["invitation"]["status"] == "accepted"
    assert (accepted["member"]["role"], accepted["member"]["organizationId"]) == ("member", place.id)
    assert (await bob.get("/get-session")).json["session"]["activeOrganizationId"] == place.id


@pytest.mark.parametrize("first", ["accept", "reject", "cancel"])
@pytest.mark.parametrize("second", ["accept", "reject"])
async def test_an_invitation_is_answered_once(first: str, second: str) -> None:
    place = await founded()
    bob, invitation = await bob_of(place)
    body = {"invitationId": invitation}
    by = place.owner if first == "cancel" else bob
    assert (await place.ask(f"{first}-invitation", body, by=by)).status == 200
    again = await place.ask(f"{second}-invitation", body, by=bob)
    assert (again.status, again.json["code"]) == (400, "INVITATION_NOT_FOUND")
    assert await place.db.count(Member) == (2 if first == "accept" else 1)


@pytest.mark.parametrize("what", ["accept-invitation", "reject-invitation"])
async def test_an_invitation_is_for_the_person_with_its_address(what: str) -> None:
    place = await founded()
    _, invitation = await bob_of(place)
    eve = await place.app.signed_up("eve@example.com")
    refused = await place.ask(what, {"invitationId": invitation}, by=eve)
    assert (refused.status, refused.json["code"]) == (403, "YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION")
    assert (await place.ask(what, {"invitationId": invitation}, by=place.app.browser())).status == 401
    assert await statuses(place) == ["pending"]


@pytest.mark.parametrize("what", ["accept-invitation", "reject-invitation"])
async def test_the_address_must_be_proven_where_that_is_required(what: str) -> None:
    place = await founded({"require_email_verification_on_invitation": True})
    bob, invitation = await bob_of(place)
    refused = await place.ask(what, {"invitationId": invitation}, by=bob)
    code = "EMAIL_VERIFICATION_REQUIRED_BEFORE_ACCEPTING_OR_REJECTING_INVITATION"
    assert (refused.status, refused.json["code"]) == (403, code)
    shown = await bob.get(f"/organization/get-invitation?id={invitation}")
    assert (shown.status, shown.json["code"]) == (403, "EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION")
    await verify(place, "bob@example.com")
    assert (await bob.get(f"/organization/get-invitation?id={invitation}")).status == 200
    assert (await place.ask(what, {"invitationId": invitation}, by=bob)).status == 200


async def test_declining_makes_nobody_a_member() -> None:
    place = await founded()
    bob, invitation = await bob_of(place)
    rejected = (await place.ask("reject-invitation", {"invitationId": invitation}, by=bob)).json
    assert (rejected["invitation"]["status"], rejected["member"]) == ("rejected", None)


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("admin", 200), ("member", 403)])
async def test_taking_back_takes_a_role_that_may(role: str, status: int) -> None:
    place = await founded()
    caller, _ = await place.joined("caller@example.com", role)
    invitation = (await invited(place)).json["id"]
    answer = await place.ask("cancel-invitation", {"invitationId": invitation}, by=caller)
    assert answer.status == status
    assert await statuses(place) == ["canceled" if status == 200 else "pending"]


async def test_what_is_taken_back_is_an_invitation_of_the_callers_organization() -> None:
    place = await founded()
    invitation = (await invited(place)).json["id"]
    eve = await place.app.signed_up("eve@example.com")
    foreign = await place.ask("cancel-invitation", {"invitationId": invitation}, by=eve)
    assert (foreign.status, foreign.json["code"]) == (400, "MEMBER_NOT_FOUND")
    unknown = await place.ask("cancel-invitation", {"invitationId": "unknown"})
    assert (unknown.status, unknown.json["code"]) == (400, "INVITATION_NOT_FOUND")


# Reading -----------------------------------------------------------------------------------------------------------------


async def test_who_is_invited_reads_the_invitation() -> None:
    place = await founded()
    bob, invitation = await bob_of(place)
    shown = (await bob.get(f"/organization/get-invitation?id={invitation}")).json
    assert (shown["organizationName"], shown["organizationSlug"], shown["inviterEmail"]) == (
        "Acme",
        "acme",
        "owner@example.com",
    )
    eve = await place.app.signed_up("eve@example.com")
    refused = await eve.get(f"/organization/get-invitation?id={invitation}")
    assert (refused.status, refused.json["code"]) == (403, "YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION")
    assert (await bob.get("/organization/get-invitation?id=unknown")).json == {"message": "Invitation not found!"}
    assert (await place.app.browser().get(f"/organization/get-invitation?id={invitation}")).status == 401


async def test_an_invitation_of_somebody_who_has_left_is_not_shown() -> None:
    place = await founded()
    admin, _ = await place.joined("admin@example.com", "admin")
    bob = await place.app.signed_up("bob@example.com")
    body = {"email": "bob@example.com", "role": "member"}
    invitation = (await place.ask("invite-member", body, by=admin)).json["id"]
    await place.ask("leave", {"organizationId": place.id}, by=admin)
    shown = await bob.get(f"/organization/get-invitation?id={invitation}")
    assert shown.json["code"] == "INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION"


async def test_members_list_the_organizations_invitations() -> None:
    place = await founded()
    bob, invitation = await bob_of(place)
    assert [one["id"] for one in (await place.owner.get("/organization/list-invitations")).json] == [invitation]
    foreign = await bob.get(f"/organization/list-invitations?organizationId={place.id}")
    assert (foreign.status, foreign.json) == (403, {"message": "You are not a member of this organization"})
    assert (await bob.get("/organization/list-invitations")).status == 400


async def test_a_user_lists_what_they_are_invited_to_once_their_address_is_proven() -> None:
    place = await founded()
    bob, invitation = await bob_of(place)
    refused = await bob.get("/organization/list-user-invitations")
    assert (refused.status, refused.json["code"]) == (403, "EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION")
    await verify(place, "bob@example.com")
    (mine,) = (await bob.get("/organization/list-user-invitations")).json
    assert (mine["id"], mine["organizationName"]) == (invitation, "Acme")
    named = await bob.get("/organization/list-user-invitations?email=eve@example.com")
    assert named.status == 400
    found = await OrganizationApi(place.app.auth).list_user_invitations(email="BOB@example.com")
    assert [one.id for one in found] == [invitation]
