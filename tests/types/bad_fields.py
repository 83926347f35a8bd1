"""What the type checkers must refuse about the application's own columns: each marked line, no other. Never run."""

from __future__ import annotations

from typing import TypedDict

from gatewright import Auth, Settings, User
from gatewright.model.column import Column, column
from gatewright.plugins.additional_fields import AdditionalFields
from gatewright_adapters.memory import MemoryAdapter


class AppUser(User):
    """A user of the application."""

    plan: Column[str] = column(default="free")
    level: Column[int] = column(default=1, input=False)


class NewUser(TypedDict, total=False):
    """What requests may say of users."""

    plan: str


fields = AdditionalFields(AppUser, given=NewUser)
auth = Auth(Settings(), MemoryAdapter(), plugins=[fields])


async def inputs() -> None:
    api = auth.of(fields)
    await api.update_user({"plan": 1})  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    await api.update_user({"level": 2})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    await api.sign_up_email(name="A", email="a@b.co", password="p")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def results() -> None:
    signed = await auth.of(fields).sign_in_email(email="a@b.co", password="p")
    paln: str = signed.user.paln  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
    assert paln
