"""Tokens of the real better-auth and of Gatewright, each verified by the other, for every algorithm.

Needs Node.js and the conformance kit with its npm packages, which ``nox -s conformance`` installs.
"""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gatewright.plugins.jwt import Jwks, Jwt, JwtOptions
from gatewright.ports.egress import Outbound, Reply
from gatewright.testing.app import SECRET, make_app
from gatewright.testing.clock import FrozenClock
from gatewright.verify import Verifier
from gatewright.wire.dates import millis

pytestmark = pytest.mark.anyio

ALGORITHMS = ["EdDSA", "ES256", "ES512", "PS256", "RS256"]
ORIGIN = "http://localhost:3000"
USER = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}


class Reference:
    """The kit's reference server, spoken to over its control protocol."""

    def __init__(self, address: str) -> None:
        self.http = httpx.Client(base_url=address, timeout=30)

    def instance(self, algorithm: str) -> str:
        """A new instance that signs with an algorithm."""
        made = self.control(
            "/__instances",
            options={"secret": SECRET, "baseURL": ORIGIN, "emailAndPassword": {"enabled": True}},
            plugins=[{"name": "jwt", "options": {"jwks": {"keyPairConfig": {"alg": algorithm}}}}],
        )
        return made["id"]

    def control(self, path: str, **body: Any) -> Any:
        """One command."""
        answer = self.http.post(path, json=body)
        answer.raise_for_status()
        return answer.json()

    def fetch(self, instance: str, method: str, path: str, body: Any = None, cookie: str = "") -> httpx.Response:
        """One request to an instance."""
        sent = None if body is None else base64.b64encode(json.dumps(body).encode()).decode()
        headers = [["content-type", "application/json"], ["origin", ORIGIN], ["cookie", cookie]]
        found = self.control(
            f"/__instances/{instance}/fetch", method=method, url=f"{ORIGIN}/api/auth{path}", headers=headers, body=sent
        )
        return httpx.Response(
            found["status"],
            headers=[(name, value) for name, value in found["headers"]],
            content=base64.b64decode(found["body"] or ""),
        )


@pytest.fixture(scope="module")
def reference(kit: Path) -> Generator[Reference]:
    """The reference, as long as the tests of this file run."""
    with subprocess.Popen(
        ["node", "server.mjs", "--port", "0"], cwd=kit, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        made = Reference(process.stdout.readline().split()[-1])
        try:
            yield made
        finally:
            made.http.close()
            process.terminate()


class Keys:
    """Egress that knows one key set."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def send(self, request: Outbound, /) -> Reply:
        assert request.url == f"{ORIGIN}/api/auth/jwks"
        return Reply(200, {"content-type": "application/json"}, self.body)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_what_the_reference_issues_is_recognised_here(reference: Reference, algorithm: str) -> None:
    instance = reference.instance(algorithm)
    clock = FrozenClock()
    reference.control("/__clock", now=millis(clock.now()))
    signed_up = reference.fetch(instance, "POST", "/sign-up/email", USER)
    cookie = "; ".join(line.partition(";")[0] for line in signed_up.headers.get_list("set-cookie"))
    token = reference.fetch(instance, "GET", "/token", cookie=cookie).json()["token"]
    keys = reference.fetch(instance, "GET", "/jwks").content
    assert [each["alg"] for each in json.loads(keys)["keys"]] == [algorithm]
    verifier = Verifier.of(ORIGIN, egress=Keys(keys), clock=clock)
    identity = await verifier.require({"authorization": f"Bearer {token}"})
    assert (identity.source, identity.user.email) == ("token", "ada@example.com")
    forged = await verifier.identify({"authorization": f"Bearer {token[:-12]}AAAAAAAAAAAA"})
    clock.advance(minutes=16)
    late = await verifier.identify({"authorization": f"Bearer {token}"})
    assert (forged, late) == (None, None)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_what_is_issued_here_is_recognised_by_the_reference(reference: Reference, algorithm: str) -> None:
    app = make_app(plugins=[Jwt(JwtOptions.model_validate({"jwks": {"key_pair_config": {"alg": algorithm}}}))])
    token = (await (await app.signed_up()).get("/token")).json["token"]
    (row,) = await app.auth.services.database.find_many(Jwks)
    instance = reference.instance(algorithm)
    reference.control("/__clock", now=millis(app.clock.now()))
    # One table for both, as when they share a database.
    stored = {
        "id": row.id,
        "publicKey": row.public_key,
        "privateKey": row.private_key,
        "createdAt": {"$date": row.wire()["createdAt"]},
        "alg": row.alg,
    }
    reference.control(f"/__instances/{instance}/db/create", model="jwks", data=stored, forceAllowId=True)

    def verified(text: str) -> Any:
        return reference.control(f"/__instances/{instance}/api/verifyJWT", body={"token": text})["value"]["payload"]

    payload = verified(token)
    assert (payload["email"], payload["iss"], payload["aud"]) == ("ada@example.com", ORIGIN, ORIGIN)
    assert verified(f"{token[:-12]}AAAAAAAAAAAA") is None
    # The private key, encrypted here, signs there.
    made = reference.control(f"/__instances/{instance}/api/signJWT", body={"payload": {"sub": "machine"}})
    head = json.loads(base64.urlsafe_b64decode(made["value"]["token"].partition(".")[0] + "=="))
    assert head == {"alg": algorithm, "kid": row.id}
