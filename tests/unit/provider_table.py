"""The social providers as a table would show them, read off the providers themselves; see ``docs/social.md``."""

from __future__ import annotations

from gatewright.providers.options import ProviderOptionError, ProviderOptions
from gatewright.providers.registry import PROVIDERS

__all__ = ("provider_rows",)


def provider_rows() -> list[tuple[str, ...]]:
    """Of each provider: its name, what it needs, the scopes that are asked for, and what it has beside: tokens and PKCE."""
    found: list[tuple[str, ...]] = []
    for name in sorted(PROVIDERS):
        needed: dict[str, str] = {}
        while True:
            try:
                provider = PROVIDERS[name](ProviderOptions(**needed))  # pyright: ignore[reportArgumentType] (all texts)
                break
            except ProviderOptionError as lacking:
                needed[lacking.option] = "x"
        scopes = " ".join(f"`{scope}`" for scope in provider.default_scopes)
        has_id_token = provider.id_token is not None and provider.id_token.sign_in
        found.append(
            (
                f"`{name}`",
                ", ".join(f"`{option}`" for option in needed),
                scopes,
                "yes" if has_id_token else "",
                "yes" if provider.supports_refresh else "",
                "yes" if provider.pkce else "",
            )
        )
    return found
