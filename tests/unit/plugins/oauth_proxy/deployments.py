"""A production deployment that a provider knows, and a preview that it does not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from gatewright.crypto.cipher import Cipher, Secrets
from gatewright.plugins.base import Plugin
from gatewright.plugins.oauth_proxy import OAuthProxy, OAuthProxyOptions
from gatewright.testing.app import SECRET, TestApp, make_app
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.identity_provider import FakeGoogle, query_of

PRODUCTION = "https://app.example.com"
PREVIEW = "https://pr-7.preview.example.com"
BACK = f"{PREVIEW}/api/auth/oauth-proxy-callback"

Members = dict[str, Any]


class Deployments:
    """Both, with Google at the other end of their egress.

    Args:
        preview, production: Further settings of one of them.
        proxy: Options of both plugins.
        on_preview, on_production: Options of one of them.
        google: Further options of the provider on the preview.
        plugins: Further plugins of the preview.
    """

    def __init__(
        self,
        *,
        preview: Mapping[str, Any] | None = None,
        production: Mapping[str, Any] | None = None,
        proxy: Mapping[str, Any] | None = None,
        on_preview: Mapping[str, Any] | None = None,
        on_production: Mapping[str, Any] | None = None,
        google: Mapping[str, Any] | None = None,
        plugins: tuple[Plugin[Any], ...] = (),
    ) -> None:
        provider = {"client_id": "google-id", "client_secret": "google-secret"}
        self.preview = self._made(
            {"base_url": PREVIEW, "social_providers": {"google": {**provider, **(google or {})}}, **(preview or {})},
            {"production_url": PRODUCTION, **(proxy or {}), **(on_preview or {})},
            plugins,
        )
        self.production = self._made(
            {"base_url": PRODUCTION, "social_providers": {"google": provider}, **(production or {})},
            {"production_url": PRODUCTION, **(proxy or {}), **(on_production or {})},
        )
        self.google = FakeGoogle(self.production.egress, self.production.clock)
        self.browser = self.preview.browser()

    @staticmethod
    def _made(
        settings: Mapping[str, Any], options: Mapping[str, Any], plugins: tuple[Plugin[Any], ...] = ()
    ) -> TestApp:
        return make_app(settings, plugins=[OAuthProxy(OAuthProxyOptions(**options)), *plugins])

    def tick(self, seconds: float) -> None:
        """Let time pass on both."""
        self.preview.clock.advance(seconds=seconds)
        self.production.clock.advance(seconds=seconds)

    async def start(self, *, browser: Browser | None = None, **body: object) -> Members:
        """The query of the address that the browser is sent to."""
        asked = {"provider": "google", "callbackURL": "/home", "errorCallbackURL": "/oops", **body}
        given = {name: value for name, value in asked.items() if value is not None}
        answer = await (browser or self.browser).post("/sign-in/social", given)
        assert answer.status == 200, answer
        return dict(query_of(answer.json["url"]))

    async def meet(self, state: str, more: str = "code=the-code") -> Answer:
        """The provider leads back to production."""
        return await self.production.browser().get(f"/callback/google?{more}&state={quote(state, safe='')}")

    async def handed(self, *, browser: Browser | None = None, **body: object) -> str:
        """The address of the preview to which production sends the browser."""
        answer = await self.meet((await self.start(browser=browser, **body))["state"])
        place = answer.header("location") or ""
        assert place.startswith(f"{BACK}?callbackURL="), answer
        return place


def opened(sealed: str, secret: str = SECRET) -> Members:
    """What is inside a sealed text."""
    members: Members = json.loads(Cipher(Secrets.single(secret)).decrypt(sealed))
    return members


def sealed(members: object, secret: str = SECRET) -> str:
    """A text that somebody who knows the secret has sealed."""
    text = members if isinstance(members, str) else json.dumps(members)
    return Cipher(Secrets.single(secret)).encrypt(text, random=lambda count: b"n" * count)
