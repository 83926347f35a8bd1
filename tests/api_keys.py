"""Instances with API keys, and what tests of keys do with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.mailing import all_at_once

from gatewright.plugins.api_key import ApiKey, ApiKeyApi, ApiKeyOptions
from gatewright.plugins.api_key.contract import NewApiKey, VerifiedApiKey
from gatewright.plugins.api_key.model import KeyRow
from gatewright.plugins.base import Plugin
from gatewright.ports.adapter import Adapter
from gatewright.ports.cache import Cache
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser

__all__ = ("Keys", "codes", "key_app")


class Keys:
    """An instance with keys, a user, and the server's methods."""

    def __init__(self, app: TestApp, plugin: ApiKey) -> None:
        self.app = app
        self.plugin = plugin
        self.browser: Browser = app.browser()
        self.user_id = ""

    @property
    def api(self) -> ApiKeyApi:
        """The server's methods."""
        return self.app.auth.of(self.plugin)

    async def begin(self, email: str = "ada@example.com") -> Keys:
        """With a user who is signed in."""
        self.browser = await self.app.signed_up(email)
        self.user_id = (await self.browser.get("/get-session")).json["user"]["id"]
        return self

    async def made(self, **body: Any) -> NewApiKey:
        """A key that the application has made for the user."""
        return await self.api.create_api_key(user_id=self.user_id, **body)

    async def used(self, key: str, **more: Any) -> VerifiedApiKey:
        """One use."""
        return await self.api.verify_api_key(key=key, **more)

    async def used_at_once(self, key: str, times: int = 50) -> dict[str, int]:
        """How many of several uses at once have ended how: ``valid``, or a code."""
        return codes(await all_at_once([lambda: self.used(key)] * times))

    async def rows(self) -> list[KeyRow]:
        """Every key in the database."""
        return await self.app.auth.services.database.find_many(KeyRow)


def codes(answers: Sequence[VerifiedApiKey]) -> dict[str, int]:
    """How often each outcome occurs."""
    found: dict[str, int] = {}
    for each in answers:
        name = "valid" if each.error is None else each.error.code
        found[name] = found.get(name, 0) + 1
    return found


def key_app(
    options: object = None,
    *,
    settings: Mapping[str, Any] | None = None,
    adapter: Adapter | None = None,
    cache: Cache | None = None,
    plugins: Sequence[Plugin[Any]] = (),
) -> Keys:
    """An instance with keys under ``options``, in either spelling; a list is several families."""
    plugin = ApiKey(ApiKeyOptions.model_validate({} if options is None else options))
    return Keys(make_app(settings, adapter=adapter, cache=cache, plugins=[*plugins, plugin]), plugin)
