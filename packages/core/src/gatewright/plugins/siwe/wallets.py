"""Wallets: how an address is written, and whose a signature is; the mathematics are the library's.

Source: ERC-55 (addresses), ERC-191 (signed messages). Only wallets with a key of their own: a contract's signature
(ERC-1271) needs a chain to ask, which is an application's ``verify_message``.
"""

from __future__ import annotations

import sys

from gatewright.plugins.siwe.signed import SignedMessage

# One of the libraries that these bring raises the interpreter's limit of recursion as far as 100 000 when it is imported:
# a document nested as deeply would then end the process instead of being refused.
_LIMIT = sys.getrecursionlimit()
from eth_account import Account  # noqa: E402
from eth_account.messages import encode_defunct  # noqa: E402
from eth_utils.address import to_checksum_address  # noqa: E402

sys.setrecursionlimit(_LIMIT)

__all__ = ("checksummed", "is_signed")


def checksummed(address: str) -> str:
    """An address as ERC-55 writes it."""
    return str(to_checksum_address(address))


def is_signed(signed: SignedMessage) -> bool:
    """Whether the wallet's own key made the signature."""
    try:
        signer = Account.recover_message(encode_defunct(text=signed.message), signature=signed.signature)
    except Exception:  # noqa: BLE001 (whatever the library makes of hostile text, it is no signature)
        return False
    return str(signer) == signed.address
