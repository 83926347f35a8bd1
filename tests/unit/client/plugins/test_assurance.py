"""The counterpart of the assurance plugin, against an instance in this process."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.unit.client.servers import async_client_of, scripted
from tests.unit.plugins.assurance.ways import PASSWORD, World, world
from tests.unit.plugins.two_factor.factor import code_of

from gatewright.contract.faults import InvalidPassword
from gatewright.plugins.assurance.contract import AssuranceState, EnrolmentOwed
from gatewright.plugins.assurance.faults import StepUpRequired
from gatewright_client import Client, ClientPlugin
from gatewright_client.plugins import AssuranceClient, TwoFactorClient

pytestmark = pytest.mark.anyio


def client_of(assurance: dict[str, Any], *plugins: ClientPlugin) -> tuple[Client, World]:
    """A client of an instance with the plugin."""
    place = world(assurance=assurance)
    return async_client_of(Client, place.app, plugins=[TwoFactorClient(), *plugins]), place


async def test_one_sees_what_one_has_proven_and_raises_it() -> None:
    client, place = client_of({}, AssuranceClient())
    assert (await client.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD)).ok
    state = (await client.assurance.state()).unwrap()
    assert (state.level, state.amr, state.ways) == (1, ("pwd",), ("password",))
    place.app.clock.advance(minutes=5)
    wrong = await client.assurance.verify_password(password="another-one")
    assert isinstance(wrong.error, InvalidPassword)
    renewed = (await client.assurance.verify_password(password=PASSWORD)).unwrap()
    assert renewed.auth_time == place.app.clock.now()
    refused = await client.assurance.verify_passkey(response={"id": "none"})
    assert refused.error is not None
    assert refused.error.status == 400


async def test_who_has_to_set_a_second_factor_up_is_told_and_signed_in_then() -> None:
    told: list[EnrolmentOwed] = []
    client, place = client_of({"policy": {"second_factor": True}}, AssuranceClient(told.append))
    result = await client.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD)
    assert result.instead is not None
    assert (result.ok, result.instead.value) == (False, told[0])
    assert told[0].two_factor_methods == ("totp", "otp")
    assert (await client.get_session()).unwrap() is None
    given = (await client.two_factor.enable(password=PASSWORD)).unwrap()
    assert isinstance(given.totp_uri, str)
    assert (await client.two_factor.verify_totp(code=code_of(place.app, given.totp_uri))).ok
    assert (await client.assurance.state()).unwrap().level == 2


async def test_the_fault_is_found_wherever_it_comes_up() -> None:
    body: dict[str, Any] = {
        "code": "STEP_UP_REQUIRED",
        "message": "Please confirm that it is you",
        "required": {"level": 2, "methods": [], "maxAge": 300},
        "ways": ["totp"],
    }
    client, _ = scripted(lambda request: httpx.Response(403, json=body), plugins=[AssuranceClient()])
    error = (await client.two_factor.disable(password="pw")).error
    assert isinstance(error, StepUpRequired)
    assert error.extra == {"required": body["required"], "ways": ["totp"]}


async def test_ones_own_assurance_is_held() -> None:
    client, _ = client_of({}, AssuranceClient())
    await client.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD)
    await client.assurance.live_state.refetch()
    held = client.assurance.live_state.data
    assert isinstance(held, AssuranceState)
    assert held.amr == ("pwd",)
