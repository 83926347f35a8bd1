"""The operation of the OAuth proxy plugin. Source: contract, endpoints.json."""

from __future__ import annotations

from gatewright.contract.faults import InvalidCallbackUrl
from gatewright.wire.kinds import Redirect
from gatewright.wire.operation import Operation, get

__all__ = ("OAuthProxyCallback",)


@get("/oauth-proxy-callback", name="oAuthProxy", raises=(InvalidCallbackUrl,))
class OAuthProxyCallback(Operation[Redirect]):
    """Where production sends the browser back to a preview, with the sealed profile of whom the provider knows.

    Every failure is a redirect too, with ``error``: ``missing_profile``, ``invalid_profile``, ``invalid_payload``,
    ``payload_expired``, ``state_mismatch``, or why the person may not sign in.
    """

    callback_url: str
    profile: str | None = None
