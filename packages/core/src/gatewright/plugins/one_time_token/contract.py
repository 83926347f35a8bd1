"""Operations: make a token, use it."""

from __future__ import annotations

from gatewright.contract.faults import Unauthorized
from gatewright.contract.results import SessionData
from gatewright.wire.operation import SESSION, Operation, get, post
from gatewright.wire.result import Result

__all__ = ("GenerateOneTimeToken", "NewToken", "VerifyOneTimeToken")


class NewToken(Result):
    """A token."""

    token: str


@get("/one-time-token/generate", raises=(Unauthorized,))
class GenerateOneTimeToken(Operation[NewToken]):
    """A token that hands the caller's session to another client."""


@post("/one-time-token/verify", signals=SESSION)
class VerifyOneTimeToken(Operation[SessionData]):
    """Use a token: the session is the caller's too."""

    token: str
