"""The bearer plugin: options and hooks."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from gatewright.http.cookies import encode_uri_component, parse
from gatewright.http.headers import Headers
from gatewright.pipeline.call import Call
from gatewright.pipeline.hooks import EVERY, Hook, after, before
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.bearer.options import BearerOptions
from gatewright.wire.calls import Api

__all__ = ("Bearer",)

EXPOSED = "set-auth-token"
"""The header that hands over a new token."""


class Bearer(Plugin[Api]):
    """Accepts ``Authorization: Bearer <token>`` and hands over new tokens in ``set-auth-token``.

    A token that is wrong is ignored, as a wrong cookie is. Origins are checked as always when a cookie comes along.
    """

    id = "bearer"
    api_type = Api

    def __init__(self, options: BearerOptions | None = None) -> None:
        self.options = options or BearerOptions()

    def parts(self) -> Parts:
        """Two hooks around every operation."""
        return Parts(hooks=(self._reading(), _handing_over))

    def _reading(self) -> Hook:
        require_signature = self.options.require_signature

        @before(EVERY)
        async def read_token(call: Call[Any]) -> None:
            authorization = call.headers.get("authorization")
            if authorization is None or authorization[:7].lower() != "bearer ":
                return
            token = authorization[7:].strip()
            signer = call.services.plan.signer
            if "." in token:
                signed = unquote(token)
                if signer.verify(signed) is None:
                    return
            elif require_signature or not token:
                return
            else:
                signed = signer.sign(token)
            name = call.services.plan.cookies.session_token.name
            cookies = {**parse(call.headers.get("cookie") or ""), name: signed}
            header = "; ".join(f"{key}={encode_uri_component(value)}" for key, value in cookies.items())
            others = [(key, value) for key, value in call.headers.items() if key != "cookie"]
            call.headers = Headers.of([*others, ("cookie", header)])

        return read_token


@after(EVERY)
async def _handing_over(call: Call[Any], result: Any) -> None:  # noqa: ARG001 (every hook is given the result)
    line = call.out.cookies.get(call.services.plan.cookies.session_token.name)
    if line is None:
        return
    value = line.partition(";")[0].partition("=")[2]
    if value:
        call.out.headers.append((EXPOSED, unquote(value)))
        call.out.headers.append(("access-control-expose-headers", EXPOSED))
