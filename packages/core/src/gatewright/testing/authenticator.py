"""A passkey authenticator in software: answers what a browser and its authenticator would, for tests.

::

    key = Authenticator()
    begun = await browser.get("/passkey/generate-register-options")
    await browser.post("/passkey/verify-registration", {"response": key.create(begun.json)})

Every part of an answer can be made wrong on purpose. Source: Web Authentication Level 3 §6.1, §6.5.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

__all__ = ("Authenticator", "HeldCredential", "cbor")

KeyKind: TypeAlias = Literal["ES256", "EdDSA", "RS256"]
PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey

PRESENT, VERIFIED, BACKUP_ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


@dataclass(frozen=True, slots=True)
class HeldCredential:
    """A credential that an authenticator holds."""

    id: bytes
    key: PrivateKey
    rp_id: str
    user_handle: bytes

    @property
    def name(self) -> str:
        """The id as it is written on the wire."""
        return _text(self.id)


class Authenticator:
    """Holds credentials and answers for them.

    Args:
        origin: Of the page that asks.
        kind: Which keys it makes.
        user_verified: Whether its user proves to be the owner.
        user_present: Whether its user is there.
        synced: Whether its keys are copied to other devices.
        counts: Whether it counts its signatures; many do not.
    """

    def __init__(
        self,
        *,
        origin: str = "http://localhost:3000",
        kind: KeyKind = "ES256",
        user_verified: bool = True,
        user_present: bool = True,
        synced: bool = False,
        counts: bool = True,
    ) -> None:
        self.origin = origin
        self.kind: KeyKind = kind
        self.user_verified = user_verified
        self.user_present = user_present
        self.synced = synced
        self.counts = counts
        self.counter = 0
        self.credentials: list[HeldCredential] = []

    def create(
        self,
        options: Mapping[str, Any],
        *,
        credential_id: bytes | None = None,
        client_data: Mapping[str, object] | None = None,
        rp_id: str | None = None,
        flags: int | None = None,
        public_key: bytes | None = None,
        attestation: bytes | None = None,
        aaguid: bytes = bytes(16),
    ) -> dict[str, object]:
        """What ``navigator.credentials.create`` gives for the server's options, as JSON.

        Args:
            options: The server's.
            credential_id: In place of a new one.
            client_data: Members of the client data to replace or add; ``None`` as a value leaves one out.
            rp_id: Whose hash is in the authenticator data.
            flags: In place of the right ones.
            public_key: A COSE key in place of the new credential's.
            attestation: In place of the whole attestation object.
            aaguid: Which model the authenticator says to be.
        """
        key = _new_key(self.kind)
        handle = _bytes(cast("str", options["user"]["id"]))
        own = cast("str", options["rp"]["id"])
        number = len(self.credentials)
        held = HeldCredential(
            credential_id or hashlib.sha256(f"{id(self)} {number}".encode()).digest(), key, rp_id or own, handle
        )
        self.credentials.append(held)
        attested = aaguid + len(held.id).to_bytes(2) + held.id + (public_key or _cose(key))
        data = self._authenticator_data(rp_id or own, attested=attested, flags=flags)
        whole = attestation or cbor({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._client_data("webauthn.create", cast("str", options["challenge"]), client_data)
        return self._answer(
            held,
            {"clientDataJSON": _text(said), "attestationObject": _text(whole), "transports": ["internal"]},
        )

    def get(
        self,
        options: Mapping[str, Any],
        *,
        credential: HeldCredential | None = None,
        client_data: Mapping[str, object] | None = None,
        rp_id: str | None = None,
        flags: int | None = None,
        user_handle: bytes | None = None,
        counter: int | None = None,
    ) -> dict[str, object]:
        """What ``navigator.credentials.get`` gives for the server's options, as JSON; see :meth:`create`.

        Args:
            options: The server's.
            credential: Which one; by default the first that the server allows.
            client_data: As for :meth:`create`.
            rp_id: As for :meth:`create`.
            flags: As for :meth:`create`.
            user_handle: In place of the credential's.
            counter: In place of the next number.

        Raises:
            LookupError: It holds none that the server allows.
        """
        held = credential or self._allowed(options)
        data = self._authenticator_data(rp_id or cast("str", options["rpId"]), flags=flags, counter=counter)
        said = self._client_data("webauthn.get", cast("str", options["challenge"]), client_data)
        signature = _sign(held.key, data + hashlib.sha256(said).digest())
        return self._answer(
            held,
            {
                "clientDataJSON": _text(said),
                "authenticatorData": _text(data),
                "signature": _text(signature),
                "userHandle": _text(held.user_handle if user_handle is None else user_handle),
            },
        )

    def _allowed(self, options: Mapping[str, Any]) -> HeldCredential:
        listed = cast("Sequence[Mapping[str, object]]", options.get("allowCredentials") or ())
        allowed = {each["id"] for each in listed}
        for held in self.credentials:
            if not allowed or held.name in allowed:
                return held
        raise LookupError("no passkey here")

    def _authenticator_data(
        self, rp_id: str, *, attested: bytes = b"", flags: int | None = None, counter: int | None = None
    ) -> bytes:
        if flags is None:
            flags = PRESENT if self.user_present else 0
            flags |= VERIFIED if self.user_verified else 0
            flags |= BACKUP_ELIGIBLE | BACKED_UP if self.synced else 0
            flags |= ATTESTED if attested else 0
        if self.counts:
            self.counter += 1
        count = self.counter if counter is None else counter
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + count.to_bytes(4) + attested

    def _client_data(self, kind: str, challenge: str, changed: Mapping[str, object] | None) -> bytes:
        said: dict[str, object] = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        said.update(changed or {})
        return json.dumps({name: value for name, value in said.items() if value is not None}).encode()

    def _answer(self, held: HeldCredential, response: Mapping[str, object]) -> dict[str, object]:
        return {
            "id": held.name,
            "rawId": held.name,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": dict(response),
        }


def cbor(value: object) -> bytes:
    """A value as CBOR: whole numbers, texts, bytes, lists and mappings."""
    match value:
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case bytes():
            return _head(2, len(value)) + value
        case str():
            text = value.encode()
            return _head(3, len(text)) + text
        case list():
            items = cast("list[object]", value)
            return _head(4, len(items)) + b"".join(map(cbor, items))
        case dict():
            members = cast("dict[object, object]", value)
            return _head(5, len(members)) + b"".join(cbor(key) + cbor(item) for key, item in members.items())
        case _:
            raise TypeError(f"no CBOR for {type(value).__name__}")


def _head(major: int, count: int) -> bytes:
    if count < 24:
        return bytes([major << 5 | count])
    for mark, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if count < 1 << 8 * width:
            return bytes([major << 5 | mark]) + count.to_bytes(width)
    raise ValueError("too large for CBOR")


def _new_key(kind: KeyKind) -> PrivateKey:
    match kind:
        case "ES256":
            return ec.generate_private_key(ec.SECP256R1())
        case "EdDSA":
            return ed25519.Ed25519PrivateKey.generate()
        case "RS256":
            return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _cose(key: PrivateKey) -> bytes:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        point = key.public_key().public_numbers()
        return cbor({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return cbor({1: 1, 3: -8, -1: 6, -2: key.public_key().public_bytes_raw()})
    numbers = key.public_key().public_numbers()
    return cbor({1: 3, 3: -257, -1: numbers.n.to_bytes(key.key_size // 8), -2: numbers.e.to_bytes(3)})


def _sign(key: PrivateKey, data: bytes) -> bytes:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(SHA256()))
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(data)
    return key.sign(data, padding.PKCS1v15(), SHA256())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
