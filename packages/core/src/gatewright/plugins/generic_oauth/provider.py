"""A configured provider of options and metadata: what goes to the authorization endpoint, and how ID tokens are checked.

Source: contract, providers.json ``genericOAuthCommon``; OpenID Connect Discovery 1.0; RFC 9207.
"""

from __future__ import annotations

from gatewright.contract.faults import ServiceUnavailable
from gatewright.flows.oauth.person import outbound
from gatewright.plugins.generic_oauth.options import GenericOAuthConfig
from gatewright.plugins.generic_oauth.ways import GenericWays
from gatewright.ports.egress import EgressError
from gatewright.protocols.oauth2.client_auth import Basic, ClientAuth, InBody
from gatewright.protocols.oauth2.outbound import OutboundRequest
from gatewright.protocols.oidc.discovery import DiscoveryError, ProviderMetadata, read_metadata
from gatewright.protocols.oidc.id_token import ALGORITHMS
from gatewright.providers.base import IdTokenRule, Provider, local_issuer, no_user_info
from gatewright.providers.options import ProviderOptions
from gatewright.services.services import Services
from gatewright.services.social import ConfiguredProvider, Leaving, ProviderMaker, Ways
from gatewright.settings.social import SocialProvider

__all__ = ("configure", "maker")


def maker(config: GenericOAuthConfig) -> ProviderMaker:
    """Makes the provider when it is first needed: its metadata has to be fetched."""

    async def make(services: Services) -> ConfiguredProvider:
        return configure(config, await _metadata(services, config))

    return make


async def _metadata(services: Services, config: GenericOAuthConfig) -> ProviderMetadata | None:
    """What the provider says of itself; ``None`` where it is described by hand.

    Raises:
        ServiceUnavailable: It does not answer, or not with metadata.
    """
    if config.discovery_url is None:
        return None
    try:
        reply = await services.egress.send(
            outbound(OutboundRequest("GET", config.discovery_url, dict(config.discovery_headers)))
        )
        if reply.ok:
            return read_metadata(reply.body, issuer=None, allow_http_local=True)
        because = f"the provider's metadata cannot be had (status {reply.status})"
    except (EgressError, DiscoveryError) as error:
        because = str(error)
    raise ServiceUnavailable(headers=(("retry-after", "5"),), because=because)


def configure(config: GenericOAuthConfig, metadata: ProviderMetadata | None) -> ConfiguredProvider:
    """The provider that options and metadata describe; options win."""
    named = config.account_issuer if isinstance(config.account_issuer, str) else None
    issuer = named or (local_issuer(config.provider_id) if metadata is None else metadata.issuer)
    rule = None
    if metadata is not None and metadata.jwks_uri is not None:
        listed = frozenset(metadata.id_token_signing_alg_values_supported) & ALGORITHMS
        said = metadata.issuer
        rule = IdTokenRule(
            issuers=lambda _claims: (said,),
            audiences=(config.client_id,),
            jwks_url=metadata.jwks_uri,
            accept="application/json, application/jwk-set+json",
            algorithms=listed or ALGORITHMS,
        )
    leave = config.end_session_endpoint or (metadata and metadata.end_session_endpoint)
    provider = _provider(config, metadata, issuer, rule)
    ways = GenericWays(
        config, provider, user_info_url=config.user_info_url or (metadata and metadata.userinfo_endpoint)
    )
    return ConfiguredProvider(
        provider,
        _own(config),
        ways=Ways(ways.exchange, ways.renew, ways.person),
        sends_nonce=rule is not None and not config.disable_id_token_nonce_binding,
        requires_issuer=metadata is not None and metadata.sends_issuer,
        restarts=config.allow_idp_initiated,
        leaving=None
        if not leave or config.disable_provider_logout
        else Leaving(leave, config.post_logout_redirect_uri),
    )


def _provider(
    config: GenericOAuthConfig, metadata: ProviderMetadata | None, issuer: str, rule: IdTokenRule | None
) -> Provider:
    secret = config.client_secret
    scopes = tuple(config.scopes)
    return Provider(
        id=config.provider_id,
        name=config.name or config.provider_id,
        options=ProviderOptions(
            client_id=config.client_id,
            client_secret=None if secret is None else secret.get_secret_value(),
            scopes=scopes,
            redirect_uri=config.redirect_uri,
        ),
        authorization_endpoint=config.authorization_url or (metadata.authorization_endpoint if metadata else ""),
        token_endpoint=config.token_url or (metadata.token_endpoint if metadata else ""),
        # A provider that has metadata speaks OpenID Connect, and says who it is only when asked with this scope.
        default_scopes=("openid",) if rule is not None and "openid" not in scopes else (),
        issuer=issuer,
        # Its own way, in ``ways``, reads profiles.
        read_profile=lambda _source: None,
        user_info=no_user_info,
        response_issuers=() if metadata is None else (metadata.issuer,),
        request_scopes_first=True,
        pkce=config.pkce,
        sends_login_hint=True,
        prompt=config.prompt,
        access_type=config.access_type,
        response_type=config.response_type,
        response_mode=config.response_mode,
        before=tuple(config.authorization_url_params.items()),
        auth=_auth(config),
        token_headers=dict(config.authorization_headers),
        token_parameters=tuple(config.token_url_params.items()),
        id_token=rule,
    )


def _auth(config: GenericOAuthConfig) -> ClientAuth:
    said = config.token_endpoint_auth
    basic = config.authentication == "basic" if said is None else said.method == "client_secret_basic"
    return Basic() if basic else InBody()


def _own(config: GenericOAuthConfig) -> SocialProvider:
    return SocialProvider(
        client_id=config.client_id,
        disable_sign_up=config.disable_sign_up,
        disable_implicit_sign_up=config.disable_implicit_sign_up,
        override_user_info_on_sign_in=config.override_user_info,
        require_email_verification=config.require_email_verification,
    )
