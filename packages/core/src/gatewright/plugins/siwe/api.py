"""The server methods of the SIWE plugin."""

from __future__ import annotations

from gatewright.plugins.siwe.contract import GetNonce, GetSiweNonce, VerifySiweMessage
from gatewright.wire.calls import Api, method

__all__ = ("SiweApi",)


class SiweApi(Api):
    """What the plugin adds to ``auth.api``."""

    get_siwe_nonce = method(GetSiweNonce)
    get_nonce = method(GetNonce)
    verify_siwe_message = method(VerifySiweMessage)
