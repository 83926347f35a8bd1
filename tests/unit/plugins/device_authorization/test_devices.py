"""Signing a device in, from its codes to its session."""

import pytest
from tests.unit.plugins.device_authorization.devices import app_with, ask, codes, decided

from gatewright.plugins.device_authorization import DeviceAuthorizationOptions, DeviceCode
from gatewright.settings.base import load
from gatewright.wire.faults import ConfigError

pytestmark = pytest.mark.anyio


async def test_an_approved_device_gets_a_session() -> None:
    told: list[tuple[str, str | None]] = []

    async def tell(client_id: str, scope: str | None) -> None:
        told.append((client_id, scope))

    app = app_with({"verification_uri": "/activate", "on_device_auth_request": tell})
    browser = await app.signed_up()
    given = await codes(app, scope="openid")
    assert told == [("tv", "openid")]
    assert given == {
        "device_code": given["device_code"],
        "user_code": given["user_code"],
        "verification_uri": "http://localhost:3000/activate",
        "verification_uri_complete": f"http://localhost:3000/activate?user_code={given['user_code']}",
        "expires_in": 1800,
        "interval": 5,
    }
    assert (len(given["device_code"]), len(given["user_code"])) == (40, 8)
    assert (await decided(browser, given)).json == {"success": True}
    answer = await ask(app, given)
    token = answer.json["access_token"]
    assert answer.json == {"access_token": token, "token_type": "Bearer", "expires_in": 604800, "scope": "openid"}
    assert answer.cookies == []
    assert answer.header("cache-control") == "no-store"
    seen = await app.browser().get("/get-session", headers={"authorization": f"Bearer {token}"})
    assert seen.json["user"]["email"] == "ada@example.com"
    assert await app.auth.services.database.count(DeviceCode) == 0


async def test_codes_of_the_applications_own_are_taken_as_they_are() -> None:
    app = app_with({"generate_user_code": lambda: "my-Code", "generate_device_code": lambda: "device"})
    browser = await app.signed_up()
    given = await codes(app)
    assert (given["user_code"], given["device_code"]) == ("my-Code", "device")
    assert (await browser.get("/device?user_code=MYCODE")).json["error"] == "invalid_request"
    assert (await decided(browser, given)).status == 200


async def test_codes_can_be_asked_for_with_a_form() -> None:
    app = app_with()
    answer = await app.browser().send(
        "POST", "/device/code", b"client_id=tv", headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status == 200


async def test_durations_are_text_or_seconds() -> None:
    given = await codes(app_with({"expires_in": "5m", "interval": 2}))
    assert (given["expires_in"], given["interval"]) == (300, 2)


@pytest.mark.parametrize(
    "options", [{"expires_in": "soon"}, {"interval": 0}, {"expires_in": True}, {"device_code_length": 192}]
)
def test_options_that_do_not_fit_are_refused_at_construction(options: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        load(DeviceAuthorizationOptions, options)


async def test_the_application_can_name_the_table() -> None:
    app = app_with({"schema": {"deviceCode": {"model_name": "devices"}}})
    assert app.auth.blueprint.plan.schema["deviceCode"].db_name == "devices"
