"""ID tokens that a client presents itself: who signed them, for whom, when, and for this very attempt.

Everything is refused that is not proven. Source: OpenID Connect Core §3.1.3.7; RFC 8725; contract, providers.json
``idTokenSignIn``.
"""

from __future__ import annotations

from dataclasses import dataclass

from gatewright.contract.faults import FailedToGetUserInfo, IdTokenNotSupported, InvalidToken
from gatewright.flows.oauth.person import Evidence, Person, find_person, outbound
from gatewright.ports.egress import EgressError
from gatewright.protocols.oauth2.token import OAuthTokens
from gatewright.protocols.oidc.id_token import (
    Claims,
    IdTokenRefusal,
    check_claims,
    read_claims,
    read_header,
    verify_signature,
)
from gatewright.providers.base import IdTokenRule
from gatewright.providers.reading import members, read_json
from gatewright.services.services import Services
from gatewright.services.social import ConfiguredProvider

__all__ = ("Presented", "person_of_presented", "signed_claims")


@dataclass(frozen=True, slots=True, repr=False)
class Presented:
    """What a client got from a provider itself.

    Attributes:
        token: The ID token.
        nonce: What it must repeat, where the client made one.
        access_token: Beside it, if any.
        refresh_token: Beside it, if any; kept only when an account is linked.
        posted_user: JSON of what the provider told beside it (Apple).
    """

    token: str
    nonce: str | None = None
    access_token: str | None = None
    refresh_token: str | None = None
    posted_user: str | None = None


async def person_of_presented(
    services: Services, known: ConfiguredProvider, presented: Presented
) -> tuple[Person, OAuthTokens]:
    """The person whom a presented token proves, and the tokens to keep.

    Raises:
        IdTokenNotSupported: The provider does not sign in this way.
        InvalidToken: The token is not proven.
        FailedToGetUserInfo: The token is good and says nobody.
    """
    own, rule = known.own, known.provider.id_token
    if own.disable_id_token_sign_in:
        raise IdTokenNotSupported
    tokens = OAuthTokens(
        access_token=presented.access_token or "",
        refresh_token=presented.refresh_token,
        id_token=presented.token,
    )
    claims: Claims | None
    if own.verify_id_token is not None:
        if not await own.verify_id_token(presented.token, presented.nonce):
            raise InvalidToken(status=401, because="the application's own check refuses the token")
        claims = read_claims(presented.token)
    elif rule is None or not rule.sign_in:
        raise IdTokenNotSupported
    elif rule.opaque and presented.token.count(".") != 2:
        # An access token in the place of an ID token: the provider itself is asked whose and for whom it is.
        tokens = OAuthTokens(access_token=presented.access_token or presented.token)
        claims = None
    else:
        claims = await _verified(services, rule, presented)
    person = await find_person(
        services, known, tokens, Evidence("presented", claims, posted_user=presented.posted_user)
    )
    if person is None:
        raise FailedToGetUserInfo
    return person, tokens


async def _verified(services: Services, rule: IdTokenRule, presented: Presented) -> Claims:
    if rule.remote_check is not None:
        claims = await _remote(services, rule, presented)
    else:
        claims = await signed_claims(services, rule, presented.token)
    if isinstance(claims, IdTokenRefusal):
        raise InvalidToken(status=401, because=claims.value)
    refusal = check_claims(
        claims,
        issuers=rule.issuers(claims),
        audiences=rule.audiences,
        now=services.clock.now(),
        nonce=presented.nonce or None,
        hashed_nonce=rule.hashed_nonce,
        max_age=rule.max_age,
    )
    if refusal is not None:
        raise InvalidToken(status=401, because=refusal.value)
    if not rule.accepts(claims):
        raise InvalidToken(status=401, because="its owner may not sign in here")
    return claims


async def signed_claims(services: Services, rule: IdTokenRule, token: str) -> Claims | IdTokenRefusal:
    """The claims of a token whose signature one of the issuer's keys made; nothing else is checked."""
    header = read_header(token, algorithms=rule.algorithms)
    if isinstance(header, IdTokenRefusal):
        return header
    if rule.jwks_url is None:
        return IdTokenRefusal.KEY
    keys = await services.plan.social.key_sets.find(
        rule.jwks_url, header, egress=services.egress, clock=services.clock, accept=rule.accept
    )
    return verify_signature(token, keys, algorithms=rule.algorithms)


async def _remote(services: Services, rule: IdTokenRule, presented: Presented) -> Claims | IdTokenRefusal:
    if rule.remote_check is None:
        return IdTokenRefusal.KEY
    try:
        reply = await services.egress.send(outbound(rule.remote_check(presented.token, presented.nonce)))
    except EgressError:
        return IdTokenRefusal.SIGNATURE
    if not reply.ok:
        return IdTokenRefusal.SIGNATURE
    return members(read_json(reply.body))
