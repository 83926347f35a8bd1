"""What the type checkers must infer about the application's own columns. Never run."""

from __future__ import annotations

from typing import TypedDict, assert_type

from gatewright import Auth, Session, SessionData, Settings, User
from gatewright.model.column import Column, Ref, column
from gatewright.plugins.additional_fields import AdditionalFields, FieldsApi, SeenSession, SeenUser
from gatewright_adapters.memory import MemoryAdapter


class AppUser(User):
    """A user of the application."""

    plan: Column[str] = column(default="free")
    level: Column[int] = column(default=1, input=False)


class AppSession(Session):
    """A session of the application."""

    theme: Column[str | None] = column(default=None)


class NewUser(TypedDict, total=False):
    """What requests may say of users."""

    plan: str


class Look(TypedDict):
    """What requests may say of sessions."""

    theme: str


fields = AdditionalFields(AppUser, AppSession, given=NewUser, session_given=Look)
assert_type(fields, AdditionalFields[AppUser, AppSession, NewUser, Look])
auth = Auth(Settings(), MemoryAdapter(), plugins=[fields])
assert_type(auth.of(fields), FieldsApi[AppUser, AppSession, NewUser, Look])


async def results(data: SessionData) -> None:
    api = auth.of(fields)
    signed = await api.sign_up_email(name="Ada", email="ada@example.com", password="p", fields={"plan": "pro"})
    assert_type(signed, SeenUser[AppUser])
    assert_type(signed.user.plan, str)
    assert_type(signed.user.level, int)
    assert_type(signed.user.email, str)
    mine = api.on({"cookie": "a=b"})
    found = await mine.get_session()
    assert_type(found, SeenSession[AppUser, AppSession] | None)
    if found is not None:
        assert_type(found.session.theme, str | None)
    assert_type(api.seen(data).user.plan, str)
    await mine.update_user({"plan": "free"})
    await mine.update_session({"theme": "dark"})


assert_type(AppUser.plan, Ref[AppUser, str])
