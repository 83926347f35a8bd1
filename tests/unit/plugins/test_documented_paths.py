"""Every path that the better-auth documentation of several releases lists is answered, also where it moved since.

The table holds what is documented for ways to sign in, by method and path.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gatewright.plugins import (
    Anonymous,
    EmailOTP,
    EmailOTPOptions,
    GenericOAuth,
    GenericOAuthOptions,
    MagicLink,
    MagicLinkOptions,
    Passkey,
    PhoneNumber,
    PhoneNumberOptions,
    Plugin,
    TwoFactor,
    Username,
)
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio

ROWS: list[dict[str, str]] = json.loads(
    (Path(__file__).parents[2] / "data" / "documented_paths.json").read_text(encoding="utf-8")
)


def whole(**settings: Any) -> TestApp:
    box = Mailbox()
    plugins: list[Plugin[Any]] = [
        Anonymous(),
        EmailOTP(EmailOTPOptions.model_validate({"sendVerificationOTP": box.sender("mail")})),
        GenericOAuth(GenericOAuthOptions()),
        MagicLink(MagicLinkOptions(send_magic_link=box.sender("link"))),
        Passkey(),
        PhoneNumber(PhoneNumberOptions.model_validate({"sendOTP": box.sender("code")})),
        TwoFactor(),
        Username(),
    ]
    return make_app(settings, plugins=plugins, mailbox=box)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['method']} {row['path']}")
async def test_a_documented_path_is_answered(row: dict[str, str]) -> None:
    app = whole(social_providers={"google": {"client_id": "g", "client_secret": "s"}})
    path = re.sub(r"\{\w+\}", "google", row["path"])
    answer = await app.browser().send(row["method"], path, b"{}", headers={"content-type": "application/json"})
    assert answer.status not in (404, 405), answer
    assert answer.status < 500, answer


@pytest.mark.parametrize(
    ("path", "older", "body"),
    [
        ("/is-username-available", "/username/is-available", {"username": "ada"}),
        ("/passkey/verify-authentication", "/sign-in/passkey", {"response": {}}),
    ],
)
async def test_a_path_and_its_older_spelling_are_counted_together(path: str, older: str, body: object) -> None:
    app = whole(rate_limit={"enabled": True, "window": 60, "max": 4})
    browser = app.browser()
    statuses = [(await browser.post(each, body)).status for each in (path, older, path, older, path, older)]
    assert 429 not in statuses[:4]
    assert statuses[4:] == [429, 429]
