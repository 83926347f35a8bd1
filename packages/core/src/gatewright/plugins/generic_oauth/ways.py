"""What a generic provider does in its own way: codes, renewals, and who somebody is.

An ID token that can be verified is verified, and a token that does not hold refuses whoever brings it. Source:
contract, providers.json ``genericOAuthCommon``; OpenID Connect Core §3.1.3.7, §5.3.2.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from gatewright.flows.oauth.id_token import signed_claims
from gatewright.flows.oauth.person import Evidence, Person, outbound, with_values
from gatewright.plugins.generic_oauth.options import AccountKey, Exchange, GenericOAuthConfig, GenericTokens, Profile
from gatewright.ports.egress import EgressError
from gatewright.protocols.oauth2.client_auth import Assertion, ClientAuth
from gatewright.protocols.oauth2.errors import TokenError
from gatewright.protocols.oauth2.outbound import OutboundRequest
from gatewright.protocols.oauth2.token import OAuthTokens, code_request, parse_token_response, refresh_request
from gatewright.protocols.oidc.id_token import Claims, IdTokenRefusal, check_claims
from gatewright.providers.base import Profile as Found
from gatewright.providers.base import Provider
from gatewright.providers.reading import first_text, identity, members, read_json
from gatewright.services.services import Services
from gatewright.services.social import CodeGrant
from gatewright.settings.callbacks import RefreshContext
from gatewright.wire.dates import from_wire
from gatewright.wire.names import snake

__all__ = ("GenericWays",)


class GenericWays:
    """The ways of one provider.

    Args:
        config: Its options.
        provider: Made of them.
        user_info_url: Where profiles are read, if anywhere.
    """

    def __init__(self, config: GenericOAuthConfig, provider: Provider, *, user_info_url: str | None) -> None:
        self._config = config
        self._provider = provider
        self._user_info_url = user_info_url

    # Tokens ----------------------------------------------------------------------------------------------------------

    async def exchange(self, services: Services, grant: CodeGrant) -> OAuthTokens:
        """Redeem a code.

        Raises:
            TokenError, EgressError: Nothing was granted.
        """
        config, provider = self._config, self._provider
        now = services.clock.now()
        if config.get_token is not None:
            given = await config.get_token(
                Exchange(
                    code=grant.code,
                    code_verifier=grant.code_verifier,
                    redirect_uri=provider.redirect_uri(grant.redirect_uri),
                    device_id=grant.device_id,
                )
            )
            return self._kept(_given(given), now)
        request = code_request(
            self._token_endpoint(),
            code=grant.code,
            redirect_uri=provider.redirect_uri(grant.redirect_uri),
            client_id=provider.client_id,
            client_secret=provider.options.client_secret,
            code_verifier=grant.code_verifier if provider.pkce else None,
            auth=await self._auth(),
            additional=provider.token_parameters,
            headers=provider.token_headers,
        )
        return await self._granted(services, request, now)

    async def renew(self, services: Services, refresh_token: str, asking: RefreshContext) -> OAuthTokens:
        """Use a refresh token.

        Raises:
            TokenError, EgressError: Nothing was granted.
        """
        provider = self._provider
        further = self._config.refresh_token_params
        if callable(further):
            made = further(asking)
            further = await made if inspect.isawaitable(made) else made
        request = refresh_request(
            self._token_endpoint(),
            refresh_token=refresh_token,
            client_id=provider.client_id,
            client_secret=provider.options.client_secret,
            auth=await self._auth(),
            additional=tuple((further or {}).items()),
            headers=provider.token_headers,
        )
        return await self._granted(services, request, services.clock.now())

    def _token_endpoint(self) -> str:
        if not self._provider.token_endpoint:
            raise TokenError("there is no token endpoint", status=0)
        return self._provider.token_endpoint

    async def _auth(self) -> ClientAuth:
        said = self._config.token_endpoint_auth
        if said is None or said.method != "private_key_jwt" or said.get_client_assertion is None:
            return self._provider.auth
        made = said.get_client_assertion(self._provider.token_endpoint)
        return Assertion(await made if inspect.isawaitable(made) else made)

    async def _granted(self, services: Services, request: OutboundRequest, now: datetime) -> OAuthTokens:
        reply = await services.egress.send(outbound(request))
        tokens = parse_token_response(reply.status, reply.headers.get("content-type"), reply.body, now=now)
        return self._kept(replace(tokens, raw=_texts(members(read_json(reply.body)))), now)

    def _kept(self, tokens: OAuthTokens, now: datetime) -> OAuthTokens:
        lifetime = self._config.access_token_expires_in
        if lifetime is None or tokens.access_token_expires_at is not None:
            return tokens
        return replace(tokens, access_token_expires_at=now + timedelta(seconds=lifetime))

    # People ----------------------------------------------------------------------------------------------------------

    async def person(self, services: Services, tokens: OAuthTokens, evidence: Evidence) -> Person | None:
        """Who granted the tokens, or ``None`` where that is not known or not proven."""
        config = self._config
        claims = evidence.claims
        if evidence.kind == "exchanged":
            checked = await self._claims(services, tokens, evidence)
            if isinstance(checked, IdTokenRefusal):
                services.log.warning("an ID token does not hold", provider=self._provider.id, because=checked.value)
                return None
            claims = checked
        shown = _shown(tokens)
        profile = await self._profile(services, shown, claims)
        if profile is None:
            return None
        said = _with_columns(profile, own=config.get_user_info is not None)
        key = AccountKey(shown, said)
        subject = await self._subject(key)
        if subject is None:
            return None
        found = Found(
            id=subject,
            name=first_text(said, "name") or "",
            email=first_text(said, "email"),
            email_verified=said["emailVerified"] is True,
            image=first_text(said, "image"),
            raw=said,
        )
        if config.map_profile_to_user is not None:
            mapped = config.map_profile_to_user(said)
            found = with_values(found, (await mapped if inspect.isawaitable(mapped) else mapped) or {})
        return Person(await self._issuer(key), found, claims)

    async def _claims(
        self, services: Services, tokens: OAuthTokens, evidence: Evidence
    ) -> Claims | IdTokenRefusal | None:
        """The claims of the ID token, proven; ``None`` where there is nothing that could be."""
        rule = self._provider.id_token
        required = self._config.require_id_token_verification
        if tokens.id_token is None or rule is None:
            return IdTokenRefusal.MALFORMED if required else None
        claims = await signed_claims(services, rule, tokens.id_token)
        if isinstance(claims, IdTokenRefusal):
            return claims
        refusal = check_claims(
            claims,
            issuers=rule.issuers(claims),
            audiences=rule.audiences,
            now=services.clock.now(),
            nonce=None if self._config.disable_id_token_nonce_binding else evidence.nonce,
        )
        return claims if refusal is None else refusal

    async def _profile(self, services: Services, tokens: GenericTokens, claims: Claims | None) -> Profile | None:
        config = self._config
        if config.get_user_info is not None:
            return await config.get_user_info(tokens)
        answer: Profile | None = None
        if self._user_info_url is not None and tokens.access_token:
            answer = await _ask(services, config.user_info_request(self._user_info_url, tokens))
            if answer is None and claims is None:
                return None
        return config.read_profile(answer, claims)

    async def _subject(self, key: AccountKey) -> str | None:
        choose = self._config.account_subject
        if choose is None:
            # Who speaks OpenID Connect is identified by the subject, everybody else by ``id`` (contract).
            first, second = ("sub", "id") if self._provider.id_token is not None else ("id", "sub")
            return identity(key.profile.get(first)) or identity(key.profile.get(second))
        chosen = choose(key)
        return identity(await chosen if inspect.isawaitable(chosen) else chosen)

    async def _issuer(self, key: AccountKey) -> str:
        choose = self._config.account_issuer
        if choose is None or isinstance(choose, str):
            return self._provider.issuer
        chosen = choose(key)
        return await chosen if inspect.isawaitable(chosen) else chosen


async def _ask(services: Services, request: OutboundRequest) -> Profile | None:
    try:
        reply = await services.egress.send(outbound(request))
    except EgressError as error:
        services.log.info("a provider does not say who the user is", because=str(error))
        return None
    return members(read_json(reply.body)) or None if reply.ok else None


def _with_columns(profile: Profile, *, own: bool) -> Profile:
    """The profile with the two columns that providers name differently; the application's own names are believed."""
    verified = profile.get("emailVerified") if own else None
    image = profile.get("image") if own else None
    return {
        **profile,
        "emailVerified": (profile.get("email_verified") if verified is None else verified) is True,
        "image": profile.get("picture") if image is None else image,
    }


def _shown(tokens: OAuthTokens) -> GenericTokens:
    return GenericTokens(
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        id_token=tokens.id_token,
        token_type=tokens.token_type,
        access_token_expires_at=tokens.access_token_expires_at,
        refresh_token_expires_at=tokens.refresh_token_expires_at,
        scopes=tokens.scopes or None,
        raw=tokens.raw,
    )


def _texts(raw: Mapping[str, object]) -> Mapping[str, str]:
    """An answer as it is handed on; the value is whatever the provider wrote."""
    return cast("Mapping[str, str]", raw)


def _given(said: GenericTokens | Mapping[str, object] | None) -> OAuthTokens:
    """The tokens of the application's own exchange.

    Raises:
        TokenError: There are none.
    """
    if isinstance(said, GenericTokens):
        named: Mapping[str, object] = {name: getattr(said, name) for name in said.__struct_fields__}
    else:
        named = {snake(name): value for name, value in (said or {}).items()}
    access = named.get("access_token")
    if not isinstance(access, str) or not access:
        raise TokenError("the application gives no access token", status=0)

    def text(name: str) -> str | None:
        value = named.get(name)
        return value if isinstance(value, str) and value else None

    scopes = named.get("scopes")
    return OAuthTokens(
        access_token=access,
        refresh_token=text("refresh_token"),
        id_token=text("id_token"),
        token_type=text("token_type"),
        access_token_expires_at=_moment(named.get("access_token_expires_at")),
        refresh_token_expires_at=_moment(named.get("refresh_token_expires_at")),
        scopes=tuple(map(str, cast("list[object]", scopes))) if isinstance(scopes, list | tuple) else None,
        raw=_texts(members(named.get("raw"))),
    )


def _moment(said: object) -> datetime | None:
    if isinstance(said, str):
        try:
            return from_wire(said)
        except ValueError:
            return None
    return said if isinstance(said, datetime) else None
