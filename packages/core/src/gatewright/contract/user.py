"""Changing and deleting the signed-in user."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, UnsetType, field

from gatewright.contract import faults
from gatewright.contract.results import Done, Success
from gatewright.contract.sign_up import MAX_NAME
from gatewright.wire.kinds import Redirect
from gatewright.wire.operation import SESSION, Extra, Maybe, Operation, get, post
from gatewright.wire.text import Text

__all__ = ("DeleteUser", "DeleteUserCallback", "UpdateUser")


@post(
    "/update-user",
    raises=(
        faults.Unauthorized,
        faults.BodyMustBeAnObject,
        faults.EmailCanNotBeUpdated,
        faults.FieldNotAllowed,
    ),
    signals=SESSION,
)
class UpdateUser(Operation[Done]):
    """Change the signed-in user's name, image and the application's own fields."""

    name: Annotated[str, Text(max=MAX_NAME, loose=True)] | UnsetType = UNSET
    image: Maybe[str] = UNSET
    extra: Extra = field(default_factory=dict[str, object])


@post(
    "/delete-user",
    raises=(
        faults.Unauthorized,
        faults.NotFound,
        faults.CredentialAccountNotFound,
        faults.InvalidPassword,
        faults.SessionExpired,
        faults.InvalidToken,
    ),
    signals=SESSION,
)
class DeleteUser(Operation[Success]):
    """Delete the signed-in user: with the password, a fresh session, or a mailed token."""

    callback_url: str | None = None
    password: str | None = None
    token: str | None = None


@get("/delete-user/callback", raises=(faults.NotFound, faults.FailedToGetUserInfo, faults.InvalidToken))
class DeleteUserCallback(Operation[Success | Redirect]):
    """Where a mailed deletion link leads."""

    token: str
    callback_url: str | None = None
