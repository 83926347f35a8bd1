"""``info`` tells others what they have to be told, of plugins and of providers alike."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from tests.unit.core.cli.application import run

APPLICATION = """
from gatewright import Auth, Settings
from gatewright.plugins import Admin, LastLoginMethod, MultiSession
from gatewright_adapters.memory import MemoryAdapter

def made(**options):
    settings = Settings.load({
        "secret": "kX8w2mQ0pVbZr5NfT1sYhJc7LgUeAo3D",
        "social_providers": {"github": {"client_id": "i", "client_secret": "s", "redirect_uri": REDIRECT}},
        **options,
    })
    return Auth(settings, MemoryAdapter(), plugins=[Admin(), LastLoginMethod(), MultiSession()])

REDIRECT = None
fixed = made(base_url="https://app.example.com")
open = made(base_url={"allowed_hosts": ["a.example.com"]}, base_path="/accounts")
REDIRECT = "https://front.example.com/back"
own = made(base_url="https://app.example.com")
"""


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [*sys.path])
    name = f"informed_{abs(hash(str(tmp_path)))}"
    (tmp_path / f"{name}.py").write_text(APPLICATION, encoding="utf-8")
    return name


@pytest.mark.parametrize(
    ("instance", "url", "callback"),
    [
        ("fixed", "https://app.example.com/api/auth", "https://app.example.com/api/auth/callback/github"),
        ("open", None, "/accounts/callback/github"),
        ("own", "https://app.example.com/api/auth", "https://front.example.com/back"),
    ],
)
def test_a_callback_is_exactly_what_the_provider_is_sent(
    module: str, instance: str, url: str | None, callback: str
) -> None:
    told = json.loads(run("info", "--config", f"{module}:{instance}", "--json").output)
    assert (told["baseURL"], told["callbackURLs"]) == (url, {"github": callback})


def test_cookies_of_plugins_are_cookies_too(module: str) -> None:
    told = json.loads(run("info", "--config", f"{module}:fixed", "--json").output)["cookies"]
    lasting = "Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Lax"
    assert told == {
        "__Secure-better-auth.session_token": lasting,
        "__Secure-better-auth.session_data": "Max-Age=300; Path=/; HttpOnly; Secure; SameSite=Lax",
        "__Secure-better-auth.account_data": "Max-Age=300; Path=/; HttpOnly; Secure; SameSite=Lax",
        "__Secure-better-auth.dont_remember": "Path=/; HttpOnly; Secure; SameSite=Lax",
        "__Secure-better-auth.admin_session": told["__Secure-better-auth.admin_session"],
        "better-auth.last_used_login_method": "Max-Age=2592000; Path=/; Secure; SameSite=Lax",
        "__Secure-better-auth.session_token_multi-*": lasting,
    }
    shown = run("info", "--config", f"{module}:fixed").output
    assert "better-auth.last_used_login_method" in shown
