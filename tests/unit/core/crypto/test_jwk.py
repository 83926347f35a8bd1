import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from tests.unit.core.crypto.vectors import CRYPTO, Jwks

from gatewright.crypto.cipher import Cipher, Secrets
from gatewright.crypto.jwk import (
    JwkError,
    KeyAlgorithm,
    curve_name,
    find_jwk,
    generate_key,
    import_private,
    import_public,
    jwks,
    jwks_entry,
    private_jwk,
    public_jwk,
    public_key,
    thumbprint,
)

ALGORITHMS: list[KeyAlgorithm] = ["EdDSA", "ES256", "ES512", "PS256", "RS256"]
ED25519 = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}  # RFC 8037 A.1
ED25519_PRIVATE = {**ED25519, "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}


def _stored_private(vector: Jwks) -> dict[str, str]:
    return json.loads(Cipher(Secrets.single(vector.secret)).decrypt(json.loads(vector.row.private_key)))


@pytest.mark.parametrize("vector", CRYPTO.jwks, ids=lambda vector: vector.alg)
def test_stored_rows_open_and_are_written_back_the_same(vector: Jwks) -> None:
    stored = _stored_private(vector)
    key = import_private(stored)
    assert private_jwk(key) == stored
    assert json.dumps(public_jwk(public_key(key)), separators=(",", ":")) == vector.row.public_key
    assert public_jwk(import_public(json.loads(vector.row.public_key))) == json.loads(vector.row.public_key)


@pytest.mark.parametrize("vector", CRYPTO.jwks, ids=lambda vector: vector.alg)
def test_the_published_key_set_is_the_contracts_to_the_order_of_members(vector: Jwks) -> None:
    entry = jwks_entry(_stored_private(vector), algorithm=vector.alg, kid=vector.row.id)
    assert "d" not in entry
    published = jwks([jwks_entry(json.loads(vector.row.public_key), algorithm=vector.alg, kid=vector.row.id)])
    assert published == vector.jwks
    assert next(iter(published["keys"][0])) == "alg"
    assert list(published["keys"][0])[-1] == "kid"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_new_keys_go_through_json_and_back(algorithm: KeyAlgorithm) -> None:
    key = generate_key(algorithm)
    private = private_jwk(key)
    assert private_jwk(import_private(json.loads(json.dumps(private)))) == private
    assert thumbprint(private) == thumbprint(public_jwk(public_key(key)))
    assert private_jwk(generate_key(algorithm))["d"] != private["d"]
    expected = {"EdDSA": "Ed25519", "ES256": "P-256", "ES512": "P-521"}.get(algorithm)
    assert curve_name(key) == curve_name(public_key(key)) == private.get("crv") == expected


def test_key_generation_refuses_short_moduli_and_other_algorithms() -> None:
    with pytest.raises(ValueError, match="2048"):
        generate_key("RS256", rsa_bits=1024)
    with pytest.raises(ValueError, match="algorithm"):
        generate_key("none")  # pyright: ignore[reportArgumentType] - what a configuration file could hold


def test_thumbprints_are_those_of_the_rfcs() -> None:
    assert thumbprint(ED25519) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"  # RFC 8037 A.3
    rsa_key = {
        "kty": "RSA",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs"
        "tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91"
        "CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
        "e": "AQAB",
        "alg": "RS256",
        "kid": "2011-04-29",
    }
    assert thumbprint(rsa_key) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"  # RFC 7638 §3.1
    with pytest.raises(JwkError, match="type"):
        thumbprint({"kty": "none"})
    with pytest.raises(JwkError, match="no e"):
        thumbprint({"kty": "RSA", "n": "AQAB"})


P256 = public_jwk(ec.generate_private_key(ec.SECP256R1()).public_key())
SHORT_RSA = public_jwk(rsa.generate_private_key(65537, 1024).public_key())


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "oct", "k": "AAAA"},
        {"kty": ["RSA"]},
        {**ED25519, "crv": "Ed448"},
        {**ED25519, "x": "AAAA"},
        {**ED25519, "x": "not base64!"},
        {**ED25519, "x": 5},
        {"kty": "OKP", "crv": "Ed25519"},
        {**P256, "y": P256["x"]},
        {**P256, "crv": "P-384"},
        {**P256, "crv": "secp256k1"},
        {**P256, "crv": ["P-256"]},
        {**P256, "x": ""},
        SHORT_RSA,
        {"kty": "RSA", "n": "AQAB"},
        {"kty": "RSA", "n": "_" * 342, "e": ""},
        {"kty": "RSA", "n": "_" * 342, "e": "Ag"},
        {"kty": "RSA", "n": "_" * 20_000, "e": "AQAB"},
    ],
)
def test_foreign_keys_that_are_malformed_or_weak_are_refused(jwk: dict[str, object]) -> None:
    with pytest.raises(JwkError):
        import_public(jwk)
    with pytest.raises(JwkError):
        import_private(jwk)


def test_a_private_key_must_belong_to_its_public_half() -> None:
    assert private_jwk(import_private(ED25519_PRIVATE)) == ED25519_PRIVATE
    other = private_jwk(generate_key("EdDSA"))
    with pytest.raises(JwkError, match="halves"):
        import_private({**ED25519_PRIVATE, "x": other["x"]})
    first, second = (private_jwk(generate_key("ES256")) for _ in range(2))
    with pytest.raises(JwkError, match="not a valid key"):
        import_private({**first, "d": second["d"]})


def test_a_key_is_found_by_its_name_in_any_set() -> None:
    keys = {"keys": [{"kid": "a"}, {"kid": "b", "kty": "OKP"}]}
    assert find_jwk(keys, "b") == {"kid": "b", "kty": "OKP"}
    assert find_jwk(keys, "c") is None
    assert find_jwk({}, "a") is None
    assert find_jwk({"keys": "a"}, "a") is None
    assert find_jwk({"keys": [1, {"kid": "a"}]}, "a") is None
