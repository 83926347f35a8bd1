"""An instance that signs devices in, and what tests do with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.mailing import CountingPasswords

from gatewright.plugins.bearer import Bearer
from gatewright.plugins.device_authorization import DeviceAuthorization, DeviceAuthorizationOptions
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser

GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def app_with(
    options: Mapping[str, Any] | None = None,
    *,
    adapter: Adapter | None = None,
    settings: Mapping[str, Any] | None = None,
) -> TestApp:
    """An instance with the plugin."""
    scheme = CountingPasswords()
    own = {"hash": scheme.hash, "verify": scheme.verify}
    return make_app(
        {"email_and_password": {"enabled": True, "password": own}, **(settings or {})},
        plugins=(DeviceAuthorization(DeviceAuthorizationOptions.model_validate(options or {})), Bearer()),
        adapter=adapter,
    )


async def codes(app: TestApp, **more: object) -> Any:
    """Codes for a television."""
    answer = await app.browser().post("/device/code", {"client_id": "tv", **more})
    assert answer.status == 200
    return answer.json


async def ask(app: TestApp, given: Any, client_id: str = "tv") -> Answer:
    """Whether the television was approved."""
    body = {"grant_type": GRANT, "device_code": given["device_code"], "client_id": client_id}
    return await app.browser().post("/device/token", body)


async def decided(browser: Browser, given: Any, what: str = "approve") -> Answer:
    """The answer to a decision about a code that was looked at."""
    assert (await browser.get(f"/device?user_code={given['user_code']}")).status == 200
    return await browser.post(f"/device/{what}", {"userCode": given["user_code"]})
