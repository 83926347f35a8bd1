"""What the demo does with mails: it prints them."""

from __future__ import annotations

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from gatewright.http.request import Request
from gatewright.settings.callbacks import Mail

__all__ = ("ConsoleMails",)


class ConsoleMails:
    """Prints each mail with its link.

    What a user typed (name, address) is printed as text: never as Rich markup, and without control characters, which a
    terminal would obey.
    """

    def __init__(self, console: Console) -> None:
        self._console = console

    async def verify_email(self, mail: Mail, request: Request | None, /) -> None:  # noqa: ARG002 (the callback's shape)
        """Print the link that verifies an address."""
        self._print("Verify your e-mail address", mail)

    async def reset_password(self, mail: Mail, request: Request | None, /) -> None:  # noqa: ARG002 (the callback's shape)
        """Print the link that resets a password."""
        self._print("Reset your password", mail)

    def _print(self, subject: str, mail: Mail) -> None:
        address = "".join(letter for letter in mail.user.email if letter.isprintable())
        self._console.print(Panel(Text(f"To: {address}\nSubject: {subject}"), title="Mail", expand=False))
        self._console.print(Text(mail.url), soft_wrap=True)
