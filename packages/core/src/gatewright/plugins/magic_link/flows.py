"""Make a link's token, and take it: once, in time, and only if it was made here.

A token is kept under its own text, as the contract has it, which leaves no room for a prefix. What is stored with it
tells whether it is one of ours; a value that another flow made is neither accepted nor used up.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from gatewright.crypto.hashing import sha256_base64url
from gatewright.crypto.random_text import LETTERS, random_text
from gatewright.flows.proven_address import create_proven, prove_address
from gatewright.model.user import User
from gatewright.plugins.magic_link.options import MagicLinkOptions, TokenHash
from gatewright.services.database import Database
from gatewright.services.services import Services
from gatewright.wire.json import JsonError, decode, encode

__all__ = ("Claim", "make_link", "sign_in_by_link", "take_link")

TOKEN_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Claim:
    """For whom a link was made."""

    email: str
    name: str | None


async def make_link(services: Services, db: Database, options: MagicLinkOptions, email: str, name: str | None) -> str:
    """A token that signs in whoever reads the mail to ``email``; ``name`` is a new user's."""
    own = options.generate_token
    if own is None:
        token = random_text(TOKEN_LENGTH, LETTERS, services.random.bytes)
    else:
        made = own(email)
        token = await made if inspect.isawaitable(made) else made
    value = {"email": email} if name is None else {"email": email, "name": name}
    expires_at = services.clock.now() + timedelta(seconds=options.expires_in)
    await services.verifications.create(
        db, await _stored(options, token), encode(value).decode(), expires_at=expires_at
    )
    return token


async def take_link(services: Services, db: Database, options: MagicLinkOptions, token: str) -> Claim | None:
    """For whom a token was made; of several callers exactly one is told."""
    identifier = await _stored(options, token)
    row = await services.verifications.find(db, identifier)
    claim = None if row is None else _claim(row.value)
    if row is None or claim is None:
        return None
    taken = await services.verifications.take(db, identifier, value=row.value)
    return None if taken is None else claim


async def sign_in_by_link(
    services: Services, db: Database, options: MagicLinkOptions, claim: Claim
) -> tuple[User, bool] | None:
    """The user of a proven address and whether it is new; ``None`` for a stranger where nobody may sign up.

    Raises:
        FailedToCreateUser: A hook does not want the user.
    """
    user = await services.users.by_email(db, claim.email)
    if user is not None:
        return await prove_address(services, db, user), False
    if options.disable_sign_up:
        return None
    return await create_proven(services, db, claim.email, {"name": claim.name or ""}, method="magic-link")


async def _stored(options: MagicLinkOptions, token: str) -> str:
    how = options.store_token
    if isinstance(how, TokenHash):
        return await how.hash(token)
    return sha256_base64url(token) if how == "hashed" else token


def _claim(value: str) -> Claim | None:
    try:
        found = decode(value)
    except JsonError:
        return None
    if not isinstance(found, dict):
        return None
    members = cast("dict[str, object]", found)
    email, name = members.get("email"), members.get("name")
    if not {"email", "name"}.issuperset(members) or not isinstance(email, str) or not isinstance(name, str | None):
        return None
    return Claim(email, name)
