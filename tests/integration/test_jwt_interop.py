"""Tokens that are issued here, in the hands of other libraries: jose (Node.js), joserfc, PyJWT."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jwt as pyjwt
import pytest
from tests.npm import node

from gatewright.plugins.jwt import Jwt, JwtOptions
from gatewright.testing.app import TestApp, make_app

pytestmark = pytest.mark.anyio

ALGORITHMS = ["EdDSA", "ES256", "ES512", "PS256", "RS256"]
ORIGIN = "http://localhost:3000"

JOSE = """
import { createLocalJWKSet, jwtVerify } from "jose";
import { readFileSync } from "node:fs";

const { keys, token, forged, algorithm, now } = JSON.parse(readFileSync(0, "utf8"));
const options = { issuer: "http://localhost:3000", audience: "http://localhost:3000", algorithms: [algorithm], currentDate: new Date(now) };
const set = createLocalJWKSet(keys);
const { payload, protectedHeader } = await jwtVerify(token, set, options);
const refused = await jwtVerify(forged, set, options).then(() => null, (error) => error.code);
console.log(JSON.stringify({ payload, protectedHeader, refused }));
"""


@pytest.fixture
def anyio_backend() -> str:
    """Once is enough: the token is the same."""
    return "asyncio"


class Issued:
    """A token about Ada, the keys that are published for it, and the same token with another signature."""

    def __init__(self, app: TestApp, keys: dict[str, Any], token: str, user: dict[str, Any]) -> None:
        self.now = app.clock.now()
        self.keys = keys
        self.token = token
        self.user = user
        head, _, signature = token.rpartition(".")
        self.forged = f"{head}.{'B' if signature[10] == 'A' else 'A'}{signature[1:]}"
        if self.forged == token:
            self.forged = f"{head}.C{signature[1:]}"


@pytest.fixture(params=ALGORITHMS)
async def issued(request: pytest.FixtureRequest, anyio_backend: str) -> tuple[str, Issued]:
    """By algorithm."""
    options = JwtOptions.model_validate({"jwks": {"key_pair_config": {"alg": request.param}}})
    app = make_app(plugins=[Jwt(options)])
    browser = await app.signed_up()
    token = (await browser.get("/token")).json["token"]
    user = (await browser.get("/get-session")).json["user"]
    return request.param, Issued(app, (await browser.get("/jwks")).json, token, user)


async def test_jose_accepts_what_is_issued_and_nothing_else(issued: tuple[str, Issued], tmp_path: Path) -> None:
    algorithm, given = issued
    (tmp_path / "verify.mjs").write_text(JOSE, encoding="utf-8")
    sent = {
        "keys": given.keys,
        "token": given.token,
        "forged": given.forged,
        "algorithm": algorithm,
        "now": given.now.isoformat(),
    }
    done = node(tmp_path, "verify.mjs", sent=json.dumps(sent))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["payload"]["sub"] == given.user["id"]
    assert found["payload"]["email"] == "ada@example.com"
    assert found["protectedHeader"] == {"alg": algorithm, "kid": given.keys["keys"][0]["kid"]}
    assert found["refused"] == "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"


# The contract's name for it, as RFC 8037 has it.
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated via RFC 9864")
async def test_joserfc_accepts_what_is_issued_and_nothing_else(issued: tuple[str, Issued]) -> None:
    joserfc_jwt = pytest.importorskip("joserfc.jwt")
    jwk = pytest.importorskip("joserfc.jwk")
    errors = pytest.importorskip("joserfc.errors")
    algorithm, given = issued
    names = ["EdDSA", "Ed25519"] if algorithm == "EdDSA" else [algorithm]
    keys = jwk.KeySet.import_key_set(given.keys)
    token = joserfc_jwt.decode(given.token, keys, algorithms=names)
    assert token.claims["sub"] == given.user["id"]
    claims = joserfc_jwt.JWTClaimsRegistry(
        now=int(given.now.timestamp()),
        iss={"essential": True, "value": ORIGIN},
        aud={"essential": True, "value": ORIGIN},
    )
    claims.validate(token.claims)
    with pytest.raises(errors.BadSignatureError):
        joserfc_jwt.decode(given.forged, keys, algorithms=names)


async def test_pyjwt_accepts_what_is_issued_and_nothing_else(issued: tuple[str, Issued]) -> None:
    algorithm, given = issued
    key = pyjwt.PyJWKSet.from_dict(given.keys).keys[0]
    # PyJWT has no clock of its own to hand over: times are looked at apart.
    options: Any = {"verify_exp": False, "verify_iat": False}
    claims = pyjwt.decode(given.token, key, algorithms=[algorithm], issuer=ORIGIN, audience=ORIGIN, options=options)
    assert claims["sub"] == given.user["id"]
    assert claims["exp"] - claims["iat"] == 900
    with pytest.raises(pyjwt.InvalidSignatureError):
        pyjwt.decode(given.forged, key, algorithms=[algorithm], issuer=ORIGIN, audience=ORIGIN, options=options)
