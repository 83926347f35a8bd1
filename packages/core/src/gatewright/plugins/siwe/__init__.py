"""Sign-In with Ethereum: a wallet signs a message that names this site and a nonce of ours.

Upstream counterpart: ``siwe``. Sources: contract, plugins.json; ERC-4361. Operations: get a nonce, verify a signed
message. Table: ``walletAddress``.
"""

from gatewright.plugins.siwe.api import SiweApi
from gatewright.plugins.siwe.options import EnsLookup, EnsName, SiweOptions, VerifyMessage, WalletQuestion
from gatewright.plugins.siwe.plugin import Siwe
from gatewright.plugins.siwe.signed import SignedMessage

__all__ = (
    "EnsLookup",
    "EnsName",
    "SignedMessage",
    "Siwe",
    "SiweApi",
    "SiweOptions",
    "VerifyMessage",
    "WalletQuestion",
)
