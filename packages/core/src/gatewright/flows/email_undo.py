"""Tell the address that a user had of its change, with a link that takes the change back. Beyond the contract; off by default.

Only an address that was proven is told: one that was mistyped belongs to somebody else, who must not be handed the
account. What can be taken back is one list for each user, oldest change first. A link takes its own change and all
later ones off the list, in one guarded write: it works once, and whoever changed an address several times cannot take
back what its owner has taken back. Source: OWASP ASVS 5.0 §6.3.7; USENIX Security 2022, pre-hijacking.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from gatewright.contract.faults import InvalidToken, UserAlreadyExistsUseAnotherEmail
from gatewright.crypto.compare import same
from gatewright.crypto.hashing import sha256_base64url
from gatewright.crypto.jwt import JwtRefusal, open_hs256, sign_hs256
from gatewright.crypto.random_text import ID_ALPHABET, random_text
from gatewright.flows.address_changes import mark_changed
from gatewright.flows.verification_mail import Caller, link_to
from gatewright.model.user import User
from gatewright.ports.adapter import Conflict, StoreUnavailable
from gatewright.services.database import Database
from gatewright.services.services import Services
from gatewright.settings.callbacks import ChangeEmailMail
from gatewright.wire.dates import from_millis, millis
from gatewright.wire.json import JsonError, decode, encode

__all__ = ("Undo", "notice_of", "read_undo", "take_back")

PREFIX = "email-undo-"
"""Prefix of the rows that hold, for each user, what can be taken back."""

SECRET_LENGTH = 32
_MOST = 16
_ATTEMPTS = 8
_CLAIMS = frozenset({"sub", "undo", "iat", "exp"})


@dataclass(frozen=True, slots=True, repr=False)
class Undo:
    """What a link says: of which user it takes a change back, and the secret that proves it."""

    user_id: str
    secret: str


@dataclass(frozen=True, slots=True)
class _Change:
    """A change that can be taken back: the digest of its link's secret, the address before, and until when."""

    digest: str
    email: str
    until: datetime


def read_undo(services: Services, token: str) -> Undo | None:
    """What the link of a notice says; ``None`` where the token is too old or of another kind, or notices are off."""
    if services.plan.settings.user.change_email.send_change_email_notice is None:
        return None
    claims = open_hs256(token, services.plan.secret, now=services.clock.now())
    if isinstance(claims, JwtRefusal) or _CLAIMS.symmetric_difference(claims):
        return None
    user_id, secret = claims["sub"], claims["undo"]
    return Undo(user_id, secret) if isinstance(user_id, str) and isinstance(secret, str) else None


async def notice_of(
    services: Services, db: Database, caller: Caller, user: User, new_email: str
) -> ChangeEmailMail | None:
    """Remember that the change can be taken back; the notice to mail once it is made, or ``None`` where none is due.

    Args:
        services: Of the instance.
        db: The transaction that changes the address.
        caller: Where links lead.
        user: As before the change.
        new_email: The address after it.
    """
    options = services.plan.settings.user.change_email
    if options.send_change_email_notice is None or not user.email_verified:
        return None
    now = services.clock.now()
    until = now + timedelta(seconds=options.undo_expires_in)
    secret = random_text(SECRET_LENGTH, ID_ALPHABET, services.random.bytes)
    change = _Change(sha256_base64url(secret), user.email, until)
    await _remember(services, db, user.id, change)
    issued = int(now.timestamp())
    claims = {"sub": user.id, "undo": secret, "iat": issued, "exp": issued + options.undo_expires_in}
    token = sign_hs256(claims, services.plan.secret)
    return ChangeEmailMail(user=user, new_email=new_email, url=link_to(caller, token, None), token=token)


async def _remember(services: Services, db: Database, user_id: str, change: _Change) -> None:
    now, identifier = services.clock.now(), PREFIX + user_id
    for _ in range(_ATTEMPTS):
        row = await services.verifications.find(db, identifier)
        if row is None:
            await services.verifications.create(db, identifier, _written([change]), expires_at=change.until)
            return
        known = [each for each in _read(row.value) if each.until > now]
        # The oldest are what an owner needs when somebody else changes the address again and again.
        value = _written([*known[: _MOST - 1], change])
        ends = max(row.expires_at, change.until)
        if await services.verifications.change(db, row, value, expires_at=ends) is not None:
            return
    raise StoreUnavailable("what can be taken back of a user changes too often")


async def take_back(services: Services, db: Database, undo: Undo, *, own_session: str | None) -> User:
    """Give the user the address from before the change; other sessions than the caller's own end.

    Raises:
        InvalidToken: The link was used, or an earlier change was taken back, or the user is gone.
        UserAlreadyExistsUseAnotherEmail: Somebody else has the address now; the link stays good.
    """
    row = await services.verifications.find(db, PREFIX + undo.user_id)
    known = [] if row is None else _read(row.value)
    digest, now = sha256_base64url(undo.secret), services.clock.now()
    place = next((number for number, each in enumerate(known) if same(each.digest, digest)), None)
    if row is None or place is None or known[place].until <= now:
        raise InvalidToken(status=401)
    try:
        async with db.transaction() as tx:
            if await services.verifications.change(tx, row, _written(known[:place])) is None:
                raise InvalidToken(status=401)
            restored = await tx.update_one(
                User,
                User.id.eq(undo.user_id),
                set=[User.email.to(known[place].email), User.email_verified.to(True)],
            )
            if restored is None:
                raise InvalidToken(status=401)
            await mark_changed(services, tx, undo.user_id)
            await services.sessions.end_all(tx, undo.user_id, but=own_session)
    except Conflict:
        raise UserAlreadyExistsUseAnotherEmail from None
    return restored


def _written(changes: list[_Change]) -> str:
    return encode(
        [{"digest": each.digest, "email": each.email, "until": millis(each.until)} for each in changes]
    ).decode()


def _read(value: str) -> list[_Change]:
    try:
        found = decode(value)
    except JsonError:
        return []
    changes: list[_Change] = []
    for each in cast("list[object]", found) if isinstance(found, list) else ():
        members = cast("dict[str, object]", each) if isinstance(each, dict) else {}
        digest, email, until = members.get("digest"), members.get("email"), members.get("until")
        if isinstance(digest, str) and isinstance(email, str) and isinstance(until, int):
            changes.append(_Change(digest, email, from_millis(until)))
    return changes
