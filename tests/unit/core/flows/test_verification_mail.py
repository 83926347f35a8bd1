"""The token in mailed links: the contract's bytes, and nothing else is read."""

from datetime import UTC, datetime

import pytest

from gatewright.contract.faults import InvalidToken, TokenExpired
from gatewright.crypto.jwt import sign_hs256
from gatewright.flows.verification_mail import EmailClaims, make_token, read_token

SECRET = "gatewright-test-secret-0123456789-ABCDEFGHIJ"
MADE = datetime.fromtimestamp(1795420101, UTC)

PLAIN = (
    "eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6InRmQGV4YW1wbGUuY29tIiwiaWF0IjoxNzk1NDIwMTAxLCJleHAiOjE3OTU0MjM3MDF9"
    ".9R1wRyuCmAK_0fTpq0El8AwS0UrM1Gk5cmxf6Q0daeg"
)
CHANGE = (
    "eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6InRmQGV4YW1wbGUuY29tIiwidXBkYXRlVG8iOiJuZXdAZXhhbXBsZS5jb20iLCJyZXF1ZXN0VHlwZSI6"
    "ImNoYW5nZS1lbWFpbC12ZXJpZmljYXRpb24iLCJpYXQiOjE3OTU0MjAxMDEsImV4cCI6MTc5NTQyMzcwMX0"
    ".Qn-UDNIcGoWiA4hpyfu1BgfcN7E8OkBYo93C835eqRM"
)


def test_tokens_are_the_contracts() -> None:
    assert make_token(SECRET, "TF@example.com", now=MADE, lifetime_seconds=3600) == PLAIN
    changing = make_token(
        SECRET,
        "tf@example.com",
        now=MADE,
        lifetime_seconds=3600,
        update_to="New@example.com",
        step="change-email-verification",
    )
    assert changing == CHANGE


def test_tokens_of_the_contract_are_read() -> None:
    assert read_token(PLAIN, SECRET, now=MADE) == EmailClaims("tf@example.com", 1795420101)
    assert read_token(CHANGE, SECRET, now=MADE) == EmailClaims(
        "tf@example.com", 1795420101, "new@example.com", "change-email-verification"
    )


def test_a_token_expires_to_the_second() -> None:
    assert read_token(PLAIN, SECRET, now=datetime.fromtimestamp(1795423700, UTC)).email == "tf@example.com"
    with pytest.raises(TokenExpired):
        read_token(PLAIN, SECRET, now=datetime.fromtimestamp(1795423701, UTC))


TIMES = {"iat": 1795420101, "exp": 1795423701}


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "tf@example.com", "iat": 1795420101},
        {"email": 7, **TIMES},
        {"email": "tf@example.com", "exp": 1795423701},
        {"sub": "u1", **TIMES},
        {"email": "tf@example.com", "session": {}, **TIMES},
        {"email": "tf@example.com", "updateTo": "new@example.com", **TIMES},
        {"email": "tf@example.com", "updateTo": 7, "requestType": "change-email-verification", **TIMES},
        {"email": "tf@example.com", "updateTo": "new@example.com", "requestType": "something-else", **TIMES},
        {"email": "tf@example.com", "requestType": "change-email-verification", **TIMES},
        {"email": "tf@example.com", "requestType": "something-else", **TIMES},
    ],
)
def test_other_tokens_of_the_same_secret_are_refused(claims: dict[str, object]) -> None:
    with pytest.raises(InvalidToken) as caught:
        read_token(sign_hs256(claims, SECRET), SECRET, now=MADE)
    assert caught.value.status == 401


@pytest.mark.parametrize("token", ["", "nonsense", PLAIN[:-1], PLAIN + "\n", PLAIN.replace(".9R", ".9r")])
def test_a_token_that_was_not_signed_like_this_is_refused(token: str) -> None:
    with pytest.raises(InvalidToken):
        read_token(token, SECRET, now=MADE)
