"""Handlers: a user's accounts."""

from __future__ import annotations

from gatewright.contract.account import ListedAccount, ListUserAccounts, UnlinkAccount
from gatewright.contract.results import Done
from gatewright.flows.unlink_account import unlink
from gatewright.model.account import Account
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, fresh, signed_in
from gatewright.pipeline.handles import handles

__all__ = ("ALL",)


@handles(ListUserAccounts, signed_in)
async def list_user_accounts(call: Call[ListUserAccounts], me: Signed) -> list[ListedAccount]:
    """Every account of the user, without its tokens."""
    return [_listed(account) for account in await call.services.accounts.listed(call.db, me.user.id)]


def _listed(account: Account) -> ListedAccount:
    return ListedAccount(
        id=account.id,
        issuer=account.issuer,
        account_id=account.account_id,
        provider_id=account.provider_id,
        user_id=account.user_id,
        created_at=account.created_at,
        updated_at=account.updated_at,
        scopes=[scope for scope in (account.scope or "").split(",") if scope],
    )


@handles(UnlinkAccount, fresh)
async def unlink_account(call: Call[UnlinkAccount], me: Signed) -> Done:
    """Remove an account, but not the last."""
    await unlink(call.services, call.db, me.user, call.input.account_id)
    return Done()


ALL = (list_user_accounts, unlink_account)
