"""Attacks on tokens and keys of the JWT plugin. Named after the cases."""

import base64
import json
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.mailing import all_at_once
from tests.unit.plugins.jwt.tokens import ORIGIN, api_of, app_with, claims_of, published

from gatewright.crypto.jwt import sign_hs256
from gatewright.plugins.jwt import Jwks
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy.adapter import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str) -> AsyncGenerator[Adapter]:
    """A database, open."""
    if request.param == "memory":
        yield MemoryAdapter()
        return
    adapter = SQLAlchemyAdapter.sqlite(tmp_path / "store.db")
    await adapter.open()
    yield adapter
    await adapter.close()


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


async def good(app: TestApp) -> tuple[str, str, str]:
    """The three parts of a token that is good."""
    header, claims, signature = (await api_of(app).sign_jwt(payload={"sub": "x"})).token.split(".")
    return header, claims, signature


async def refused(app: TestApp, token: str) -> bool:
    return (await api_of(app).verify_jwt(token=token)).payload is None


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "HS256", "RS256", "ES256", 1, None])
async def test_jwt_01_and_06_only_the_keys_own_algorithm_is_taken(algorithm: object) -> None:
    app = app_with()
    header, claims, signature = await good(app)
    assert not await refused(app, f"{header}.{claims}.{signature}")
    kid = (await published(app))["keys"][0]["kid"]
    for end in (signature, ""):
        assert await refused(app, f"{part({'alg': algorithm, 'kid': kid})}.{claims}.{end}")


async def test_jwt_02_a_public_key_is_no_hmac_secret() -> None:
    app = app_with()
    await good(app)
    key = (await published(app))["keys"][0]
    claims = {"sub": "x", "iss": ORIGIN, "aud": ORIGIN, "exp": int(app.clock.now().timestamp()) + 60}
    secrets = (json.dumps(key), key["x"], base64.urlsafe_b64decode(key["x"] + "="))
    for secret in secrets:
        assert await refused(app, sign_hs256(claims, secret, header={"kid": key["kid"]}))


async def test_jwt_03_keys_in_the_header_are_ignored_and_not_fetched() -> None:
    app, other = app_with(), app_with(settings={"secret": "another-secret-that-is-long-enough-too"})
    await good(app)
    header, claims, signature = await good(other)
    jwk = (await published(other))["keys"][0]
    mine = (await published(app))["keys"][0]["kid"]
    for more in ({"jwk": jwk}, {"jku": "https://evil.test/jwks"}, {"x5u": "https://evil.test/cert"}):
        assert await refused(app, f"{part({'alg': 'EdDSA', 'kid': mine, **more})}.{claims}.{signature}")
    assert header


@pytest.mark.parametrize("kid", ["../../dev/null", "' OR 1=1 --", "\x00", "k" * 1_000_000, None, 1, ["x"]])
async def test_jwt_04_an_unknown_key_is_refused(kid: object) -> None:
    app = app_with()
    _, claims, signature = await good(app)
    assert await refused(app, f"{part({'alg': 'EdDSA', 'kid': kid})}.{claims}.{signature}")
    assert await app.auth.services.database.count(Jwks) == 1


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "." * 100_000, "é", "x" * 1_000_000])
async def test_jwt_08_what_is_no_token_is_refused(token: str) -> None:
    app = app_with()
    await good(app)
    assert await refused(app, token)


async def test_jwt_12_only_public_members_are_published() -> None:
    members = {"EdDSA": {"crv", "x"}, "ES256": {"crv", "x", "y"}, "RS256": {"n", "e"}}
    for algorithm, own in members.items():
        app = app_with({"jwks": {"key_pair_config": {"alg": algorithm}}})
        for key in (await published(app))["keys"]:
            assert set(key) == {"alg", "kid", "kty"} | own


async def test_jwt_13_a_replaced_key_verifies_for_its_grace_and_no_longer() -> None:
    app = app_with({"jwks": {"rotation_interval": 3600, "grace_period": 3600}, "jwt": {"expiration_time": "1d"}})
    api = api_of(app)
    old = (await api.sign_jwt(payload={"sub": "x"})).token
    app.clock.advance(seconds=3600)
    new = (await api.sign_jwt(payload={"sub": "x"})).token
    assert new.split(".")[0] != old.split(".")[0]
    keys = await published(app)
    assert len(keys["keys"]) == 2
    assert claims_of(old, keys, app.clock.now()) is not None
    assert not await refused(app, old)
    app.clock.advance(seconds=3600)
    assert await refused(app, old)
    assert claims_of(old, await published(app), app.clock.now()) is None


async def test_jwt_14_private_keys_are_encrypted_and_another_secret_is_no_reason_for_a_new_one() -> None:
    store = MemoryAdapter()
    app = app_with(adapter=store)
    await good(app)
    (row,) = await app.auth.services.database.find_many(Jwks)
    assert '"d"' not in row.private_key
    assert row.private_key not in repr(row)
    other = app_with(adapter=store, settings={"secret": "another-secret-that-is-long-enough-too"})
    answer = await (await other.signed_up()).get("/token")
    assert answer.status == 500
    assert row.id not in answer.body.decode()
    assert await app.auth.services.database.count(Jwks) == 1


async def test_jwt_16_chosen_claims_do_not_decide_who_issued_it_and_for_whom() -> None:
    def payload(session: Any) -> Mapping[str, object]:
        return {"iss": "evil", "aud": "evil", "exp": 1, "iat": 1, "sub": "evil", "role": "user"}

    app = app_with({"jwt": {"define_payload": payload}})
    browser = await app.signed_up()
    token = (await browser.get("/token")).json["token"]
    claims = claims_of(token, await published(app), app.clock.now())
    now = int(app.clock.now().timestamp())
    user_id = (await browser.get("/get-session")).json["user"]["id"]
    assert claims == {"iat": now, "role": "user", "sub": user_id, "exp": now + 900, "iss": ORIGIN, "aud": ORIGIN}


async def test_race_30_tokens_for_the_first_time_at_once_all_verify(store: Adapter) -> None:
    app = app_with(adapter=store)
    await app.auth.create_tables()
    browser = await app.signed_up()
    answers = await all_at_once([lambda: browser.get("/token") for _ in range(50)])
    keys = await published(app)
    assert await app.auth.services.database.count(Jwks) == 1
    assert all(claims_of(answer.json["token"], keys, app.clock.now()) is not None for answer in answers)


async def test_race_30_servers_that_make_a_key_each_publish_both() -> None:
    store = MemoryAdapter()
    first, second = app_with(adapter=store), app_with(adapter=store)
    # Two servers never draw the same.
    second.auth.services.random.bytes(1)
    tokens = await all_at_once([lambda app=app: api_of(app).sign_jwt(payload={"sub": "x"}) for app in (first, second)])
    for app in (first, second):
        for made in tokens:
            assert not await refused(app, made.token)
