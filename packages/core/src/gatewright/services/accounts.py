"""The keeper of accounts: the ways in of each user."""

from __future__ import annotations

from gatewright.model.account import CREDENTIAL, LOCAL_ISSUER, Account
from gatewright.model.user import User
from gatewright.services.database import Database

__all__ = ("AccountKeeper",)


class AccountKeeper:
    """Finds and creates accounts."""

    __slots__ = ()

    async def of_user(self, db: Database, user_id: str) -> list[Account]:
        """Every account of a user."""
        return await db.find_many(Account, Account.user_id.eq(user_id))

    async def listed(self, db: Database, user_id: str) -> list[Account]:
        """The accounts of a user for a list that is shown."""
        return await db.find_page(Account, Account.user_id.eq(user_id))

    async def credential(self, db: Database, user_id: str) -> Account | None:
        """The account that signs in with a password."""
        return await db.find_one(Account, Account.user_id.eq(user_id), Account.provider_id.eq(CREDENTIAL))

    async def credential_of(self, db: Database, user: User | None) -> Account | None:
        """The same for somebody who may be nobody: whether there is a user is not told by how often the store is asked."""
        if user is not None:
            return await self.credential(db, user.id)
        return await db.find_one(Account, Account.issuer.eq(LOCAL_ISSUER), Account.account_id.eq("nobody"))

    async def create_credential(self, db: Database, user_id: str, password_hash: str) -> Account:
        """Give a user a password.

        Raises:
            Conflict: The user has one.
        """
        return await db.insert(
            Account(
                issuer=LOCAL_ISSUER,
                account_id=user_id,
                provider_id=CREDENTIAL,
                user_id=user_id,
                password=password_hash,
            )
        )

    async def rehash(self, db: Database, account: Account, password_hash: str) -> Account | None:
        """Keep the same password under a better hash; ``None`` when it was changed meanwhile.

        To everybody else nothing has changed, so ``updated_at`` stays.
        """
        return await db.update_one(
            Account,
            Account.id.eq(account.id),
            Account.password.eq(account.password),
            set=[Account.password.to(password_hash), Account.updated_at.to(account.updated_at)],
        )

    async def set_password(
        self, db: Database, account: Account, password_hash: str, *, only_if: str | None
    ) -> Account | None:
        """Replace an account's password hash if it still is ``only_if``; ``None`` when somebody else was faster."""
        return await db.update_one(
            Account,
            Account.id.eq(account.id),
            Account.password.eq(only_if),
            set=[Account.password.to(password_hash)],
        )
