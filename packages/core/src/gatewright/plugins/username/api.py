"""The server methods of the username plugin."""

from __future__ import annotations

from gatewright.plugins.username.contract import IsUsernameAvailable, SignInUsername
from gatewright.wire.calls import Api, method

__all__ = ("UsernameApi",)


class UsernameApi(Api):
    """What the plugin adds to ``auth.api``."""

    sign_in_username = method(SignInUsername)
    is_username_available = method(IsUsernameAvailable)
