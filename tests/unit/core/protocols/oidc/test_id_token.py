"""ID tokens: keys, signatures and claims, both sides of each rule."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from jwt.utils import base64url_encode

from gatewright.protocols.oidc.id_token import (
    IdTokenRefusal,
    TokenHeader,
    check_claims,
    read_claims,
    read_header,
    read_key_set,
    select_key,
    verify_signature,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CLOCK = int(NOW.timestamp())
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
CLAIMS: dict[str, Any] = {"iss": "https://i", "aud": "c", "sub": "s", "iat": CLOCK, "exp": CLOCK + 3600, "nonce": "n"}

NO_KEYS: list[dict[str, Any]] = []
WRONG_KEY: dict[str, Any] = {"kid": "r", "kty": "RSA", "n": 7, "e": []}
ODD_KEY: dict[str, Any] = {"kid": ["r"], "kty": {}, "use": [], "alg": {}}


def rsa_jwk(**more: Any) -> dict[str, Any]:
    return {**RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True), "kid": "r", **more}


def ec_jwk(**more: Any) -> dict[str, Any]:
    return {**ECAlgorithm.to_jwk(EC.public_key(), as_dict=True), "kid": "e", **more}


def signed(key: Any = RSA, algorithm: str = "RS256", **header: Any) -> str:
    headers: dict[str, Any] = {"kid": "r", **header}
    return jwt.encode(CLAIMS, key, algorithm=algorithm, headers=headers)


@pytest.mark.parametrize(
    ("token", "keys"),
    [
        (signed(), [rsa_jwk()]),
        (signed(), [rsa_jwk(kid="old"), rsa_jwk(use="sig", alg="RS256"), ec_jwk(kid="r")]),
        (signed(algorithm="PS256"), [rsa_jwk()]),
        (signed(EC, "ES256", kid="e"), [rsa_jwk(), ec_jwk()]),
        (jwt.encode(CLAIMS, RSA, "RS256"), [rsa_jwk(), ec_jwk()]),
    ],
)
def test_a_token_of_a_known_key_opens(token: str, keys: list[dict[str, Any]]) -> None:
    assert verify_signature(token, keys) == CLAIMS


@pytest.mark.parametrize(
    ("token", "keys", "refusal"),
    [
        (signed(OTHER), [rsa_jwk()], IdTokenRefusal.SIGNATURE),
        (signed()[:-8] + "AAAAAAAA", [rsa_jwk()], IdTokenRefusal.SIGNATURE),
        (signed(kid="unknown"), [rsa_jwk()], IdTokenRefusal.KEY),
        (signed(), NO_KEYS, IdTokenRefusal.KEY),
        (signed(), [rsa_jwk(use="enc")], IdTokenRefusal.KEY),
        (signed(), [rsa_jwk(alg="RS512")], IdTokenRefusal.KEY),
        (signed(), [rsa_jwk(), rsa_jwk()], IdTokenRefusal.KEY),
        (jwt.encode(CLAIMS, RSA, "RS256"), [rsa_jwk(), rsa_jwk(kid="x")], IdTokenRefusal.KEY),
        (signed(), [WRONG_KEY], IdTokenRefusal.KEY),
        (signed(), [{"kid": "r", "kty": "RSA"}], IdTokenRefusal.KEY),
        (signed(), [ODD_KEY], IdTokenRefusal.KEY),
        (jwt.encode(CLAIMS, "", "none"), [rsa_jwk()], IdTokenRefusal.ALGORITHM),
        (jwt.encode(CLAIMS, "client-secret" * 4, "HS256"), [rsa_jwk()], IdTokenRefusal.ALGORITHM),
        (signed(crit=["exp"]), [rsa_jwk()], IdTokenRefusal.MALFORMED),
        ("nonsense", [rsa_jwk()], IdTokenRefusal.MALFORMED),
        ("a.b.c", [rsa_jwk()], IdTokenRefusal.MALFORMED),
        ("é.é.é", [rsa_jwk()], IdTokenRefusal.MALFORMED),
        ("x" * 70_000 + ".a.b", [rsa_jwk()], IdTokenRefusal.MALFORMED),
    ],
)
def test_any_other_token_stays_shut(token: str, keys: list[dict[str, Any]], refusal: IdTokenRefusal) -> None:
    assert verify_signature(token, keys) is refusal


def test_a_public_key_is_no_shared_secret() -> None:
    pem = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = base64url_encode(b'{"alg":"HS256","kid":"r"}').decode()
    payload = base64url_encode(json.dumps(CLAIMS).encode()).decode()
    tag = base64url_encode(hmac.digest(pem, f"{header}.{payload}".encode(), "sha256")).decode()
    assert verify_signature(f"{header}.{payload}.{tag}", [rsa_jwk()]) is IdTokenRefusal.ALGORITHM


def test_an_allow_list_narrows_the_algorithms() -> None:
    assert verify_signature(signed(algorithm="PS256"), [rsa_jwk()], algorithms={"RS256"}) is IdTokenRefusal.ALGORITHM
    assert read_header(signed(), algorithms={"none", "HS256"}) is IdTokenRefusal.ALGORITHM
    assert read_header(signed()) == TokenHeader("RS256", "r")
    assert select_key(TokenHeader("RS256", None), [rsa_jwk()]) == rsa_jwk()


def test_claims_can_be_read_without_a_key() -> None:
    assert read_claims(signed(OTHER)) == CLAIMS
    assert read_claims("a.b.c") is None


def test_a_key_set_is_read_or_not() -> None:
    assert read_key_set(json.dumps({"keys": [rsa_jwk()]}).encode()) == (rsa_jwk(),)
    assert read_key_set(b'{"keys":7}') is None
    assert read_key_set(b"<html>") is None


def refused(changes: dict[str, Any], **asked: Any) -> IdTokenRefusal | None:
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not ...}
    return check_claims(claims, issuers=("https://i",), audiences=("c", "d"), now=NOW, **asked)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, None),
        ({"aud": ["c"]}, None),
        ({"aud": ["d", "c"]}, None),
        ({"aud": ["c", "stranger"], "azp": "c"}, None),
        ({"aud": ["c", "stranger"]}, IdTokenRefusal.PARTY),
        ({"aud": ["c", "stranger"], "azp": "stranger"}, IdTokenRefusal.PARTY),
        ({"aud": ["c", "stranger"], "azp": ["c"]}, IdTokenRefusal.PARTY),
        ({"aud": "stranger"}, IdTokenRefusal.AUDIENCE),
        ({"aud": []}, IdTokenRefusal.AUDIENCE),
        ({"aud": ...}, IdTokenRefusal.AUDIENCE),
        ({"aud": [["c"]]}, IdTokenRefusal.AUDIENCE),
        ({"iss": "https://evil"}, IdTokenRefusal.ISSUER),
        ({"iss": ["https://i"]}, IdTokenRefusal.ISSUER),
        ({"iss": ...}, IdTokenRefusal.ISSUER),
        ({"sub": ""}, IdTokenRefusal.SUBJECT),
        ({"sub": 7}, IdTokenRefusal.SUBJECT),
        ({"sub": ...}, IdTokenRefusal.SUBJECT),
        ({"exp": ...}, IdTokenRefusal.MALFORMED),
        ({"iat": ...}, IdTokenRefusal.MALFORMED),
        ({"exp": "soon"}, IdTokenRefusal.MALFORMED),
        ({"nbf": True}, IdTokenRefusal.MALFORMED),
        ({"exp": CLOCK - 4}, None),
        ({"exp": CLOCK - 5}, IdTokenRefusal.EXPIRED),
        ({"iat": CLOCK + 5}, None),
        ({"iat": CLOCK + 6}, IdTokenRefusal.NOT_YET),
        ({"nbf": CLOCK + 6}, IdTokenRefusal.NOT_YET),
        ({"nbf": CLOCK + 5}, None),
    ],
)
def test_claims_are_checked(changes: dict[str, Any], refusal: IdTokenRefusal | None) -> None:
    assert refused(changes) is refusal


@pytest.mark.parametrize(
    ("given", "hashed", "refusal"),
    [
        ("n", False, None),
        ("other", False, IdTokenRefusal.NONCE),
        (..., False, IdTokenRefusal.NONCE),
        (7, False, IdTokenRefusal.NONCE),
        (hashlib.sha256(b"n").hexdigest(), False, IdTokenRefusal.NONCE),
        (hashlib.sha256(b"n").hexdigest(), True, None),
        ("n", True, None),
    ],
)
def test_a_sent_nonce_must_come_back(given: Any, hashed: bool, refusal: IdTokenRefusal | None) -> None:
    assert refused({"nonce": given}, nonce="n", hashed_nonce=hashed) is refusal


@pytest.mark.parametrize(("age", "refusal"), [(3605, None), (3606, IdTokenRefusal.TOO_OLD)])
def test_a_token_may_be_too_old(age: int, refusal: IdTokenRefusal | None) -> None:
    assert refused({"iat": CLOCK - age}, max_age=timedelta(hours=1)) is refusal
