"""Nonces that work once, and the user of a wallet: found, or made together with the wallet.

Of concurrent first sign-ins of a wallet one makes the user: the store keeps one account for a wallet on a chain, and who
is refused looks again.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from datetime import timedelta

from gatewright.contract.faults import FailedToCreateUser
from gatewright.crypto.random_text import ID_ALPHABET, LOWER_DIGITS, random_text
from gatewright.model.account import Account
from gatewright.model.user import User
from gatewright.plugins.siwe.faults import SiweInvalidNonce
from gatewright.plugins.siwe.message import NONCE
from gatewright.plugins.siwe.model import WalletAddress
from gatewright.plugins.siwe.options import EnsLookup, EnsName, SiweOptions, WalletQuestion
from gatewright.ports.adapter import Conflict
from gatewright.services.database import Database, Refused
from gatewright.services.services import Services

__all__ = ("issue_nonce", "named", "take_nonce", "user_of_wallet", "with_wallet")

ISSUER, PROVIDER = "local:siwe", "siwe"
_PREFIX = "siwe:"
_NONCE_LENGTH = 17
_LIFETIME = timedelta(minutes=15)


async def issue_nonce(services: Services, db: Database, options: SiweOptions) -> str:
    """A new nonce.

    Raises:
        SiweInvalidNonce: The application's own is none that a message can carry.
    """
    if options.get_nonce is None:
        nonce = random_text(_NONCE_LENGTH, ID_ALPHABET, services.random.bytes)
    else:
        made = options.get_nonce()
        nonce = await made if inspect.isawaitable(made) else made
        if NONCE.fullmatch(nonce) is None:
            raise SiweInvalidNonce
    expires_at = services.clock.now() + _LIFETIME
    await services.verifications.create(db, _PREFIX + nonce, nonce, expires_at=expires_at)
    return nonce


async def take_nonce(services: Services, db: Database, nonce: str) -> bool:
    """Whether a nonce was ours and unused; of several callers one is told so."""
    return await services.verifications.take(db, _PREFIX + nonce, value=nonce) is not None


async def user_of_wallet(services: Services, db: Database, address: str) -> User | None:
    """Who has signed in with a wallet before, on any chain."""
    rows = await db.find_many(
        WalletAddress,
        WalletAddress.address.eq(address),
        order=(WalletAddress.created_at.ascending(),),
        limit=1,
    )
    return await services.users.by_id(db, rows[0].user_id) if rows else None


async def named(lookup: EnsLookup | None, address: str) -> EnsName | None:
    """What is known of a wallet under its name."""
    if lookup is None:
        return None
    given = lookup(WalletQuestion(wallet_address=address))
    found = await given if inspect.isawaitable(given) else given
    if isinstance(found, Mapping):
        name, avatar = found.get("name"), found.get("avatar")
        return EnsName(name if isinstance(name, str) else address, avatar if isinstance(avatar, str) else "")
    return found


async def with_wallet(
    services: Services,
    db: Database,
    address: str,
    chain_id: int,
    *,
    known: EnsName | None,
    emails: Sequence[str],
) -> User:
    """The user of a wallet, who from now on has it on this chain too; a new one where there is none.

    Args:
        services: Of the instance.
        db: Where.
        address: Of the wallet, as ERC-55 writes it.
        chain_id: The chain.
        known: What a new user is called.
        emails: Addresses for a new user; the first that nobody has is taken.

    Raises:
        FailedToCreateUser: A hook does not want the user.
    """
    local, _, domain = emails[-1].partition("@")
    spare = random_text(8, LOWER_DIGITS, services.random.bytes)
    for email in (*emails, *emails, f"{local}.{spare}@{domain}"):
        made: User | None = None
        try:
            user = await user_of_wallet(services, db, address)
            if user is not None:
                async with db.transaction() as tx:
                    await _add(tx, user, address, chain_id, primary=False)
                return user
            holder = await _holder(services, db, address, chain_id)
            if holder is not None:
                return holder
            async with db.transaction() as tx:
                if await services.users.by_email(tx, email) is not None:
                    # Somebody else's, whoever that is: a wallet proves no address.
                    continue
                made = await services.users.create(
                    tx,
                    {
                        "name": address if known is None else known.name,
                        "email": email.lower(),
                        "emailVerified": False,
                        "image": "" if known is None else known.avatar,
                    },
                )
                await _add(tx, made, address, chain_id, primary=True)
                return made
        except Conflict:
            # Somebody was faster with this wallet or this address: what is there now decides. Where there are no
            # transactions, nothing has taken the user back.
            if made is not None:
                await db.delete(User, User.id.eq(made.id))
            continue
        except Refused:
            raise FailedToCreateUser from None
    holder = await _holder(services, db, address, chain_id)
    if holder is None:
        raise FailedToCreateUser
    return holder


async def _holder(services: Services, db: Database, address: str, chain_id: int) -> User | None:
    """Whose wallet it is on a chain by the account that decides: its row may not be written yet."""
    account = await db.find_one(Account, Account.issuer.eq(ISSUER), Account.account_id.eq(f"{address}:{chain_id}"))
    return None if account is None else await services.users.by_id(db, account.user_id)


async def _add(db: Database, user: User, address: str, chain_id: int, *, primary: bool) -> None:
    """Give a user a wallet on a chain, unless there it is.

    Raises:
        Conflict: Somebody has it; for the first wallet of a new user also where it is written already.
    """
    here = (WalletAddress.address.eq(address), WalletAddress.chain_id.eq(chain_id))
    if await db.find_one(WalletAddress, *here) is not None:
        if primary:
            raise Conflict("walletAddress")
        return
    await db.insert(Account(issuer=ISSUER, account_id=f"{address}:{chain_id}", provider_id=PROVIDER, user_id=user.id))
    await db.insert(WalletAddress(user_id=user.id, address=address, chain_id=chain_id, is_primary=primary))
