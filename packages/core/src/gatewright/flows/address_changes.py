"""Remembering that a user's address was changed: links that were mailed before are void, even if it is changed back.

A change is remembered for as long as a link to the old address could live (``email-changed-<user>``).
Source: OWASP Forgot Password Cheat Sheet.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from gatewright.services.database import Database
from gatewright.services.services import Services

__all__ = ("changed_since", "mark_changed")

CHANGED = "email-changed-"
"""Prefix of the rows that remember a change."""


async def mark_changed(services: Services, db: Database, user_id: str) -> None:
    """Void what was mailed to the user before this moment."""
    settings = services.plan.settings
    longest = max(settings.email_and_password.reset_password_token_expires_in, settings.email_verification.expires_in)
    await services.verifications.create(
        db, CHANGED + user_id, user_id, expires_at=services.clock.now() + timedelta(seconds=longest)
    )


async def changed_since(services: Services, db: Database, user_id: str, moment: datetime) -> bool:
    """Whether the user's address was changed after ``moment``, as far back as a link can have been mailed."""
    row = await services.verifications.find(db, CHANGED + user_id)
    return row is not None and row.created_at > moment
