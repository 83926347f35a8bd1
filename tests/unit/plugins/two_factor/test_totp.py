"""Codes of authenticator apps against the contract's vectors, and the memory of used steps."""

from datetime import UTC, datetime

import pytest
from tests.unit.plugins.two_factor.factor import app_with

from gatewright.crypto.cipher import Cipher, CipherError, Secrets
from gatewright.plugins.two_factor.totp import Totp
from gatewright.testing.random import SeededRandom
from gatewright.wire.faults import ApiError

SECRET = "gatewright-test-secret-0123456789-ABCDEFGHIJ"


def totp(digits: int = 6, period: int = 30) -> Totp:
    return Totp(digits=digits, period=period, cipher=Cipher(Secrets.single(SECRET)), draw=SeededRandom().bytes)


def at(step: int, period: int = 30) -> datetime:
    return datetime.fromtimestamp(step * period, UTC)


@pytest.mark.parametrize(
    ("secret", "step", "digits", "code"),
    [
        ("12345678901234567890", 0, 6, "755224"),
        ("12345678901234567890", 1, 6, "287082"),
        ("12345678901234567890", 59, 8, "24083773"),
        ("_FaGdOIM--aLXrsqi7dTnH89JL_oLb2V", 12345678, 6, "409055"),
    ],
)
def test_codes_are_the_contracts(secret: str, step: int, digits: int, code: str) -> None:
    assert totp(digits).code(secret, at(step)) == code


def test_a_secret_of_another_server_is_opened_and_remembers_nothing() -> None:
    stored = (
        "72fe8f7e3ff6cc1fb874df6736dd212fe8a0474976640a0b36535669f79a6cffd6897eb822154774909fd8e3d1374f4e"
        "5368be79cf34145a4025511b92456edd40faf0f6af1c4e7d"
    )
    assert totp().open(stored) == "_FaGdOIM--aLXrsqi7dTnH89JL_oLb2V"
    assert not totp().is_used(stored, 5, at(5))


def test_the_address_is_the_contracts() -> None:
    uri = totp().uri("abcdefghij0123456789ABCDEFGHIJ-_", issuer="Gate App", account="user+1@example.com")
    assert uri == (
        "otpauth://totp/Gate%20App:user%2B1%40example.com"
        "?secret=MFRGGZDFMZTWQ2LKGAYTEMZUGU3DOOBZIFBEGRCFIZDUQSKKFVPQ&issuer=Gate+App&digits=6&period=30"
    )


def test_a_used_step_and_those_before_it_are_remembered() -> None:
    codes = totp()
    stored = codes.seal("secret", used=100)
    assert codes.open(stored) == "secret"
    assert [codes.is_used(stored, step, at(100)) for step in (99, 100, 101)] == [True, True, False]


def test_a_fresh_secret_remembers_nothing_and_never_repeats_a_nonce() -> None:
    codes = totp()
    first, second = codes.seal("secret"), codes.seal("secret")
    assert first[:32] != second[:32]
    assert not codes.is_used(first, 1, at(1))


def test_a_memory_of_the_future_is_none() -> None:
    codes = totp()
    assert not codes.is_used(codes.seal("secret", used=4_000_000_000), 100, at(100))


def test_versioned_secrets_remember_too() -> None:
    versioned = Totp(
        digits=6,
        period=30,
        cipher=Cipher(Secrets.versioned([(2, "new-secret"), (1, "old-secret")])),
        draw=SeededRandom().bytes,
    )
    stored = versioned.seal("secret", used=7)
    assert stored.startswith("$ba$2$")
    assert versioned.is_used(stored, 7, at(8))


def test_another_secret_does_not_open_it() -> None:
    other = Totp(digits=6, period=30, cipher=Cipher(Secrets.single("another")), draw=SeededRandom().bytes)
    with pytest.raises(CipherError):
        other.open(totp().seal("secret"))


@pytest.mark.anyio
async def test_the_application_can_make_codes() -> None:
    app = app_with()
    api = app.auth.blueprint.plugins[-1].api(app.auth)
    made = await api.generate_totp(secret="12345678901234567890")
    assert made.code == totp().code("12345678901234567890", app.clock.now())
    off = app_with({"totp_options": {"disable": True}})
    with pytest.raises(ApiError) as refused:
        await off.auth.blueprint.plugins[-1].api(off.auth).generate_totp(secret="x")
    assert refused.value.code == "TOTP_NOT_CONFIGURED"
