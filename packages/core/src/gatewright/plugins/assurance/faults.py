"""The fault of the assurance plugin."""

from __future__ import annotations

from gatewright.wire.faults import Fault

__all__ = ("StepUpRequired",)


class StepUpRequired(Fault, status=403):
    """The session is valid, and what has proven its user is not enough, or too long ago, for this.

    ``extra["required"]`` says what is: ``level``, ``methods`` (one of them) and ``maxAge`` in seconds. ``extra["ways"]`` says
    how this user can give it: ``password``, ``totp``, ``otp``, ``backup-code``, ``passkey``; empty where the user has to set
    something up first.
    """

    message = "Please confirm that it is you"
