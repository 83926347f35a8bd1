"""What the demo does with mails: it prints them, and keeps the last link for signing in."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from gatewright.http.request import Request
from gatewright.pipeline.call import Call
from gatewright.plugins.magic_link import MagicLinkMail
from gatewright.settings.callbacks import Mail

__all__ = ("ConsoleMails",)


class ConsoleMails:
    """Prints each mail with its link.

    What a user typed (name, address) is printed as text: never as Rich markup, and without control characters, which a
    terminal would obey.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self.last_link: str | None = None
        """The link for signing in that was mailed last."""

    async def verify_email(self, mail: Mail, request: Request | None, /) -> None:  # noqa: ARG002 (the callback's shape)
        """Print the link that verifies an address."""
        self._print("Verify your e-mail address", mail)

    async def reset_password(self, mail: Mail, request: Request | None, /) -> None:  # noqa: ARG002 (the callback's shape)
        """Print the link that resets a password."""
        self._print("Reset your password", mail)

    async def magic_link(self, mail: MagicLinkMail, call: Call[Any], /) -> None:  # noqa: ARG002 (the callback's shape)
        """Print the link that signs in, and keep it."""
        self.last_link = mail.url
        self._show("Sign in", mail.email, mail.url)

    def _print(self, subject: str, mail: Mail) -> None:
        self._show(subject, mail.user.email, mail.url)

    def _show(self, subject: str, email: str, url: str) -> None:
        address = "".join(letter for letter in email if letter.isprintable())
        self._console.print(Panel(Text(f"To: {address}\nSubject: {subject}"), title="Mail", expand=False))
        self._console.print(Text(url), soft_wrap=True)
