"""FLT-18 for invitations: whoever accepts one may leave at every step."""

from __future__ import annotations

import anyio
import pytest
from tests.security.attacker import app_on
from tests.security.faulty import FaultyAdapter

from gatewright.plugins.organization import Organization
from gatewright.plugins.organization.model import Invitation, Member
from gatewright.ports.adapter import Adapter

pytestmark = pytest.mark.anyio


async def test_flt_18_whoever_accepts_an_invitation_may_leave_at_every_step(store: Adapter) -> None:
    faulty = FaultyAdapter(store)
    app = await app_on(faulty, plugins=[Organization()])
    owner, guest = await app.signed_up(), await app.signed_up("guest@example.com")
    await owner.post("/organization/create", {"name": "Acme", "slug": "acme"})
    database, reached = app.auth.services.database, 0
    joined = Member.role.eq("member")
    for step in range(1, 100):
        await database.delete(Member, joined)
        await database.delete(Invitation)
        invited = await owner.post("/organization/invite-member", {"email": "guest@example.com", "role": "member"})
        body = {"invitationId": invited.json["id"]}
        with anyio.CancelScope() as scope:

            def cancel(number: int, step: int = step, scope: anyio.CancelScope = scope) -> None:
                if number == step:
                    scope.cancel()

            faulty.steps, faulty.at_step = 0, cancel
            await guest.post("/organization/accept-invitation", body)
        faulty.at_step = lambda _: None
        (invitation,) = await database.find_many(Invitation)
        members = await database.count(Member, joined)
        assert (invitation.status, members) in (("pending", 0), ("accepted", 1)), step
        if invitation.status == "pending":
            assert (await guest.post("/organization/accept-invitation", body)).status == 200
        assert await database.count(Member, joined) == 1
        if not scope.cancelled_caught:
            break
        reached = step
    assert reached >= 5
