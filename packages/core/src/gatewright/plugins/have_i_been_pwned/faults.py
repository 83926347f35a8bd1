"""Faults of the plugin. Source: contract, errors.json."""

from __future__ import annotations

from gatewright.wire.faults import Fault

__all__ = ("PasswordCompromised",)


class PasswordCompromised(Fault, status=400):
    """The password is known from a breach."""

    message = "The password you entered has been compromised. Please choose a different password."
