"""How surely a session's user is who they say: what has proven it, when, and whether that is enough.

Pure: no row, no store. Names of methods are those of RFC 8176 where it has one (``pwd``, ``otp``, ``sms``, ``hwk``,
``swk``, ``pop``, ``user``, ``mca``, ``mfa``), else our own (``email``, ``totp``, ``recovery``, ``device``, ``federated``).
Source: RFC 8176 §2; OpenID Connect Core §2 ``amr`` and ``auth_time``; RFC 9470 for what is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

__all__ = (
    "ANONYMOUS",
    "API_KEY",
    "BACKUP_CODE",
    "DEVICE_GRANT",
    "EMAIL_CODE",
    "EMAIL_LINK",
    "FEDERATED",
    "IMPERSONATED",
    "MULTIPLE",
    "PASSWORD",
    "PHONE_CODE",
    "RENEWED",
    "TOTP",
    "TRUSTED_DEVICE",
    "UNFINISHED",
    "WALLET",
    "Needed",
    "Proof",
    "Way",
    "federated",
    "passkey",
    "sent_code",
)

MULTIPLE = "mfa"
"""Two factors have been given, or one authenticator has asked for a second one itself."""

UNFINISHED = "unfinished"
"""Leads the proof of a session that waits for its user to set up a second factor; it is nobody's session until then."""

_NAMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}", re.ASCII)
_MOST_METHODS = 16
_NOBODY = frozenset({"impersonated", "api-key", "anonymous"})


@dataclass(frozen=True, slots=True)
class Way:
    """A way to prove who one is.

    Attributes:
        methods: What it proves, in the words of RFC 8176.
        asked: Whoever comes this way may owe a second factor. Not so where another session goes on, and where somebody
            else than the user acts.
        at: When it was proven, where that is not now.
    """

    methods: tuple[str, ...]
    asked: bool = True
    at: datetime | None = None

    def going_on(self) -> Way:
        """The same proof, given by somebody who is signed in already."""
        return Way(self.methods, asked=False, at=self.at)


PASSWORD = Way(("pwd",))
EMAIL_CODE = Way(("otp", "email"))
EMAIL_LINK = Way(("email",))
PHONE_CODE = Way(("otp", "sms"))
WALLET = Way(("pop",))
FEDERATED = Way(("federated",))
DEVICE_GRANT = Way(("mca",))
"""Approved on another device, by somebody who is signed in there (RFC 8628)."""
ANONYMOUS = Way(("anonymous",), asked=False)
IMPERSONATED = Way(("impersonated",), asked=False)
API_KEY = Way(("api-key",), asked=False)
RENEWED = Way((), asked=False)
"""A session in the place of another one: nothing new is proven."""
TOTP = Way(("otp", "totp", MULTIPLE))
BACKUP_CODE = Way(("recovery", MULTIPLE))
TRUSTED_DEVICE = Way(("device",))
"""A device that is not asked again: it spares the second factor, and proves none."""


def passkey(*, verified: bool, synced: bool) -> Way:
    """A passkey: with user verification it is two factors, the key and what unlocks it.

    Args:
        verified: The authenticator has verified its user.
        synced: The key may leave its authenticator.
    """
    return Way(("swk" if synced else "hwk", "user", *((MULTIPLE,) if verified else ())))


def sent_code(channel: str | None) -> Way:
    """A code that was sent as the second factor, by ``email`` or ``sms`` where that is known."""
    return Way(("otp", *(() if channel is None else (channel,)), MULTIPLE))


def federated(methods: Iterable[object], *, at: datetime | None = None) -> Way:
    """An identity provider whose word about methods is believed; what is no name of a method is left out.

    Args:
        methods: Its ``amr``.
        at: Its ``auth_time``.
    """
    names = [each for each in methods if isinstance(each, str) and _NAMED.fullmatch(each)]
    kept = [each for each in dict.fromkeys(names) if each not in _NOBODY and each != UNFINISHED]
    return Way((*FEDERATED.methods, *kept[: _MOST_METHODS - 1]), at=at)


@dataclass(frozen=True, slots=True)
class Proof:
    """What has proven a session's user, and when: each method with the moment of its last proof.

    ``unfinished`` says that the session waits for a second factor to be set up.
    """

    moments: tuple[tuple[str, datetime], ...] = ()
    unfinished: bool = False

    @classmethod
    def of(cls, way: Way, now: datetime) -> Proof:
        """The proof of one way."""
        return cls().having(way, now)

    @classmethod
    def read(cls, text: object) -> Proof:
        """The proof of a stored text; anything else proves nothing."""
        if not isinstance(text, str):
            return cls()
        found: list[tuple[str, datetime]] = []
        for part in text.split(" "):
            name, _, seconds = part.partition("@")
            if _NAMED.fullmatch(name) and seconds.isdecimal() and len(seconds) <= 11:
                found.append((name, datetime.fromtimestamp(int(seconds), UTC)))
        unfinished = any(name == UNFINISHED for name, _ in found)
        return cls(tuple(each for each in found if each[0] != UNFINISHED), unfinished)

    def write(self) -> str:
        """As text: ``pwd@1767225600 otp@1767225660``, moments in seconds since 1970."""
        parts = [f"{name}@{int(moment.timestamp())}" for name, moment in self.moments]
        return " ".join([f"{UNFINISHED}@0", *parts] if self.unfinished else parts)

    def having(self, way: Way, now: datetime) -> Proof:
        """The proof once something more was proven; what was proven again counts from now."""
        kept = [(name, moment) for name, moment in self.moments if name not in way.methods]
        moment = now if way.at is None else min(way.at, now)
        return Proof((*kept, *((name, moment) for name in dict.fromkeys(way.methods))), self.unfinished)

    def finished(self, *, finished: bool = True) -> Proof:
        """The same proof of a session that waits for nothing, or does."""
        return Proof(self.moments, not finished)

    @property
    def amr(self) -> tuple[str, ...]:
        """The methods (RFC 8176)."""
        return tuple(name for name, _ in self.moments)

    @property
    def auth_time(self) -> datetime | None:
        """When something was proven last."""
        return max((moment for _, moment in self.moments), default=None)

    @property
    def level(self) -> int:
        """0: nothing is known, or somebody else acts for the user. 1: one factor. 2: two factors."""
        names = set(self.amr)
        if self.unfinished or not names or names & _NOBODY:
            return 0
        return 2 if MULTIPLE in names else 1

    def since(self, names: Iterable[str]) -> datetime | None:
        """When one of some methods was proven last."""
        wanted = frozenset(names)
        return max((moment for name, moment in self.moments if name in wanted), default=None)


@dataclass(frozen=True, slots=True)
class Needed:
    """What is asked of a session.

    Attributes:
        level: At least this; see :attr:`Proof.level`.
        methods: One of them must have been proven; none: it does not matter.
        max_age: How long ago that may be. For ``methods`` one of them counts, for level 2 the second factor, else
            whatever was proven last.
    """

    level: int = 1
    methods: tuple[str, ...] = ()
    max_age: timedelta | None = None

    def __post_init__(self) -> None:
        if self.level not in {0, 1, 2}:
            raise ValueError("a level is 0, 1 or 2")

    @classmethod
    def of(
        cls,
        *,
        level: int = 1,
        methods: str | Iterable[str] | None = None,
        max_age: timedelta | float | None = None,
    ) -> Needed:
        """What is asked, as applications write it: one method or several, seconds or a duration."""
        named = () if methods is None else (methods,) if isinstance(methods, str) else tuple(methods)
        age = timedelta(seconds=max_age) if isinstance(max_age, int | float) else max_age
        return cls(level, named, age)

    def met_by(self, proof: Proof, now: datetime) -> bool:
        """Whether a proof is enough."""
        if proof.unfinished or proof.level < self.level:
            return False
        last = self._counted(proof)
        if self.methods and last is None:
            return False
        return self.max_age is None or (last is not None and now - last < self.max_age)

    def also(self, other: Needed) -> Needed:
        """Both: the higher level, the shorter age; ``methods`` of this one, else of the other."""
        ages = [each for each in (self.max_age, other.max_age) if each is not None]
        return Needed(max(self.level, other.level), self.methods or other.methods, min(ages, default=None))

    def _counted(self, proof: Proof) -> datetime | None:
        if self.methods:
            return proof.since(self.methods)
        return proof.since((MULTIPLE,)) if self.level > 1 else proof.auth_time
