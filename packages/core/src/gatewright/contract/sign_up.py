"""Signing up."""

from __future__ import annotations

from typing import Annotated

from msgspec import field

from gatewright.contract import faults
from gatewright.contract.results import SignedUp
from gatewright.wire.operation import FORM, JSON, SESSION, Extra, Limit, Operation, post
from gatewright.wire.text import Email, NonEmpty, Text

__all__ = ("MAX_NAME", "SIGN_IN_LIMIT", "SignUpEmail")

SIGN_IN_LIMIT = Limit(window=10, max=3)
"""The contract's rule for everything below ``/sign-in``, ``/sign-up``, ``/change-password`` and ``/change-email``."""

MAX_NAME = 1024
"""Longest name, in characters; the contract has no bound, which fills databases."""


@post(
    "/sign-up/email",
    raises=(
        faults.EmailPasswordSignUpDisabled,
        faults.InvalidEmail,
        faults.PasswordTooShort,
        faults.PasswordTooLong,
        faults.UserAlreadyExistsUseAnotherEmail,
        faults.FailedToCreateUser,
        faults.FailedToCreateSession,
        faults.FieldNotAllowed,
        faults.MissingField,
    ),
    signals=SESSION,
    limit=SIGN_IN_LIMIT,
    origin="form",
    media=(FORM, JSON),
)
class SignUpEmail(Operation[SignedUp]):
    """Create a user with an e-mail address and a password, and sign in unless configured otherwise."""

    name: Annotated[str, Text(max=MAX_NAME)]
    email: Email
    password: NonEmpty
    image: str | None = None
    callback_url: str | None = None
    remember_me: bool | None = None
    extra: Extra = field(default_factory=dict[str, object])
