"""The magic link plugin: options and parts."""

from __future__ import annotations

from gatewright.plugins.base import LimitRule, Parts, Plugin
from gatewright.plugins.magic_link.api import MagicLinkApi
from gatewright.plugins.magic_link.endpoints import endpoints
from gatewright.plugins.magic_link.options import MagicLinkOptions
from gatewright.wire.operation import Limit

__all__ = ("MagicLink",)

PATHS = frozenset({"/sign-in/magic-link", "/magic-link/verify"})


class MagicLink(Plugin[MagicLinkApi]):
    """Signing in by a mailed link."""

    id = "magic-link"
    api_type = MagicLinkApi

    def __init__(self, options: MagicLinkOptions) -> None:
        self.options = options

    def parts(self) -> Parts:
        """Two operations under one rate rule each."""
        rule = self.options.rate_limit
        return Parts(
            endpoints=endpoints(self.options),
            limits=(LimitRule(PATHS.__contains__, Limit(window=rule.window, max=rule.max)),),
        )
