"""From the options that a TypeScript user writes to settings; what is not built is refused by its path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.conformance.codec import FunctionMaker, JsonObject, Unsupported, decode

from gatewright.settings.settings import Settings
from gatewright.wire.faults import ConfigError
from gatewright.wire.json import Json

__all__ = ("NOT_BUILT", "settings_of")

NOT_BUILT = frozenset(
    {
        "advanced.crossSubDomainCookies.additionalCookies",
        "advanced.database.defaultFindManyLimit",
        "advanced.database.joins",
        "user.validateUserInfo",
        "verification.storeInDatabase",
    }
)
"""Options that settings take but nothing reads yet, one path a line."""


def settings_of(options: JsonObject, make: FunctionMaker) -> Settings:
    """Validated settings.

    Args:
        options: As a TypeScript user writes them, in the protocol's encoding.
        make: Makes functions.

    Raises:
        Unsupported: An option that is not there or does nothing; its text is the option's path.
        ConfigError: An option with a value that it does not take.
    """
    for path in _paths(options):
        if path in NOT_BUILT:
            raise Unsupported(path)
    given: dict[str, Any] = decode(options, make)
    # The scheme whose hashes the contract's own server writes.
    given["emailAndPassword"] = {"passwordHash": "scrypt", **(given.get("emailAndPassword") or {})}
    # Headers that only Gatewright sends are documented as differences; everything else must be the same.
    advanced: dict[str, Any] = {"securityHeaders": False, **(given.get("advanced") or {})}
    if given.get("rateLimit"):
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


def _paths(value: JsonObject, above: str = "") -> Iterator[str]:
    """Every path that says something: what is switched off does not."""
    for name, item in value.items():
        path = f"{above}{name}"
        if _is_off(item):
            continue
        yield path
        if isinstance(item, dict):
            yield from _paths(item, f"{path}.")


def _is_off(value: Json) -> bool:
    return value is None or value is False or (isinstance(value, dict) and value.get("enabled") is False)
