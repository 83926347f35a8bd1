"""Handlers: changing and deleting the signed-in user."""

from __future__ import annotations

from typing import Any

from gatewright.contract.faults import (
    EmailCanNotBeUpdated,
    FailedToGetUserInfo,
    NotFound,
    SessionExpired,
    Unauthorized,
)
from gatewright.contract.results import Done, SessionData, Success
from gatewright.contract.user import DeleteUser, DeleteUserCallback, UpdateUser
from gatewright.flows.delete_user import check_password, delete, mail_deletion, take_deletion
from gatewright.flows.sign_up import check_image
from gatewright.flows.verification_mail import Caller
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, is_fresh, maybe_own_session, own_session, stored_session
from gatewright.pipeline.handles import handles
from gatewright.pipeline.session_reading import forget_session, send_session
from gatewright.services.input_fields import accept_input
from gatewright.wire.faults import ApiError
from gatewright.wire.kinds import Redirect
from gatewright.wire.operation import UNSET

__all__ = ("ALL",)


@handles(UpdateUser, own_session)
async def update_user(call: Call[UpdateUser], me: Signed) -> Done:
    """Change name, image and the application's own fields; the session's cookies are renewed."""
    asked = call.input
    if "email" in asked.extra:
        raise EmailCanNotBeUpdated
    values: dict[str, Any] = {}
    if asked.name is not UNSET:
        values["name"] = asked.name
    if asked.image is not UNSET:
        check_image(asked.image)
        values["image"] = asked.image
    table = call.services.plan.schema[User]
    values |= await accept_input(table, asked.extra, core=User.columns, creating=False)
    if not values:
        raise ApiError(400, message="No fields to update")
    user = await call.services.users.update(call.db, me.user.id, values)
    if user is None:
        forget_session(call)
        raise Unauthorized
    send_session(call, SessionData(session=me.session, user=user))
    return Done()


@handles(DeleteUser, stored_session)
async def delete_user(call: Call[DeleteUser], me: Signed) -> Success:
    """Delete the user who has proven to want it: by mailed token, by mail, by password or by a fresh session."""
    options = call.services.plan.settings.user.delete_user
    if not options.enabled:
        raise ApiError(404)
    asked = call.input
    caller = Caller(call.base.url, call.request)
    if asked.password:
        await check_password(call.services, call.db, caller, me.user, asked.password)
    if asked.token:
        await take_deletion(call.services, call.db, me.user, asked.token)
        await delete(call.services, call.db, caller, me.user)
        return Success(message="User deleted")
    sender = options.send_delete_account_verification
    if sender is not None:
        await mail_deletion(call.services, call.db, caller, me.user, callback_url=asked.callback_url, sender=sender)
        return Success(message="Verification email sent")
    if not asked.password and not is_fresh(call, me):
        raise SessionExpired
    await delete(call.services, call.db, caller, me.user)
    forget_session(call)
    return Success(message="User deleted")


@handles(DeleteUserCallback)
async def delete_user_callback(call: Call[DeleteUserCallback]) -> Success | Redirect:
    """Delete the signed-in user whose token it is."""
    if not call.services.plan.settings.user.delete_user.enabled:
        raise NotFound(message="Not found")
    me = await maybe_own_session(call)
    if me is None:
        raise FailedToGetUserInfo(status=404)
    asked = call.input
    await take_deletion(call.services, call.db, me.user, asked.token)
    await delete(call.services, call.db, Caller(call.base.url, call.request), me.user)
    forget_session(call)
    return Redirect(asked.callback_url) if asked.callback_url else Success(message="User deleted")


ALL = (update_user, delete_user, delete_user_callback)
