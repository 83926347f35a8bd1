"""What only Quart has: the session on ``g``, its command line, WebSockets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from quart import Quart, g, websocket

from gatewright.auth import Auth
from gatewright.cli import COMMANDS
from gatewright.plugins import Admin
from gatewright.settings.settings import Settings
from gatewright.testing.app import TestApp, make_app
from gatewright.wire.json import encode
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from gatewright_integrations.quart import Gatewright, current_session

PERSON = encode({"name": "Ada", "email": "ada@example.com", "password": "password-1234"})
HEADERS = {"origin": "http://localhost:3000", "content-type": "application/json"}


@pytest.fixture
def anyio_backend() -> str:
    """Quart's own; on trio it is tried behind a real server."""
    return "asyncio"


def _application(app: TestApp) -> Quart:
    made = Quart("quart_test_application")
    gatewright = Gatewright(app.auth, made)

    @made.get("/lazy")
    async def lazy() -> dict[str, bool]:
        before = "session" in g
        first = await g.caller.session()
        second = await current_session()
        return {"before": before, "known": first is not None, "same": first is second, "kept": g.session is second}

    @made.websocket("/talk")
    @gatewright.require_session()
    async def talk() -> None:
        await websocket.send(g.session.user.name)

    return made


@pytest.mark.anyio
async def test_the_session_is_read_when_it_is_asked_for() -> None:
    made = _application(make_app())
    async with made.test_app() as running:
        client: Any = running.test_client()
        nobody = await (await client.get("/lazy")).get_json()
        await client.post("/api/auth/sign-up/email", headers=HEADERS, data=PERSON)
        ada = await (await client.get("/lazy")).get_json()
        async with client.websocket("/talk") as talking:
            greeting = await talking.receive()
    assert nobody == {"before": False, "known": False, "same": True, "kept": True}
    assert ada == {"before": False, "known": True, "same": True, "kept": True}
    assert greeting == "Ada"


def _on_file(path: Path) -> Quart:
    settings = Settings.load(
        {"secret": "a-secret-for-tests-that-is-long-enough", "base_url": "https://auth.example.com"}
    )
    made = Quart("quart_test_application")
    Gatewright(Auth(settings, SQLAlchemyAdapter.sqlite(path), plugins=[Admin()]), made)
    return made


def test_the_command_line_migrates_and_informs(tmp_path: Path) -> None:
    def typed(*arguments: str, answer: str = "") -> Any:
        """Each call is a process of its own."""
        runner = _on_file(tmp_path / "app.db").test_cli_runner()
        return runner.invoke(args=["gatewright", *arguments], input=answer)

    lacking = typed("diff", "--json")
    declined = typed("migrate", answer="n\n")
    done = typed("migrate", "--yes")
    nothing = typed("diff")
    info = typed("info", "--json")
    examined = typed("doctor", "--json")
    administrator = typed("create-admin", "--email", "ada@example.com", "--draw", "--json")
    assert (lacking.exit_code, '"table": "session"' in lacking.output) == (1, True)
    assert declined.exit_code == 1
    assert (done.exit_code, nothing.exit_code) == (0, 0), done.output
    assert '"baseURL": "https://auth.example.com/api/auth"' in info.output
    assert (examined.exit_code, '"check": "proxy"' in examined.output) == (0, True)
    assert (administrator.exit_code, '"role": "admin"' in administrator.output) == (0, True)


def test_every_command_explains_itself(tmp_path: Path) -> None:
    runner = _on_file(tmp_path / "app.db").test_cli_runner()
    shown = runner.invoke(args=["gatewright", "--help"]).output
    for name in (path.split()[-1] for path in COMMANDS):
        assert name in shown
        assert runner.invoke(args=["gatewright", name, "--help"]).exit_code == 0
    assert runner.invoke(args=["gatewright", "diff", "--no-such-option"]).exit_code == 2
