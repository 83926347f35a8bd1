"""Operations and results of the assurance plugin. They are our own: the contract has nothing like them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from gatewright.contract.faults import InvalidPassword, TooManyRequests, Unauthorized
from gatewright.plugins.assurance.faults import StepUpRequired
from gatewright.wire.operation import SESSION, Operation, get, post, server_only
from gatewright.wire.result import Result

__all__ = (
    "AssuranceState",
    "EnrolmentOwed",
    "GetAssurance",
    "RequireAssurance",
    "VerifyAssurancePasskey",
    "VerifyAssurancePassword",
)


class AssuranceState(Result):
    """How surely a session's user is who they say.

    ``level`` is 0 where nothing is known, 1 after one factor, 2 after two. ``amr`` names what has proven the user (RFC 8176),
    ``auth_time`` when something last has. ``ways`` is what the user can give to raise it.
    """

    level: int
    amr: tuple[str, ...]
    auth_time: datetime | None
    ways: tuple[str, ...]


class EnrolmentOwed(Result):
    """Instead of a session: the user must have a second factor and has none. ``methods`` are what can be set up.

    The caller may set it up (``/two-factor/enable``, then its first code) and has no session until that is done.
    """

    two_factor_enrolment_required: bool = True
    two_factor_methods: tuple[str, ...]


@get("/assurance/state", raises=(Unauthorized,))
class GetAssurance(Operation[AssuranceState]):
    """How surely the signed-in user is who they say, and what can raise it."""


@post("/assurance/verify-passkey", raises=(Unauthorized,), signals=SESSION)
class VerifyAssurancePasskey(Operation[AssuranceState]):
    """Use a passkey of the signed-in user to raise the session's assurance; no new session begins.

    The challenge is that of ``/passkey/generate-authenticate-options``; ``response`` is the browser's
    ``PublicKeyCredential``, as JSON.
    """

    response: Mapping[str, object]


@post("/assurance/verify-password", raises=(Unauthorized, InvalidPassword, TooManyRequests), signals=SESSION)
class VerifyAssurancePassword(Operation[AssuranceState]):
    """Give the password again to renew the first factor; guesses are limited by user, as at sign-in."""

    password: str


@server_only(raises=(Unauthorized, StepUpRequired), needs_headers=True)
class RequireAssurance(Operation[AssuranceState]):
    """Refuse a caller whose session does not prove enough; what the policy asks of the user is asked as well.

    ``level`` is 0, 1 or 2; of ``methods`` one must have been proven; ``max_age`` is seconds since then.
    """

    level: Literal[0, 1, 2] = 1
    methods: tuple[str, ...] = ()
    max_age: float | None = None
