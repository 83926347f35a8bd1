"""The counterpart of the plugin for known passwords, which has no calls: its fault, wherever it comes up."""

from __future__ import annotations

from gatewright.plugins.have_i_been_pwned.faults import PasswordCompromised
from gatewright_client.plugins.base import ClientPlugin

__all__ = ("HaveIBeenPwnedClient",)


class HaveIBeenPwnedClient(ClientPlugin):
    """Passwords that are known from breaches."""

    def __init__(self) -> None:
        super().__init__("have-i-been-pwned", faults=(PasswordCompromised,))
