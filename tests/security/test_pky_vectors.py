"""The vectors of Web Authentication Level 3 §16: what they prove is taken, what we do not offer or trust is not; PKY-16."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from gatewright.crypto.hashing import base64url
from gatewright.plugins.passkey.ceremony import (
    Expected,
    StoredKey,
    Unproven,
    verify_authentication,
    verify_registration,
)
from gatewright.plugins.passkey.verified import Registration

VECTORS: dict[str, Any] = {
    vector["section"].removeprefix("sctn-test-vectors-"): vector
    for vector in json.loads((Path(__file__).parents[1] / "data" / "webauthn_vectors.json").read_text(encoding="utf-8"))
}
REFUSED = {
    "none-es256-crossOrigin": "within a page of another site",
    "none-es256-topOrigin": "within a page of another site",
    # Kinds of keys that are not asked for (contract).
    "packed-es384": "Unsupported credential public key alg",
    "packed-es512": "Unsupported credential public key alg",
    "packed-ed448": "Unsupported credential public key alg",
    # Statements that only a real maker's certificates could make: none of these is asked for.
    "tpm-es256": "Unrecognized TPM Manufacturer",
    "android-key-es256": "x5c was empty",
    "apple-es256": "Certificate chain could not be validated",
    "fido-u2f-es256": "was not expected",
}
TAKEN = [name for name in VECTORS if name not in REFUSED]


def text(hexadecimal: str) -> str:
    return base64url(bytes.fromhex(hexadecimal))


def expected(challenge: str) -> Expected:
    return Expected(text(challenge), ["https://example.org"], "example.org", user_verified=False)


def answer(name: str, ceremony: str, **other: str) -> dict[str, object]:
    vector = VECTORS[name]
    credential = text(vector["registration"]["credential_id"])
    members = {key: value for key, value in vector[ceremony].items() if key not in ("challenge", "credential_id")}
    response = {key: text(value) for key, value in {**members, **other}.items()}
    return {
        "id": credential,
        "rawId": credential,
        "type": "public-key",
        "response": response,
        "clientExtensionResults": {},
    }


def registered(name: str) -> Registration:
    return verify_registration(answer(name, "registration"), expected(VECTORS[name]["registration"]["challenge"]))


def key_of(registration: Registration) -> StoredKey:
    credential = registration.registration_info.credential
    return StoredKey(base64.b64encode(credential.public_key).decode(), credential.counter)


@pytest.mark.parametrize("name", TAKEN)
def test_pky_16_a_vector_registers_and_signs_in(name: str) -> None:
    registration = registered(name)
    assert registration.registration_info.credential.id == text(VECTORS[name]["registration"]["credential_id"])
    proven = expected(VECTORS[name]["authentication"]["challenge"])
    verify_authentication(answer(name, "authentication"), proven, key_of(registration))


@pytest.mark.parametrize("name", TAKEN)
@pytest.mark.parametrize("member", ["signature", "authenticatorData", "clientDataJSON"])
def test_pky_16_a_vector_with_one_bit_changed_signs_nobody_in(name: str, member: str) -> None:
    authentication = VECTORS[name]["authentication"]
    spoilt = bytearray.fromhex(authentication[member])
    spoilt[-2] ^= 1
    key = key_of(registered(name))
    with pytest.raises(Unproven):
        verify_authentication(
            answer(name, "authentication", **{member: spoilt.hex()}), expected(authentication["challenge"]), key
        )


@pytest.mark.parametrize("name", TAKEN)
def test_pky_16_the_key_of_another_vector_signs_nobody_in(name: str) -> None:
    other = key_of(registered(next(each for each in TAKEN if each != name)))
    with pytest.raises(Unproven):
        verify_authentication(
            answer(name, "authentication"), expected(VECTORS[name]["authentication"]["challenge"]), other
        )


@pytest.mark.parametrize("name", REFUSED)
def test_pky_16_what_is_not_offered_or_not_trusted_is_not_registered(name: str) -> None:
    with pytest.raises(Unproven, match=REFUSED[name]):
        registered(name)


def test_pky_16_every_vector_is_here() -> None:
    assert len(VECTORS) == 15
    assert set(REFUSED) < set(VECTORS)
