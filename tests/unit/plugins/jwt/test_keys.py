"""Keys: where they are kept and published."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.unit.plugins.jwt.tokens import api_of, app_with, claims_of, published

from gatewright.crypto.jwt import unverified_header
from gatewright.plugins.jwt import Jwks
from gatewright.ports.adapter import Select, Values
from gatewright.wire.faults import ApiError
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio


class CountingAdapter(MemoryAdapter):
    """Counts how often keys are read."""

    reads = 0

    async def select(self, query: Select) -> list[Values]:
        self.reads += query.table.name == "jwks"
        return list(await super().select(query))


ROW = {
    "id": "qyt1EmKvdNmVs7awh0WpW1wUN7obV2S7",
    "publicKey": '{"crv":"Ed25519","x":"ugtEbjxTIBiol6yYYHq4p9_M0qcWobfbZ9PNMEo2kPc","kty":"OKP"}',
    "privateKey": '"69b3eaf532b1636cedc8c28b6885f72b69e6dca97847f8be0befcbf2eea6256cafa18700fb8c8edff8078e3473c0ed3acf3f0a'
    "7de1c72406a07669f9580ff12cd8335314e87062cbbf417b3f826eefd3205c205628539cdd7f0469678280a1f246a6edceb8639d9470576f3"
    "ff48e24f6c9d03765ef65219809121fd5dc65c421109decd89dfe11dd504837fa7e1256859106cb6e329968cc3407ed2d550944dbe0bc1c10"
    '0c50615b0b"',
    "createdAt": datetime(2025, 11, 23, tzinfo=UTC),
    "expiresAt": None,
    "alg": "EdDSA",
    "crv": "Ed25519",
}
SECRET = "gatewright-test-secret-0123456789-ABCDEFGHIJ"


async def test_a_key_of_another_server_signs_here() -> None:
    app = app_with(settings={"secret": SECRET})
    await app.auth.services.database.insert(Jwks.seen(ROW, None))
    (row,) = await app.auth.services.database.find_many(Jwks)
    token = (await (await app.signed_up()).get("/token")).json["token"]
    keys = await published(app)
    assert [(key["kid"], key["x"]) for key in keys["keys"]] == [(row.id, "ugtEbjxTIBiol6yYYHq4p9_M0qcWobfbZ9PNMEo2kPc")]
    assert claims_of(token, keys, app.clock.now()) is not None


async def test_the_key_set_is_where_the_options_say_and_nowhere_else() -> None:
    app = app_with({"jwks": {"jwks_path": "/.well-known/jwks.json"}})
    assert len((await published(app, "/.well-known/jwks.json"))["keys"]) == 1
    answer = await app.browser().get("/jwks")
    assert (answer.status, answer.body) == (404, b"")


async def test_private_keys_are_in_clear_only_where_told() -> None:
    app = app_with({"jwks": {"disable_private_key_encryption": True}})
    await published(app)
    (row,) = await app.auth.services.database.find_many(Jwks)
    assert set(json.loads(row.private_key)) == {"kty", "crv", "x", "d"}
    assert (await api_of(app).sign_jwt(payload={"sub": "x"})).token


async def test_keys_can_be_kept_by_the_application() -> None:
    kept: list[dict[str, Any]] = []

    async def read(call: object) -> Sequence[Mapping[str, object]]:
        return kept

    async def keep(key: Mapping[str, object], call: object) -> Mapping[str, object]:
        kept.append({**key, "id": "own"})
        return kept[-1]

    app = app_with({"adapter": {"get_jwks": read, "create_jwk": keep}})
    api = api_of(app)
    token = (await api.sign_jwt(payload={"sub": "x"})).token
    assert (await api.verify_jwt(token=token)).payload is not None
    assert [key["kid"] for key in (await published(app))["keys"]] == ["own"]
    assert await app.auth.services.database.count(Jwks) == 0


async def test_the_application_can_name_the_table() -> None:
    app = app_with({"schema": {"jwks": {"model_name": "signing_keys"}}})
    assert app.auth.blueprint.plan.schema["jwks"].db_name == "signing_keys"


async def test_a_key_of_another_algorithm_is_made_when_somebody_asks_for_it() -> None:
    app = app_with({"jwks": {"key_pair_configs": [{"alg": "ES256"}, {"alg": "PS256"}]}})
    api = api_of(app)
    assert [key["alg"] for key in (await published(app))["keys"]] == ["EdDSA"]
    first = (await api.sign_jwt(payload={"sub": "x"}, algorithm="ES256")).token
    again = (await api.sign_jwt(payload={"sub": "x"}, algorithm="ES256")).token
    usual = (await api.sign_jwt(payload={"sub": "x"})).token
    keys = await published(app)
    assert [key["alg"] for key in keys["keys"]] == ["EdDSA", "ES256"]
    for token in (first, again, usual):
        assert claims_of(token, keys, app.clock.now()) is not None
        assert (await api.verify_jwt(token=token)).payload is not None
    with pytest.raises(ApiError) as refused:
        await api.sign_jwt(payload={"sub": "x"}, algorithm="ES512")
    assert (refused.value.status, refused.value.code) == (400, "VALIDATION_ERROR")


async def test_tokens_about_users_are_signed_with_the_first_kind_whatever_else_there_is() -> None:
    app = app_with({"jwks": {"key_pair_configs": [{"alg": "ES256"}]}})
    await api_of(app).sign_jwt(payload={"sub": "x"}, algorithm="ES256")
    token = (await (await app.signed_up()).get("/token")).json["token"]
    header = unverified_header(token)
    assert header is not None
    assert header["alg"] == "EdDSA"


async def test_keys_are_read_once_a_second() -> None:
    store = CountingAdapter()
    app = app_with(adapter=store)
    await published(app)
    store.reads = 0
    for _ in range(5):
        await published(app)
    assert store.reads == 0
    app.clock.advance(seconds=1)
    for _ in range(5):
        await published(app)
    assert store.reads == 1


async def test_what_another_server_has_made_is_known_when_it_is_needed() -> None:
    store = MemoryAdapter()
    here, there = app_with(adapter=store), app_with(adapter=store)
    await published(here)
    await published(there)
    # The only key ends; one server makes the next, and the other one has read the table a moment ago.
    (row,) = await here.auth.services.database.find_many(Jwks)
    await here.auth.services.database.update_many(
        Jwks, Jwks.id.eq(row.id), set=[Jwks.expires_at.to(here.clock.now() - timedelta(seconds=1))]
    )
    here.clock.advance(seconds=1)
    token = (await api_of(here).sign_jwt(payload={"sub": "x"})).token
    assert (await api_of(there).verify_jwt(token=token)).payload is not None


async def test_two_servers_do_not_make_a_key_each_where_one_will_do() -> None:
    store = MemoryAdapter()
    here, there = app_with(adapter=store), app_with(adapter=store)
    await published(there)
    await api_of(here).sign_jwt(payload={"sub": "x"})
    await api_of(there).sign_jwt(payload={"sub": "x"})
    assert await here.auth.services.database.count(Jwks) == 1
