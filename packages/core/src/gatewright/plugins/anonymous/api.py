"""The server methods of the anonymous plugin."""

from __future__ import annotations

from gatewright.plugins.anonymous.contract import DeleteAnonymousUser, SignInAnonymous
from gatewright.wire.calls import Api, method

__all__ = ("AnonymousApi",)


class AnonymousApi(Api):
    """What the plugin adds to ``auth.api``."""

    sign_in_anonymous = method(SignInAnonymous)
    delete_anonymous_user = method(DeleteAnonymousUser)
