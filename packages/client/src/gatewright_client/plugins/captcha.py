"""The counterpart of the captcha plugin, which has no calls: its faults, wherever they come up.

The visitor's answer goes with the call that it is for: ``client.with_options(headers={"x-captcha-response": answer})``.
"""

from __future__ import annotations

from gatewright.plugins.captcha.faults import MissingResponse, UnknownError, VerificationFailed
from gatewright_client.plugins.base import ClientPlugin

__all__ = ("CaptchaClient",)


class CaptchaClient(ClientPlugin):
    """A check that a person is there."""

    def __init__(self) -> None:
        super().__init__("captcha", faults=(MissingResponse, UnknownError, VerificationFailed))
