"""Another implementation of RFC 6238 agrees: ``oathtool``, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.unit.plugins.two_factor.factor import PASSWORD, app_with, challenged

from gatewright.testing.app import TestApp

OATHTOOL = shutil.which("oathtool")
pytestmark = [pytest.mark.anyio, pytest.mark.skipif(OATHTOOL is None, reason="oathtool is not installed")]


def shown(app: TestApp, uri: str) -> str:
    """What oathtool shows now for what an enrolment has told."""
    query = parse_qs(urlsplit(uri).query)
    command = [
        OATHTOOL or "",
        "--totp",
        "--base32",
        f"--digits={query['digits'][0]}",
        f"--time-step-size={query['period'][0]}s",
        f"--now={app.clock.now():%Y-%m-%d %H:%M:%S} UTC",
        query["secret"][0],
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("options", [{}, {"digits": 8}, {"period": 60}, {"digits": 8, "period": 45}], ids=str)
async def test_codes_of_oathtool_enrol_and_sign_in(options: dict[str, Any]) -> None:
    app = app_with({"totp_options": options})
    browser = await app.signed_up()
    uri = (await browser.post("/two-factor/enable", {"password": PASSWORD})).json["totpURI"]
    enrolled = await browser.post("/two-factor/verify-totp", {"code": shown(app, uri)})
    assert enrolled.status == 200, enrolled
    for _ in range(3):
        app.clock.advance(minutes=7)
        answer = await (await challenged(app)).post("/two-factor/verify-totp", {"code": shown(app, uri)})
        assert answer.status == 200, answer
    app.clock.advance(minutes=7)
    late = shown(app, uri)
    app.clock.advance(minutes=7)
    assert (await (await challenged(app)).post("/two-factor/verify-totp", {"code": late})).status == 401
