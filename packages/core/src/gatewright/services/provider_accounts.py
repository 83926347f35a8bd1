"""The keeper of accounts at providers: found by identity, stored with their tokens, renewed by guarded writes.

Source: contract, providers.json ``storage``, ``accountKey``; schema.json ``account``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from gatewright.crypto.cipher import Cipher, CipherError
from gatewright.model.account import Account
from gatewright.model.query import Change, Update
from gatewright.ports.random import Random
from gatewright.protocols.oauth2.token import OAuthTokens
from gatewright.services.database import Database

__all__ = ("ProviderAccounts", "merged_scopes", "scopes_of")

_CIPHERTEXT = re.compile(r"(?:\$ba\$[0-9]{1,15}\$)?[0-9a-f]{80,}", re.ASCII)
"""What only an encrypted token looks like: at least a nonce and a tag."""


CLAIM = timedelta(seconds=10)
"""How long somebody may take to renew tokens before others try: as long as a request to a provider may take."""


class ProviderAccounts:
    """Accounts at providers.

    Args:
        cipher: Closes and opens tokens.
        random: For nonces.
        encrypts: Whether new tokens are stored encrypted.
    """

    __slots__ = ("_cipher", "_encrypts", "_random")

    def __init__(self, cipher: Cipher, random: Random, *, encrypts: bool) -> None:
        self._cipher = cipher
        self._random = random
        self._encrypts = encrypts

    async def by_identity(self, db: Database, issuer: str, subject: str) -> Account | None:
        """The account of an identity."""
        return await db.find_one(Account, Account.issuer.eq(issuer), Account.account_id.eq(subject))

    async def create(
        self, db: Database, *, user_id: str, provider_id: str, issuer: str, subject: str, tokens: OAuthTokens
    ) -> Account:
        """Add an identity to a user.

        Raises:
            Conflict: The identity belongs to somebody already.
            Refused: A hook does not want the account.
        """
        return await db.insert(
            Account(
                issuer=issuer,
                account_id=subject,
                provider_id=provider_id,
                user_id=user_id,
                access_token=self.sealed(tokens.access_token or None),
                refresh_token=self.sealed(tokens.refresh_token),
                id_token=tokens.id_token,
                access_token_expires_at=tokens.access_token_expires_at,
                refresh_token_expires_at=tokens.refresh_token_expires_at,
                scope=None if tokens.scopes is None else ",".join(tokens.scopes),
            )
        )

    async def update(
        self, db: Database, account: Account, tokens: OAuthTokens, *, merge_scopes: bool = False
    ) -> Account | None:
        """Keep what a provider has granted now; what it did not mention stays. ``None`` when the account is gone."""
        changes = self._changes(tokens)
        if merge_scopes and tokens.scopes is not None:
            changes.append(Account.scope.to(merged_scopes(account.scope, tokens.scopes)))
        return await db.update_one(Account, Account.id.eq(account.id), set=changes)

    async def claim(self, db: Database, account: Account, now: datetime) -> Account | None:
        """The account for the one caller that may renew its tokens; ``None`` for all others.

        The time of the last change is the claim: it lies ahead for as long as the claim lasts, and is written only where
        it still is what ``account`` says and does not lie ahead. No hooks run, for nothing of the account changes.
        """
        if account.updated_at > now:
            return None
        return await self._date(db, account, now + CLAIM)

    async def release(self, db: Database, account: Account, now: datetime) -> None:
        """Give a claim back, if it still is one."""
        await self._date(db, account, now)

    async def _date(self, db: Database, account: Account, moment: datetime) -> Account | None:
        table = db.schema[Account]
        same = (
            Account.id.eq(account.id),
            Account.updated_at.eq(account.updated_at),
            Account.access_token.eq(account.access_token),
            Account.refresh_token.eq(account.refresh_token),
        )
        values = await db.adapter.update_one(Update(table, same, (Account.updated_at.to(moment),), one=True))
        return None if values is None else Account.seen(values, table)

    async def renew(self, db: Database, account: Account, tokens: OAuthTokens) -> Account | None:
        """Keep renewed tokens if nobody else has renewed them since ``account`` was read; else ``None``."""
        return await db.update_one(
            Account,
            Account.id.eq(account.id),
            Account.access_token.eq(account.access_token),
            Account.refresh_token.eq(account.refresh_token),
            set=self._changes(tokens),
        )

    def renewed(self, account: Account, tokens: OAuthTokens) -> Account:
        """An account that no store has, with renewed tokens."""
        return account.with_values({change.column: change.value for change in self._changes(tokens)})

    def sealed(self, token: str | None) -> str | None:
        """A token as it is stored."""
        if not token or not self._encrypts:
            return token
        return self._cipher.encrypt(token, random=self._random.bytes)

    def opened(self, stored: str | None) -> str | None:
        """The token in a stored text; ``None`` where there is none, or none that can be opened.

        A text from before encryption was switched on is the token itself.
        """
        if not stored or _CIPHERTEXT.fullmatch(stored) is None:
            return stored
        try:
            return self._cipher.decrypt(stored)
        except CipherError:
            return None

    def _changes(self, tokens: OAuthTokens) -> list[Change[Account]]:
        changes: list[Change[Account]] = []
        if tokens.access_token:
            changes.append(Account.access_token.to(self.sealed(tokens.access_token)))
        if tokens.refresh_token:
            changes.append(Account.refresh_token.to(self.sealed(tokens.refresh_token)))
        if tokens.id_token:
            changes.append(Account.id_token.to(tokens.id_token))
        if tokens.access_token_expires_at is not None:
            changes.append(Account.access_token_expires_at.to(tokens.access_token_expires_at))
        if tokens.refresh_token_expires_at is not None:
            changes.append(Account.refresh_token_expires_at.to(tokens.refresh_token_expires_at))
        return changes


def scopes_of(stored: str | None) -> list[str]:
    """The scopes in an account's text."""
    return [scope for scope in (stored or "").split(",") if scope]


def merged_scopes(stored: str | None, granted: Iterable[str]) -> str:
    """An account's text with further scopes: each once, the older ones first."""
    return ",".join(dict.fromkeys((*scopes_of(stored), *granted)))
