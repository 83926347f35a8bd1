"""The server methods of the magic link plugin."""

from __future__ import annotations

from gatewright.plugins.magic_link.contract import MagicLinkVerify, SignInMagicLink
from gatewright.wire.calls import Api, method

__all__ = ("MagicLinkApi",)


class MagicLinkApi(Api):
    """What the plugin adds to ``auth.api``."""

    sign_in_magic_link = method(SignInMagicLink)
    magic_link_verify = method(MagicLinkVerify)
