"""Operations and results of the passkey plugin. Source: contract, endpoints.json; Web Authentication Level 3 §5.4, §5.5."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import UNSET, UnsetType, field

from gatewright.contract.faults import SessionNotFresh, Unauthorized
from gatewright.contract.results import Done, SessionData
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins.passkey import faults
from gatewright.plugins.passkey.model import PasskeyRow
from gatewright.wire.operation import SESSION, Operation, Signal, get, post
from gatewright.wire.result import Result
from gatewright.wire.text import NonEmpty

__all__ = (
    "AuthenticatorSelection",
    "CreationOptions",
    "CredentialDescriptor",
    "DeletePasskey",
    "GeneratePasskeyAuthenticationOptions",
    "GeneratePasskeyRegistrationOptions",
    "KeyParameters",
    "ListPasskeys",
    "PasskeyRegistered",
    "PasskeyUpdated",
    "RelyingParty",
    "RequestOptions",
    "UpdatePasskey",
    "UserEntity",
    "VerifyPasskeyAuthentication",
    "VerifyPasskeyRegistration",
)

PASSKEYS = Signal("$listPasskeys")


class RelyingParty(Result):
    """Who asks."""

    name: str
    id: str


class UserEntity(Result):
    """For whom; ``id`` is made for this registration and tells nobody who it is."""

    id: str
    name: str
    display_name: str


class KeyParameters(Result):
    """A kind of key that is accepted, by its number in COSE."""

    alg: int
    type: str = "public-key"


class CredentialDescriptor(Result):
    """A credential and how it is reached."""

    id: str
    transports: tuple[str, ...] | UnsetType = UNSET
    type: str = "public-key"


class AuthenticatorSelection(Result):
    """What the authenticator must be able to do."""

    resident_key: str
    user_verification: str
    authenticator_attachment: str | UnsetType = UNSET
    require_resident_key: bool


class CreationOptions(Result):
    """What a browser needs for ``navigator.credentials.create``."""

    challenge: str
    rp: RelyingParty
    user: UserEntity
    pub_key_cred_params: tuple[KeyParameters, ...]
    timeout: int
    attestation: str = "none"
    exclude_credentials: tuple[CredentialDescriptor, ...]
    authenticator_selection: AuthenticatorSelection
    extensions: Mapping[str, object]
    hints: tuple[str, ...] = ()


class RequestOptions(Result):
    """What a browser needs for ``navigator.credentials.get``."""

    rp_id: str
    challenge: str
    allow_credentials: tuple[CredentialDescriptor, ...] | UnsetType = UNSET
    timeout: int
    user_verification: str
    extensions: Mapping[str, object] | UnsetType = UNSET


class PasskeyRegistered(Result):
    """A new passkey; with the session that began, where one was asked for."""

    name: str | None
    public_key: str
    user_id: str
    credential_id: str = field(name="credentialID")
    counter: int
    device_type: str
    backed_up: bool
    transports: str | None
    created_at: datetime | None
    aaguid: str | None
    id: str
    session: Session | UnsetType = UNSET
    user: User | UnsetType = UNSET


class PasskeyUpdated(Result):
    """The passkey as it is now."""

    passkey: PasskeyRow


@get(
    "/passkey/generate-register-options",
    raises=(Unauthorized, SessionNotFresh, faults.ResolveUserRequired, faults.ResolvedUserInvalid),
)
class GeneratePasskeyRegistrationOptions(Operation[CreationOptions]):
    """Begin to register a passkey: what the browser's own dialogue needs, with a challenge for this browser."""

    authenticator_attachment: Literal["platform", "cross-platform"] | UnsetType = UNSET
    name: str | UnsetType = UNSET
    context: str | UnsetType = UNSET


@get("/passkey/generate-authenticate-options")
class GeneratePasskeyAuthenticationOptions(Operation[RequestOptions]):
    """Begin to sign in: what the browser's own dialogue needs. Who is signed in is offered their own passkeys."""


@post(
    "/passkey/verify-registration",
    raises=(
        Unauthorized,
        SessionNotFresh,
        faults.FailedToVerifyRegistration,
        faults.ChallengeNotFound,
        faults.YouAreNotAllowedToRegisterThisPasskey,
        faults.ResolvedUserInvalid,
        faults.PreviouslyRegistered,
        faults.UserNotFound,
        faults.UnableToCreateSession,
    ),
    signals=PASSKEYS,
)
class VerifyPasskeyRegistration(Operation[PasskeyRegistered]):
    """Finish registering: ``response`` is what the browser's dialogue gave, as JSON."""

    response: object
    name: str | UnsetType = UNSET
    create_session: bool | UnsetType = UNSET


@post(
    "/passkey/verify-authentication",
    raises=(
        faults.ChallengeNotFound,
        faults.PasskeyNotFound,
        faults.AuthenticationFailed,
        faults.UnableToCreateSession,
    ),
    signals=SESSION,
)
class VerifyPasskeyAuthentication(Operation[SessionData]):
    """Finish signing in: ``response`` is what the browser's dialogue gave, as JSON."""

    response: Mapping[str, object]


@get("/passkey/list-user-passkeys", raises=(Unauthorized,))
class ListPasskeys(Operation[list[PasskeyRow]]):
    """One's own passkeys."""


@post("/passkey/delete-passkey", raises=(Unauthorized, faults.PasskeyNotFound), signals=PASSKEYS)
class DeletePasskey(Operation[Done]):
    """Delete one of one's own passkeys."""

    id: str


@post(
    "/passkey/update-passkey",
    raises=(
        Unauthorized,
        faults.PasskeyNotFound,
        faults.YouAreNotAllowedToRegisterThisPasskey,
        faults.FailedToUpdatePasskey,
    ),
    signals=PASSKEYS,
)
class UpdatePasskey(Operation[PasskeyUpdated]):
    """Rename one of one's own passkeys."""

    id: str
    name: NonEmpty
