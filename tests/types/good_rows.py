"""What the type checkers must infer about rows and conditions. Never run."""

from __future__ import annotations

from datetime import datetime
from typing import assert_type

from gatewright import Session, User
from gatewright.model.column import Column, Ref, column
from gatewright.model.query import Change, Condition
from gatewright.services.database import Database


class PlanUser(User):
    """A wider view of the same table."""

    plan: Column[str] = column(default="free", input=False)


async def reads(db: Database, now: datetime) -> None:
    user = await db.find_one(User, User.email.eq("ada@example.com"))
    assert_type(user, User | None)
    pair = await db.find_pair(Session, User, Session.user_id, Session.expires_at.after(now))
    assert_type(pair, tuple[Session, User] | None)
    assert_type(await db.take(Session, Session.token.eq("t")), Session | None)
    assert_type(await db.find_many(User, User.name.one_of(["Ada", "Bob"])), list[User])


def columns(user: User, wide: PlanUser) -> None:
    assert_type(User.email, Ref[User, str])
    assert_type(user.email, str)
    assert_type(user.image, str | None)
    assert_type(wide.plan, str)
    assert_type(User.email.eq("a"), Condition[User])
    assert_type(User.name.to("Ada"), Change[User])
    assert_type(PlanUser.of(user).plan, str)
