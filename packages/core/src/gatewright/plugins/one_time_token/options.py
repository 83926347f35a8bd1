"""Options of the one-time token plugin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from pydantic import Field

from gatewright.contract.results import SessionData
from gatewright.pipeline.call import Call
from gatewright.settings.base import Called, Flag, Options

__all__ = ("OneTimeTokenOptions", "TokenHash")


class TokenHash(Options):
    """An application's own way to store tokens."""

    type: Literal["custom-hasher"]
    hash: Called[Callable[[str], Awaitable[str]]]


class OneTimeTokenOptions(Options):
    """How tokens are made and what they do.

    Attributes:
        expires_in: Minutes, as the contract has it.
        disable_client_request: Only the application itself may make tokens.
        generate_token: Makes tokens in place of 32 random characters. They must be as hard to guess.
        disable_set_session_cookie: Whoever uses a token is told the session but given no cookie.
        store_token: ``hashed`` keeps a digest instead of the token.
        set_ott_header_on_new_session: Every answer that begins a session carries a token in ``set-ott``.
    """

    expires_in: float = Field(default=3, gt=0, le=60 * 24 * 365)
    disable_client_request: Flag = False
    generate_token: Called[Callable[[SessionData, Call[Any]], Awaitable[str]]] | None = None
    disable_set_session_cookie: Flag = False
    store_token: Literal["plain", "hashed"] | TokenHash = "plain"  # noqa: S105 (how it is stored)
    set_ott_header_on_new_session: Flag = False
