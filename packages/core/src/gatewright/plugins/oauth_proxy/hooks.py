"""Both sides of the detour: a preview that sends people by way of production, and production that meets them.

Source: contract, plugins.json ``oauth-proxy``; RFC 9700 §4.4, §4.7.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit, urlunsplit

import msgspec
from msgspec import UNSET

from gatewright.contract.sign_in import CallbackOAuth, SignInSocial, SocialSignedIn
from gatewright.flows.oauth.callback import CallbackRefused, exchange, is_for
from gatewright.http.base_url import BaseURL
from gatewright.http.cookies import encode_uri_component
from gatewright.http.redirects import append_form, form_encoded
from gatewright.pipeline.call import Call
from gatewright.pipeline.hooks import after, before
from gatewright.pipeline.oauth_attempt import callback_address, error_page_address
from gatewright.plugins.oauth_proxy.plugin import OAuthProxy
from gatewright.plugins.oauth_proxy.sealed import hand_over, landing_of, read_package, write_handed_over, write_package
from gatewright.protocols.oauth2.authorize import AuthorizationRefused, read_answer
from gatewright.protocols.oauth2.state import RANDOM_LENGTH, OAuthState, StateFault, check, pack, unpack
from gatewright.wire.faults import Instead
from gatewright.wire.kinds import Redirect

__all__ = ("HOOKS",)

SKIP = "x-skip-oauth-proxy"
"""Header with which a caller asks for no detour, as applications on phones do."""

_ANSWER = ("code", "error", "device_id", "error_description", "state", "user", "iss")


# On the preview ------------------------------------------------------------------------------------------------------


@before(SignInSocial)
async def _by_way_of_production(call: Call[SignInSocial]) -> SignInSocial | None:
    """Have the provider lead back to production, and production lead back here."""
    asked, options = call.input, call.plugin(OAuthProxy).options
    if asked.id_token is not None or call.headers.get(SKIP) or options.production_url is None:
        return None
    here = call.base.origin if options.current_url is None else BaseURL.parse(options.current_url).origin
    if here == BaseURL.parse(options.production_url).origin:
        return None
    call.callback_base = options.production_url + call.base.base_path
    landing = encode_uri_component(asked.callback_url or call.base.url)
    back = f"{here}{call.base.base_path}/oauth-proxy-callback?callbackURL={landing}"
    return msgspec.structs.replace(asked, callback_url=back)


@after(SignInSocial)
async def _seal_state(call: Call[SignInSocial], result: SocialSignedIn) -> SocialSignedIn | None:
    """Give the provider a sealed copy of the state in place of its name."""
    attempt, url = call.attempt, result.url
    if call.callback_base is None or attempt is None or url is None or url is UNSET:
        return None
    proxy, services = call.plugin(OAuthProxy), call.services
    package = write_package(attempt.state, proxy.seal(services, pack(attempt)))
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query["state"] = proxy.seal(services, package)
    address = urlunsplit((parts.scheme, parts.netloc, parts.path, form_encoded(list(query.items())), parts.fragment))
    return msgspec.structs.replace(result, url=address)


# On production -------------------------------------------------------------------------------------------------------


@before(CallbackOAuth)
async def _meet_for_another(call: Call[CallbackOAuth]) -> None:
    """Redeem a code that belongs to a preview, and send the browser back there with whom the provider named.

    Nothing is written here, and nobody signed in: who holds no state of the preview's cannot use what it is sent.

    Raises:
        Instead: The answer belongs to a preview; where the browser goes.
    """
    given, proxy = call.input, call.plugin(OAuthProxy)
    if not given.state or len(given.state) <= 2 * RANDOM_LENGTH:
        return
    text = proxy.open(call.services, given.state)
    package = None if text is None else read_package(text)
    if package is None:
        return
    known = proxy.open(call.services, package.state_cookie)
    state = None if known is None else unpack(known)
    if state is None:
        return
    try:
        place = await _handed_over(call, check(known, given=package.state, now=call.now))
    except CallbackRefused as refused:
        place = append_form(state.error_url or error_page_address(call), [("error", refused.code)])
    raise Instead(Redirect(place))


async def _handed_over(call: Call[CallbackOAuth], state: OAuthState | StateFault) -> str:
    """The address of the preview, with the sealed profile.

    Raises:
        CallbackRefused: The provider's answer does not hold, or the state is over, or that of no preview.
    """
    if not isinstance(state, OAuthState):
        raise CallbackRefused(state)
    given, services, proxy = call.input, call.services, call.plugin(OAuthProxy)
    answer = read_answer({name: (value,) for name in _ANSWER if (value := getattr(given, name)) is not None})
    if isinstance(answer, AuthorizationRefused):
        raise CallbackRefused(answer.error)
    providers = services.plan.social.providers
    known = await providers.find(given.id, services)
    if known is None:
        raise CallbackRefused("oauth_provider_not_found")
    landing = landing_of(state)
    if landing is None or not is_for(state, known.id, [each.id for each in providers.known()]):
        raise CallbackRefused("state_mismatch")
    granted = await exchange(services, known, answer, state, redirect_uri=callback_address(call, known.id))
    handed_over = hand_over(
        known.id,
        granted.person,
        granted.tokens,
        state=state.state,
        callback_url=landing,
        new_user_url=state.new_user_url,
        error_url=state.error_url,
        now=call.now,
    )
    return append_form(state.callback_url, [("profile", proxy.seal(services, write_handed_over(handed_over)))])


HOOKS = (_by_way_of_production, _seal_state, _meet_for_another)
