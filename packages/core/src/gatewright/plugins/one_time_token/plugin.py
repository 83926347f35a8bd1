"""The one-time token plugin: options, handlers and the hook that hands tokens out by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gatewright.contract.results import SessionData
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, signed_in
from gatewright.pipeline.handles import Endpoint, handles
from gatewright.pipeline.hooks import EVERY, Hook, after
from gatewright.pipeline.session_reading import send_session
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.one_time_token.api import OneTimeTokenApi
from gatewright.plugins.one_time_token.contract import GenerateOneTimeToken, NewToken, VerifyOneTimeToken
from gatewright.plugins.one_time_token.flows import make_token, take_token
from gatewright.plugins.one_time_token.options import OneTimeTokenOptions
from gatewright.wire.faults import ApiError

__all__ = ("OneTimeToken",)

HEADER = "set-ott"
"""The header that hands over a token with a new session."""


class OneTimeToken(Plugin[OneTimeTokenApi]):
    """Hands a session over to another client."""

    id = "one-time-token"
    api_type = OneTimeTokenApi

    def __init__(self, options: OneTimeTokenOptions | None = None) -> None:
        self.options = options or OneTimeTokenOptions()

    def parts(self) -> Parts:
        """Two operations; a hook where answers are to carry tokens."""
        hooks = (self._handing_out(),) if self.options.set_ott_header_on_new_session else ()
        return Parts(endpoints=self._endpoints(), hooks=hooks)

    def _endpoints(self) -> Sequence[Endpoint]:
        options = self.options

        @handles(GenerateOneTimeToken, signed_in)
        async def generate(call: Call[GenerateOneTimeToken], me: Signed) -> NewToken:
            if options.disable_client_request and call.request is not None:
                raise ApiError(400, message="Client requests are disabled")
            return NewToken(token=await make_token(call, options, me.data))

        @handles(VerifyOneTimeToken)
        async def verify(call: Call[VerifyOneTimeToken]) -> SessionData:
            data = await take_token(call, options, call.input.token)
            if not options.disable_set_session_cookie:
                send_session(call, data)
            return data

        return (generate, verify)

    def _handing_out(self) -> Hook:
        options = self.options

        @after(EVERY)
        async def hand_out(call: Call[Any], result: Any) -> None:  # noqa: ARG001 (every hook is given the result)
            if call.new_session is not None:
                call.out.headers.append((HEADER, await make_token(call, options, call.new_session)))

        return hand_out
