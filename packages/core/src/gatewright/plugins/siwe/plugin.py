"""The SIWE plugin: options and parts."""

from __future__ import annotations

from importlib.util import find_spec

from gatewright.crypto.libraries import MissingLibrary
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.siwe.api import SiweApi
from gatewright.plugins.siwe.model import WalletAddress
from gatewright.plugins.siwe.options import SiweOptions

__all__ = ("Siwe",)


class Siwe(Plugin[SiweApi]):
    """Signing in with an Ethereum wallet.

    Raises:
        MissingLibrary: The extra ``siwe`` is not installed.
    """

    id = "siwe"
    api_type = SiweApi

    def __init__(self, options: SiweOptions) -> None:
        if find_spec("eth_account") is None:
            raise MissingLibrary("eth-account", extra="siwe", purpose="verify signatures of wallets")
        self.options = options

    def parts(self) -> Parts:
        """Operations and the table."""
        # The handlers ask for this class.
        from gatewright.plugins.siwe.endpoints import ALL  # noqa: PLC0415

        return Parts(
            endpoints=ALL,
            tables=(WalletAddress,),
            table_options={name: given.table_options() for name, given in self.options.table_options.items()},
        )
