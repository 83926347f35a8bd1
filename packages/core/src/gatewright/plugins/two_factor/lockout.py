"""The lock on accounts whose second factor is being guessed, over all challenges and all kinds of codes.

A try takes its place in the count before the code is looked at; the last place locks in the same write. A right code
gives everything back. Source: contract, options.json ``accountLockout``.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from gatewright.plugins.two_factor.faults import AccountTemporarilyLocked
from gatewright.plugins.two_factor.model import TwoFactor
from gatewright.plugins.two_factor.options import AccountLockout
from gatewright.services.database import Database

__all__ = ("check_lock", "count_success", "count_try")


def check_lock(row: TwoFactor | None, options: AccountLockout, now: datetime) -> None:
    """Refuse an account that is locked.

    Raises:
        AccountTemporarilyLocked: It is.
    """
    if options.enabled and row is not None and row.locked_until is not None and row.locked_until > now:
        raise AccountTemporarilyLocked


async def count_try(db: Database, row: TwoFactor | None, options: AccountLockout, now: datetime) -> None:
    """Count a try that is about to be made.

    Raises:
        AccountTemporarilyLocked: There have been too many.
    """
    while options.enabled and row is not None:
        check_lock(row, options, now)
        lock_is_over = row.locked_until is not None
        count = 1 if lock_is_over else (row.failed_verification_count or 0) + 1
        locked = now + timedelta(seconds=options.duration_seconds) if count >= options.max_failed_attempts else None
        counted = await db.update_one(
            TwoFactor,
            TwoFactor.id.eq(row.id),
            TwoFactor.failed_verification_count.eq(row.failed_verification_count),
            TwoFactor.locked_until.eq(row.locked_until),
            set=[TwoFactor.failed_verification_count.to(count), TwoFactor.locked_until.to(locked)],
        )
        if counted is not None:
            return
        # Others were counted meanwhile, or the factor was replaced: look again, at most until it is locked.
        row = await db.find_one(TwoFactor, TwoFactor.id.eq(row.id))


async def count_success(db: Database, row: TwoFactor | None, options: AccountLockout) -> None:
    """Forget the tries before a right code."""
    if options.enabled and row is not None:
        await db.update_one(
            TwoFactor,
            TwoFactor.id.eq(row.id),
            set=[TwoFactor.failed_verification_count.to(0), TwoFactor.locked_until.to(None)],
        )
