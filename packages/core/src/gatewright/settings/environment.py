"""What the environment says of options; read only when it is asked. Source: contract, options.json ``environment``."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from gatewright.crypto.cipher import Secrets
from gatewright.settings.callbacks import TrustedOriginsFunction
from gatewright.wire.faults import ConfigError

if TYPE_CHECKING:
    from gatewright.http.request import Request

__all__ = ("from_environment",)


def from_environment(environ: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    """Options by their Python names: those given, completed by those that variables name.

    Raises:
        ConfigError: A variable cannot be read; its value is not told.
    """
    found: dict[str, Any] = {}
    if secret := environ.get("BETTER_AUTH_SECRET") or environ.get("AUTH_SECRET"):
        found["secret"] = secret
    if versions := environ.get("BETTER_AUTH_SECRETS"):
        try:
            pairs = Secrets.parse(versions).numbered()
        except ValueError as error:
            raise ConfigError(f"BETTER_AUTH_SECRETS: {error}") from None
        found["secrets"] = [{"version": version, "value": value} for version, value in pairs]
    if url := environ.get("BETTER_AUTH_URL"):
        found["base_url"] = url
    if environ.get("NODE_ENV") == "production":
        found["production"] = True
    found.update({name: value for name, value in given.items() if value is not None})
    more = tuple(
        origin for part in environ.get("BETTER_AUTH_TRUSTED_ORIGINS", "").split(",") if (origin := part.strip())
    )
    if more:
        known = found.get("trusted_origins", ())
        found["trusted_origins"] = (
            _joined(cast("TrustedOriginsFunction", known), more) if callable(known) else _listed(known, more)
        )
    return found


def _listed(known: object, more: tuple[str, ...]) -> object:
    # What is no list of texts is left for validation to refuse.
    if isinstance(known, Sequence) and not isinstance(known, str):
        return [*cast("Sequence[object]", known), *more]
    return known


def _joined(function: TrustedOriginsFunction, more: tuple[str, ...]) -> TrustedOriginsFunction:
    async def origins(request: Request | None) -> Sequence[str | None]:
        answer = function(request)
        return (*more, *(await answer if inspect.isawaitable(answer) else answer))

    return origins
