"""What a proof says, how it is written, and what is enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.access.assurance import (
    ANONYMOUS,
    EMAIL_LINK,
    FEDERATED,
    IMPERSONATED,
    PASSWORD,
    TOTP,
    TRUSTED_DEVICE,
    Needed,
    Proof,
    Way,
    federated,
    passkey,
    sent_code,
)

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("ways", "level"),
    [
        ((), 0),
        ((ANONYMOUS,), 0),
        ((PASSWORD,), 1),
        ((EMAIL_LINK,), 1),
        ((PASSWORD, TRUSTED_DEVICE), 1),
        ((PASSWORD, TOTP), 2),
        ((PASSWORD, sent_code("sms")), 2),
        ((passkey(verified=False, synced=False),), 1),
        ((passkey(verified=True, synced=True),), 2),
        ((IMPERSONATED, TOTP), 0),
        ((FEDERATED,), 1),
        ((federated(["mfa"]),), 2),
    ],
)
def test_a_level_is_how_many_factors_were_given(ways: tuple[Way, ...], level: int) -> None:
    proof = Proof()
    for way in ways:
        proof = proof.having(way, NOW)
    assert proof.level == level
    assert proof.finished(finished=False).level == 0


def test_what_is_proven_again_counts_from_then() -> None:
    proof = Proof.of(PASSWORD, NOW).having(TOTP, NOW).having(PASSWORD, LATER)
    assert dict(proof.moments) == {"pwd": LATER, "otp": NOW, "totp": NOW, "mfa": NOW}
    assert proof.auth_time == LATER
    assert proof.since(("totp", "hwk")) == NOW
    assert proof.since(("hwk",)) is None


def test_it_is_written_with_moments() -> None:
    proof = Proof.of(PASSWORD, NOW)
    assert proof.write() == "pwd@1767268800"
    assert proof.finished(finished=False).write() == "unfinished@0 pwd@1767268800"


@pytest.mark.parametrize("text", [None, "", 7, "pwd", "pwd@", "@1", "pwd@-1", "pwd@1e9", "pwd@" + "9" * 99])
def test_any_other_text_proves_nothing(text: object) -> None:
    assert Proof.read(text) == Proof()


METHODS = st.lists(st.sampled_from(["pwd", "otp", "hwk", "mfa", "urn:x/y-1"]), unique=True)


@given(METHODS, st.integers(0, 7_000_000_000), st.booleans())
def test_what_was_written_is_read(methods: list[str], seconds: int, unfinished: bool) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    proof = Proof.of(Way(tuple(methods)), moment).finished(finished=not unfinished)
    assert Proof.read(proof.write()) == proof


@pytest.mark.parametrize(
    ("needed", "enough"),
    [
        (Needed(), True),
        (Needed(level=2), True),
        (Needed(methods=("hwk", "pwd")), True),
        (Needed(methods=("hwk",)), False),
        (Needed(max_age=timedelta(minutes=5)), True),
        (Needed(level=2, max_age=timedelta(minutes=5)), False),
        (Needed(level=2, max_age=timedelta(minutes=5, seconds=1)), True),
        (Needed(methods=("totp",), max_age=timedelta(minutes=5)), False),
        (Needed(methods=("pwd",), max_age=timedelta(seconds=1)), True),
    ],
)
def test_age_is_that_of_what_is_asked_for(needed: Needed, enough: bool) -> None:
    proof = Proof.of(PASSWORD, NOW).having(TOTP, NOW).having(PASSWORD, LATER)
    assert needed.met_by(proof, LATER) is enough
    assert needed.met_by(proof.finished(finished=False), LATER) is False


def test_of_two_demands_the_stricter_holds() -> None:
    one, other = Needed.of(level=2, max_age=600), Needed.of(methods="hwk", max_age=timedelta(seconds=60))
    assert one.also(other) == other.also(one) == Needed(2, ("hwk",), timedelta(seconds=60))
    with pytest.raises(ValueError, match="level"):
        Needed(level=3)


def test_a_provider_names_methods_and_nothing_else() -> None:
    said = ["pwd", "pwd", "unfinished", "impersonated", "a b", "x@1", 5, None, "m" * 65]
    assert federated(said).methods == ("federated", "pwd")
    assert len(federated(map(str, range(99))).methods) == 16
