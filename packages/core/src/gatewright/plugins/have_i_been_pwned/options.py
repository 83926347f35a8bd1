"""Options of the plugin that refuses passwords known from breaches."""

from __future__ import annotations

from gatewright.settings.base import Flag, Options, Texts, default

__all__ = ("HaveIBeenPwnedOptions",)


class HaveIBeenPwnedOptions(Options):
    """What is checked, and what is said.

    Attributes:
        custom_password_compromised_message: In place of the contract's message.
        paths: Of the operations whose new password is checked.
        enabled: Whether anything is checked.
    """

    custom_password_compromised_message: str | None = None
    paths: Texts = default(("/sign-up/email", "/change-password", "/reset-password"))
    enabled: Flag = True
