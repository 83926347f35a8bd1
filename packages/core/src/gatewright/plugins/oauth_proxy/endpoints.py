"""The handler on the preview: whoever production has met finds or gets a user here, and a session.

The attempt is taken first, and only by the browser that began it: a link with somebody's profile signs nobody else in
(RFC 9700 §4.7).
"""

from __future__ import annotations

from gatewright.flows.oauth.callback import CallbackRefused, is_for
from gatewright.flows.oauth.identity import Arrival, IdentityRefused
from gatewright.http.redirects import append_form
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import handles
from gatewright.pipeline.oauth_arrival import arrive
from gatewright.pipeline.oauth_attempt import StateRefused, error_page_address, take_attempt, trusted_providers
from gatewright.pipeline.origin_check import trusted_by
from gatewright.plugins.oauth_proxy.contract import OAuthProxyCallback
from gatewright.plugins.oauth_proxy.plugin import OAuthProxy
from gatewright.plugins.oauth_proxy.sealed import (
    HandedOver,
    is_fresh,
    landing_of,
    person_of,
    read_handed_over,
    tokens_of,
)
from gatewright.services.user_admission import NotAdmitted
from gatewright.wire.kinds import Redirect

__all__ = ("ENDPOINTS",)


@handles(OAuthProxyCallback)
async def oauth_proxy_callback(call: Call[OAuthProxyCallback]) -> Redirect:
    """Sign in whom production hands over."""
    proxy, sealed = call.plugin(OAuthProxy), call.input.profile
    if not sealed:
        return _refused(call, "missing_profile")
    text = proxy.open(call.services, sealed)
    if text is None:
        return _refused(call, "invalid_profile")
    handed_over = read_handed_over(text)
    if handed_over is None:
        return _refused(call, "invalid_payload")
    place = handed_over.error_url
    if place is not None and not (await trusted_by(call)).allows_url(place, relative=True):
        place = None
    try:
        return Redirect(await _arrived(call, proxy, handed_over))
    except (CallbackRefused, IdentityRefused, StateRefused) as refused:
        description = refused.description if isinstance(refused, CallbackRefused) else None
        return _refused(call, refused.code, description, place=place)
    except NotAdmitted as refused:
        return _refused(call, refused.reason, refused.description, place=place)


async def _arrived(call: Call[OAuthProxyCallback], proxy: OAuthProxy, handed_over: HandedOver) -> str:
    """Where the browser goes.

    Raises:
        CallbackRefused, IdentityRefused, NotAdmitted, StateRefused: Nobody is signed in.
    """
    if not is_fresh(handed_over, max_age=proxy.options.max_age, now=call.now):
        raise CallbackRefused("payload_expired")
    state = await take_attempt(call, handed_over.state)
    providers = call.services.plan.social.providers
    known = await providers.find(handed_over.account.provider_id, call.services)
    if known is None:
        raise CallbackRefused("oauth_provider_not_found")
    landing = landing_of(state)
    if (
        landing is None
        or state.linking is not None
        or not is_for(state, known.id, [each.id for each in providers.known()])
    ):
        raise CallbackRefused("state_mismatch")
    arrival = Arrival(
        known=known,
        person=person_of(handed_over, issuer=known.provider.issuer),
        tokens=tokens_of(handed_over),
        trusted=await trusted_providers(call),
        requested=state.request_sign_up is True,
        overrides=known.own.override_user_info_on_sign_in,
    )
    return await arrive(call, arrival, callback_url=landing, new_user_url=state.new_user_url)


def _refused(
    call: Call[OAuthProxyCallback], code: str, description: str | None = None, *, place: str | None = None
) -> Redirect:
    pairs = [("error", code), *([("error_description", description)] if description else [])]
    return Redirect(append_form(place or error_page_address(call), pairs))


ENDPOINTS = (oauth_proxy_callback,)
