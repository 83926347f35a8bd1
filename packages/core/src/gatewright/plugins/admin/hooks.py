"""Hooks of the admin plugin: roles of new users, banned users kept out, sessions of administrators kept short.

A session is looked at twice: before it is written, so that nothing is begun for a banned user, and after, so that a ban
that came in between ends it. Either the ban sees the session and ends it, or the session sees the ban.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gatewright.contract.session import ListSessions
from gatewright.model.query import Condition
from gatewright.model.session import Session
from gatewright.pipeline.call import Call
from gatewright.pipeline.hooks import Hook, after, inserted, inserting, updating
from gatewright.plugins.admin.faults import BannedUser
from gatewright.plugins.admin.model import AdminSession, AdminUser
from gatewright.plugins.admin.options import AdminOptions
from gatewright.services.database import RowChange, RowHook

__all__ = ("HOOKS", "row_hooks")


@after(ListSessions)
async def _own_sessions(call: Call[ListSessions], result: list[Session]) -> list[Session]:  # noqa: ARG001
    """Sessions that an administrator has begun are not the user's to see."""
    return [session for session in result if AdminSession.of(session).impersonated_by is None]


HOOKS: Sequence[Hook] = (_own_sessions,)


def row_hooks(options: AdminOptions) -> Sequence[RowHook]:
    """The hooks of tables, for these options."""

    @inserting(AdminUser)
    async def give_role(user: AdminUser, call: Call[Any] | None) -> AdminUser | None:  # noqa: ARG001
        return user.with_values({"role": options.default_role}) if user.role is None else None

    async def refuse_banned(session: Session, call: Call[Any] | None) -> bool:
        """Whether the session's user is banned; a ban that is over is lifted."""
        if call is None:
            return False
        user = await call.db.find_one(AdminUser, AdminUser.id.eq(session.user_id))
        if user is None or not user.banned:
            return False
        if user.ban_expires is None or user.ban_expires > call.now:
            return True
        await call.db.update_one(
            AdminUser,
            AdminUser.id.eq(user.id),
            AdminUser.banned.eq(True),
            AdminUser.ban_expires.eq(user.ban_expires),
            set=[AdminUser.banned.to(False), AdminUser.ban_reason.to(None), AdminUser.ban_expires.to(None)],
        )
        return False

    @inserting(Session)
    async def keep_out(session: Session, call: Call[Any] | None) -> None:
        if await refuse_banned(session, call):
            raise BannedUser(message=options.banned_user_message)

    @inserted(Session)
    async def end_again(session: Session, call: Call[Any] | None) -> None:
        if call is not None and await refuse_banned(session, call):
            await call.services.sessions.end(call.db, session.token)
            raise BannedUser(message=options.banned_user_message)

    @updating(Session)
    async def stay_short(change: RowChange[Session], call: Call[Any] | None) -> RowChange[Session] | None:
        """A session of an administrator in another's name is never extended."""
        if call is None or "expiresAt" not in change.values:
            return None
        token = next((c.value for c in change.where if isinstance(c, Condition) and c.column == "token"), None)
        if not isinstance(token, str):
            return None
        pair = await call.services.sessions.find(call.db, token)
        if pair is None or AdminSession.of(pair[0]).impersonated_by is None:
            return None
        kept = {**change.values, "expiresAt": pair[0].expires_at, "updatedAt": pair[0].updated_at}
        return RowChange(change.table, kept, change.where)

    return (give_role, keep_out, end_again, stay_short)
