"""Options of the generic OAuth plugin: one group for each provider, and what its functions are given.

Source: contract, options.json ``generic-oauth``; asked of a running server: what the functions are given.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal, Protocol, Self, TypeAlias

import msgspec
from pydantic import AfterValidator, Field, model_validator

from gatewright.protocols.oauth2.outbound import OutboundRequest, bearer
from gatewright.protocols.oidc.id_token import Claims
from gatewright.settings.base import (
    FUNCTION,
    OPTIONS,
    TEXT,
    Called,
    Either,
    Flag,
    Options,
    Seconds,
    SecretText,
    default,
)
from gatewright.settings.callbacks import MapProfileToUser, RefreshContext
from gatewright.wire.names import camel

__all__ = (
    "AccountKey",
    "ChooseIssuer",
    "ChooseSubject",
    "Exchange",
    "GenericOAuthConfig",
    "GenericOAuthOptions",
    "GenericTokens",
    "GetClientAssertion",
    "GetProfile",
    "GetToken",
    "Profile",
    "RefreshParameters",
    "TokenEndpointAuth",
)

Profile: TypeAlias = Mapping[str, object]
"""Somebody as a provider describes them: claims by their names there."""


class GenericTokens(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What a provider granted; ``raw`` is its answer as it was. All of it is secret."""

    access_token: str
    refresh_token: str | None = None
    id_token: str | None = None
    token_type: str | None = None
    access_token_expires_at: datetime | None = None
    refresh_token_expires_at: datetime | None = None
    scopes: tuple[str, ...] | None = None
    raw: Mapping[str, object]

    def __repr__(self) -> str:
        return f"GenericTokens(scopes={self.scopes!r}, access_token_expires_at={self.access_token_expires_at!r})"


def _wire(name: str) -> str:
    return "redirectURI" if name == "redirect_uri" else camel(name)


class Exchange(msgspec.Struct, frozen=True, kw_only=True, rename=_wire, omit_defaults=True):
    """A code to exchange. The verifier is the one whose challenge went to the provider."""

    code: str
    code_verifier: str
    redirect_uri: str
    device_id: str | None = None

    def __repr__(self) -> str:
        return f"Exchange(redirect_uri={self.redirect_uri!r})"


class AccountKey(msgspec.Struct, frozen=True):
    """What the key of an account is made of."""

    tokens: GenericTokens
    profile: Profile

    def __repr__(self) -> str:
        return f"AccountKey(tokens={self.tokens!r})"


class GetToken(Protocol):
    """Exchanges a code in the application's own way."""

    def __call__(self, exchange: Exchange, /) -> Awaitable[GenericTokens | Mapping[str, object] | None]:
        """What was granted, as the value or as a mapping in either spelling; ``None`` refuses."""
        ...


class GetProfile(Protocol):
    """Reads somebody's profile in the application's own way."""

    def __call__(self, tokens: GenericTokens, /) -> Awaitable[Profile | None]:
        """At least ``id`` or ``sub``; ``None`` when nobody can be told."""
        ...


class ChooseSubject(Protocol):
    """Chooses the stable identifier of somebody at the provider."""

    def __call__(self, key: AccountKey, /) -> Awaitable[str | int | None] | str | int | None:
        """``None`` refuses: an account without an identifier would be everybody's."""
        ...


class ChooseIssuer(Protocol):
    """Chooses the namespace of an identifier."""

    def __call__(self, key: AccountKey, /) -> Awaitable[str] | str:
        """An address, usually."""
        ...


class RefreshParameters(Protocol):
    """Makes further parameters of a renewal."""

    def __call__(self, asking: RefreshContext, /) -> Awaitable[Mapping[str, str] | None] | Mapping[str, str] | None:
        """By name; ``asking`` says for whom tokens are renewed."""
        ...


class GetClientAssertion(Protocol):
    """Makes a signed assertion for one request to the token endpoint (RFC 7523)."""

    def __call__(self, token_endpoint: str, /) -> Awaitable[str] | str:
        """A JWT whose audience is the endpoint."""
        ...


class TokenEndpointAuth(Options):
    """How the client proves itself at the token endpoint; other than by a shared secret."""

    method: Literal["none", "client_secret_basic", "client_secret_post", "private_key_jwt"]
    get_client_assertion: Called[GetClientAssertion] | None = None


_Strings: TypeAlias = Annotated[Sequence[str], AfterValidator(tuple)]
_Parameters: TypeAlias = Mapping[str, str]


class GenericOAuthConfig(Options):
    """One provider.

    Attributes:
        provider_id: Name in paths and in ``account.providerId``.
        name: For people.
        client_id, client_secret: As the provider knows this application.
        discovery_url: Metadata document; what it says fills in what is not given here.
        discovery_headers: Sent when it is fetched.
        authorization_url, token_url, user_info_url, end_session_endpoint: The provider's addresses.
        account_subject, account_issuer: Key of an account; by default ``sub`` or ``id``, and the provider's issuer.
        require_id_token_verification: Refuse whoever comes without an ID token whose signature holds.
        disable_id_token_nonce_binding: Do not bind ID tokens to the attempt; only for providers that cannot.
        post_logout_redirect_uri: Where the provider returns browsers after they signed out.
        disable_provider_logout: Do not sign out at the provider.
        token_endpoint_auth, authentication: How the client proves itself; by default in the body.
        scopes: Requested.
        redirect_uri: Instead of our own callback.
        response_type, response_mode, prompt, access_type: Parameters of the authorization request.
        pkce: Whether a challenge is sent.
        access_token_expires_in: Lifetime in seconds where the provider does not say one.
        get_token, get_user_info, map_profile_to_user: The application's own ways.
        authorization_url_params, token_url_params, refresh_token_params: Further parameters.
        authorization_headers: Sent to the token endpoint.
        disable_sign_up, disable_implicit_sign_up: Whether users are made, and whether only when asked for.
        override_user_info: Copy the profile to the user at each sign-in.
        require_email_verification: Refuse whose address the provider does not vouch for.
        allow_idp_initiated: An answer that nobody asked for begins an attempt instead of failing.
    """

    provider_id: str = Field(min_length=1)
    name: str | None = None
    client_id: str = Field(min_length=1)
    client_secret: SecretText = default(None)
    discovery_url: str | None = Field(default=None, validation_alias="discoveryUrl", serialization_alias="discoveryUrl")
    discovery_headers: _Parameters = Field(default_factory=dict[str, str])
    authorization_url: str | None = Field(
        default=None, validation_alias="authorizationUrl", serialization_alias="authorizationUrl"
    )
    token_url: str | None = Field(default=None, validation_alias="tokenUrl", serialization_alias="tokenUrl")
    user_info_url: str | None = Field(default=None, validation_alias="userInfoUrl", serialization_alias="userInfoUrl")
    end_session_endpoint: str | None = None
    account_subject: Called[ChooseSubject] | None = None
    account_issuer: Annotated[Annotated[str, TEXT] | Annotated[Called[ChooseIssuer], FUNCTION], Either] | None = None
    require_id_token_verification: Flag = False
    disable_id_token_nonce_binding: Flag = False
    post_logout_redirect_uri: str | None = Field(
        default=None, validation_alias="postLogoutRedirectURI", serialization_alias="postLogoutRedirectURI"
    )
    disable_provider_logout: Flag = False
    token_endpoint_auth: TokenEndpointAuth | None = None
    authentication: Literal["basic", "post"] = "post"
    scopes: _Strings = ()
    redirect_uri: str | None = Field(default=None, validation_alias="redirectURI", serialization_alias="redirectURI")
    response_type: str = "code"
    response_mode: Literal["query", "form_post"] | None = None
    prompt: str | None = None
    pkce: Flag = True
    access_type: str | None = None
    access_token_expires_in: Seconds | None = Field(default=None, ge=1)
    get_token: Called[GetToken] | None = None
    get_user_info: Called[GetProfile] | None = None
    map_profile_to_user: Called[MapProfileToUser] | None = None
    authorization_url_params: _Parameters = Field(
        default_factory=dict[str, str],
        validation_alias="authorizationUrlParams",
        serialization_alias="authorizationUrlParams",
    )
    token_url_params: _Parameters = Field(
        default_factory=dict[str, str], validation_alias="tokenUrlParams", serialization_alias="tokenUrlParams"
    )
    refresh_token_params: (
        Annotated[
            Annotated[Mapping[str, str], OPTIONS] | Annotated[Called[RefreshParameters], FUNCTION],
            Either,
        ]
        | None
    ) = None
    authorization_headers: _Parameters = Field(default_factory=dict[str, str])
    disable_sign_up: Flag = False
    disable_implicit_sign_up: Flag = False
    override_user_info: Flag = False
    require_email_verification: Flag = False
    allow_idp_initiated: Flag = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        method = None if self.token_endpoint_auth is None else self.token_endpoint_auth.method
        if method in ("none", "private_key_jwt") and self.client_secret is not None:
            raise ValueError(
                f'Provider "{self.provider_id}": tokenEndpointAuth.method "{method}" cannot be combined with clientSecret'
            )
        if method == "private_key_jwt" and (
            self.token_endpoint_auth is None or self.token_endpoint_auth.get_client_assertion is None
        ):
            raise ValueError(f'Provider "{self.provider_id}": private_key_jwt needs getClientAssertion')
        if self.require_id_token_verification and self.discovery_url is None:
            raise ValueError(f'Provider "{self.provider_id}": ID tokens can only be verified with a discoveryUrl')
        return self

    # How a profile is read; presets do it in their provider's own way.

    def user_info_request(self, address: str, tokens: GenericTokens) -> OutboundRequest:
        """The request for the profile."""
        return OutboundRequest("GET", address, bearer(tokens.access_token))

    def read_profile(self, answer: Profile | None, claims: Claims | None) -> Profile | None:
        """The profile of what the user info endpoint answered and what the ID token claims; ``None`` refuses.

        Args:
            answer: ``None`` where the endpoint was not asked or failed.
            claims: Of a verified token; ``None`` without one.
        """
        if answer is None:
            return claims
        if claims is not None and answer.get("sub") != claims.get("sub"):
            # OpenID Connect Core §5.3.2: the sub of both "MUST be verified to exactly match".
            return None
        return answer


class GenericOAuthOptions(Options):
    """Providers; each name once. Of two with one name the last counts."""

    config: Annotated[Sequence[GenericOAuthConfig], AfterValidator(tuple)] = ()
