"""The instance that benchmarks load: ``uvicorn tests.bench.server:app``, configured by ``BENCH_*`` variables.

``BENCH_DB`` is an SQLite file with the tables in place, ``BENCH_SECRET`` and ``BENCH_BASE_URL`` the instance's own,
``BENCH_HASH`` ``argon2id`` or ``scrypt``; ``BENCH_COOKIE_CACHE`` and ``BENCH_RATE_LIMIT`` are on when ``1``;
``BENCH_PROFILE`` ``plugins`` adds organizations, administration, API keys and, unless ``BENCH_JWT`` is ``0``, tokens.
"""

from __future__ import annotations

import os
from typing import Any

from gatewright.auth import Auth
from gatewright.plugins.admin import Admin
from gatewright.plugins.api_key import ApiKey, ApiKeyOptions, KeyRateLimit
from gatewright.plugins.base import Plugin
from gatewright.plugins.jwt import Jwt
from gatewright.plugins.organization import Organization
from gatewright.settings.settings import Settings
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from gatewright_integrations.asgi import AuthApp

__all__ = ("app", "options", "plugins")


def options() -> dict[str, Any]:
    """Settings as the variables say."""
    env = os.environ
    found: dict[str, Any] = {
        "secret": env["BENCH_SECRET"],
        "base_url": env.get("BENCH_BASE_URL", "http://localhost:3000"),
        "email_and_password": {"enabled": True, "password_hash": env.get("BENCH_HASH", "argon2id")},
    }
    if env.get("BENCH_COOKIE_CACHE") == "1":
        found["session"] = {"cookie_cache": {"enabled": True, "max_age": 3600}}
    if env.get("BENCH_RATE_LIMIT") == "1":
        found["rate_limit"] = {"enabled": True, "window": 60, "max": 10**9}
    return found


def plugins() -> list[Plugin[Any]]:
    """Plugins as the variables say."""
    if os.environ.get("BENCH_PROFILE") != "plugins":
        return []
    keys = ApiKeyOptions(enableSessionForAPIKeys=True, rate_limit=KeyRateLimit(max_requests=10**9))
    return [Organization(), Admin(), *([] if os.environ.get("BENCH_JWT") == "0" else [Jwt()]), ApiKey(keys)]


app = AuthApp(Auth(Settings.load(options()), SQLAlchemyAdapter.sqlite(os.environ["BENCH_DB"]), plugins=plugins()))
