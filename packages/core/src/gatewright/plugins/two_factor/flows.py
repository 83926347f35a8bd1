"""Enrolling, and looking at codes: what happens to the rows of a second factor. Knows no HTTP."""

from __future__ import annotations

from gatewright.crypto.cipher import CipherError
from gatewright.crypto.random_text import DEFAULT_ALPHABET, random_text
from gatewright.model.user import User
from gatewright.plugins.two_factor.faults import InvalidBackupCode, InvalidCode
from gatewright.plugins.two_factor.model import TwoFactor, TwoFactorUser
from gatewright.plugins.two_factor.tools import Tools
from gatewright.plugins.two_factor.totp import SECRET_LENGTH
from gatewright.services.database import Database
from gatewright.wire.faults import ApiError

__all__ = ("disable", "enrol", "factor_of", "replace_backup_codes", "switch_on", "use_backup_code", "use_totp")


async def factor_of(db: Database, user: User) -> TwoFactor | None:
    """The user's authenticator app and backup codes."""
    return await db.find_one(TwoFactor, TwoFactor.user_id.eq(user.id))


async def enrol(tools: Tools, db: Database, user: User) -> tuple[str, tuple[str, ...]]:
    """Give a user a new secret and new backup codes, all or nothing; the former ones no longer work.

    Returns:
        The secret and the codes. The app counts once it was verified, unless it replaces one that was.
    """
    secret = random_text(SECRET_LENGTH, DEFAULT_ALPHABET, tools.services.random.bytes)
    codes = tools.backup.make()
    sealed, stored = tools.totp.seal(secret), await tools.backup.stored(codes)
    at_once = tools.options.skip_verification_on_enable
    async with db.transaction() as tx:
        await tx.hold(user)
        known = await factor_of(tx, user)
        verified = at_once or (
            known is not None and known.verified is not False and bool(TwoFactorUser.of(user).two_factor_enabled)
        )
        if known is None:
            await tx.insert(TwoFactor(secret=sealed, backup_codes=stored, user_id=user.id, verified=verified))
        else:
            await tx.update_one(
                TwoFactor,
                TwoFactor.id.eq(known.id),
                set=[
                    TwoFactor.secret.to(sealed),
                    TwoFactor.backup_codes.to(stored),
                    TwoFactor.verified.to(verified),
                ],
            )
        if at_once:
            await switch_on(tx, user)
    return secret, codes


async def switch_on(db: Database, user: User) -> User | None:
    """From now on the user owes a second factor; the user afterwards."""
    return await db.update_one(
        TwoFactorUser, TwoFactorUser.id.eq(user.id), set=[TwoFactorUser.two_factor_enabled.to(True)]
    )


async def disable(db: Database, user: User) -> User | None:
    """The user owes no second factor any more; the user afterwards."""
    async with db.transaction() as tx:
        await tx.delete(TwoFactor, TwoFactor.user_id.eq(user.id))
        return await tx.update_one(
            TwoFactorUser, TwoFactorUser.id.eq(user.id), set=[TwoFactorUser.two_factor_enabled.to(False)]
        )


async def use_totp(tools: Tools, db: Database, factor: TwoFactor, code: str) -> None:
    """Use a code of the authenticator app; its step and those before it no longer work.

    Raises:
        InvalidCode: It is not the code, or was used before, or the app was enrolled with a secret of the instance that
            is no longer known.
    """
    now = tools.services.clock.now()
    try:
        secret = tools.totp.open(factor.secret)
    except CipherError as error:
        raise InvalidCode(because=str(error)) from error
    step = tools.totp.step_of(secret, code, now)
    if step is None or tools.totp.is_used(factor.secret, step, now):
        raise InvalidCode
    used = await db.update_one(
        TwoFactor,
        TwoFactor.id.eq(factor.id),
        TwoFactor.secret.eq(factor.secret),
        set=[TwoFactor.secret.to(tools.totp.seal(secret, used=step))],
    )
    if used is None:
        raise InvalidCode(because="another request has used a code at the same time")


async def use_backup_code(tools: Tools, db: Database, factor: TwoFactor, code: str) -> None:
    """Use a backup code up.

    Raises:
        InvalidBackupCode: It is none of the user's, or was used before.
        ApiError: Another one was used at the same time; this one may still be good.
    """
    left = tools.backup.without(await tools.backup.read(factor.backup_codes) or (), code)
    if left is None:
        raise InvalidBackupCode
    used = await db.update_one(
        TwoFactor,
        TwoFactor.id.eq(factor.id),
        TwoFactor.backup_codes.eq(factor.backup_codes),
        set=[TwoFactor.backup_codes.to(await tools.backup.stored(left))],
    )
    if used is None:
        raise ApiError(409, message="Failed to verify backup code. Please try again.")


async def replace_backup_codes(tools: Tools, db: Database, factor: TwoFactor) -> tuple[str, ...]:
    """Give a user new backup codes; the former ones no longer work."""
    codes = tools.backup.make()
    await db.update_one(
        TwoFactor,
        TwoFactor.id.eq(factor.id),
        set=[TwoFactor.backup_codes.to(await tools.backup.stored(codes))],
    )
    return codes
