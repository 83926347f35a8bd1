"""Options of social providers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import Field, RootModel, SecretStr, SkipValidation

from gatewright.settings.base import Options

__all__ = ("SocialProvider", "SocialProviders")


class SocialProvider(Options):
    """Options of one provider; which of them a provider reads, its description says."""

    enabled: bool = True
    client_id: str | tuple[str, ...] | None = None
    client_secret: SecretStr | None = None
    client_key: str | None = None
    scope: tuple[str, ...] = ()
    disable_default_scope: bool = False
    redirect_uri: str | None = Field(default=None, alias="redirectURI")
    authorization_endpoint: str | None = None
    disable_id_token_sign_in: bool = False
    verify_id_token: SkipValidation[Callable[..., Any]] | None = None
    get_user_info: SkipValidation[Callable[..., Any]] | None = None
    refresh_access_token: SkipValidation[Callable[..., Any]] | None = None
    map_profile_to_user: SkipValidation[Callable[..., Any]] | None = None
    disable_implicit_sign_up: bool = False
    disable_sign_up: bool = False
    prompt: str | None = None
    response_mode: Literal["query", "form_post"] | None = None
    override_user_info_on_sign_in: bool = False
    access_type: Literal["offline", "online"] | None = None
    display: str | None = None
    hd: str | None = None
    tenant_id: str | None = None
    authority: str | None = None
    app_bundle_identifier: str | None = None
    audience: str | tuple[str, ...] | None = None
    config_id: str | None = None
    fields: tuple[str, ...] | None = None
    permissions: int | None = None
    environment: str | None = None
    region: str | None = None
    user_pool_id: str | None = None
    domain: str | None = None
    issuer: str | None = None
    login_url: str | None = None
    duration: str | None = None
    language: str | None = None
    lang: str | None = None
    platform_type: str | None = None
    profile_photo_size: int | None = None
    disable_profile_photo: bool | None = None
    request_shipping_address: bool | None = None
    require_client_secret: bool | None = None
    identity_provider: str | None = None
    claims: tuple[str, ...] | None = None


class SocialProviders(RootModel[Mapping[str, "SocialProvider | SkipValidation[Callable[..., Any]]"]]):
    """Provider options by provider id; a function is asked once, when the instance is made."""

    root: Mapping[str, SocialProvider | SkipValidation[Callable[..., Any]]] = Field(default_factory=dict)
