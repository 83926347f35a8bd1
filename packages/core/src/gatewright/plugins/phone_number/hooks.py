"""Hooks: a number changes only by verifying it; one that changes otherwise is not verified."""

from __future__ import annotations

from typing import Any

from gatewright.contract.user import UpdateUser
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.hooks import before, updating
from gatewright.plugins.phone_number.faults import PhoneNumberCannotBeUpdated
from gatewright.services.database import RowChange

__all__ = ("keep_number", "unverify_number")

NUMBER, VERIFIED = "phoneNumber", "phoneNumberVerified"


@before(UpdateUser)
async def keep_number(call: Call[UpdateUser]) -> None:
    """Users may give a number up, and nothing else.

    Raises:
        PhoneNumberCannotBeUpdated: Another number was sent.
    """
    if call.input.extra.get(NUMBER) is not None:
        raise PhoneNumberCannotBeUpdated


@updating(User)
async def unverify_number(change: RowChange[User], call: Call[Any] | None) -> RowChange[User] | None:  # noqa: ARG001
    """Whoever writes a number without saying that it is verified writes one that is not."""
    if NUMBER not in change.values or VERIFIED in change.values:
        return None
    return RowChange(change.table, {**change.values, VERIFIED: False}, change.where)
