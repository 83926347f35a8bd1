"""Use-cases of the admin plugin: creating, changing and banning users. Who may is decided before; writes are guarded.

Source: contract, endpoints.json ``admin``; asked of a running server: what ``data`` may hold and in which order it is
refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from gatewright.contract.faults import (
    FailedToCreateUser,
    InvalidEmail,
    UserAlreadyExistsUseAnotherEmail,
    UserNotFound,
)
from gatewright.model.account import CREDENTIAL, Account
from gatewright.model.user import User
from gatewright.plugins.admin.faults import (
    InvalidRoleType,
    NoDataToUpdate,
    PasswordCannotBeUpdatedViaUpdateUser,
    YouAreNotAllowedToBanUsers,
    YouAreNotAllowedToChangeUsersRole,
    YouAreNotAllowedToSetNonExistentValue,
    YouAreNotAllowedToSetUsersEmail,
    YouCannotBanYourself,
)
from gatewright.plugins.admin.model import AdminUser
from gatewright.plugins.admin.options import AdminOptions
from gatewright.ports.adapter import Conflict
from gatewright.services.database import Database, Refused
from gatewright.services.input_fields import accept_value
from gatewright.services.services import Services
from gatewright.settings.callbacks import UserInfoSource
from gatewright.wire.text import is_email

__all__ = ("ban", "change", "create", "role_text", "set_password", "unban")

BAN = ("banned", "banReason", "banExpires")
NO_REASON = "No reason"

May = Callable[[str], bool]
"""Whether the caller may do something to users."""


def role_text(options: AdminOptions, role: object) -> str:
    """A role, or several, as they are stored.

    Raises:
        InvalidRoleType: No text.
        YouAreNotAllowedToSetNonExistentValue: Roles are configured, and it is none of them.
    """
    names: list[object] = cast("list[object]", role) if isinstance(role, list) else [role]
    found: list[str] = []
    for name in names:
        if not isinstance(name, str):
            raise InvalidRoleType
        if options.roles is not None and name not in options.roles:
            raise YouAreNotAllowedToSetNonExistentValue
        found.append(name)
    return ",".join(found)


async def create(  # noqa: PLR0917 (a user's facts)
    services: Services,
    db: Database,
    options: AdminOptions,
    email: str,
    name: str,
    password: str | None,
    role: object,
    data: Mapping[str, object],
    may: May | None,
) -> User:
    """Create a user; ``may`` is ``None`` where the application itself does.

    Raises:
        ApiError: The address is taken or none, the role is none, or the caller may not do what ``data`` says.
    """
    given = role if role is not None else data.get("role")
    if given is not None and may is not None and not may("set-role"):
        raise YouAreNotAllowedToChangeUsersRole
    roles = options.default_role if given is None else role_text(options, given)
    if may is not None and any(column in data for column in BAN) and not may("ban"):
        raise YouAreNotAllowedToBanUsers
    address = email.lower()
    if not is_email(address):
        raise InvalidEmail
    if await services.users.by_email(db, address) is not None:
        raise UserAlreadyExistsUseAnotherEmail(status=400)
    values = {**await _columns(services, data), "email": address, "name": name, "role": roles}
    values.setdefault("emailVerified", False)
    hashed = await services.passwords.hash(password) if password else None
    try:
        async with db.transaction() as tx:
            user = await services.users.create(tx, values, source=UserInfoSource("admin"))
            if hashed is not None:
                await services.accounts.create_credential(tx, user.id, hashed)
    except Conflict:
        raise UserAlreadyExistsUseAnotherEmail(status=400) from None
    except Refused:
        raise FailedToCreateUser(status=500) from None
    return user


async def change(  # noqa: PLR0917 (what, whose, by whom)
    services: Services,
    db: Database,
    options: AdminOptions,
    me: User,
    user_id: str,
    data: Mapping[str, object],
    may: May,
) -> User:
    """Change a user's columns; a ban ends the user's sessions.

    Raises:
        ApiError: Nothing to change, the caller may not change it, or there is no such user.
    """
    if not data:
        raise NoDataToUpdate
    if "password" in data:
        raise PasswordCannotBeUpdatedViaUpdateUser
    given = dict(data)
    if "role" in given:
        if not may("set-role"):
            raise YouAreNotAllowedToChangeUsersRole
        given["role"] = role_text(options, given["role"])
    if any(column in given for column in BAN):
        if not may("ban"):
            raise YouAreNotAllowedToBanUsers
        if given.get("banned") and user_id == me.id:
            raise YouCannotBanYourself
    if ("email" in given or "emailVerified" in given) and not may("set-email"):
        raise YouAreNotAllowedToSetUsersEmail
    values = await _columns(services, given)
    if "email" in given:
        address = str(given["email"]).lower()
        if not is_email(address):
            raise InvalidEmail
        known = await services.users.by_email(db, address)
        if known is not None and known.id != user_id:
            raise UserAlreadyExistsUseAnotherEmail(status=400)
        values["email"] = address
    if not values and await services.users.by_id(db, user_id) is not None:
        raise NoDataToUpdate
    try:
        user = await services.users.update(db, user_id, values) if values else None
    except Conflict:
        raise UserAlreadyExistsUseAnotherEmail(status=400) from None
    if user is None:
        raise UserNotFound(status=404)
    if values.get("banned"):
        await services.sessions.end_all(db, user_id)
    return user


async def ban(
    services: Services,
    db: Database,
    options: AdminOptions,
    me: User,
    user_id: str,
    *,
    reason: str | None,
    seconds: float | None,
) -> User:
    """Ban a user and end all of the user's sessions.

    Raises:
        UserNotFound: There is none.
        YouCannotBanYourself: It is the caller.
    """
    if await services.users.by_id(db, user_id) is None:
        raise UserNotFound(status=404)
    if user_id == me.id:
        raise YouCannotBanYourself
    lasts = seconds or options.default_ban_expires_in
    values: dict[str, Any] = {
        "banned": True,
        "banReason": reason or options.default_ban_reason or NO_REASON,
        "banExpires": None if not lasts else _after(services.clock.now(), lasts),
    }
    user = await services.users.update(db, user_id, values)
    if user is None:
        raise UserNotFound(status=404)
    await services.sessions.end_all(db, user_id)
    return user


async def unban(services: Services, db: Database, user_id: str) -> User:
    """Lift a ban.

    Raises:
        UserNotFound: There is no such user.
    """
    user = await services.users.update(db, user_id, {"banned": False, "banReason": None, "banExpires": None})
    if user is None:
        raise UserNotFound(status=404)
    return user


async def set_password(services: Services, db: Database, user_id: str, password: str) -> None:
    """Give a user another password, or a first one.

    Raises:
        PasswordTooShort, PasswordTooLong: Not within the bounds.
        UserNotFound: There is no such user.
    """
    services.passwords.check_length(password)
    if await services.users.by_id(db, user_id) is None:
        raise UserNotFound(status=404)
    hashed = await services.passwords.hash(password)
    if await services.accounts.credential(db, user_id) is None:
        try:
            await services.accounts.create_credential(db, user_id, hashed)
        except Conflict:
            pass
        else:
            return
    await db.update_many(
        Account, Account.user_id.eq(user_id), Account.provider_id.eq(CREDENTIAL), set=[Account.password.to(hashed)]
    )


async def _columns(services: Services, data: Mapping[str, object]) -> dict[str, Any]:
    """The values among ``data`` that the table of users keeps; identifiers are nobody's to change."""
    columns = services.plan.schema[AdminUser].columns
    return {
        name: await accept_value(columns[name], value)
        for name, value in data.items()
        if name in columns and name != "id" and not columns[name].serial
    }


def _after(now: datetime, seconds: float) -> datetime:
    try:
        return now + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return datetime.max.replace(tzinfo=now.tzinfo)
