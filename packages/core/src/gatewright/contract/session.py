"""Reading, changing and ending sessions."""

from __future__ import annotations

from msgspec import field

from gatewright.contract import faults
from gatewright.contract.results import Done, SessionData
from gatewright.model.session import Session
from gatewright.wire.operation import SESSION, Extra, Operation, get, post, route
from gatewright.wire.result import Result

__all__ = (
    "GetSession",
    "ListSessions",
    "RevokeOtherSessions",
    "RevokeSession",
    "RevokeSessions",
    "UpdateSession",
    "UpdatedSession",
)


@route(
    ("GET", "POST"),
    "/get-session",
    raises=(faults.MethodNotAllowedDeferSessionRequired, faults.FailedToGetSession),
    no_store=True,
    query=("disable_cookie_cache", "disable_refresh"),
    needs_headers=True,
)
class GetSession(Operation[SessionData | None]):
    """The session that the caller's cookies prove, with its user, or null."""

    disable_cookie_cache: bool = False
    disable_refresh: bool = False


@get("/list-sessions", raises=(faults.Unauthorized, faults.SessionNotFresh), needs_headers=True)
class ListSessions(Operation[list[Session]]):
    """The user's active sessions on all devices."""


@post("/revoke-session", raises=(faults.Unauthorized,), signals=SESSION, needs_headers=True)
class RevokeSession(Operation[Done]):
    """End one of the user's sessions; a token that is not the user's is answered the same and ends nothing."""

    token: str


@post("/revoke-sessions", raises=(faults.Unauthorized,), signals=SESSION, needs_headers=True)
class RevokeSessions(Operation[Done]):
    """End all of the user's sessions, the caller's included."""


@post("/revoke-other-sessions", raises=(faults.Unauthorized,), signals=SESSION, needs_headers=True)
class RevokeOtherSessions(Operation[Done]):
    """End all of the user's sessions but the caller's."""


class UpdatedSession(Result):
    """The session after the change."""

    session: Session


@post(
    "/update-session",
    raises=(
        faults.Unauthorized,
        faults.BodyMustBeAnObject,
        faults.FieldNotAllowed,
        faults.FailedToGetSession,
    ),
    signals=SESSION,
)
class UpdateSession(Operation[UpdatedSession]):
    """Change the application's own fields of the caller's session."""

    extra: Extra = field(default_factory=dict[str, object])
