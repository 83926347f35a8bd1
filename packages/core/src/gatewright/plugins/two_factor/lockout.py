"""The lock on accounts whose second factor is being guessed, over all challenges and all kinds of codes.

A try takes its place in the count before the code is looked at; the last place locks in the same write. A right code
gives everything back. Users who have an authenticator app are counted in its row, as the contract has it; users who have
codes sent and nothing else have no row, and are counted in a one-time value. Source: contract, options.json
``accountLockout``; NIST SP 800-63B-4 §3.2.2.
"""

from __future__ import annotations

from datetime import timedelta

from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.plugins.two_factor.faults import AccountTemporarilyLocked
from gatewright.plugins.two_factor.model import TwoFactor
from gatewright.plugins.two_factor.options import AccountLockout

__all__ = ("TRIES_OF_ACCOUNT", "check_lock", "count_success", "count_try")

TRIES_OF_ACCOUNT = "2fa-account-"
"""Prefix of the one-time value that counts for users without a row."""

_COUNTED_FOR = timedelta(days=1)


async def check_lock(call: Call[object], user: User, row: TwoFactor | None, options: AccountLockout) -> None:
    """Refuse an account that is locked.

    Raises:
        AccountTemporarilyLocked: It is.
    """
    if not options.enabled:
        return
    if row is not None:
        _check_row(row, call)
        return
    known = await call.services.verifications.find(call.db, TRIES_OF_ACCOUNT + user.id)
    if known is not None and _count(known.value) >= options.max_failed_attempts:
        raise AccountTemporarilyLocked


async def count_try(call: Call[object], user: User, row: TwoFactor | None, options: AccountLockout) -> None:
    """Count a try that is about to be made.

    Raises:
        AccountTemporarilyLocked: There have been too many.
    """
    if not options.enabled:
        return
    if row is None:
        await _count_without_row(call, user, options)
        return
    present: TwoFactor | None = row
    while present is not None:
        _check_row(present, call)
        lock_is_over = present.locked_until is not None
        count = 1 if lock_is_over else (present.failed_verification_count or 0) + 1
        lock = timedelta(seconds=options.duration_seconds)
        counted = await call.db.update_one(
            TwoFactor,
            TwoFactor.id.eq(present.id),
            TwoFactor.failed_verification_count.eq(present.failed_verification_count),
            TwoFactor.locked_until.eq(present.locked_until),
            set=[
                TwoFactor.failed_verification_count.to(count),
                TwoFactor.locked_until.to(call.now + lock if count >= options.max_failed_attempts else None),
            ],
        )
        if counted is not None:
            return
        # Others were counted meanwhile, or the factor was replaced: look again, at most until it is locked.
        present = await call.db.find_one(TwoFactor, TwoFactor.id.eq(present.id))


async def _count_without_row(call: Call[object], user: User, options: AccountLockout) -> None:
    keeper, key = call.services.verifications, TRIES_OF_ACCOUNT + user.id
    while True:
        known = await keeper.find(call.db, key)
        count = 0 if known is None else _count(known.value)
        if count >= options.max_failed_attempts:
            raise AccountTemporarilyLocked
        locks = count + 1 >= options.max_failed_attempts
        ends = call.now + (timedelta(seconds=options.duration_seconds) if locks else _COUNTED_FOR)
        if known is None:
            async with call.db.transaction() as tx:
                # Where rows are written side by side, those of one user wait for each other.
                await tx.hold(user)
                first = await keeper.create_first(tx, key, "1", expires_at=ends)
            if first:
                return
        elif await keeper.change(call.db, known, str(count + 1), expires_at=ends) is not None:
            return
        # Whoever loses here has lost to a try that was counted: at most until it is locked.


async def count_success(call: Call[object], user: User, row: TwoFactor | None, options: AccountLockout) -> None:
    """Forget the tries before a right code."""
    if not options.enabled:
        return
    if row is None:
        await call.services.verifications.delete(call.db, TRIES_OF_ACCOUNT + user.id)
        return
    await call.db.update_one(
        TwoFactor,
        TwoFactor.id.eq(row.id),
        set=[TwoFactor.failed_verification_count.to(0), TwoFactor.locked_until.to(None)],
    )


def _check_row(row: TwoFactor, call: Call[object]) -> None:
    if row.locked_until is not None and row.locked_until > call.now:
        raise AccountTemporarilyLocked


def _count(value: str) -> int:
    return int(value) if value.isdecimal() else 0
