"""From the options that a TypeScript user writes to settings; what is not built is refused by its path."""

from __future__ import annotations

from typing import Any

from tests.conformance.codec import FunctionMaker, JsonObject, Unsupported, decode

from gatewright.settings.settings import Settings
from gatewright.wire.faults import ConfigError

__all__ = ("settings_of",)


def settings_of(options: JsonObject, make: FunctionMaker) -> Settings:
    """Validated settings.

    Args:
        options: As a TypeScript user writes them, in the protocol's encoding.
        make: Makes functions.

    Raises:
        Unsupported: An option that is not there or does nothing; its text is the option's path.
        ConfigError: An option with a value that it does not take.
    """
    given: dict[str, Any] = decode(options, make)
    # The scheme whose hashes the contract's own server writes.
    given["emailAndPassword"] = {"passwordHash": "scrypt", **(given.get("emailAndPassword") or {})}
    # Headers that only Gatewright sends are documented as differences; everything else must be the same.
    advanced: dict[str, Any] = {"securityHeaders": False, **(given.get("advanced") or {})}
    if given.get("rateLimit"):
        # Counters of our own beside the contract's would show in its stores.
        given["rateLimit"] = {"perAccount": False, **given["rateLimit"]}
        # The contract's own server believes whoever says where a request comes from. Here the runner is the proxy.
        advanced["ipAddress"] = {"trustedProxies": ["127.0.0.1"], **(advanced.get("ipAddress") or {})}
    given["advanced"] = advanced
    try:
        return Settings.load(given)
    except ConfigError as error:
        for problem in str(error).splitlines():
            path, _, told = problem.partition(": ")
            if told == "unknown option":
                raise Unsupported(path) from None
        raise
