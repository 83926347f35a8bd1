"""What a provider's answer leads to: checks, exchange of the code, the person behind it.

The state has been taken and bound to the browser before; cookies and redirects are the endpoint's. Source: RFC 6749
§4.1.3; RFC 9207 §2.4; RFC 9700 §4.4; contract, errors.json ``oauth_callback_error_codes``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gatewright.flows.oauth.person import Evidence, Person, find_person, outbound
from gatewright.ports.egress import EgressError
from gatewright.protocols.oauth2.authorize import AuthorizationAnswer, issuer_fault
from gatewright.protocols.oauth2.errors import TokenError
from gatewright.protocols.oauth2.state import OAuthState, is_bound
from gatewright.protocols.oauth2.token import OAuthTokens, parse_token_response
from gatewright.providers.base import Provider
from gatewright.services.services import Services
from gatewright.services.social import CodeGrant, ConfiguredProvider

__all__ = ("CallbackRefused", "Granted", "exchange", "is_for")


class CallbackRefused(Exception):
    """The answer leads nowhere; ``code`` and ``description`` go with the browser."""

    def __init__(self, code: str, description: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.description = description


@dataclass(frozen=True, slots=True, repr=False)
class Granted:
    """Who it is, and what was granted."""

    person: Person
    tokens: OAuthTokens


def is_for(state: OAuthState, provider_id: str, others: Iterable[str]) -> bool:
    """Whether a state may be used at the callback of a provider.

    A state of ours is bound to one provider (RFC 9700 §4.4: mix-up). One that another server of the contract began
    on the same database is bound to none, and may be used.
    """
    if is_bound(state, provider_id=provider_id):
        return True
    return not any(is_bound(state, provider_id=other) for other in others if other != provider_id)


async def exchange(
    services: Services,
    known: ConfiguredProvider,
    answer: AuthorizationAnswer,
    state: OAuthState,
    *,
    redirect_uri: str,
) -> Granted:
    """Redeem the code and find out who it is.

    Args:
        services: Clock and egress.
        known: The provider whose callback was called.
        answer: Of the authorization endpoint.
        state: Taken for this answer.
        redirect_uri: Our callback, as it was in the authorization request.

    Raises:
        CallbackRefused: ``issuer_mismatch``, ``invalid_code`` or ``unable_to_get_user_info``.
    """
    provider = known.provider
    fault = issuer_fault(answer.issuer, accepted=provider.response_issuers, required=known.requires_issuer)
    if fault is not None:
        raise CallbackRefused(fault)
    grant = CodeGrant(answer.code, state.code_verifier, redirect_uri, answer.device_id)
    try:
        tokens = await (known.ways.exchange(services, grant) if known.ways else _redeem(services, provider, grant))
    except (EgressError, TokenError) as error:
        services.log.warning("a code could not be exchanged", provider=known.id, because=str(error))
        raise CallbackRefused("invalid_code") from None
    tokens = replace(tokens, scopes=tokens.scopes or ())
    evidence = Evidence("exchanged", nonce=state.id_token_nonce, posted_user=answer.user)
    person = await find_person(services, known, tokens, evidence)
    if person is None:
        raise CallbackRefused("unable_to_get_user_info")
    return Granted(person, tokens)


async def _redeem(services: Services, provider: Provider, grant: CodeGrant) -> OAuthTokens:
    request = provider.code_request(
        grant.code,
        redirect_uri=grant.redirect_uri,
        code_verifier=grant.code_verifier,
        device_id=grant.device_id,
    )
    reply = await services.egress.send(outbound(request))
    return parse_token_response(reply.status, reply.headers.get("content-type"), reply.body, now=services.clock.now())
