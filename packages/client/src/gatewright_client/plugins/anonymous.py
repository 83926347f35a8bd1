"""The counterpart of the anonymous plugin; its calls are ``sign_in.anonymous`` and ``delete_anonymous_user``."""

from __future__ import annotations

from gatewright.wire.operation import SESSION
from gatewright_client.plugins.base import ClientPlugin, at

__all__ = ("AnonymousClient",)


class AnonymousClient(ClientPlugin):
    """Guests."""

    def __init__(self) -> None:
        super().__init__("anonymous", signals={SESSION.name: at("/sign-in/anonymous")})
