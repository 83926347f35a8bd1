"""Whether an authenticator's answer proves what it says; the mathematics are the library's.

Beside what the library checks: encodings that hide something, pages within pages of other sites, keys that are too weak,
and user handles of somebody else. Source: Web Authentication Level 3 §7.1, §7.2.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import decode_credential_public_key, decoded_public_key_to_cryptography, parse_cbor
from webauthn.helpers.structs import CredentialDeviceType

from gatewright.crypto.hashing import base64url, from_base64url
from gatewright.plugins.passkey.strict_cbor import MalformedCbor, check_cbor, item_end
from gatewright.plugins.passkey.verified import (
    Authentication,
    AuthenticationInfo,
    Credential,
    Registration,
    RegistrationInfo,
)
from gatewright.wire.json import JsonError, decode

__all__ = (
    "ALGORITHMS",
    "Expected",
    "StoredKey",
    "Unproven",
    "user_handle",
    "verify_authentication",
    "verify_registration",
)

ALGORITHMS = (-8, -7, -257)
"""Kinds of keys that are accepted: EdDSA, ES256, RS256. Source: contract."""

_LONGEST_ID = 1023
_FEWEST_RSA_BITS = 2048
_TRANSPORT = re.compile(r"[a-z-]{0,32}")
_MOST_TRANSPORTS = 16
_ATTESTED, _EXTENDED = 0x40, 0x80
_FIXED, _AAGUID = 37, 16
_SHORT_EDDSA = bytes.fromhex("a301634f4b500327206745643235353139")
"""How some authenticators begin an EdDSA key: a map of four members that says it has three."""


class Unproven(Exception):
    """The answer proves nothing.

    Attributes:
        unreadable: It is not even well-formed.
        forged: Everything fits but the signature.
    """

    def __init__(self, reason: str, *, unreadable: bool = False, forged: bool = False) -> None:
        super().__init__(reason)
        self.unreadable = unreadable
        self.forged = forged


@dataclass(frozen=True, slots=True)
class Expected:
    """What a ceremony was begun with."""

    challenge: str = field(repr=False)
    origins: Sequence[str]
    rp_id: str
    user_verified: bool


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A credential as it is stored."""

    public_key: str
    counter: int


def verify_registration(answer: object, expected: Expected) -> Registration:
    """What a new credential has proven.

    Raises:
        Unproven: Nothing.
    """
    given = _members(answer)
    response = _members(given.get("response"))
    origin = _origin(response)
    attestation = _bytes(response.get("attestationObject"))
    try:
        check_cbor(attestation)
        statement = parse_cbor(attestation)
        if isinstance(statement, dict):
            _check_authenticator_data(cast("dict[str, object]", statement).get("authData"))
    except MalformedCbor as error:
        raise Unproven(str(error), unreadable=True) from None
    transports = _transports(response.get("transports"))
    try:
        found = verify_registration_response(
            credential=dict(given),
            expected_challenge=from_base64url(expected.challenge),
            expected_origin=list(expected.origins),
            expected_rp_id=expected.rp_id,
            require_user_verification=expected.user_verified,
        )
        _check_key(found.credential_public_key)
    except Unproven:
        raise
    except Exception as error:
        raise Unproven(str(error)) from error
    if len(found.credential_id) > _LONGEST_ID:
        raise Unproven("the id of the credential is too long")
    return Registration(
        registration_info=RegistrationInfo(
            fmt=str(getattr(found.fmt, "value", found.fmt)),
            aaguid=found.aaguid,
            credential=Credential(
                id=base64url(found.credential_id),
                public_key=found.credential_public_key,
                counter=found.sign_count,
                transports=transports,
            ),
            attestation_object=found.attestation_object,
            user_verified=found.user_verified,
            credential_device_type=_device_type(found.credential_device_type),
            credential_backed_up=found.credential_backed_up,
            origin=origin,
            rp_id=expected.rp_id,
        )
    )


def verify_authentication(answer: object, expected: Expected, key: StoredKey) -> Authentication:
    """What a signature has proven.

    Raises:
        Unproven: Nothing.
    """
    given = _members(answer)
    response = _members(given.get("response"))
    origin = _origin(response)
    try:
        _check_authenticator_data(_bytes(response.get("authenticatorData")))
    except MalformedCbor as error:
        raise Unproven(str(error), unreadable=True) from None
    try:
        found = verify_authentication_response(
            credential=dict(given),
            expected_challenge=from_base64url(expected.challenge),
            expected_origin=list(expected.origins),
            expected_rp_id=expected.rp_id,
            credential_public_key=base64.b64decode(key.public_key),
            credential_current_sign_count=key.counter,
            require_user_verification=expected.user_verified,
        )
    except Exception as error:
        raise Unproven(str(error), forged=isinstance(error.__context__, InvalidSignature)) from error
    return Authentication(
        authentication_info=AuthenticationInfo(
            new_counter=found.new_sign_count,
            credential_id=base64url(found.credential_id),
            user_verified=found.user_verified,
            credential_device_type=_device_type(found.credential_device_type),
            credential_backed_up=found.credential_backed_up,
            origin=origin,
            rp_id=expected.rp_id,
        )
    )


def user_handle(answer: Mapping[str, object]) -> str | None:
    """The user handle that came with a signature, as text; ``None`` where there is none."""
    handle = _members(answer.get("response")).get("userHandle")
    if not isinstance(handle, str) or not handle:
        return None
    try:
        return from_base64url(handle).decode()
    except ValueError:
        return None


def _members(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _bytes(value: object) -> bytes:
    if not isinstance(value, str):
        raise Unproven("a member is missing")
    try:
        return from_base64url(value)
    except ValueError as error:
        raise Unproven(str(error), unreadable=True) from None


def _origin(response: Mapping[str, object]) -> str:
    """The origin of the page that asked, which must be no page within another site's.

    Raises:
        Unproven: It is, or the browser says nothing readable.
    """
    try:
        said = decode(_bytes(response.get("clientDataJSON")))
    except JsonError as error:
        raise Unproven(str(error), unreadable=True) from None
    data = _members(said)
    if data.get("crossOrigin", False) is not False or data.get("topOrigin") is not None:
        raise Unproven("the page is within a page of another site")
    origin = data.get("origin")
    return origin if isinstance(origin, str) else ""


def _transports(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Unproven("transports are no list")
    names = [name for name in cast("list[object]", value) if isinstance(name, str) and _TRANSPORT.fullmatch(name)]
    return tuple(names[:_MOST_TRANSPORTS])


def _device_type(kind: CredentialDeviceType) -> str:
    return "singleDevice" if kind is CredentialDeviceType.SINGLE_DEVICE else "multiDevice"


def _check_authenticator_data(data: object) -> None:
    """Check that nothing is hidden in or behind authenticator data.

    Raises:
        MalformedCbor: Something is.
    """
    if not isinstance(data, bytes) or len(data) < _FIXED:
        return  # The library has the word for it.
    flags, at = data[32], _FIXED
    if flags & _ATTESTED:
        at += _AAGUID
        at += 2 + int.from_bytes(data[at : at + 2])
        if data[at : at + len(_SHORT_EDDSA)] == _SHORT_EDDSA:
            data = data[:at] + b"\xa4" + data[at + 1 :]
        at = item_end(data, at)
    if flags & _EXTENDED:
        at = item_end(data, at)
    if at != len(data):
        raise MalformedCbor("bytes behind the authenticator data")


def _check_key(encoded: bytes) -> None:
    """Check that a key is of its kind, on its curve and long enough.

    Raises:
        Unproven: It is not.
    """
    decoded = decode_credential_public_key(encoded)
    key = decoded_public_key_to_cryptography(decoded)
    match key:
        case Ed25519PublicKey():
            fits = decoded.alg == -8
        case EllipticCurvePublicKey():
            fits = decoded.alg == -7 and isinstance(key.curve, SECP256R1)
        case RSAPublicKey():
            fits = decoded.alg == -257 and key.key_size >= _FEWEST_RSA_BITS
        case _:
            fits = False
    if not fits:
        raise Unproven("the key is not of a kind that is accepted")
