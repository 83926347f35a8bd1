"""A provider at the other end of a scripted egress: it signs people's ID tokens and answers what providers answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from gatewright.ports.clock import Clock
from gatewright.ports.egress import Outbound, Reply
from gatewright.testing.egress import ScriptedEgress

__all__ = ("GOOGLE_KEYS", "GOOGLE_TOKEN", "FakeGoogle", "FakeIssuer", "form_of", "query_of")

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
class FakeIssuer:
    """An OpenID Connect issuer as far as a relying party sees it: metadata, tokens, keys, user info.

    It does not show a page: a test reads the address that a browser would be sent to, and comes back with a code.

    Attributes:
        egress: Where it answers.
        clock: When it signs.
        issuer: Its name, and the base of its addresses.
        client_id: Audience of its tokens.
        person: What everybody's ID token and the user info endpoint say; a test changes them.
        metadata: Further or other members of the metadata document; ``None`` leaves one out.
        grants: Further members of every token answer; ``None`` leaves one out.
        nonce: What the next ID tokens repeat.
        requests: What came to the token endpoint, oldest first.
    """

    egress: ScriptedEgress
    clock: Clock
    issuer: str = "https://issuer.example"
    client_id: str = "client"
    person: dict[str, object] = field(
        default_factory=lambda: {
            "sub": "person-1",
            "email": "ida@example.com",
            "email_verified": True,
            "name": "Ida Noddack",
            "picture": "https://issuer.example/ida.png",
        }
    )
    metadata: dict[str, object] = field(default_factory=dict[str, object])
    grants: dict[str, object] = field(default_factory=dict[str, object])
    nonce: str | None = None
    requests: list[Outbound] = field(default_factory=list[Outbound])
    key: rsa.RSAPrivateKey = field(default_factory=_own_key)
    key_id: str = "key-1"

    def __post_init__(self) -> None:
        self.egress.on("GET", self.discovery_url, self._metadata)
        self.egress.on("POST", f"{self.issuer}/token", self._token)
        self.egress.on("GET", f"{self.issuer}/jwks", lambda _: _keys_of(self.key, self.key_id))
        self.egress.on("GET", f"{self.issuer}/me", self._me)

    @property
    def discovery_url(self) -> str:
        """Where its metadata is."""
        return f"{self.issuer}/.well-known/openid-configuration"

    def id_token(self, **claims: object) -> str:
        """An ID token for the person, with ``claims`` over the usual ones; ``None`` leaves one out."""
        now = int(self.clock.now().timestamp())
        usual = {"iss": self.issuer, "aud": self.client_id, "iat": now, "exp": now + 3600, "nonce": self.nonce}
        kept = {name: value for name, value in {**usual, **self.person, **claims}.items() if value is not None}
        return jwt.encode(kept, self.key, algorithm="RS256", headers={"kid": self.key_id})

    def agree(self, url: str, **changed: str) -> str:
        """Where a browser is sent that was sent to ``url``, once its owner has signed in and agreed.

        The next ID token repeats the nonce of ``url``.

        Args:
            url: An authorization request (OpenID Connect Core 1.0 §3.1.2.1).
            changed: Other members of the answer, as ``error="access_denied"``, or another ``state``.
        """
        asked = query_of(url)
        self.nonce = asked.get("nonce")
        answer = {"code": f"code-{len(self.requests)}", "state": asked.get("state", ""), "iss": self.issuer, **changed}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def _metadata(self, _request: Outbound) -> Reply:
        said: dict[str, object] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/me",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/leave",
            "id_token_signing_alg_values_supported": ["RS256"],
            **self.metadata,
        }
        return Reply(200, _JSON, msgspec.json.encode(_given(said)))

    def _token(self, request: Outbound) -> Reply:
        self.requests.append(request)
        answer: dict[str, object] = {
            "access_token": f"access-{len(self.requests)}",
            "token_type": "Bearer",
            "expires_in": 3600,
            "refresh_token": "refresh-1",
            "scope": "openid email profile",
            "id_token": self.id_token(),
            **self.grants,
        }
        return Reply(200, _JSON, msgspec.json.encode(_given(answer)))

    def _me(self, request: Outbound) -> Reply:
        if not request.headers.get("authorization", "").startswith("Bearer access-"):
            return Reply(401, _JSON, b"{}")
        return Reply(200, _JSON, msgspec.json.encode(_given(self.person)))


def _given(members: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in members.items() if value is not None}


def _keys_of(key: rsa.RSAPrivateKey, key_id: str) -> Reply:
    public: Mapping[str, object] = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
    return Reply(200, _JSON, msgspec.json.encode({"keys": [{**public, "kid": key_id, "alg": "RS256", "use": "sig"}]}))


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
        return _keys_of(self.key, self.key_id)
