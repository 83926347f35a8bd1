"""The keeper of states: what is remembered of an attempt to sign in at a provider, as a row that is taken once.

Not the states that travel in a cookie. Source: contract, crypto.json ``verification_rows``; cookies.json ``state``.
"""

from __future__ import annotations

from gatewright.model.verification import Verification
from gatewright.protocols.oauth2.state import OAuthState, pack
from gatewright.services.database import Database

__all__ = ("keep_state", "peek_state", "take_state")


async def keep_state(db: Database, state: OAuthState) -> None:
    """Store a state under its value.

    Raises:
        ValueError: The caller's additional data is too large.
    """
    await db.insert(Verification(identifier=state.state, value=pack(state), expires_at=state.expires_at))


async def peek_state(db: Database, given: str) -> Verification | None:
    """The row under the ``state`` parameter of an answer; it may be any row of the table, and stays."""
    return await db.find_one(Verification, Verification.identifier.eq(given))


async def take_state(db: Database, row: Verification) -> bool:
    """Remove a state; of several callers exactly one is told that it was there."""
    return await db.take(Verification, Verification.id.eq(row.id)) is not None
