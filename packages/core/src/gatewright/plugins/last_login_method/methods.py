"""In which way a call signs in. Source: contract, cookies.json ``last_used_login_method``."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

from gatewright.plugins.last_login_method.options import LastLoginMethodOptions
from gatewright.settings.hooks import HookContext

__all__ = ("method_of",)

BY_PATH: Mapping[str, str] = {
    "/sign-in/email": "email",
    "/sign-up/email": "email",
    "/magic-link/verify": "magic-link",
    "/siwe/verify": "siwe",
    "/passkey/verify-authentication": "passkey",
}
CALLBACKS: Mapping[str, str] = {"/callback/:id": "id", "/oauth2/callback/:providerId": "providerId"}
"""Paths to which providers lead back, with the parameter that names the provider."""


async def method_of(options: LastLoginMethodOptions, context: HookContext) -> str | None:
    """The application's own word, else the plugin's; ``None`` for ways that have no name and calls that sign nobody in."""
    resolve = options.custom_resolve_method
    if resolve is not None:
        answer = resolve(context)
        own = await answer if inspect.isawaitable(answer) else answer
        if own is not None:
            return own
    parameter = CALLBACKS.get(context.path)
    if parameter is not None:
        return context.params.get(parameter) or None
    return BY_PATH.get(context.path)
