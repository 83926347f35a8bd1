"""Keys: where they are kept and published."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.unit.plugins.jwt.tokens import api_of, app_with, claims_of, published

from gatewright.plugins.jwt import Jwks

pytestmark = pytest.mark.anyio

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
