"""An identity provider of the demo's own, in the same process: nobody proves anything to it, and it vouches for nothing.

It speaks as much OpenID Connect as the demo needs to sign in with a provider on a machine without a network: metadata,
the authorization code flow with PKCE, signed ID tokens. Source: OpenID Connect Core §3.1, §5.3; RFC 7636; RFC 9207.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl, urlencode

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from jwt.algorithms import RSAAlgorithm

from gatewright.ports.egress import HttpxEgress, Outbound, Reply

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ("PATH", "DemoIssuer", "WithIssuer")

V = TypeVar("V")

PATH = "/issuer"
LIFETIME = 60
"""How long a code is good; seconds."""
MOST_CODES = 1000

_KEY_ID = "demo"
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True, repr=False)
class _Granted:
    """What a code stands for."""

    claims: Mapping[str, object]
    nonce: str
    challenge: str
    redirect_uri: str
    expires_at: float


class DemoIssuer:
    """The provider.

    Args:
        origin: Of the demo.
        redirect_uri: The one place that codes are sent to.

    Attributes:
        client_id, client_secret: The demo's own, made anew at each start.
    """

    def __init__(self, origin: str, redirect_uri: str) -> None:
        self.issuer = f"{origin}{PATH}"
        self.client_id, self.client_secret = "gatewright-demo", secrets.token_urlsafe(32)
        self._redirect_uri = redirect_uri
        self._key = rsa.generate_private_key(65537, 2048)
        self._codes: dict[str, _Granted] = {}
        self._tokens: dict[str, Mapping[str, object]] = {}

    @property
    def discovery_url(self) -> str:
        """Where it describes itself."""
        return f"{self.issuer}/.well-known/openid-configuration"

    def routes(self) -> APIRouter:
        """Its addresses, below :data:`PATH`."""
        router = APIRouter(prefix=PATH, include_in_schema=False)
        router.add_api_route("/.well-known/openid-configuration", self._metadata, methods=["GET"])
        router.add_api_route("/jwks", self._keys, methods=["GET"])
        router.add_api_route("/authorize", self._ask, methods=["GET"])
        router.add_api_route("/authorize", self._answer, methods=["POST"])
        router.add_api_route("/token", self._redeem, methods=["POST"])
        router.add_api_route("/me", self._person, methods=["GET"])
        return router

    async def _metadata(self) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/me",
                "jwks_uri": f"{self.issuer}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def _keys(self) -> Response:
        public = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        return JSONResponse({"keys": [{**public, "kid": _KEY_ID, "alg": "RS256", "use": "sig"}]})

    async def _ask(self, request: Request) -> Response:
        """The page on which somebody says who they are."""
        if not self._is_ours(request.query_params):
            return Response("This provider knows only the demo.", status_code=400, media_type="text/plain")
        kept = {name: request.query_params.get(name, "") for name in ("state", "nonce", "code_challenge")}
        hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in kept.items())
        return HTMLResponse(_PAGE.replace("<!--kept-->", hidden), headers=_HEADERS)

    async def _answer(self, request: Request) -> Response:
        """Send the browser back, with a code or with a no."""
        given = dict(parse_qsl((await request.body()).decode(errors="replace"), keep_blank_values=True))
        answer = {"state": given.get("state", ""), "iss": self.issuer}
        email, name = given.get("email", "").strip().lower(), given.get("name", "").strip()
        if "cancel" in given or not email:
            answer |= {"error": "access_denied", "error_description": "Nobody signed in at the demo provider."}
        else:
            subject = hashlib.sha256(email.encode()).hexdigest()[:24]
            claims = {"sub": subject, "email": email, "email_verified": False, "name": name or email}
            answer["code"] = self._code(
                _Granted(
                    claims,
                    given.get("nonce", ""),
                    given.get("code_challenge", ""),
                    self._redirect_uri,
                    time.monotonic() + LIFETIME,
                )
            )
        return RedirectResponse(f"{self._redirect_uri}?{urlencode(answer)}", status_code=303, headers=_HEADERS)

    async def _redeem(self, request: Request) -> Response:
        """A code for tokens; a second time it is worth nothing (RFC 6749 §4.1.2)."""
        given = dict(parse_qsl((await request.body()).decode(errors="replace")))
        if given.get("client_id") != self.client_id or not _same(given.get("client_secret", ""), self.client_secret):
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        granted = self._codes.pop(given.get("code", ""), None)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            granted is None
            or granted.expires_at < time.monotonic()
            or granted.redirect_uri != given.get("redirect_uri")
            or not _same(challenge, granted.challenge)
        ):
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        now = int(time.time())
        claims = {**granted.claims, "iss": self.issuer, "aud": self.client_id, "iat": now, "exp": now + 300}
        if granted.nonce:
            claims["nonce"] = granted.nonce
        access_token = secrets.token_urlsafe(24)
        self._keep(self._tokens, access_token, granted.claims)
        return JSONResponse(
            {
                "access_token": access_token,
                "token_type": "Bearer",
                "expires_in": 300,
                "scope": "openid email profile",
                "id_token": jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": _KEY_ID}),
            },
            headers={"cache-control": "no-store"},
        )

    async def _person(self, request: Request) -> Response:
        claims = self._tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        return JSONResponse({"error": "invalid_token"}, status_code=401) if claims is None else JSONResponse(claims)

    def _is_ours(self, query: Mapping[str, str]) -> bool:
        return (
            query.get("client_id") == self.client_id
            and query.get("redirect_uri") == self._redirect_uri
            and query.get("response_type") == "code"
            and query.get("code_challenge_method") == "S256"
        )

    def _code(self, granted: _Granted) -> str:
        code = secrets.token_urlsafe(24)
        self._keep(self._codes, code, granted)
        return code

    @staticmethod
    def _keep(kept: dict[str, V], name: str, value: V) -> None:
        if len(kept) >= MOST_CODES:
            kept.pop(next(iter(kept)))
        kept[name] = value


class WithIssuer:
    """Outbound requests, of which those to the demo's own issuer never leave the process."""

    def __init__(self, issuer: DemoIssuer, app: FastAPI) -> None:
        self._inside = HttpxEgress(httpx.AsyncClient(transport=httpx.ASGITransport(app=app)))
        self._outside = HttpxEgress()
        self._prefix = f"{issuer.issuer}/"

    async def send(self, request: Outbound, /) -> Reply:
        """The answer."""
        inside = request.url.startswith(self._prefix)
        return await (self._inside if inside else self._outside).send(request)


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode(), known.encode())


_PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Demo provider</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/page.css">
  </head>
  <body>
    <header>
      <h1>Demo provider</h1>
      <p>It stands in for Google and the like. It believes whatever you say, and the demo knows that.</p>
    </header>
    <main class="narrow">
      <section aria-labelledby="who">
        <h2 id="who">Who are you?</h2>
        <form method="post" action="/issuer/authorize">
          <!--kept-->
          <label for="name">Name</label>
          <input id="name" name="name" autocomplete="name" value="Ida Noddack" required>
          <label for="email">E-mail</label>
          <input id="email" name="email" type="email" autocomplete="email" value="ida@example.com" required>
          <div class="choices">
            <button type="submit">Continue to the demo</button>
            <button type="submit" class="quiet" name="cancel" value="1" formnovalidate>Cancel</button>
          </div>
        </form>
      </section>
    </main>
  </body>
</html>
"""
