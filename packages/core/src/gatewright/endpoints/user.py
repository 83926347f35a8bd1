"""Handler: changing the signed-in user."""

from __future__ import annotations

from typing import Any

from gatewright.contract.faults import (
    EmailCanNotBeUpdated,
    Unauthorized,
)
from gatewright.contract.results import Done, SessionData
from gatewright.contract.user import UpdateUser
from gatewright.flows.sign_up import check_image
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, stored_session
from gatewright.pipeline.handles import handles
from gatewright.pipeline.session_reading import forget_session, send_session
from gatewright.services.input_fields import accept_input
from gatewright.wire.faults import ApiError
from gatewright.wire.operation import UNSET

__all__ = ("ALL",)


@handles(UpdateUser, stored_session)
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


ALL = (update_user,)
