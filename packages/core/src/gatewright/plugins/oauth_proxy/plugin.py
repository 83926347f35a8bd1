"""The OAuth proxy plugin: options and parts."""

from __future__ import annotations

from gatewright.crypto.cipher import Cipher, CipherError
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.oauth_proxy.api import OAuthProxyApi
from gatewright.plugins.oauth_proxy.options import OAuthProxyOptions
from gatewright.services.services import Services

__all__ = ("OAuthProxy",)


class OAuthProxy(Plugin[OAuthProxyApi]):
    """Signing in on a deployment whose address no provider knows, through the one that is registered."""

    id = "oauth-proxy"
    api_type = OAuthProxyApi

    def __init__(self, options: OAuthProxyOptions | None = None) -> None:
        self.options = options or OAuthProxyOptions()
        own = self.options.secrets()
        self._cipher = None if own is None else Cipher(own)

    def parts(self) -> Parts:
        """One operation, and hooks on both sides of the detour."""
        # The handlers ask for this class.
        from gatewright.plugins.oauth_proxy.endpoints import ENDPOINTS  # noqa: PLC0415
        from gatewright.plugins.oauth_proxy.hooks import HOOKS  # noqa: PLC0415

        return Parts(endpoints=ENDPOINTS, hooks=HOOKS)

    def seal(self, services: Services, text: str) -> str:
        """The text as only deployments with the same secret can read it."""
        return (self._cipher or services.plan.cipher).encrypt(text, random=services.random.bytes)

    def open(self, services: Services, sealed: str) -> str | None:
        """What another deployment has sealed, or ``None``."""
        try:
            return (self._cipher or services.plan.cipher).decrypt(sealed)
        except CipherError:
            return None
