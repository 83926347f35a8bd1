"""The server methods of the assurance plugin."""

from __future__ import annotations

from gatewright.plugins.assurance.contract import (
    GetAssurance,
    RequireAssurance,
    VerifyAssurancePasskey,
    VerifyAssurancePassword,
)
from gatewright.wire.calls import Api, method

__all__ = ("AssuranceApi",)


class AssuranceApi(Api):
    """What the plugin adds to ``auth.api``."""

    get_assurance = method(GetAssurance)
    verify_assurance_passkey = method(VerifyAssurancePasskey)
    verify_assurance_password = method(VerifyAssurancePassword)
    require_assurance = method(RequireAssurance)
