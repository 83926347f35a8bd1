"""Codes that people type: a few digits, a few tries, once.

A code is kept with the number of wrong tries. Every answer, right or wrong, costs a guarded write, so that of many
guesses at once no more are answered than there are tries. Source: contract, crypto.json ``otp_storage``.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol, TypeAlias

from typing_extensions import TypeIs

from gatewright.crypto.cipher import CipherError
from gatewright.crypto.compare import same
from gatewright.crypto.hashing import sha256_base64url
from gatewright.crypto.random_text import DIGITS, random_text
from gatewright.model.verification import Verification
from gatewright.services.database import Database
from gatewright.services.services import Services

__all__ = ("CodeRefusal", "CodeRules", "OwnCipher", "OwnHash", "check_code", "issue_code", "read_code", "take_code")

_MOST_RACES = 1000
"""Lost races after which a code is refused: more than there are ever tries."""

CodeRefusal: TypeAlias = Literal["wrong", "expired", "spent"]


class OwnHash(Protocol):
    """An application's way to hash codes."""

    @property
    def hash(self) -> Callable[[str], Awaitable[str]]:
        """The same text for the same code, always."""
        ...


class OwnCipher(Protocol):
    """An application's way to encrypt codes."""

    @property
    def encrypt(self) -> Callable[[str], Awaitable[str]]:
        """Hide a code."""
        ...

    @property
    def decrypt(self) -> Callable[[str], Awaitable[str]]:
        """Bring it back."""
        ...


Storage: TypeAlias = "Literal['plain', 'hashed', 'encrypted'] | OwnHash | OwnCipher"


@dataclass(frozen=True, slots=True)
class CodeRules:
    """How the codes of a plugin are made and kept.

    Attributes:
        length: Digits.
        expires_in: Seconds.
        allowed_attempts: Wrong tries before a code is dead.
        storage: How it is kept.
        generate: Makes codes in place of random digits.
        reuse: Asking again repeats a code that is alive and lets it last anew, where it can be read.
    """

    length: int
    expires_in: int
    allowed_attempts: int
    storage: Storage = "plain"
    generate: Callable[[], Awaitable[str] | str] | None = None
    reuse: bool = False


async def issue_code(services: Services, db: Database, rules: CodeRules, identifier: str) -> str:
    """A code under ``identifier``; an older one stops working, or is repeated where the rules say so."""
    expires_at = services.clock.now() + timedelta(seconds=rules.expires_in)
    if rules.reuse:
        row = await services.verifications.find(db, identifier)
        if row is not None:
            stored, tries = _parts(row.value)
            code = await _plain(services, rules, stored) if tries < rules.allowed_attempts else None
            if code is not None and await services.verifications.change(db, row, row.value, expires_at=expires_at):
                return code
    if rules.generate is None:
        code = random_text(rules.length, DIGITS, services.random.bytes)
    else:
        made = rules.generate()
        code = await made if inspect.isawaitable(made) else made
    stored = await _stored(services, rules, code)
    await services.verifications.delete(db, identifier)
    await services.verifications.create(db, identifier, f"{stored}:0", expires_at=expires_at)
    return code


async def check_code(
    services: Services, db: Database, rules: CodeRules, identifier: str, code: str
) -> Verification | CodeRefusal:
    """The row of a code that is right, which stays usable; a wrong one costs a try."""
    for _ in range(_MOST_RACES):
        row = await services.verifications.peek(db, identifier)
        if row is None:
            return "wrong"
        if row.expires_at <= services.clock.now():
            await services.verifications.delete(db, identifier)
            return "expired"
        stored, tries = _parts(row.value)
        if tries >= rules.allowed_attempts:
            await services.verifications.delete(db, identifier)
            return "spent"
        if await _matches(services, rules, code, stored):
            return row
        if await services.verifications.change(db, row, f"{stored}:{tries + 1}") is not None:
            return "wrong"
    return "spent"


async def take_code(services: Services, db: Database, identifier: str, row: Verification) -> bool:
    """Use up a code that was found right; whether it still was there: of several at once one gets it."""
    taken = await services.verifications.take(db, identifier, value=row.value)
    if taken is not None:
        await services.verifications.delete(db, identifier)
    return taken is not None


async def read_code(services: Services, db: Database, rules: CodeRules, identifier: str) -> str | None:
    """The code that is alive under ``identifier``, where it can be read."""
    row = await services.verifications.find(db, identifier)
    return None if row is None else await _plain(services, rules, _parts(row.value)[0])


def _is_cipher(how: OwnHash | OwnCipher) -> TypeIs[OwnCipher]:
    return hasattr(how, "decrypt")


def _parts(value: str) -> tuple[str, int]:
    stored, _, tries = value.rpartition(":")
    return (stored, int(tries)) if tries.isascii() and tries.isdecimal() else (value, 0)


async def _stored(services: Services, rules: CodeRules, code: str) -> str:
    how = rules.storage
    if isinstance(how, str):
        if how == "plain":
            return code
        if how == "hashed":
            return sha256_base64url(code)
        return services.plan.cipher.encrypt(code, random=services.random.bytes)
    return await (how.encrypt(code) if _is_cipher(how) else how.hash(code))


async def _plain(services: Services, rules: CodeRules, stored: str) -> str | None:
    how = rules.storage
    if how == "plain":
        return stored
    if how == "encrypted":
        try:
            return services.plan.cipher.decrypt(stored)
        except CipherError:
            return None
    if isinstance(how, str) or not _is_cipher(how):
        return None
    return await how.decrypt(stored)


async def _matches(services: Services, rules: CodeRules, code: str, stored: str) -> bool:
    how = rules.storage
    if how == "hashed":
        return same(sha256_base64url(code), stored)
    if not isinstance(how, str) and not _is_cipher(how):
        return same(await how.hash(code), stored)
    known = await _plain(services, rules, stored)
    return known is not None and same(code, known)
