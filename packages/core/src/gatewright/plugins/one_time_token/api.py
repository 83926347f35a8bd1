"""The server methods of the one-time token plugin."""

from __future__ import annotations

from gatewright.plugins.one_time_token.contract import GenerateOneTimeToken, VerifyOneTimeToken
from gatewright.wire.calls import Api, method

__all__ = ("OneTimeTokenApi",)


class OneTimeTokenApi(Api):
    """What the plugin adds to ``auth.api``."""

    generate_one_time_token = method(GenerateOneTimeToken)
    verify_one_time_token = method(VerifyOneTimeToken)
