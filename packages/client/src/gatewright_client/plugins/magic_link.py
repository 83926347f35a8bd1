"""The counterpart of the magic link plugin; a link is asked for with ``sign_in.magic_link``."""

from __future__ import annotations

from gatewright.plugins.magic_link.contract import MagicLinkVerify
from gatewright.wire.operation import SESSION
from gatewright_client.calls import F, Group, action
from gatewright_client.plugins.base import ClientPlugin, at

__all__ = ("MagicLinkCalls", "MagicLinkClient")


class MagicLinkCalls(Group[F]):
    """``/magic-link``."""

    verify = action(MagicLinkVerify)


class MagicLinkClient(ClientPlugin):
    """Signing in with a link; following it with this client signs the client in."""

    def __init__(self) -> None:
        super().__init__("magic-link", calls=MagicLinkCalls, signals={SESSION.name: at("/magic-link/verify")})
