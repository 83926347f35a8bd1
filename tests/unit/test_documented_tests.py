"""The tests that ``docs/testing.md`` shows pass, for an application as it describes one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.documented import ROOT, blocks_of

AUTH = """
from gatewright import Auth, Settings
from gatewright.plugins import Admin, EmailOTP, EmailOTPOptions, GenericOAuth, GenericOAuthConfig, GenericOAuthOptions, Passkey
from gatewright_adapters.memory import MemoryAdapter


async def send(message, call): ...


corp = GenericOAuthConfig(
    provider_id="corp",
    client_id="client",
    client_secret="secret",
    discovery_url="https://issuer.example/.well-known/openid-configuration",
    scopes=["openid", "email", "profile"],
)
auth = Auth(
    Settings(
        secret="at-least-32-random-characters-here",
        base_url="http://localhost:3000",
        email_and_password={"enabled": True},
    ),
    MemoryAdapter(),
    plugins=[Admin(), EmailOTP(EmailOTPOptions(send_verification_otp=send)), GenericOAuth(GenericOAuthOptions(config=[corp])), Passkey()],
)
"""

MAIN = """
from fastapi import FastAPI

from gatewright_integrations.fastapi import CurrentSession, GatewrightFastAPI
from myapp.auth import auth

app = FastAPI()
GatewrightFastAPI(auth).init_app(app)


@app.get("/report")
async def report(current: CurrentSession) -> str:
    return current.user.name
"""


def test_the_tests_of_the_page_pass(tmp_path: Path) -> None:
    pytest.importorskip("fastapi")
    pytest.importorskip("webauthn")
    conftest, *others = [block.text for block in blocks_of(ROOT / "docs" / "testing.md")]
    shown = [text for text in others if "async def test_" in text]
    package = tmp_path / "myapp"
    package.mkdir()
    for name, text in (("__init__", ""), ("auth", AUTH), ("main", MAIN)):
        (package / f"{name}.py").write_text(text, encoding="utf-8")
    (tmp_path / "conftest.py").write_text(conftest, encoding="utf-8")
    whole = "\n\n".join(["import pytest\n\npytestmark = pytest.mark.anyio", *shown])
    (tmp_path / "test_documented.py").write_text(whole, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_documented.py"],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{tmp_path}:{':'.join(sys.path)}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert f"{len(shown) * 2} passed" in ran.stdout
