"""PKCE against the vector of RFC 7636, appendix B."""

import pytest

from gatewright.protocols.oauth2.pkce import VERIFIER_ALPHABET, VERIFIER_LENGTH, challenge, is_verifier


def test_the_challenge_of_the_rfc() -> None:
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.parametrize(
    ("verifier", "good"),
    [
        ("a" * 43, True),
        ("a" * 128, True),
        ("a" * 42, False),
        ("a" * 129, False),
        ("é" * 43, False),
        ("a" * 43 + "\n", False),
    ],
)
def test_a_verifier_has_43_to_128_unreserved_characters(verifier: str, good: bool) -> None:
    assert is_verifier(verifier) is good
    if not good:
        with pytest.raises(ValueError, match="43 to 128"):
            challenge(verifier)


def test_our_own_verifiers_are_verifiers() -> None:
    assert is_verifier((VERIFIER_ALPHABET * 2)[:VERIFIER_LENGTH])
