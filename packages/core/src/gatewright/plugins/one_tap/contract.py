"""The operation of the one tap plugin. Source: contract, endpoints.json."""

from __future__ import annotations

from gatewright.contract.faults import EmailNotVerified
from gatewright.model.user import User
from gatewright.wire.operation import SESSION, Operation, post
from gatewright.wire.result import Result

__all__ = ("OneTapCallback", "TappedIn")


class TappedIn(Result):
    """Who signed in; ``token`` is the session's."""

    token: str
    user: User


@post("/one-tap/callback", raises=(EmailNotVerified,), signals=SESSION)
class OneTapCallback(Operation[TappedIn]):
    """Sign in with the ID token that Google gave to the page; ``callback_url`` is where the page goes next."""

    id_token: str
    callback_url: str | None = None
