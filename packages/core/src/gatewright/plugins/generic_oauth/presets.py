"""Ready-made options for ten providers: call one with the client's identifier and secret, and put it into ``config``.

::

    GenericOAuthOptions(config=[okta("client", "secret", issuer="https://example.okta.com/oauth2/default")])

Every other option of :class:`GenericOAuthConfig` may be given too. Source: contract, providers.json
``genericOAuthPresets``; the providers' own documentation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypedDict
from urllib.parse import quote

from typing_extensions import Unpack

from gatewright.plugins.generic_oauth.options import (
    ChooseSubject,
    GenericOAuthConfig,
    GenericTokens,
    GetProfile,
    Profile,
)
from gatewright.protocols.oauth2.outbound import OutboundRequest
from gatewright.protocols.oidc.id_token import Claims
from gatewright.providers.reading import first_text, identity, members, text
from gatewright.settings.callbacks import MapProfileToUser
from gatewright.wire.faults import ConfigError

__all__ = (
    "More",
    "auth0",
    "gumroad",
    "hubspot",
    "keycloak",
    "line",
    "microsoft_entra_id",
    "okta",
    "patreon",
    "slack",
    "yandex",
)


class More(TypedDict, total=False):
    """Options of :class:`GenericOAuthConfig` that a preset leaves to the application, or that it may say otherwise."""

    name: str
    scopes: Sequence[str]
    redirect_uri: str
    prompt: str
    access_type: str
    pkce: bool
    account_subject: ChooseSubject
    get_user_info: GetProfile
    map_profile_to_user: MapProfileToUser
    authorization_url_params: Mapping[str, str]
    token_url_params: Mapping[str, str]
    post_logout_redirect_uri: str
    disable_provider_logout: bool
    disable_sign_up: bool
    disable_implicit_sign_up: bool
    override_user_info: bool
    require_email_verification: bool
    allow_idp_initiated: bool


_OPENID = ("openid", "profile", "email")
_GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_METADATA = "/.well-known/openid-configuration"


def auth0(client_id: str, client_secret: str, *, domain: str, **more: Unpack[More]) -> GenericOAuthConfig:
    """Auth0; ``domain`` is the tenant's host, with or without ``https://``."""
    base = f"https://{domain.removeprefix('https://').rstrip('/')}"
    return _made(
        GenericOAuthConfig,
        {"provider_id": "auth0", "discovery_url": base + _METADATA, "account_issuer": f"{base}/", "scopes": _OPENID},
        client_id,
        client_secret,
        more,
    )


def keycloak(client_id: str, client_secret: str, *, issuer: str, **more: Unpack[More]) -> GenericOAuthConfig:
    """Keycloak; ``issuer`` is the realm's address, as ``https://id.example.com/realms/main``."""
    return _by_issuer("keycloak", issuer, client_id, client_secret, more)


def okta(client_id: str, client_secret: str, *, issuer: str, **more: Unpack[More]) -> GenericOAuthConfig:
    """Okta; ``issuer`` is the authorization server, as ``https://example.okta.com/oauth2/default``."""
    return _by_issuer("okta", issuer, client_id, client_secret, more)


def gumroad(client_id: str, client_secret: str, **more: Unpack[More]) -> GenericOAuthConfig:
    """Gumroad, which vouches for no address."""
    return _made(
        _Gumroad,
        {
            "provider_id": "gumroad",
            "authorization_url": "https://gumroad.com/oauth/authorize",
            "token_url": "https://api.gumroad.com/oauth/token",
            "user_info_url": "https://api.gumroad.com/v2/user",
            "scopes": ("view_profile",),
        },
        client_id,
        client_secret,
        more,
    )


def hubspot(client_id: str, client_secret: str, **more: Unpack[More]) -> GenericOAuthConfig:
    """HubSpot, whose profile lies under an address that holds the access token."""
    return _made(
        _HubSpot,
        {
            "provider_id": "hubspot",
            "authorization_url": "https://app.hubspot.com/oauth/authorize",
            "token_url": "https://api.hubapi.com/oauth/v1/token",
            "user_info_url": "https://api.hubapi.com/oauth/v1/access-tokens",
            "scopes": ("oauth",),
            "authentication": "post",
        },
        client_id,
        client_secret,
        more,
    )


def line(client_id: str, client_secret: str, *, provider_id: str = "line", **more: Unpack[More]) -> GenericOAuthConfig:
    """LINE Login; channels of several countries are told apart by ``provider_id``."""
    return _made(
        _Unverified,
        {
            "provider_id": provider_id,
            "authorization_url": "https://access.line.me/oauth2/v2.1/authorize",
            "token_url": "https://api.line.me/oauth2/v2.1/token",
            "user_info_url": "https://api.line.me/oauth2/v2.1/userinfo",
            "account_issuer": "https://access.line.me",
            "scopes": _OPENID,
        },
        client_id,
        client_secret,
        more,
    )


def microsoft_entra_id(
    client_id: str, client_secret: str, *, tenant_id: str, **more: Unpack[More]
) -> GenericOAuthConfig:
    """Microsoft Entra ID for the people of one tenant.

    Raises:
        ConfigError: ``tenant_id`` is no GUID: the shared tenants let anybody in.
    """
    if _GUID.fullmatch(tenant_id) is None:
        raise ConfigError("microsoft_entra_id: tenant_id must be the GUID of one tenant")
    base = f"https://login.microsoftonline.com/{tenant_id}"
    return _made(
        _EntraId,
        {
            "provider_id": "microsoft-entra-id",
            "authorization_url": f"{base}/oauth2/v2.0/authorize",
            "token_url": f"{base}/oauth2/v2.0/token",
            "discovery_url": f"{base}/v2.0{_METADATA}",
            "user_info_url": "https://graph.microsoft.com/oidc/userinfo",
            "require_id_token_verification": True,
            "scopes": _OPENID,
        },
        client_id,
        client_secret,
        more,
    )


def patreon(client_id: str, client_secret: str, **more: Unpack[More]) -> GenericOAuthConfig:
    """Patreon."""
    fields = "email,full_name,image_url,is_email_verified"
    return _made(
        _Patreon,
        {
            "provider_id": "patreon",
            "authorization_url": "https://www.patreon.com/oauth2/authorize",
            "token_url": "https://www.patreon.com/api/oauth2/token",
            "user_info_url": f"https://www.patreon.com/api/oauth2/v2/identity?fields[user]={fields}",
            "scopes": ("identity[email]",),
        },
        client_id,
        client_secret,
        more,
    )


def slack(client_id: str, client_secret: str, **more: Unpack[More]) -> GenericOAuthConfig:
    """Sign in with Slack."""
    return _made(
        _Slack,
        {
            "provider_id": "slack",
            "authorization_url": "https://slack.com/openid/connect/authorize",
            "token_url": "https://slack.com/api/openid.connect.token",
            "user_info_url": "https://slack.com/api/openid.connect.userInfo",
            "account_issuer": "https://slack.com",
            "scopes": _OPENID,
        },
        client_id,
        client_secret,
        more,
    )


def yandex(client_id: str, client_secret: str, **more: Unpack[More]) -> GenericOAuthConfig:
    """Yandex, which vouches for no address."""
    return _made(
        _Yandex,
        {
            "provider_id": "yandex",
            "authorization_url": "https://oauth.yandex.com/authorize",
            "token_url": "https://oauth.yandex.com/token",
            "user_info_url": "https://login.yandex.ru/info?format=json",
            "scopes": ("login:info", "login:email", "login:avatar"),
        },
        client_id,
        client_secret,
        more,
    )


def _by_issuer(provider_id: str, issuer: str, client_id: str, client_secret: str, more: More) -> GenericOAuthConfig:
    base = issuer.rstrip("/")
    options = {
        "provider_id": provider_id,
        "discovery_url": base + _METADATA,
        "account_issuer": base,
        "scopes": _OPENID,
    }
    return _made(GenericOAuthConfig, options, client_id, client_secret, more)


def _made(
    kind: type[GenericOAuthConfig],
    options: Mapping[str, object],
    client_id: str,
    client_secret: str,
    more: More,
) -> GenericOAuthConfig:
    return kind.model_validate({**options, "client_id": client_id, "client_secret": client_secret, **more})


class _Unverified(GenericOAuthConfig):
    def read_profile(self, answer: Profile | None, claims: Claims | None) -> Profile | None:
        known = super().read_profile(answer, claims)
        return None if known is None else {**known, "email_verified": False}


class _Gumroad(GenericOAuthConfig):
    def read_profile(self, answer: Profile | None, claims: Claims | None) -> Profile | None:
        del claims
        user = members((answer or {}).get("user"))
        return {
            "id": user.get("user_id"),
            "name": text(user, "name"),
            "email": text(user, "email"),
            "picture": text(user, "profile_url"),
        }


class _HubSpot(GenericOAuthConfig):
    def user_info_request(self, address: str, tokens: GenericTokens) -> OutboundRequest:
        return OutboundRequest("GET", f"{address}/{quote(tokens.access_token, safe='')}")

    def read_profile(self, answer: Profile | None, claims: Claims | None) -> Profile | None:
        del claims
        told = answer or {}
        signed = members(told.get("signed_access_token"))
        address = text(told, "user")
        return {
            "id": identity(told.get("user_id")) or identity(signed.get("userId")),
            "name": address,
            "email": address,
        }


class _EntraId(GenericOAuthConfig):
    def read_profile(self, answer: Profile | None, claims: Claims | None) -> Profile | None:
        if claims is None:
            return None
        # What somebody else's profile says is passed over; the token is proven and enough.
        told: Profile = answer if answer is not None and answer.get("sub") == claims.get("sub") else {}
        known = {**told, **claims}
        return {
            **known,
            "sub": claims.get("oid"),
            "email": first_text(known, "email", "preferred_username"),
            "email_verified": known.get("email_verified") is True,
        }


class _Patreon(GenericOAuthConfig):
    def read_profile(self, answer: Profile | None, claims: Claims | None) -> Profile | None:
        del claims
        person = members((answer or {}).get("data"))
        about = members(person.get("attributes"))
        return {
            "id": person.get("id"),
            "name": text(about, "full_name"),
            "email": text(about, "email"),
            "picture": text(about, "image_url"),
            "email_verified": about.get("is_email_verified") is True,
        }


class _Slack(GenericOAuthConfig):
    def read_profile(self, answer: Profile | None, claims: Claims | None) -> Profile | None:
        known = super().read_profile(answer, claims)
        if known is None:
            return None
        return {**known, "picture": first_text(known, "picture", "https://slack.com/user_image_512")}


class _Yandex(GenericOAuthConfig):
    def user_info_request(self, address: str, tokens: GenericTokens) -> OutboundRequest:
        return OutboundRequest("GET", address, {"authorization": f"OAuth {tokens.access_token}"})

    def read_profile(self, answer: Profile | None, claims: Claims | None) -> Profile | None:
        del claims
        told = answer or {}
        picture = text(told, "default_avatar_id")
        shown = picture is not None and told.get("is_avatar_empty") is not True
        return {
            "id": told.get("id"),
            "name": first_text(told, "display_name", "real_name", "first_name", "login"),
            "email": text(told, "default_email") or text(told, "emails", 0),
            "picture": f"https://avatars.yandex.net/get-yapic/{picture}/islands-200" if shown else None,
        }
