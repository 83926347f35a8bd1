"""What the type checkers must refuse about rows and conditions: each marked line, and no other. Never run."""

from __future__ import annotations

from gatewright import Session, User
from gatewright.services.database import Database


async def reads(db: Database) -> None:
    await db.find_one(User, Session.token.eq("t"))  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
    await db.update_one(User, User.id.eq("u"), set=[Session.token.to("t")])  # type: ignore[misc]  # pyright: ignore[reportArgumentType]


def columns(user: User) -> None:
    User.email.eq(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.email.add(1)  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    user.email = "other"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    _ = user.emial  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
    User(emial="a@example.com", name="Ada")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
