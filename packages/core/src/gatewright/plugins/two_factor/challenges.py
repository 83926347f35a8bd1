"""Who gives a second factor: somebody who is signed in, or somebody whose password was right a moment ago.

A challenge is a one-time value that a signed cookie names. Every try is counted before the code is looked at, so that
no number of tries at once can exceed what is allowed. Source: contract, cookies.json ``two_factor``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from gatewright.access.assurance import PASSWORD, Proof
from gatewright.contract.faults import Unauthorized
from gatewright.crypto.random_text import DEFAULT_ALPHABET, random_text
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import stored_session
from gatewright.plugins.two_factor.faults import InvalidTwoFactorCookie, TooManyAttemptsRequestNewCode
from gatewright.plugins.two_factor.options import TwoFactorOptions
from gatewright.wire.json import decode, encode

__all__ = (
    "COOKIE",
    "MOST_TRIES",
    "Claimant",
    "begin_challenge",
    "claimant",
    "end_challenge",
    "goes_the_same_way",
    "try_challenge",
)

COOKIE = "two_factor"
MOST_TRIES = 5
"""Wrong codes of authenticator apps and wrong backup codes per challenge (contract)."""

_PREFIX = "2fa-"
_TRIES = "2fa-attempts-"
_FIRST = "2fa-first-"
_NOTES = "2fa-notes-"


@dataclass(frozen=True, slots=True)
class Claimant:
    """Somebody who gives a second factor.

    Attributes:
        user: Who it is, or claims to be.
        session: The session, or ``None`` where a challenge has to be met.
        challenge: The challenge, or ``None`` for somebody who is signed in.
    """

    user: User
    session: Session | None
    challenge: str | None = field(repr=False)

    @property
    def key(self) -> str:
        """What a code that is sent belongs to: it works nowhere else."""
        return self.challenge or f"{self.user.id}!{'' if self.session is None else self.session.id}"


async def claimant(call: Call[object], /) -> Claimant:
    """Guard: the signed-in user, else the user whom the challenge in the cookie is for.

    Raises:
        InvalidTwoFactorCookie: There is neither.
    """
    try:
        me = await stored_session(call)
    except Unauthorized:
        pass
    else:
        return Claimant(me.user, me.session, None)
    services = call.services
    challenge = call.signed_cookie(services.plan.cookie(COOKIE))
    if (
        challenge is None
        or not challenge.startswith(_PREFIX)
        or challenge.startswith((_TRIES, _FIRST, _NOTES, "2fa-otp-", "2fa-account-"))
    ):
        raise InvalidTwoFactorCookie
    row = await services.verifications.find(call.db, challenge)
    user = None if row is None else await services.users.by_id(call.db, row.value)
    if user is None:
        raise InvalidTwoFactorCookie
    return Claimant(user, None, challenge)


async def begin_challenge(
    call: Call[object],
    user: User,
    options: TwoFactorOptions,
    proof: Proof | None = None,
    notes: Mapping[str, object] | None = None,
) -> None:
    """Begin to wait for a user's second factor, and give the caller the cookie for it.

    Args:
        call: The call.
        user: Whose factor.
        options: Of the plugin.
        proof: What was proven so far; it is kept for the session that the factor leads to, where sessions say such things.
        notes: What the call that meets the challenge is to carry.
    """
    services = call.services
    challenge = _PREFIX + random_text(20, DEFAULT_ALPHABET, services.random.bytes)
    expires_at = call.now + timedelta(seconds=options.two_factor_cookie_max_age)
    await services.verifications.create(call.db, challenge, user.id, expires_at=expires_at)
    await services.verifications.create(call.db, _TRIES + challenge, "0", expires_at=expires_at)
    if proof is not None and (services.plan.assures or options.otp_options.channel is not None):
        await services.verifications.create(call.db, _FIRST + challenge, proof.write(), expires_at=expires_at)
    if notes:
        await services.verifications.create(call.db, _NOTES + challenge, encode(notes).decode(), expires_at=expires_at)
    call.set_signed_cookie(services.plan.cookie(COOKIE), challenge)


async def goes_the_same_way(call: Call[object], who: Claimant, channel: str | None) -> bool:
    """Whether codes go by what has proven the user already, where a challenge has to be met."""
    if channel is None or who.challenge is None:
        return False
    first = await call.services.verifications.find(call.db, _FIRST + who.challenge)
    return first is not None and channel in Proof.read(first.value).amr


async def try_challenge(call: Call[object], who: Claimant) -> None:
    """Count a try, if there is a challenge.

    Raises:
        TooManyAttemptsRequestNewCode: There were too many; the challenge is over.
        InvalidTwoFactorCookie: It has just ended.
    """
    if who.challenge is None:
        return
    services, key = call.services, _TRIES + who.challenge
    while True:
        row = await services.verifications.find(call.db, key)
        if row is None:
            raise InvalidTwoFactorCookie
        tries = int(row.value) if row.value.isdecimal() else MOST_TRIES
        if tries >= MOST_TRIES:
            await services.verifications.delete(call.db, who.challenge)
            await services.verifications.delete(call.db, key)
            call.expire_cookie(services.plan.cookie(COOKIE))
            raise TooManyAttemptsRequestNewCode
        # Whoever loses here has lost to a try that was counted: there are at most a handful of rounds.
        if await services.verifications.change(call.db, row, str(tries + 1)) is not None:
            return


async def end_challenge(call: Call[object], challenge: str, *, noted: bool) -> Proof:
    """End a challenge that was met; exactly one caller can.

    Args:
        call: The call; it carries from now on what was noted.
        challenge: Which.
        noted: Whether anything may have been noted.

    Returns:
        What was proven before it. A challenge that says nothing of it was begun after a password.

    Raises:
        InvalidTwoFactorCookie: Somebody else has.
    """
    services = call.services
    if await services.verifications.take(call.db, challenge) is None:
        raise InvalidTwoFactorCookie
    await services.verifications.delete(call.db, _TRIES + challenge)
    kept = await services.verifications.take(call.db, _NOTES + challenge) if noted else None
    notes = None if kept is None else decode(kept.value)
    if isinstance(notes, dict):
        call.carried = {**call.carried, **notes}
    if not services.plan.assures:
        return Proof()
    first = await services.verifications.take(call.db, _FIRST + challenge)
    return Proof.of(PASSWORD, call.now) if first is None else Proof.read(first.value)
