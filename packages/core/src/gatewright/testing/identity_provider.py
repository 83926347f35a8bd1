"""A provider at the other end of a scripted egress: it signs people's ID tokens and answers what providers answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from urllib.parse import parse_qs, urlsplit

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from gatewright.ports.clock import Clock
from gatewright.ports.egress import Outbound, Reply
from gatewright.testing.egress import ScriptedEgress

__all__ = ("GOOGLE_KEYS", "GOOGLE_TOKEN", "FakeGoogle", "form_of", "query_of")

GOOGLE_TOKEN = "https://oauth2.googleapis.com/token"  # noqa: S105 (an address)
GOOGLE_KEYS = "https://www.googleapis.com/oauth2/v3/certs"

_JSON = {"content-type": "application/json"}


def form_of(request: Outbound) -> dict[str, str]:
    """The form that a request carries."""
    return {name: values[0] for name, values in parse_qs((request.body or b"").decode()).items()}


def query_of(url: str) -> dict[str, str]:
    """The query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}


@cache
def _own_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@dataclass
class FakeGoogle:
    """Google as far as a relying party sees it.

    Attributes:
        egress: Where it answers.
        clock: When it signs.
        claims: Of everybody's ID token; a test changes them.
        grants: Further members of every token answer.
        exchanged, renewed: How many codes and refresh tokens were redeemed.
    """

    egress: ScriptedEgress
    clock: Clock
    claims: dict[str, object] = field(
        default_factory=lambda: {
            "iss": "https://accounts.google.com",
            "aud": "google-id",
            "sub": "g-1001",
            "email": "grace@example.com",
            "email_verified": True,
            "name": "Grace Hopper",
            "picture": "https://example.com/grace.png",
        }
    )
    grants: dict[str, object] = field(default_factory=dict[str, object])
    key: rsa.RSAPrivateKey = field(default_factory=_own_key)
    key_id: str = "key-1"
    exchanged: int = 0
    renewed: int = 0

    def __post_init__(self) -> None:
        self.egress.on("POST", GOOGLE_TOKEN, self._token)
        self.egress.on("GET", GOOGLE_KEYS, self._keys)

    def sign(
        self,
        claims: Mapping[str, object] | None = None,
        *,
        lifetime: timedelta = timedelta(hours=1),
        kid: str | None = None,
    ) -> str:
        """An ID token with ``claims`` over those of the instance; ``None`` leaves one out."""
        now = self.clock.now()
        whole = {"iat": int(now.timestamp()), "exp": int((now + lifetime).timestamp()), **self.claims, **(claims or {})}
        kept = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode(kept, self.key, algorithm="RS256", headers={"kid": kid or self.key_id})

    def key_fetches(self) -> int:
        """How often the keys were asked for."""
        return sum(1 for request in self.egress.requests if request.url == GOOGLE_KEYS)

    def _token(self, request: Outbound) -> Reply:
        given = form_of(request)
        answer: dict[str, object] = {
            "access_token": f"access-{self.exchanged + self.renewed + 1}",
            "expires_in": 3600,
            "scope": "openid email profile",
            "id_token": self.sign(),
        }
        if given["grant_type"] == "refresh_token":
            self.renewed += 1
        else:
            self.exchanged += 1
            answer["refresh_token"] = "refresh-1"  # noqa: S105 (of a test)
        return Reply(200, _JSON, msgspec.json.encode({**answer, **self.grants}))

    def _keys(self, _request: Outbound) -> Reply:
        public: Mapping[str, object] = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        named = {**public, "kid": self.key_id, "alg": "RS256", "use": "sig"}
        return Reply(200, _JSON, msgspec.json.encode({"keys": [named]}))
