"""Options of the OAuth proxy plugin. Source: contract, options.json ``oauth-proxy``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from gatewright.crypto.cipher import Secrets
from gatewright.http.base_url import BaseURL
from gatewright.settings.base import OPTIONS, TEXT, Either, Options, Seconds

__all__ = ("OAuthProxyOptions", "ProxySecrets")


def _address(text: str) -> str:
    BaseURL.parse(text)
    return text.rstrip("/")


class ProxySecrets(Options):
    """Versioned secrets, as ``Settings.secrets`` has them.

    Attributes:
        keys: Secrets by version.
        current_version: The one that seals.
        legacy_secret: Opens what was sealed before there were versions.
    """

    keys: Mapping[int, SecretStr]
    current_version: int
    legacy_secret: SecretStr | None = None

    @model_validator(mode="after")
    def _has_current(self) -> Self:
        if self.current_version not in self.keys:
            raise ValueError("secret.keys lacks the current version")
        return self


class OAuthProxyOptions(Options):
    """Who is who.

    Attributes:
        production_url: The deployment whose callbacks the providers know; by default the instance's own base URL, which
            then proxies nothing of its own.
        current_url: This deployment, where its base URL does not say so.
        max_age: How long a handed-over profile is good.
        secret: What all deployments share; by default the secret of the instance.
    """

    production_url: Annotated[str, AfterValidator(_address)] | None = None
    current_url: Annotated[str, AfterValidator(_address)] | None = None
    max_age: Seconds = Field(default=60, ge=1)
    secret: Annotated[Annotated[SecretStr, TEXT] | Annotated[ProxySecrets, OPTIONS], Either] | None = None

    def secrets(self) -> Secrets | None:
        """The plugin's own secrets, if it has any."""
        said = self.secret
        if said is None:
            return None
        if isinstance(said, SecretStr):
            return Secrets.single(said.get_secret_value())
        current = said.current_version
        others = sorted((version for version in said.keys if version != current), reverse=True)
        entries = [(version, said.keys[version].get_secret_value()) for version in (current, *others)]
        legacy = said.legacy_secret
        return Secrets.versioned(entries, legacy=None if legacy is None else legacy.get_secret_value())
