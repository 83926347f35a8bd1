"""Signing in and out."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from gatewright.contract import faults
from gatewright.contract.results import SignedIn, SignedOut
from gatewright.contract.sign_up import SIGN_IN_LIMIT
from gatewright.model.user import User
from gatewright.wire.kinds import Redirect
from gatewright.wire.masking import masked
from gatewright.wire.names import camel
from gatewright.wire.operation import FORM, JSON, SESSION, Extra, Operation, post, route
from gatewright.wire.result import Result
from gatewright.wire.text import Opaque

__all__ = (
    "CallbackOAuth",
    "IdToken",
    "IdTokenName",
    "IdTokenUser",
    "SignInEmail",
    "SignInSocial",
    "SignOut",
    "SocialSignedIn",
)


@post(
    "/sign-in/email",
    raises=(
        faults.EmailPasswordDisabled,
        faults.InvalidEmail,
        faults.InvalidEmailOrPassword,
        faults.EmailNotVerified,
        faults.FailedToCreateSession,
    ),
    signals=SESSION,
    limit=SIGN_IN_LIMIT,
    origin="form",
    media=(FORM, JSON),
)
class SignInEmail(Operation[SignedIn]):
    """Sign in with an e-mail address and a password."""

    email: str
    password: str
    callback_url: str | None = None
    remember_me: bool = True


class IdTokenName(Struct, frozen=True, kw_only=True, rename=camel):
    """A name that a provider tells only once."""

    first_name: str | None = None
    last_name: str | None = None


class IdTokenUser(Struct, frozen=True, kw_only=True, rename=camel):
    """What a provider tells beside the token, the first time (Apple)."""

    name: IdTokenName | None = None
    email: str | None = None


class IdToken(Struct, frozen=True, kw_only=True, rename=camel):
    """A token that the caller got from the provider itself; ``expires_at`` is seconds since the epoch."""

    token: str
    nonce: str | None = None
    access_token: str | None = None
    refresh_token: str | None = None
    expires_at: float | None = None
    user: IdTokenUser | None = None

    def __repr__(self) -> str:
        return masked(self)


class SocialSignedIn(Result):
    """Where to send the browser (``url`` with ``redirect``), or the user who signed in by ID token."""

    redirect: bool
    url: str | UnsetType | None = UNSET
    token: str | UnsetType = UNSET
    user: User | UnsetType = UNSET


@post(
    "/sign-in/social",
    raises=(
        faults.ProviderNotFound,
        faults.IdTokenNotSupported,
        faults.InvalidToken,
        faults.FailedToGetUserInfo,
        faults.UserEmailNotFound,
        faults.EmailNotVerified,
        faults.OAuthLinkError,
    ),
    signals=SESSION,
    limit=SIGN_IN_LIMIT,
)
class SignInSocial(Operation[SocialSignedIn]):
    """Sign in with a provider: by redirect, or with an ID token that the caller holds."""

    provider: Opaque
    callback_url: str | None = None
    new_user_callback_url: str | None = None
    error_callback_url: str | None = None
    disable_redirect: bool | None = None
    id_token: IdToken | None = None
    scopes: list[str] | None = None
    request_sign_up: bool | None = None
    login_hint: str | None = None
    additional_params: dict[str, str] | None = None
    additional_data: Extra | None = None


@route(
    ("GET", "POST"),
    "/callback/{id}",
    media=(FORM, JSON),
    query=("code", "error", "device_id", "error_description", "state", "user", "iss"),
    client=False,
)
class CallbackOAuth(Operation[Redirect], rename=None):
    """Where a provider sends the browser back to (RFC 6749 §4.1.2, RFC 9207)."""

    id: str
    code: str | None = None
    error: str | None = None
    device_id: str | None = None
    error_description: str | None = None
    state: str | None = None
    user: str | None = None
    iss: str | None = None


@post("/sign-out", signals=SESSION, needs_headers=True)
class SignOut(Operation[SignedOut]):
    """End the caller's session and clear its cookies; without a session it only clears them.

    Whoever came from a provider that ends sessions itself is told where, and sent on to ``callback_url`` from there.
    """

    callback_url: str | None = None
    disable_redirect: bool | None = None
    state: str | None = None
