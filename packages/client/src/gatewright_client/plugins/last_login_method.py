"""The counterpart of the last login method plugin: what its cookie says; the server is not asked.

Source: contract, client.json ``plugins`` (the actions). With ``bearer=True`` no cookies are kept, and nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

import msgspec

from gatewright_client.exchange import Server
from gatewright_client.plugins.base import ClientPlugin
from gatewright_client.storage import Saved

__all__ = ("LastLoginMethodClient", "forget_last_used", "is_last_used", "last_used")

COOKIE = "better-auth.last_used_login_method"


class LastLoginMethodClient(ClientPlugin):
    """How somebody signed in last.

    Args:
        cookie_name: The server's, if it has another.
    """

    def __init__(self, cookie_name: str = COOKIE) -> None:
        super().__init__("last-login-method")
        self.cookie_name = cookie_name


def _cookie_name(server: Server) -> str:
    names = (each.cookie_name for each in server.plugins if isinstance(each, LastLoginMethodClient))
    return next(names, COOKIE)


def last_used(server: Server, saved: Saved) -> str | None:
    """How somebody signed in last with this client: ``email``, a provider's id, ..., or ``None``. It proves nothing."""
    name = _cookie_name(server)
    return next((unquote(each.value) for each in server.cookies_in(saved) if each.name == name), None)


def is_last_used(server: Server, saved: Saved, method: str) -> bool:
    """Whether somebody signed in so last with this client."""
    return last_used(server, saved) == method


def forget_last_used(server: Server) -> Callable[[Saved], Saved]:
    """Forget how somebody signed in last."""
    name = _cookie_name(server)

    def drop(saved: Saved) -> Saved:
        own = [each for each in server.cookies_in(saved) if each.name == name]
        return msgspec.structs.replace(saved, cookies=tuple(each for each in saved.cookies if each not in own))

    return drop
