"""Guessing keys and codes, and sending to many: limits of operations that plugins add. Rows RLM-14, RLM-15, RLM-19."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.api_keys import key_app
from tests.unit.plugins.device_authorization.devices import GRANT, app_with, codes
from tests.unit.plugins.organization.place import founded

pytestmark = pytest.mark.anyio

LIMITED = {"rate_limit": {"enabled": True}}


async def test_rlm_14_guessing_keys_ends() -> None:
    keys = key_app({"enableSessionForAPIKeys": True}, settings=LIMITED)
    browser = keys.app.browser()
    answers = [
        (await browser.get("/get-session", headers={"x-api-key": f"{number:064d}"})).status for number in range(110)
    ]
    assert Counter(answers)[429] == 10
    assert set(answers[:100]) == {401}


async def test_rlm_14_guessing_the_codes_of_devices_ends() -> None:
    app = app_with(settings=LIMITED)
    browser = app.browser()
    answers = [
        (
            await browser.post(
                "/device/token", {"grant_type": GRANT, "device_code": f"{number:040d}", "client_id": "tv"}
            )
        ).status
        for number in range(110)
    ]
    assert answers == [400] * 100 + [429] * 10


async def test_rlm_15_guessing_what_a_device_shows_ends_and_haste_is_slowed_down() -> None:
    app = app_with(settings=LIMITED)
    given = await codes(app)
    guesses = [(await app.browser().get(f"/device?user_code=GUESS{number:03d}")).status for number in range(8)]
    assert guesses == [400] * 5 + [429] * 3
    body = {"grant_type": GRANT, "device_code": given["device_code"], "client_id": "tv"}
    asked = [(await app.browser().post("/device/token", body)).json["error"] for _ in range(4)]
    assert asked == ["authorization_pending", "slow_down", "slow_down", "slow_down"]
    app.clock.advance(seconds=5)
    assert (await app.browser().post("/device/token", body)).json["error"] in {"authorization_pending", "slow_down"}


async def test_rlm_19_an_organization_invites_so_many_at_a_time() -> None:
    place = await founded({"invitationLimit": 3})
    admin, _ = await place.joined("admin@example.com", "admin")
    answers = [
        await place.ask(
            "invite-member",
            {"email": f"guest-{number}@example.com", "role": "member", "organizationId": place.id},
            by=admin if number % 2 else None,
        )
        for number in range(6)
    ]
    assert [answer.status for answer in answers] == [200, 200, 200, 403, 403, 403]
    assert answers[3].json["code"] == "INVITATION_LIMIT_REACHED"
