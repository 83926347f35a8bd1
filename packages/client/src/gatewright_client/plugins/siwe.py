"""The counterpart of the Sign-In with Ethereum plugin."""

from __future__ import annotations

from gatewright.plugins.siwe.contract import (
    GetNonce,
    GetSiweNonce,
    VerifySiweMessage,
)
from gatewright_client.calls import F, Group, action
from gatewright_client.plugins.base import ClientPlugin

__all__ = ("SiweCalls", "SiweClient")


class SiweCalls(Group[F]):
    """``/siwe``."""

    get_nonce = action(GetNonce)
    nonce = action(GetSiweNonce)
    verify = action(VerifySiweMessage)


class SiweClient(ClientPlugin):
    """Signing in with a wallet."""

    def __init__(self) -> None:
        super().__init__("siwe", calls=SiweCalls)
