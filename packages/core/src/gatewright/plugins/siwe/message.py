"""Messages of Sign-In with Ethereum: read as a whole, or not at all.

A line that looks like a field within the statement is part of the statement. Source: ERC-4361, "Message Format".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

__all__ = ("NONCE", "Message", "read_message", "same_domain")

NONCE = re.compile(r"[A-Za-z0-9]{8,250}")
"""What a nonce may be; at most 250 so that every store can keep it (contract)."""

_LARGEST_CHAIN = 2_147_483_647
"""The largest number that every store keeps as an integer."""

_MESSAGE = re.compile(
    r"(?P<domain>[^\s]+) wants you to sign in with your Ethereum account:\n"
    r"(?P<address>0x[0-9a-fA-F]{40})\n"
    r"(?:\n(?P<statement>[^\n]+)\n)?"
    r"\n{1,2}"
    r"URI: (?P<uri>[^\s]+)\n"
    r"Version: 1\n"
    r"Chain ID: (?P<chain>[0-9]{1,10})\n"
    r"Nonce: (?P<nonce>[A-Za-z0-9]{8,250})\n"
    r"Issued At: (?P<issued>[^\n]+)"
    r"(?:\nExpiration Time: (?P<expires>[^\n]+))?"
    r"(?:\nNot Before: (?P<begins>[^\n]+))?"
    r"(?:\nRequest ID: (?P<request>[^\n]*))?"
    r"(?:\nResources:(?P<resources>(?:\n- [^\n]+)*))?"
    r"\n?"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")


@dataclass(frozen=True, slots=True)
class Message:
    """What a message says.

    Attributes:
        domain: Which site asked for it, without a scheme.
        address: Which wallet signs, in any case.
        chain_id: On which chain.
        nonce: Ours, it is hoped.
        expires: When it ends, as it is written.
        begins: When it begins, as it is written.
    """

    domain: str
    address: str
    chain_id: int
    nonce: str
    expires: str | None
    begins: str | None

    def has_expired(self, now: datetime) -> bool:
        """Whether it is over; a time that cannot be read is."""
        if self.expires is None:
            return False
        moment = _moment(self.expires)
        return moment is None or now >= moment

    def has_begun(self, now: datetime) -> bool:
        """Whether it is good yet; a time that cannot be read is not."""
        if self.begins is None:
            return True
        moment = _moment(self.begins)
        return moment is not None and now >= moment


def read_message(text: str) -> Message | None:
    """The message that a text is, or ``None``."""
    found = _MESSAGE.fullmatch(text)
    if found is None:
        return None
    chain_id = int(found["chain"])
    if not 1 <= chain_id <= _LARGEST_CHAIN:
        return None
    return Message(
        domain=_SCHEME.sub("", found["domain"], count=1),
        address=found["address"],
        chain_id=chain_id,
        nonce=found["nonce"],
        expires=found["expires"],
        begins=found["begins"],
    )


def same_domain(message: Message, configured: str) -> bool:
    """Whether a message is for the site; a scheme before its name does not matter."""
    wanted = _SCHEME.sub("", configured, count=1).rstrip("/")
    return message.domain.lower() == wanted.lower()


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
