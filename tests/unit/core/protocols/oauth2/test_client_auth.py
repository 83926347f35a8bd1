"""Client authentication; Basic and body are covered with the token requests."""

from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from gatewright.protocols.oauth2.client_auth import Assertion, client_assertion, credentials

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_an_assertion_says_who_for_whom_and_until_when() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    token = client_assertion(
        client_id="c", audience="https://p/t", key=key, algorithm="ES256", token_id="j", now=NOW, key_id="k"
    )
    assert jwt.get_unverified_header(token) == {"alg": "ES256", "kid": "k", "typ": "JWT"}
    options: Any = {"verify_exp": False, "verify_iat": False}
    assert jwt.decode(token, key.public_key(), ["ES256"], audience="https://p/t", options=options) == {
        "iss": "c",
        "sub": "c",
        "aud": "https://p/t",
        "jti": "j",
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 300,
    }


def test_an_assertion_stands_in_the_body_instead_of_a_secret() -> None:
    assert credentials(Assertion("jwt"), client_id="c", client_secret="unused") == (
        {},
        (
            ("client_id", "c"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", "jwt"),
        ),
    )
    assert "jwt" not in repr(Assertion("jwt"))
