"""The keeper of users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from gatewright.model.account import Account
from gatewright.model.query import Change, Condition, Tally
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.ports.adapter import Conflict
from gatewright.services.database import Database, Refused
from gatewright.services.tallies import holds
from gatewright.services.user_admission import UserAdmission
from gatewright.settings.callbacks import UserInfoSource

__all__ = ("Farewell", "UserKeeper")


UNNAMED = UserInfoSource("other")
"""A way in that has no name of its own."""


class Farewell(Protocol):
    """What a plugin does when a user is deleted."""

    async def ask(self, db: Database, user: User) -> None:
        """Before anything is written: may raise, to keep the user."""
        ...

    async def leave(self, tx: Database, user: User) -> None:
        """Within the transaction that deletes the user, before anything else is: may raise, to keep the user.

        Done again where what :meth:`left` asks for does not hold when the user is deleted.
        """
        ...

    def left(self, tx: Database, user: User) -> Sequence[Tally]:
        """What must hold in the statement that deletes the user."""
        ...


class UserKeeper:
    """Finds, creates, changes and deletes users.

    Args:
        admission: The application's gate.
        farewells: Asked and told of users who are deleted.
    """

    __slots__ = ("_admission", "_farewells")

    def __init__(self, admission: UserAdmission | None = None, farewells: Sequence[Farewell] = ()) -> None:
        self._admission = admission or UserAdmission()
        self._farewells = farewells

    async def by_email(self, db: Database, email: str) -> User | None:
        """The user with this address; upper and lower case do not matter."""
        return await db.find_one(User, User.email.eq(email.lower()))

    async def by_id(self, db: Database, user_id: str) -> User | None:
        """The user with this identifier."""
        return await db.find_one(User, User.id.eq(user_id))

    async def create(self, db: Database, values: Mapping[str, Any], *, source: UserInfoSource = UNNAMED) -> User:
        """Create a user from values by wire name.

        Args:
            db: Where.
            values: Of the user.
            source: Where the user comes from, for the application's gate.

        Raises:
            Conflict: The address is taken.
            Refused: A hook does not want the user.
            NotAdmitted: The application's gate does not.
        """
        now = db.now
        await self._admission.check({"createdAt": now, "updatedAt": now, **values}, source, within=db.context)
        return await db.insert(User.seen(values, None))

    async def admit(self, db: Database, values: Mapping[str, Any], source: UserInfoSource) -> None:
        """Ask the application's gate about somebody who is a user already.

        Raises:
            NotAdmitted: It does not want them.
        """
        await self._admission.check(values, source, within=db.context)

    async def update(
        self, db: Database, user_id: str, values: Mapping[str, Any], *, address: str | None = None
    ) -> User | None:
        """Change a user; ``None`` when there is none.

        A change that a hook does not want is not made, and the user as it is comes back (contract).

        Args:
            db: Where.
            user_id: Whom.
            values: By wire name.
            address: The address that the user must still have, where the change is about it; else ``None`` is the answer.

        Raises:
            Conflict: A unique value is taken.
            ApiError: One is whose column says what to tell the caller.
        """
        changes: Sequence[Change[User]] = [Change(name, "set", value) for name, value in values.items()]
        same = () if address is None else (User.email.eq(address),)
        try:
            return await db.update_one(User, User.id.eq(user_id), *same, set=changes)
        except Refused:
            return await self.by_id(db, user_id)
        except Conflict:
            if not db.in_transaction:
                await self.explain(db, values)
            raise

    async def explain(self, db: Database, values: Mapping[str, Any]) -> None:
        """Say which of ``values`` a conflict was about, where its column has words for that.

        Not to be asked within the transaction that failed: some stores answer nothing more there.

        Raises:
            ApiError: The column's own.
        """
        for name, spec in db.schema[User].columns.items():
            value = values.get(name)
            if spec.taken is None or value is None:
                continue
            taken: Condition[User] = Condition(name, "eq", value)
            if await db.count(User, taken):
                raise spec.taken

    async def delete(self, db: Database, user_id: str) -> bool:
        """Delete a user with everything that is the user's; whether there was one.

        Raises:
            Refused: A hook does not want it.
            ApiError: A plugin does not, for as long as the user is needed.
        """
        user = await self.by_id(db, user_id) if self._farewells else None
        farewells = self._farewells if user is not None else ()
        for each in farewells:
            await each.ask(db, cast("User", user))
        async with db.transaction() as tx:
            guards = await _left(tx, farewells, user)
            await tx.delete(Session, Session.user_id.eq(user_id))
            await tx.delete(Account, Account.user_id.eq(user_id))
            while not await tx.delete(User, User.id.eq(user_id), *guards):
                if all([await holds(tx, guard) for guard in guards]):
                    break
                guards = await _left(tx, farewells, user)
            else:
                return True
            if await tx.find_one(User, User.id.eq(user_id)) is not None:
                # A hook keeps the user; without this the user would be left without any way in.
                raise Refused(User.table, "delete")
            return False


async def _left(tx: Database, farewells: Sequence[Farewell], user: User | None) -> list[Tally]:
    """Say farewell to a user who is about to be deleted; what must hold when that happens."""
    if user is None:
        return []
    # Who lets the user in somewhere holds the user as well: one waits for the other.
    await tx.hold(user)
    for each in farewells:
        await each.leave(tx, user)
    return [guard for each in farewells for guard in each.left(tx, user)]
