"""The example of a command line does what its page says."""

from __future__ import annotations

import importlib.util
import threading
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from tests.architecture.source import ROOT
from tests.unit.client.servers import PASSWORD, sync_client

from gatewright.plugins import Bearer, DeviceAuthorization, DeviceAuthorizationOptions
from gatewright.plugins.device_authorization.contract import Issued
from gatewright.testing.app import make_app
from gatewright_client import FileStorage, SyncClient


def load() -> Any:
    path = ROOT / "examples" / "cli" / "account.py"
    spec = importlib.util.spec_from_file_location("account_example", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_signing_in_lasts_from_one_command_to_the_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCOUNT_PASSWORD", PASSWORD)
    example, app = load(), make_app(plugins=[Bearer()])
    sync_client(app).sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD).unwrap()

    def run(*arguments: str) -> tuple[int, str, str]:
        def make(profile: str | None) -> SyncClient:
            return sync_client(app, storage=FileStorage(tmp_path / "s.json"), bearer=True)

        status: int = example.main(arguments, make=make)
        said = capsys.readouterr()
        return status, said.out, said.err

    assert run("whoami") == (0, "Nobody is signed in.\n", "")
    assert run("login", "ada@example.com") == (0, "Signed in as Ada.\n", "")
    assert run("whoami") == (0, "Ada <ada@example.com>\n", "")
    assert run("logout") == (0, "Signed out.\n", "")
    assert run("whoami") == (0, "Nobody is signed in.\n", "")
    monkeypatch.setenv("ACCOUNT_PASSWORD", "wrong-password")
    assert run("login", "ada@example.com") == (1, "", "Invalid email or password\n")


def test_the_session_is_shown_to_the_api_that_is_called(tmp_path: Path) -> None:
    app = make_app()
    client: SyncClient = sync_client(app)
    client.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD).unwrap()

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=request.headers["authorization"])

    def http(auth: httpx.Auth) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(answer), auth=auth)

    said = load().call(client, "https://api.example.com/me", http)
    assert said == f"200 Bearer {client.session_token()}"


def test_a_browser_elsewhere_lets_the_program_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = DeviceAuthorizationOptions.model_validate({"verificationUri": "/device", "interval": "5s"})
    app = make_app(plugins=[Bearer(), DeviceAuthorization(options)])
    example = load()
    browser = sync_client(app, bearer=True)
    example.register(browser, "ada@example.com", PASSWORD)

    class Terminal:
        def show(self, issued: Issued) -> None:
            assert example.approve(browser, issued.user_code) == "account is signed in."

        def wait(self, left: timedelta) -> None:
            app.clock.advance(seconds=5)

        def end(self) -> None: ...

    class Impatient(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            return False

    monkeypatch.setattr("gatewright_client.device._terminal", Terminal)
    monkeypatch.setattr("gatewright_client.device.threading", SimpleNamespace(Event=Impatient))
    program = sync_client(app, bearer=True, storage=FileStorage(tmp_path / "s.json"))
    assert example.login_device(program) == "Signed in. Ada <ada@example.com>"
