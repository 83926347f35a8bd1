import json
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core.crypto.vectors import COOKIES, CRYPTO, Hs256, Jwks

from gatewright.crypto.cipher import Cipher, Secrets
from gatewright.crypto.hashing import base64url, from_base64url
from gatewright.crypto.hmac import hmac_sha256
from gatewright.crypto.jwk import PrivateKey, generate_key, import_private, import_public, public_jwk, public_key
from gatewright.crypto.jwt import (
    JwtRefusal,
    SignatureAlgorithm,
    check_times,
    open_hs256,
    open_jwt,
    sign_hs256,
    sign_jwt,
    unverified_header,
    verify_hs256,
    verify_jwt,
)

SECRET = CRYPTO.secret
NOW = datetime(2026, 11, 23, 7, 50, tzinfo=UTC)
KEYS: dict[SignatureAlgorithm, PrivateKey] = {
    "EdDSA": generate_key("EdDSA"),
    "ES256": generate_key("ES256"),
    "ES512": generate_key("ES512"),
    "RS256": generate_key("RS256"),
}
KEYS["PS256"] = KEYS["RS256"]


def _claims_of(token: str) -> dict[str, object]:
    return json.loads(from_base64url(token.split(".")[1]))


def _time_of(claims: dict[str, object], name: str) -> datetime:
    return datetime.fromtimestamp(cast("int", claims[name]), UTC)


@pytest.mark.parametrize("vector", CRYPTO.jwt_hs256, ids=lambda vector: str(vector.payload))
def test_hs256_tokens_are_the_contracts_in_both_directions(vector: Hs256) -> None:
    claims = _claims_of(vector.token)
    issued = cast("int", claims["iat"])
    stamped = {**vector.payload, "iat": issued, "exp": issued + vector.expires_in}
    assert sign_hs256(stamped, vector.secret) == vector.token
    assert verify_hs256(vector.token, vector.secret, now=datetime.fromtimestamp(issued, UTC)) == stamped


@pytest.mark.parametrize("token", [*CRYPTO.email_verification, *COOKIES.jwt])
def test_email_and_cache_tokens_are_the_contracts_in_both_directions(token: str) -> None:
    claims = _claims_of(token)
    assert verify_hs256(token, SECRET, now=_time_of(claims, "iat")) == claims
    assert sign_hs256(claims, SECRET) == token
    assert open_hs256(token, SECRET, now=_time_of(claims, "exp")) is JwtRefusal.EXPIRED


@pytest.mark.parametrize("vector", CRYPTO.jwks, ids=lambda vector: vector.alg)
def test_asymmetric_tokens_of_the_contract_verify_and_ours_do_under_its_keys(vector: Jwks) -> None:
    algorithm = cast("SignatureAlgorithm", vector.alg)
    key = import_public(vector.jwks["keys"][0])
    claims = _claims_of(vector.token)
    before = _time_of(claims, "exp") - timedelta(seconds=1)
    opened = verify_jwt(
        vector.token, key, algorithm=algorithm, now=before, issuer="http://localhost:3000", audience="x"
    )
    assert opened == claims
    stored = Cipher(Secrets.single(vector.secret)).decrypt(json.loads(vector.row.private_key))
    ours = sign_jwt(claims, import_private(json.loads(stored)), algorithm=algorithm, kid=vector.row.id)
    assert ours.rsplit(".", 1)[0] == vector.token.rsplit(".", 1)[0]
    assert verify_jwt(ours, key, algorithm=algorithm, now=before) == claims
    assert (ours == vector.token) is (vector.alg in {"EdDSA", "RS256"})  # the deterministic ones


def test_the_cache_token_under_a_key_verifies_with_its_type() -> None:
    vector = COOKIES.jwt_with_key
    key, claims = import_public(vector.public_key), _claims_of(vector.token)
    now = _time_of(claims, "iat")
    assert verify_jwt(vector.token, key, algorithm="EdDSA", now=now, typ=vector.typ) == claims
    assert verify_jwt(vector.token, key, algorithm="EdDSA", now=now, typ="JWT") is None
    assert unverified_header(vector.token) == {
        "alg": "EdDSA",
        "kid": "O6ReBqAitPHWiZGqqH4p13iQAPIDzXGK",
        "typ": vector.typ,
    }


@pytest.mark.parametrize("algorithm", KEYS)
def test_every_algorithm_signs_and_refuses_another_key_or_payload(algorithm: SignatureAlgorithm) -> None:
    key = KEYS[algorithm]
    token = sign_jwt({"sub": "ü"}, key, algorithm=algorithm, kid="k", header={"typ": "at+jwt", "alg": "none"})
    assert unverified_header(token) == {"alg": algorithm, "kid": "k", "typ": "at+jwt"}
    assert verify_jwt(token, public_key(key), algorithm=algorithm, now=NOW) == {"sub": "ü"}
    other = generate_key(
        "EdDSA"
        if algorithm == "EdDSA"
        else "ES256"
        if algorithm == "ES256"
        else "ES512"
        if algorithm == "ES512"
        else "RS256"
    )
    assert verify_jwt(token, public_key(other), algorithm=algorithm, now=NOW) is None
    head, _, signature = token.split(".")
    assert verify_jwt(f"{head}.{base64url(b'{}')}.{signature}", public_key(key), algorithm=algorithm, now=NOW) is None


@pytest.mark.parametrize("pinned", KEYS)
@pytest.mark.parametrize("used", KEYS)
def test_only_the_pinned_algorithm_is_accepted(pinned: SignatureAlgorithm, used: SignatureAlgorithm) -> None:
    token = sign_jwt({"sub": "u"}, KEYS[used], algorithm=used)
    for key in {id(key): key for key in KEYS.values()}.values():
        opened = verify_jwt(token, public_key(key), algorithm=pinned, now=NOW)
        assert opened == ({"sub": "u"} if pinned == used and key is KEYS[used] else None)


def test_a_key_of_another_kind_or_curve_does_not_sign() -> None:
    for algorithm, key in [("EdDSA", KEYS["ES256"]), ("ES256", KEYS["ES512"]), ("RS256", KEYS["EdDSA"])]:
        with pytest.raises(ValueError, match="kind"):
            sign_jwt({}, key, algorithm=cast("SignatureAlgorithm", algorithm))


def _forge(header: object, claims: object, key: bytes = SECRET.encode()) -> str:
    text = f"{base64url(json.dumps(header).encode())}.{base64url(json.dumps(claims).encode())}"
    return f"{text}.{base64url(hmac_sha256(key, text.encode()))}"


@pytest.mark.parametrize("alg", ["none", "None", "hs256", "HS512", "RS256", "", None, ["HS256"]])
def test_no_other_algorithm_passes_for_hs256(alg: object) -> None:
    assert verify_hs256(_forge({"alg": "HS256"}, {"a": 1}), SECRET, now=NOW) == {"a": 1}
    assert verify_hs256(_forge({"alg": alg}, {"a": 1}), SECRET, now=NOW) is None


def test_an_unsigned_token_is_refused() -> None:
    token = ".".join([base64url(b'{"alg":"none"}'), base64url(b'{"a":1}'), ""])
    assert verify_hs256(token, SECRET, now=NOW) is None
    assert verify_jwt(token, public_key(KEYS["EdDSA"]), algorithm="EdDSA", now=NOW) is None


def test_a_public_key_used_as_an_hmac_secret_is_refused() -> None:
    public = public_key(KEYS["RS256"])
    forged = _forge({"alg": "HS256"}, {"sub": "admin"}, json.dumps(public_jwk(public)).encode())
    assert verify_jwt(forged, public, algorithm="RS256", now=NOW) is None
    relabelled = _forge({"alg": "RS256"}, {"sub": "admin"}, json.dumps(public_jwk(public)).encode())
    assert verify_jwt(relabelled, public, algorithm="RS256", now=NOW) is None


@pytest.mark.parametrize("extra", [{"crit": ["exp"]}, {"b64": False}, {"crit": []}])
def test_header_extensions_refuse_the_token(extra: dict[str, object]) -> None:
    assert verify_hs256(_forge({"alg": "HS256", **extra}, {}), SECRET, now=NOW) is None


def test_one_signature_has_one_spelling() -> None:
    token = sign_hs256({"a": 1}, SECRET)
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    accepted = [c for c in last if verify_hs256(token[:-1] + c, SECRET, now=NOW) is not None]
    assert accepted == [token[-1]]
    assert verify_hs256(token + "=", SECRET, now=NOW) is None
    assert verify_hs256(token + ".", SECRET, now=NOW) is None


@pytest.mark.parametrize(
    ("claims", "leeway", "expected"),
    [
        ({}, 0, None),
        ({"exp": 1001}, 0, None),
        ({"exp": 1000}, 0, JwtRefusal.EXPIRED),
        ({"exp": 986}, 15, None),
        ({"exp": 985}, 15, JwtRefusal.EXPIRED),
        ({"exp": 1000.5}, 0, None),
        ({"nbf": 1000}, 0, None),
        ({"nbf": 1001}, 0, JwtRefusal.INVALID),
        ({"nbf": 1015}, 15, None),
        ({"nbf": 1016}, 15, JwtRefusal.INVALID),
        ({"iat": 5000}, 0, None),
        ({"iat": "1000"}, 0, JwtRefusal.INVALID),
        ({"exp": "9999"}, 0, JwtRefusal.INVALID),
        ({"exp": None}, 0, JwtRefusal.INVALID),
        ({"exp": True}, 0, JwtRefusal.INVALID),
        ({"exp": 1, "nbf": 2000}, 0, JwtRefusal.INVALID),
    ],
)
def test_times_are_checked_against_the_given_clock(
    claims: dict[str, object], leeway: int, expected: JwtRefusal | None
) -> None:
    now = datetime.fromtimestamp(1000, UTC)
    outcome = claims if expected is None else expected
    assert check_times(claims, now=now, leeway_seconds=leeway) == outcome
    assert open_hs256(sign_hs256(claims, SECRET), SECRET, now=now, leeway_seconds=leeway) == outcome
    token = sign_jwt(claims, KEYS["EdDSA"], algorithm="EdDSA")
    key = public_key(KEYS["EdDSA"])
    assert open_jwt(token, key, algorithm="EdDSA", now=now, leeway_seconds=leeway) == outcome


@pytest.mark.parametrize(
    ("claims", "accepted"),
    [
        ({"iss": "i", "aud": "a"}, True),
        ({"iss": "i", "aud": ["b", "a"]}, True),
        ({"iss": "i2", "aud": "a"}, True),
        ({"iss": ["i"], "aud": "a"}, False),
        ({"iss": "x", "aud": "a"}, False),
        ({"iss": "i", "aud": "b"}, False),
        ({"iss": "i", "aud": []}, False),
        ({"iss": "i", "aud": ["a", 1]}, False),
        ({"iss": "i", "aud": {"a": 1}}, False),
        ({"aud": "a"}, False),
        ({"iss": "i"}, False),
    ],
)
def test_issuer_and_audience_are_held_to_what_the_caller_expects(claims: dict[str, object], accepted: bool) -> None:
    token, key = sign_jwt(claims, KEYS["EdDSA"], algorithm="EdDSA"), public_key(KEYS["EdDSA"])
    opened = verify_jwt(token, key, algorithm="EdDSA", now=NOW, issuer=["i", "i2"], audience="a")
    assert opened == (claims if accepted else None)


@given(st.text(st.characters()) | st.lists(st.binary().map(base64url), min_size=2, max_size=5).map(".".join))
def test_any_text_is_refused_and_never_raises(token: str) -> None:
    assert open_hs256(token, SECRET, now=NOW) is JwtRefusal.INVALID
    assert open_jwt(token, public_key(KEYS["EdDSA"]), algorithm="EdDSA", now=NOW) is JwtRefusal.INVALID
    header = unverified_header(token)
    assert header is None or isinstance(header, dict)


@pytest.mark.parametrize("segment", ["[]", "1", '"x"', "null", "[" * 20_000, '{"a":' * 20_000])
def test_claims_and_headers_that_are_not_objects_are_refused(segment: str) -> None:
    text = ".".join([base64url(b'{"alg":"HS256"}'), base64url(segment.encode())])
    token = f"{text}.{base64url(hmac_sha256(SECRET.encode(), text.encode()))}"
    assert verify_hs256(token, SECRET, now=NOW) is None
    assert unverified_header(f"{base64url(segment.encode())}.x.x") is None


def test_an_oversized_token_is_refused_unread() -> None:
    assert verify_hs256(sign_hs256({"a": "x" * 60_000}, SECRET), SECRET, now=NOW) is None
    assert verify_hs256(sign_hs256({"a": "x" * 40_000}, SECRET), SECRET, now=NOW) is not None


def test_an_empty_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        sign_hs256({}, "")
    with pytest.raises(ValueError, match="empty"):
        verify_hs256(_forge({"alg": "HS256"}, {}, b""), b"", now=NOW)


def test_a_text_secret_is_its_utf8_bytes_and_short_ones_work() -> None:
    assert sign_hs256({"a": 1}, "ü") == sign_hs256({"a": 1}, "ü".encode())
