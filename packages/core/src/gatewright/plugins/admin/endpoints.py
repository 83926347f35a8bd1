"""Handlers of the admin plugin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec import UNSET

from gatewright.access.assurance import IMPERSONATED
from gatewright.contract.faults import UserNotFound
from gatewright.contract.results import Done, SessionData
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, maybe_signed_in
from gatewright.pipeline.handles import handles
from gatewright.pipeline.session_gates import create_session
from gatewright.pipeline.session_reading import forget_session, read_session, send_session
from gatewright.plugins.admin import contract, faults, flows
from gatewright.plugins.admin.guards import administrator
from gatewright.plugins.admin.model import AdminSession
from gatewright.plugins.admin.plugin import COOKIE, Admin
from gatewright.services.database import Refused
from gatewright.services.listing import DEFAULT_LIMIT, LARGEST_LIMIT, filtered, number, ordered, searched
from gatewright.wire.faults import ApiError, Fault

__all__ = ("ALL",)


def _require(call: Call[Any], me: Signed, resource: str, action: str, fault: type[Fault]) -> Admin:
    admin = call.plugin(Admin)
    if not admin.allows(me.user, {resource: [action]}):
        raise fault
    return admin


@handles(contract.SetRole, administrator)
async def set_role(call: Call[contract.SetRole], me: Signed) -> contract.ChangedUser:
    """Another role, or several."""
    admin = _require(call, me, "user", "set-role", faults.YouAreNotAllowedToChangeUsersRole)
    role = flows.role_text(admin.options, call.input.role)
    user = await call.services.users.update(call.db, call.input.user_id, {"role": role})
    if user is None:
        raise UserNotFound(status=404)
    return contract.ChangedUser(user=user)


@handles(contract.GetUser, administrator)
async def get_user(call: Call[contract.GetUser], me: Signed) -> User:
    """One user."""
    _require(call, me, "user", "get", faults.YouAreNotAllowedToGetUser)
    user = await call.services.users.by_id(call.db, call.input.id)
    if user is None:
        raise UserNotFound(status=404)
    return user


@handles(contract.CreateUser)
async def create_user(call: Call[contract.CreateUser]) -> contract.ChangedUser:
    """Create a user; the application itself needs no session."""
    asked = call.input
    admin = call.plugin(Admin)
    may = None
    if not call.trusted:
        me = await administrator(call)
        _require(call, me, "user", "create", faults.YouAreNotAllowedToCreateUsers)
        may = _may(admin, me.user)
    user = await flows.create(
        call.services,
        call.db,
        admin.options,
        asked.email,
        asked.name,
        asked.password,
        asked.role,
        asked.data,
        may,
    )
    return contract.ChangedUser(user=user)


@handles(contract.AdminUpdateUser, administrator)
async def update_user(call: Call[contract.AdminUpdateUser], me: Signed) -> User:
    """Change a user's columns."""
    admin = _require(call, me, "user", "update", faults.YouAreNotAllowedToUpdateUsers)
    may = _may(admin, me.user)
    asked = call.input
    return await flows.change(call.services, call.db, admin.options, me.user, asked.user_id, asked.data, may)


def _may(admin: Admin, user: User) -> flows.May:
    return lambda action: admin.allows(user, {"user": [action]})


@handles(contract.ListUsers, administrator)
async def list_users(call: Call[contract.ListUsers], me: Signed) -> contract.UserPage:
    """Some of the users."""
    _require(call, me, "user", "list", faults.YouAreNotAllowedToListUsers)
    asked = call.input
    table = call.services.plan.schema[User]
    found = (
        searched(asked.search_value, asked.search_field, asked.search_operator),
        filtered(table, asked.filter_field, asked.filter_operator, asked.filter_value),
    )
    where = [condition for condition in found if condition is not None]
    order = ordered(table, asked.sort_by, asked.sort_direction)
    limit, offset = number(asked.limit), number(asked.offset)
    most = min(limit or DEFAULT_LIMIT, LARGEST_LIMIT)
    users = await call.db.find_many(User, *where, order=order, limit=most, offset=offset)
    # A page that ends before its limit tells how many there are.
    last = len(users) < most and (users or not offset)
    return contract.UserPage(
        users=users,
        total=(offset or 0) + len(users) if last else await call.services.totals.of(call.db, User, *where),
        limit=UNSET if limit is None else limit,
        offset=UNSET if offset is None else offset,
    )


@handles(contract.ListUserSessions, administrator)
async def list_user_sessions(call: Call[contract.ListUserSessions], me: Signed) -> contract.UserSessions:
    """A user's active sessions."""
    _require(call, me, "session", "list", faults.YouAreNotAllowedToListUsersSessions)
    return contract.UserSessions(sessions=await call.services.sessions.active(call.db, call.input.user_id))


@handles(contract.UnbanUser, administrator)
async def unban_user(call: Call[contract.UnbanUser], me: Signed) -> contract.ChangedUser:
    """Lift a ban."""
    _require(call, me, "user", "ban", faults.YouAreNotAllowedToBanUsers)
    return contract.ChangedUser(user=await flows.unban(call.services, call.db, call.input.user_id))


@handles(contract.BanUser, administrator)
async def ban_user(call: Call[contract.BanUser], me: Signed) -> contract.ChangedUser:
    """Ban a user; all of the user's sessions end."""
    admin = _require(call, me, "user", "ban", faults.YouAreNotAllowedToBanUsers)
    asked = call.input
    user = await flows.ban(
        call.services,
        call.db,
        admin.options,
        me.user,
        asked.user_id,
        reason=asked.ban_reason,
        seconds=asked.ban_expires_in,
    )
    return contract.ChangedUser(user=user)


@handles(contract.ImpersonateUser, administrator)
async def impersonate_user(call: Call[contract.ImpersonateUser], me: Signed) -> SessionData:
    """Begin a short session in a user's name; the administrator's own waits in a cookie."""
    admin = _require(call, me, "user", "impersonate", faults.YouAreNotAllowedToImpersonateUsers)
    services = call.services
    user = await services.users.by_id(call.db, call.input.user_id)
    if user is None:
        raise UserNotFound(status=404)
    if admin.is_administrator(user) and not (
        admin.options.allow_impersonating_admins or admin.allows(me.user, {"user": ["impersonate-admins"]})
    ):
        raise faults.YouCannotImpersonateAdmins
    if user.id == me.user.id or AdminSession.of(me.session).impersonated_by is not None:
        # Nobody acts for themselves, and nobody through somebody else.
        raise faults.YouAreNotAllowedToImpersonateUsers
    more = {
        "impersonatedBy": me.user.id,
        "expiresAt": call.now + timedelta(seconds=admin.options.impersonation_session_duration),
    }
    try:
        session = await create_session(call, user, IMPERSONATED, passing=True, more=more)
    except Refused:
        raise ApiError(500, code="FAILED_TO_CREATE_USER", message="Failed to create user") from None
    lasting = call.signed_cookie(services.plan.cookies.dont_remember) or ""
    forget_session(call)
    cookie = services.plan.cookie(COOKIE)
    call.set_signed_cookie(cookie, f"{me.session.token}:{lasting}", max_age=services.plan.settings.session.expires_in)
    data = SessionData(session=session, user=user)
    send_session(call, data, passing=True)
    call.remember(data)
    return data


@handles(contract.StopImpersonating)
async def stop_impersonating(call: Call[contract.StopImpersonating]) -> SessionData:
    """Go back to the administrator's own session, if it is still there and the administrator's."""
    me = await administrator(call)
    behind = AdminSession.of(me.session).impersonated_by
    if behind is None:
        raise ApiError(400, message="You are not impersonating anyone")
    services = call.services
    if await services.users.by_id(call.db, behind) is None:
        raise ApiError(500, message="Failed to find user")
    cookie = services.plan.cookie(COOKIE)
    token, _, lasting = (call.signed_cookie(cookie) or "").partition(":")
    pair = await services.sessions.find(call.db, token) if token else None
    if pair is None or pair[0].user_id != behind or services.sessions.expired(pair[0], call.now):
        raise ApiError(500, message="Failed to find admin session")
    await services.sessions.end(call.db, me.session.token)
    data = SessionData(session=pair[0], user=pair[1])
    send_session(call, data, passing=lasting == "true")
    call.expire_cookie(cookie)
    call.remember(data)
    return data


@handles(contract.RevokeUserSession, administrator)
async def revoke_user_session(call: Call[contract.RevokeUserSession], me: Signed) -> contract.Removed:
    """End a session."""
    _require(call, me, "session", "revoke", faults.YouAreNotAllowedToRevokeUsersSessions)
    await call.services.sessions.end(call.db, call.input.session_token)
    return contract.Removed()


@handles(contract.RevokeUserSessions, administrator)
async def revoke_user_sessions(call: Call[contract.RevokeUserSessions], me: Signed) -> contract.Removed:
    """End all sessions of a user."""
    _require(call, me, "session", "revoke", faults.YouAreNotAllowedToRevokeUsersSessions)
    await call.services.sessions.end_all(call.db, call.input.user_id)
    return contract.Removed()


@handles(contract.RemoveUser, administrator)
async def remove_user(call: Call[contract.RemoveUser], me: Signed) -> contract.Removed:
    """Delete a user with everything that is the user's."""
    _require(call, me, "user", "delete", faults.YouAreNotAllowedToDeleteUsers)
    if call.input.user_id == me.user.id:
        raise faults.YouCannotRemoveYourself
    try:
        gone = await call.services.users.delete(call.db, call.input.user_id)
    except Refused:
        raise ApiError(400, message="The user was not deleted") from None
    if not gone:
        raise UserNotFound(status=404)
    return contract.Removed()


@handles(contract.SetUserPassword, administrator)
async def set_user_password(call: Call[contract.SetUserPassword], me: Signed) -> Done:
    """Give a user another password, or a first one."""
    _require(call, me, "user", "set-password", faults.YouAreNotAllowedToSetUsersPassword)
    await flows.set_password(call.services, call.db, call.input.user_id, call.input.new_password)
    return Done()


@handles(contract.UserHasPermission)
async def user_has_permission(call: Call[contract.UserHasPermission]) -> contract.Permission:
    """Whether the caller may; only the application itself can ask for somebody else, or for a role."""
    asked = call.input
    if asked.permissions is None:
        raise ApiError(400, message="invalid permission check. no permission(s) were passed.")
    admin = call.plugin(Admin)
    if not call.trusted:
        call.remember(await read_session(call))
        me = await maybe_signed_in(call)
        if me is None:
            raise ApiError(401)
        return contract.Permission(success=admin.allows(me.user, asked.permissions))
    if asked.user_id is not None:
        user = await call.services.users.by_id(call.db, asked.user_id)
        if user is None:
            raise ApiError(400, message="user not found")
        return contract.Permission(success=admin.allows(user, asked.permissions))
    if asked.role is None:
        raise ApiError(400, message="user id or role is required")
    return contract.Permission(success=admin.role_allows(asked.role, asked.permissions))


ALL = (
    set_role,
    get_user,
    create_user,
    update_user,
    list_users,
    list_user_sessions,
    unban_user,
    ban_user,
    impersonate_user,
    stop_impersonating,
    revoke_user_session,
    revoke_user_sessions,
    remove_user,
    set_user_password,
    user_has_permission,
)
