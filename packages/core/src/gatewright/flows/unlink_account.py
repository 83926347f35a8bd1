"""Remove one of a user's ways in, but never the last.

Two removals at once must not both see the other's account and leave none. The user's row is held for the length of a
transaction; where a store has no transactions, the removed account is put back when it turns out to have been the
last: then both calls may fail, but nobody is locked out. Source: contract, endpoints.json ``/unlink-account``.
"""

from __future__ import annotations

from gatewright.contract.faults import AccountNotFound, FailedToUnlinkLastAccount
from gatewright.model.account import Account
from gatewright.model.user import User
from gatewright.services.database import Database
from gatewright.services.services import Services

__all__ = ("unlink",)


async def unlink(services: Services, db: Database, user: User, account_id: str) -> None:
    """Remove the account with this row identifier.

    Raises:
        FailedToUnlinkLastAccount: It is the only one, and the settings want one to stay.
        AccountNotFound: The user has no such account.
    """
    last_may_go = services.plan.settings.account.account_linking.allow_unlinking_all
    async with db.transaction() as tx:
        await tx.hold(user)
        accounts = await services.accounts.of_user(tx, user.id)
        if len(accounts) == 1 and not last_may_go:
            raise FailedToUnlinkLastAccount
        if all(account.id != account_id for account in accounts):
            raise AccountNotFound
        gone = await tx.take(Account, Account.id.eq(account_id), Account.user_id.eq(user.id))
        if gone is None:
            raise AccountNotFound
        if not last_may_go and await tx.count(Account, Account.user_id.eq(user.id)) == 0:
            if not tx.adapter.features.transactions:
                await tx.insert(gone)
            raise FailedToUnlinkLastAccount
