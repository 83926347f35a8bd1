"""Names that come with signing up and with changes of the user: checked, completed, stored in one form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from gatewright.contract.sign_up import SignUpEmail
from gatewright.contract.user import UpdateUser
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import maybe_signed_in
from gatewright.pipeline.hooks import Hook, before, inserting, updating
from gatewright.plugins.username.faults import (
    InvalidDisplayUsername,
    InvalidUsername,
    UsernameIsAlreadyTaken,
    UsernameIsImmutable,
)
from gatewright.plugins.username.flows import by_name
from gatewright.plugins.username.names import Names
from gatewright.services.database import RowChange, RowHook

__all__ = ("operation_hooks", "row_hooks")

NAME, DISPLAY = "username", "displayUsername"


def operation_hooks(names: Names, *, immutable: bool) -> Sequence[Hook]:
    """Refuse names that may not be, before anything else happens."""

    @before(SignUpEmail)
    async def on_sign_up(call: Call[SignUpEmail]) -> SignUpEmail | None:
        given = call.input.extra
        if given.get(NAME) is None and given.get(DISPLAY) is None:
            return None
        extra = dict(given)
        # Each stands in for the other; a display name alone becomes the name only where it can be one.
        if given.get(NAME) is None:
            display = await _display(names, given[DISPLAY])
            extra[DISPLAY] = display
            try:
                extra[NAME] = await _free(call, names, display, None)
            except (InvalidUsername, UsernameIsAlreadyTaken):
                extra.pop(NAME, None)
        else:
            extra[NAME] = await _free(call, names, given[NAME], None)
            spelled = given.get(DISPLAY)
            extra[DISPLAY] = (
                names.stored_display(str(given[NAME])) if spelled is None else await _display(names, spelled)
            )
        return msgspec.structs.replace(call.input, extra=extra)

    @before(UpdateUser)
    async def on_update(call: Call[UpdateUser]) -> UpdateUser | None:
        given = call.input.extra
        if NAME not in given and DISPLAY not in given:
            return None
        me = await maybe_signed_in(call)
        if me is None:
            return None
        extra = dict(given)
        if given.get(DISPLAY) is not None:
            extra[DISPLAY] = await _display(names, given[DISPLAY])
        if NAME in given:
            present: object = me.user.get(NAME)
            if given[NAME] is not None:
                extra[NAME] = await _free(call, names, given[NAME], me.user.id)
            if immutable and present is not None and extra[NAME] != present:
                raise UsernameIsImmutable
        return msgspec.structs.replace(call.input, extra=extra)

    return (on_sign_up, on_update)


def row_hooks(names: Names) -> Sequence[RowHook]:
    """Names are stored in one form, whoever writes them."""

    def formed(values: Mapping[str, Any]) -> dict[str, Any] | None:
        made: dict[str, Any] = {}
        if isinstance(values.get(NAME), str):
            made[NAME] = names.stored(values[NAME])
        if isinstance(values.get(DISPLAY), str):
            made[DISPLAY] = names.stored_display(values[DISPLAY])
        return made or None

    @inserting(User)
    async def on_insert(user: User, call: Call[Any] | None) -> User | None:  # noqa: ARG001 (given to every hook)
        made = formed(user.raw)
        return None if made is None else user.with_values(made)

    @updating(User)
    async def on_change(change: RowChange[User], call: Call[Any] | None) -> RowChange[User] | None:  # noqa: ARG001
        made = formed(change.values)
        return None if made is None else RowChange(change.table, {**change.values, **made}, change.where)

    return (on_insert, on_change)


async def _free(call: Call[Any], names: Names, name: object, mine: str | None) -> str:
    if not isinstance(name, str):
        raise InvalidUsername(status=400)
    stored = await names.check(name, status=400)
    owner = await by_name(call.db, stored)
    if owner is not None and owner.id != mine:
        raise UsernameIsAlreadyTaken
    return stored


async def _display(names: Names, name: object) -> str:
    if not isinstance(name, str):
        raise InvalidDisplayUsername
    return await names.check_display(name)
