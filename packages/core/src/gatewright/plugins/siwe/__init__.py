"""Sign-In with Ethereum: a wallet signs a message that names this site and a nonce of ours.

Upstream counterpart: ``siwe``. Sources: contract, plugins.json; ERC-4361. Operations: get a nonce, verify a signed
message. Table: ``walletAddress``.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.siwe.api import SiweApi as SiweApi
    from gatewright.plugins.siwe.options import EnsLookup as EnsLookup
    from gatewright.plugins.siwe.options import EnsName as EnsName
    from gatewright.plugins.siwe.options import SiweOptions as SiweOptions
    from gatewright.plugins.siwe.options import VerifyMessage as VerifyMessage
    from gatewright.plugins.siwe.options import WalletQuestion as WalletQuestion
    from gatewright.plugins.siwe.plugin import Siwe as Siwe
    from gatewright.plugins.siwe.signed import SignedMessage as SignedMessage

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

__getattr__ = lazily(
    __name__,
    {
        "EnsLookup": "options",
        "EnsName": "options",
        "SignedMessage": "signed",
        "Siwe": "plugin",
        "SiweApi": "api",
        "SiweOptions": "options",
        "VerifyMessage": "options",
        "WalletQuestion": "options",
    },
)
