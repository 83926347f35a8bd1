"""The demo prints mails as text that a terminal does not obey."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from gatewright.cli.demo.mails import ConsoleMails
from gatewright.model.user import User
from gatewright.settings.callbacks import Mail

pytestmark = pytest.mark.anyio

URL = f"http://127.0.0.1:8000/api/auth/verify-email?token={'t' * 200}"


def _printed(email: str) -> tuple[ConsoleMails, Mail, io.StringIO]:
    out = io.StringIO()
    mails = ConsoleMails(Console(file=out, width=60))
    return mails, Mail(User(email=email, name="Ada"), URL, "t" * 200), out


async def test_a_link_is_printed_whole_on_one_line() -> None:
    mails, mail, out = _printed("ada@example.com")
    await mails.verify_email(mail, None)
    assert URL in out.getvalue().splitlines()
    assert "To: ada@example.com" in out.getvalue()
    assert "Verify your e-mail address" in out.getvalue()


async def test_what_a_user_typed_is_neither_markup_nor_a_control_sequence() -> None:
    mails, mail, out = _printed("[red]a\x1b[2Jda[/red]@example.com")
    await mails.reset_password(mail, None)
    assert "To: [red]a[2Jda[/red]@example.com" in out.getvalue()
    assert "\x1b" not in out.getvalue()
