"""Who was recognised, and by what; and how sessions and users are read from another server's JSON.

Source: contract, ``cookies.json`` (``session_data`` payload) and ``endpoints.json`` (``/get-session``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, cast

from gatewright.contract.results import SessionData
from gatewright.model.row import row_from_wire
from gatewright.model.session import Session
from gatewright.model.user import User

__all__ = ("Identity", "Source", "read_session_data", "read_user")

Source = Literal["cookie", "token", "introspection", "key", "remote"]
"""What recognised the caller: a cached-session cookie, a JSON Web Token, the issuer of an opaque token, an API key, or the
other server's ``/get-session``."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A caller whose proof was checked.

    Attributes:
        user: As far as the proof tells; a token may hold nothing but the ``id``.
        session: The session, or ``None`` where a token proves the user only.
        source: What proved it. A cookie or token may be up to its lifetime behind the store.
        claims: Of a token; empty otherwise.
    """

    user: User
    session: Session | None
    source: Source
    claims: Mapping[str, object] = field(default_factory=dict[str, object], repr=False)

    @classmethod
    def of_session(cls, data: SessionData, source: Source) -> Identity:
        """A caller with a session."""
        return cls(data.user, data.session, source)


def read_session_data(session: Mapping[str, object], user: Mapping[str, object]) -> SessionData | None:
    """A session with its user from another server's JSON; ``None`` when it is not one, or of somebody else's."""
    owner = read_user(user)
    try:
        row = row_from_wire(Session, session)
    except (ValueError, TypeError, OverflowError):
        return None
    raw = row.raw
    if owner is None or not isinstance(raw.get("token"), str) or raw.get("userId") != owner.id:
        return None
    if not (isinstance(raw.get("expiresAt"), datetime) and isinstance(raw.get("createdAt"), datetime)):
        return None
    return SessionData(session=cast("Session", row), user=owner)


def read_user(values: Mapping[str, object]) -> User | None:
    """A user from another server's JSON; ``None`` without an ``id``."""
    try:
        row = row_from_wire(User, values)
    except (ValueError, TypeError, OverflowError):
        return None
    found = row.raw.get("id")
    return cast("User", row) if isinstance(found, str) and found else None
