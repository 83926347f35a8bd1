"""The HTTP side of an attempt at a provider: its cookie, its state, its addresses.

A state is taken exactly once, and only by the browser that holds its cookie. Source: contract, cookies.json ``state``,
``oauth_state``; RFC 9700 §4.7.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from gatewright.contract.faults import InvalidOAuthConfiguration, ValidationError
from gatewright.crypto.cipher import CipherError
from gatewright.crypto.compare import same
from gatewright.flows.oauth.start import Attempt, begin_attempt
from gatewright.pipeline.call import Call
from gatewright.protocols.oauth2.state import OAuthState, check, pack, unpack
from gatewright.services.social import ConfiguredProvider

__all__ = (
    "StateRefused",
    "begin",
    "callback_address",
    "error_page_address",
    "send_state",
    "take_attempt",
    "trusted_providers",
)


class StateRefused(Exception):
    """No attempt of this browser belongs to the answer; ``error_url`` is the attempt's own, where it is known."""

    def __init__(self, code: str, error_url: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.error_url = error_url


def callback_address(call: Call[object], provider_id: str) -> str:
    """Our callback for a provider, or that of the instance which takes its answers for us."""
    return f"{call.callback_base or call.base.url}/callback/{quote(provider_id, safe='')}"


def error_page_address(call: Call[object]) -> str:
    """Where failures land that no attempt says another place for."""
    return call.services.plan.settings.on_api_error.error_url or f"{call.base.url}/error"


async def trusted_providers(call: Call[object]) -> Collection[str]:
    """Providers whose word about an address is believed."""
    said = call.services.plan.settings.account.account_linking.trusted_providers
    if not callable(said):
        return said
    answer = said(call.request)
    return await answer if inspect.isawaitable(answer) else answer


async def begin(call: Call[Any], known: ConfiguredProvider, attempt: Attempt) -> str:
    """The provider's address for a fresh attempt, to which the browser is bound.

    Raises:
        InvalidOAuthConfiguration: The provider has none.
        ValidationError: A further parameter, or further data, that an attempt cannot have.
    """
    services = call.services
    if not known.provider.authorization_endpoint:
        raise InvalidOAuthConfiguration
    started = begin_attempt(known.provider, attempt, random=services.random, now=call.now, nonce=known.sends_nonce)
    await send_state(call, started.state)
    return started.url


async def send_state(call: Call[object], state: OAuthState) -> None:
    """Keep a state until the browser comes back, with what the call carries, and bind the browser to it.

    Raises:
        ValidationError: The caller's additional data is too large.
    """
    if call.carried:
        state = replace(state, server_context={**state.server_context, **call.carried})
    call.attempt = state
    social = call.services.plan.social
    try:
        if social.state_in_cookie:
            sealed = call.services.plan.cipher.encrypt(pack(state), random=call.services.random.bytes)
            call.set_cookie(social.oauth_state_cookie, sealed)
        else:
            text = pack(state)
            await call.services.verifications.create(call.db, state.state, text, expires_at=state.expires_at)
            call.set_signed_cookie(social.state_cookie, state.state)
    except ValueError as error:
        raise ValidationError(message=f"[body.additionalData] {error}") from None


async def take_attempt(call: Call[object], given: str) -> OAuthState:
    """The state that an answer belongs to; nobody else can take it afterwards. The call carries what it carried.

    Args:
        call: The callback.
        given: The ``state`` parameter.

    Raises:
        StateRefused: There is none, it is over, or it is another browser's.
    """
    state = (
        _from_cookie(call, given) if call.services.plan.social.state_in_cookie else await _from_database(call, given)
    )
    call.carried = state.server_context
    return state


async def _from_database(call: Call[object], given: str) -> OAuthState:
    plan = call.services.plan
    verifications = call.services.verifications
    row = await verifications.peek(call.db, given)
    remembered = None if row is None else unpack(row.value)
    if row is None or remembered is None or not same(remembered.state, given):
        # Nothing, or a row of another purpose, which is left alone.
        raise StateRefused("state_mismatch")
    held = call.signed_cookie(plan.social.state_cookie)
    if not plan.settings.account.skip_state_cookie_check and (held is None or not same(held, given)):
        raise StateRefused("state_mismatch", remembered.error_url)
    call.expire_cookie(plan.social.state_cookie)
    taken = await verifications.take(call.db, given, value=row.value)
    if taken is None:
        # Somebody was faster, or it is over.
        await verifications.delete(call.db, given)
        raise StateRefused("state_mismatch", remembered.error_url)
    return remembered


def _from_cookie(call: Call[object], given: str) -> OAuthState:
    """The state that the browser itself holds: bound to it by being there, and gone with this answer."""
    social = call.services.plan.social
    sealed = call.cookie(social.oauth_state_cookie)
    if sealed is None:
        raise StateRefused("state_mismatch")
    try:
        text = call.services.plan.cipher.decrypt(sealed)
    except CipherError:
        raise StateRefused("state_invalid") from None
    found = check(text, given=given, now=call.now)
    if not isinstance(found, OAuthState):
        remembered = unpack(text)
        if remembered is not None and same(remembered.state, given):
            # This very attempt is over: the browser need not hold it any longer.
            call.expire_cookie(social.oauth_state_cookie)
        raise StateRefused(found, None if remembered is None else remembered.error_url)
    call.expire_cookie(social.oauth_state_cookie)
    return found
