"""What logs, bodies and printed values never show. Cases LOG-01, LOG-02, LOG-03, LOG-05, FLT-20."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from gatewright.auth import Auth
from gatewright.contract.password import ChangePassword
from gatewright.contract.results import SignedUp
from gatewright.contract.sign_in import SignInEmail
from gatewright.http.request import Request
from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.ports.log import StandardLog
from gatewright.ports.workers import InlineWorkers
from gatewright.settings.settings import Settings
from gatewright.testing.app import SECRET, TestApp, make_app

pytestmark = pytest.mark.anyio

PASSWORDS = ("password-1234", "wrong-password", "password-5678")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the standard log writes, at its most talkative."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.getLogger("gatewright")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield stream
    logger.removeHandler(handler)
    logger.setLevel(before)


def logging_by_itself(options: dict[str, Any]) -> TestApp:
    """An instance whose log is what its options say."""
    app = make_app(options)
    services = app.auth.services
    app.auth = Auth(
        app.auth.blueprint.settings,
        app.adapter,
        clock=app.clock,
        workers=InlineWorkers(),
        random=services.random,
        egress=app.egress,
    )
    return app


async def tour(app: TestApp, secrets: set[str]) -> None:
    """Do everything that handles a secret, well and badly; collect the secrets."""
    browser = app.browser()
    await browser.post("/sign-up/email", {"name": "Ada", "email": "ada@example.com", "password": PASSWORDS[0]})
    secrets.update(browser.jar.values())
    await browser.get("/get-session?token=in-a-query")
    await browser.post("/sign-in/email", {"email": "ada@example.com", "password": PASSWORDS[1]})
    await browser.post("/change-password", {"currentPassword": PASSWORDS[0], "newPassword": PASSWORDS[2]})
    await browser.post("/revoke-session", {"token": "somebody-elses-token"})
    await browser.post("/update-user", {"name": "fails"})
    await browser.send(
        "POST", "/sign-in/email", b'{"password": "password-1234', headers={"content-type": "application/json"}
    )
    await browser.post("/sign-out")
    secrets.update(("in-a-query", "somebody-elses-token", SECRET, *PASSWORDS))
    accounts = await app.auth.services.database.find_many(Account)
    secrets.update(account.password for account in accounts if account.password is not None)


async def failing(values: Any, context: Any) -> None:
    if values.get("name") == "fails":
        raise RuntimeError("the hook fell over")


async def test_no_secret_reaches_any_log(written: io.StringIO) -> None:
    hooks = {"user": {"update": {"before": failing}}}
    sunk: list[object] = []
    secrets: set[str] = set()

    def sink(level: str, message: str, /, *details: object) -> None:
        sunk.append((level, message, details))

    options: dict[str, Any] = {"logger": {"level": "debug", "log": sink}}
    recorded = make_app({"database_hooks": hooks, **options})
    await tour(recorded, secrets)
    await tour(logging_by_itself({"database_hooks": hooks, "logger": {"level": "debug"}}), secrets)
    await tour(logging_by_itself({"database_hooks": hooks, **options}), secrets)
    everything = "\n".join((recorded.log.text(), written.getvalue(), repr(sunk)))
    assert "the hook fell over" in recorded.log.text()
    assert "the hook fell over" in written.getvalue()
    assert "the hook fell over" in repr(sunk)
    assert len(secrets) >= 10
    assert [each for each in secrets if each in everything] == []


async def test_what_users_write_cannot_forge_an_entry(written: io.StringIO) -> None:
    log = StandardLog()
    log.warning("first\r\nERROR forged", name="x\r\nERROR forged\x1b[31m\x00")
    entries = written.getvalue().splitlines()
    assert len(entries) == 1
    assert entries[0].startswith("WARNING first\\r\\nERROR forged (name=")
    assert not any(each in entries[0] for each in ("\x1b", "\x00"))


async def test_a_500_tells_nothing_and_the_log_everything() -> None:
    app = make_app({"database_hooks": {"user": {"update": {"before": failing}}}})
    browser = await app.signed_up()
    answer = await browser.post("/update-user", {"name": "fails"})
    assert (answer.status, answer.json) == (
        500,
        {"message": "Internal Server Error", "code": "INTERNAL_SERVER_ERROR"},
    )
    assert isinstance(app.log.lines[-1][3], RuntimeError)


async def test_printing_a_value_shows_no_secret() -> None:
    app = make_app()
    browser = await app.signed_up()
    (session,) = await app.auth.services.database.find_many(Session)
    (user,) = await app.auth.services.database.find_many(User)
    request = Request.make("POST", "http://localhost/a?token=tok-1", {"cookie": "tok-2"}, b"tok-3")
    settings = Settings.load({"secret": SECRET, "secrets": [{"version": 1, "value": "the-versioned-secret-here"}]})
    printed = "\n".join(
        map(
            repr,
            (
                settings,
                app.auth.services.plan.secrets,
                session,
                request,
                SignInEmail(email="ada@example.com", password="tok-4"),
                ChangePassword(current_password="tok-5", new_password="tok-6"),
                SignedUp(token="tok-7", user=user),
            ),
        )
    )
    assert "tok-" not in printed
    assert not [
        each for each in (SECRET, "the-versioned-secret", session.token, *browser.jar.values()) if each in printed
    ]
    assert "ada@example.com" in printed
