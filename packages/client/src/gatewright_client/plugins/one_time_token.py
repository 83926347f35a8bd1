"""The counterpart of the one-time token plugin."""

from __future__ import annotations

from gatewright.plugins.one_time_token.contract import GenerateOneTimeToken, VerifyOneTimeToken
from gatewright_client.calls import F, Group, action
from gatewright_client.plugins.base import ClientPlugin

__all__ = ("OneTimeTokenCalls", "OneTimeTokenClient")


class OneTimeTokenCalls(Group[F]):
    """``/one-time-token``."""

    generate = action(GenerateOneTimeToken)
    verify = action(VerifyOneTimeToken)


class OneTimeTokenClient(ClientPlugin):
    """Handing a session to another client."""

    def __init__(self) -> None:
        super().__init__("one-time-token", calls=OneTimeTokenCalls)
