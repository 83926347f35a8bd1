"""Challenges: made for one browser and one ceremony, taken once.

A challenge lies in the table of one-time values under the value of a signed cookie, as the contract has it, without room
for a prefix. What is stored tells whether it is one of ours and for which ceremony; any other value stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeAlias, cast

from msgspec import UNSET

from gatewright.crypto.hashing import base64url
from gatewright.crypto.random_text import DEFAULT_ALPHABET, random_text
from gatewright.pipeline.call import Call
from gatewright.plugins.passkey.options import PasskeyUser
from gatewright.services.cookies import Cookie
from gatewright.wire.json import JsonError, decode, encode

__all__ = ("COOKIE", "LIFETIME", "Ceremony", "Challenge", "begin", "take")

COOKIE = "passkey-challenge"
"""The name under which the plugin asks for its cookie; what it is called in browsers is an option."""

LIFETIME = 300
"""Seconds."""

Ceremony: TypeAlias = Literal["registration", "authentication"]


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge that was taken.

    Attributes:
        expected: The challenge, in base64url.
        user: For whom; without names at sign-in, and with an empty id where nobody was signed in.
        context: What was sent along when it was made.
        of_session: It was made by somebody who was signed in.
    """

    expected: str
    user: PasskeyUser
    context: str | None
    of_session: bool


async def begin(
    call: Call[object], ceremony: Ceremony, user: PasskeyUser, *, context: str | None = None, of_session: bool = False
) -> str:
    """Make a challenge and give the caller the cookie for it; the challenge in base64url."""
    services = call.services
    expected = base64url(services.random.bytes(32))
    identifier = random_text(32, DEFAULT_ALPHABET, services.random.bytes)
    known: dict[str, object] = {"id": user.id}
    if ceremony == "registration":
        known["name"] = user.name
        if user.display_name is not UNSET:
            known["displayName"] = user.display_name
    value: dict[str, object] = {"type": ceremony, "expectedChallenge": expected, "userData": known}
    if context is not None:
        value["context"] = context
    if of_session:
        value["signedIn"] = True
    expires_at = call.now + timedelta(seconds=LIFETIME)
    await services.verifications.create(call.db, identifier, encode(value).decode(), expires_at=expires_at)
    call.set_signed_cookie(_cookie(call), identifier)
    return expected


async def take(call: Call[object], ceremony: Ceremony) -> Challenge | None:
    """The caller's challenge; of several callers exactly one is given it."""
    identifier = call.signed_cookie(_cookie(call))
    if identifier is None:
        return None
    keeper = call.services.verifications
    row = await keeper.find(call.db, identifier)
    challenge = None if row is None else _challenge(row.value, ceremony)
    if row is None or challenge is None:
        return None
    taken = await keeper.take(call.db, identifier, value=row.value)
    return None if taken is None else challenge


def _cookie(call: Call[object]) -> Cookie:
    return call.services.plan.cookie(COOKIE)


def _challenge(value: str, ceremony: Ceremony) -> Challenge | None:
    try:
        found = decode(value)
    except JsonError:
        return None
    if not isinstance(found, dict) or found.get("type") != ceremony:
        return None
    expected, user, context = found.get("expectedChallenge"), found.get("userData"), found.get("context")
    if not isinstance(expected, str) or not isinstance(user, dict) or not isinstance(context, str | None):
        return None
    texts = {name: text for name, text in user.items() if isinstance(text, str)}
    if "id" not in texts:
        return None
    named = PasskeyUser(id=texts["id"], name=texts.get("name", ""), display_name=texts.get("displayName", UNSET))
    return Challenge(expected, named, context, cast("object", found.get("signedIn")) is True)
