"""Tokens about users, and the application's own."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.unit.plugins.jwt.tokens import ORIGIN, api_of, app_with, claims_of, published

from gatewright.plugins.jwt import JwtOptions
from gatewright.plugins.jwt.options import expiry
from gatewright.settings.base import load
from gatewright.wire.faults import ApiError, ConfigError

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "ES512", "PS256", "RS256"])
async def test_a_token_is_verified_with_the_published_key(algorithm: str) -> None:
    app = app_with({"jwks": {"key_pair_config": {"alg": algorithm}}})
    browser = await app.signed_up()
    token = (await browser.get("/token")).json["token"]
    keys = await published(app)
    assert [key["alg"] for key in keys["keys"]] == [algorithm]
    claims = claims_of(token, keys, app.clock.now())
    assert claims is not None
    user = (await browser.get("/get-session")).json["user"]
    now = int(app.clock.now().timestamp())
    assert claims == {**user, "iat": now, "sub": user["id"], "exp": now + 900, "iss": ORIGIN, "aud": ORIGIN}
    assert next(iter(claims)) == "iat"
    assert list(claims)[-4:] == ["sub", "exp", "iss", "aud"]
    app.clock.advance(minutes=15)
    assert claims_of(token, keys, app.clock.now()) is None


async def test_nobody_gets_no_token() -> None:
    answer = await app_with().browser().get("/token")
    assert (answer.status, answer.json["code"]) == (401, "UNAUTHORIZED")


async def test_the_session_hands_a_token_over_unless_told_not_to() -> None:
    app = app_with()
    browser = await app.signed_up()
    answer = await browser.get("/get-session")
    token = answer.header("set-auth-jwt")
    assert token is not None
    assert answer.header("access-control-expose-headers") == "set-auth-jwt"
    assert claims_of(token, await published(app), app.clock.now()) is not None
    assert (await app.browser().get("/get-session")).header("set-auth-jwt") is None
    off = app_with({"disable_setting_jwt_header": True})
    assert (await (await off.signed_up()).get("/get-session")).header("set-auth-jwt") is None


async def test_claims_subject_issuer_and_audience_can_be_chosen() -> None:
    async def subject(session: Any) -> str:
        return f"user:{session.user.email}"

    def payload(session: Any) -> Mapping[str, object]:
        return {"email": session.user.email, "level": 3}

    app = app_with(
        {
            "jwt": {
                "issuer": "https://issuer.example.com",
                "audience": ["a", "b"],
                "expiration_time": "1h",
                "define_payload": payload,
                "get_subject": subject,
            }
        }
    )
    token = (await (await app.signed_up()).get("/token")).json["token"]
    now = int(app.clock.now().timestamp())
    read = claims_of(token, await published(app), app.clock.now(), issuer="https://issuer.example.com", audience="b")
    assert read == {
        "iat": now,
        "email": "ada@example.com",
        "level": 3,
        "sub": "user:ada@example.com",
        "exp": now + 3600,
        "iss": "https://issuer.example.com",
        "aud": ["a", "b"],
    }
    assert (await api_of(app).verify_jwt(token=token)).payload == read


async def test_the_application_signs_and_verifies_tokens_of_its_own() -> None:
    app = app_with()
    api = api_of(app)
    token = (await api.sign_jwt(payload={"sub": "machine", "scope": "a b"})).token
    now = int(app.clock.now().timestamp())
    claims = {"sub": "machine", "scope": "a b", "exp": now + 900, "iss": ORIGIN, "aud": ORIGIN}
    assert (await api.verify_jwt(token=token)).payload == claims
    assert (await api.verify_jwt(token=token, issuer="https://elsewhere.example.com")).payload is None
    app.clock.advance(minutes=16)
    assert (await api.verify_jwt(token=token)).payload is None


async def test_a_token_without_a_subject_is_refused() -> None:
    api = api_of(app_with())
    assert (await api.verify_jwt(token=(await api.sign_jwt(payload={"scope": "a"})).token)).payload is None


async def test_options_of_tokens_can_be_overridden_and_no_others() -> None:
    app = app_with()
    api = api_of(app)
    override = {"jwt": {"expirationTime": "2h", "audience": "other"}}
    token = (await api.sign_jwt(payload={"sub": "x"}, override_options=override)).token
    claims = claims_of(token, await published(app), app.clock.now(), audience="other")
    assert claims is not None
    assert claims["exp"] == int(app.clock.now().timestamp()) + 7200
    wrong: list[dict[str, object]] = [{"jwks": {}}, {"jwt": {"expirationTime": "soon"}}, {"jwt": {"nothing": 1}}]
    for each in wrong:
        with pytest.raises(ApiError) as refused:
            await api.sign_jwt(payload={"sub": "x"}, override_options=each)
        assert (refused.value.status, refused.value.code) == (400, "VALIDATION_ERROR")


async def test_tokens_can_be_signed_elsewhere() -> None:
    seen: list[Mapping[str, object]] = []

    async def sign(claims: Mapping[str, object]) -> str:
        seen.append(claims)
        return "signed.else.where"

    app = app_with({"jwks": {"remoteUrl": "https://keys.example.com/jwks"}, "jwt": {"sign": sign}})
    browser = await app.signed_up()
    assert (await browser.get("/token")).json == {"token": "signed.else.where"}
    assert seen[0]["iss"] == ORIGIN
    assert (await browser.get("/jwks")).status == 404


def test_signing_elsewhere_needs_somebody_who_publishes_the_keys() -> None:
    def sign(claims: Mapping[str, object]) -> str:
        return "x"

    with pytest.raises(ConfigError, match=r"jwks\.remote_url"):
        load(JwtOptions, {"jwt": {"sign": sign}})


NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("15m", 900),
        ("1h", 3600),
        ("2 days", 172_800),
        ("30s", 30),
        (timedelta(minutes=5), 300),
        (NOW + timedelta(hours=1), 3600),
        (NOW.timestamp() + 60, 60),
    ],
)
def test_the_end_of_a_token_is_a_duration_or_a_moment(value: float | str | datetime | timedelta, seconds: int) -> None:
    assert expiry(value, NOW) == int(NOW.timestamp()) + seconds


@pytest.mark.parametrize("value", ["soon", "", "15", "-5m", 0, -1, float("nan"), 10**300, "999999999y"])
def test_the_end_of_a_token_is_nothing_else(value: float | str) -> None:
    with pytest.raises(ConfigError, match=r"expiration_time|expirationTime"):
        load(JwtOptions, {"jwt": {"expiration_time": value}})


@pytest.mark.parametrize("options", [{"alg": "ES256", "crv": "Ed25519"}, {"alg": "HS256"}, {"modulus_length": 1024}])
def test_weak_and_unfit_keys_are_refused_at_construction(options: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=r"key_pair_config|keyPairConfig"):
        load(JwtOptions, {"jwks": {"key_pair_config": options}})
