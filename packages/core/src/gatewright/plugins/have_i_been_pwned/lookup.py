"""Whether a password is known from a breach. Only five characters of its digest leave the server.

Source: the range interface of Pwned Passwords (k-anonymity); answers are padded, and padding has the count zero.
"""

from __future__ import annotations

import hashlib

from gatewright.ports.egress import Egress, EgressError, Outbound
from gatewright.wire.faults import ApiError

__all__ = ("known_from_breach",)

RANGE = "https://api.pwnedpasswords.com/range/"
PREFIX_LENGTH = 5


async def known_from_breach(egress: Egress, password: str) -> bool:
    """Whether the password is in the list.

    Raises:
        ApiError: The list cannot be asked; a password that nobody has checked is not taken.
    """
    data = password.encode("utf-8", "surrogatepass")
    digest = hashlib.sha1(data, usedforsecurity=False).hexdigest().upper()  # the list's own form
    prefix, rest = digest[:PREFIX_LENGTH], digest[PREFIX_LENGTH:]
    headers = {"add-padding": "true", "user-agent": "Gatewright"}
    try:
        reply = await egress.send(Outbound("GET", RANGE + prefix, headers))
    except EgressError as error:
        message = "Failed to check password. Please try again later."
        raise ApiError(500, message=message, because=str(error)) from None
    if not reply.ok:
        raise ApiError(500, message=f"Failed to check password. Status: {reply.status}")
    for line in reply.body.decode("ascii", "replace").splitlines():
        suffix, _, count = line.strip().partition(":")
        if suffix.upper() == rest:
            return count.strip() != "0"
    return False
