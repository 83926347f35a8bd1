"""What a ceremony has proven, as applications are told. Source: contract, the arguments of ``afterVerification``."""

from __future__ import annotations

from msgspec import field

from gatewright.wire.result import Result

__all__ = ("Authentication", "AuthenticationInfo", "Credential", "Registration", "RegistrationInfo")


class Credential(Result):
    """A new credential; ``public_key`` is a COSE key."""

    id: str
    public_key: bytes
    counter: int
    transports: tuple[str, ...] = ()


class RegistrationInfo(Result):
    """What is known of a new credential."""

    fmt: str
    aaguid: str
    credential_type: str = "public-key"
    credential: Credential
    attestation_object: bytes
    user_verified: bool
    credential_device_type: str
    credential_backed_up: bool
    origin: str
    rp_id: str = field(name="rpID")


class Registration(Result):
    """A registration that is right."""

    verified: bool = True
    registration_info: RegistrationInfo


class AuthenticationInfo(Result):
    """What is known of a signature."""

    new_counter: int
    credential_id: str = field(name="credentialID")
    user_verified: bool
    credential_device_type: str
    credential_backed_up: bool
    origin: str
    rp_id: str = field(name="rpID")


class Authentication(Result):
    """An authentication that is right."""

    verified: bool = True
    authentication_info: AuthenticationInfo
