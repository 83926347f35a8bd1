"""The handlers that a popup begins and may end with: what is wrong is told to its opener, which waits for a message."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from gatewright.contract.faults import InvalidOrigin, Unauthorized
from gatewright.flows.oauth.start import Attempt
from gatewright.http.origin import origin_of
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import stored_session
from gatewright.pipeline.handles import handles
from gatewright.pipeline.oauth_attempt import begin, callback_address
from gatewright.pipeline.origin_check import trusted_by
from gatewright.plugins.oauth_popup.contract import OAuthPopupFinish, OAuthPopupStart
from gatewright.plugins.oauth_popup.hooks import POPUP
from gatewright.plugins.oauth_popup.page import Failure, Opener, Waiting, closing_page
from gatewright.wire.dates import millis
from gatewright.wire.faults import ApiError
from gatewright.wire.json import JsonError, decode, encode
from gatewright.wire.kinds import Html, Redirect

__all__ = ("ENDPOINTS",)

_BETWEEN_SCOPES = re.compile(r"[\s,]+")
_read_waiting = msgspec.json.Decoder(Waiting)


@handles(OAuthPopupStart)
async def oauth_popup_start(call: Call[OAuthPopupStart]) -> Redirect | Html:
    """Send a popup to the provider."""
    asked, services = call.input, call.services
    trusted = await trusted_by(call)
    origin = origin_of(asked.popup_origin)
    # An origin as a page writes its own: not that of a document within another one (``blob:``).
    if origin is None or not asked.popup_origin.startswith(origin) or not trusted.allows_origin(origin):
        raise InvalidOrigin
    opener = Opener(popup_origin=origin, popup_nonce=asked.popup_nonce or "")
    for place, code in (
        (asked.callback_url, "invalid_callback_url"),
        (asked.error_callback_url, "invalid_error_callback_url"),
        (asked.new_user_callback_url, "invalid_new_user_callback_url"),
    ):
        if place and not trusted.allows_url(place, relative=True):
            return closing_page(opener, failure=Failure(code, f"Untrusted URL: {place}"))
    try:
        known = await services.plan.social.providers.find(asked.provider, services)
        if known is None:
            return closing_page(opener, failure=Failure("provider_not_found", f"Unknown provider: {asked.provider}"))
        attempt = Attempt(
            redirect_uri=callback_address(call, known.id),
            callback_url=asked.callback_url or call.base.url,
            error_url=asked.error_callback_url or None,
            new_user_url=asked.new_user_callback_url or None,
            request_sign_up=True if asked.request_sign_up == "true" else None,
            scopes=[scope for scope in _BETWEEN_SCOPES.split(asked.scopes or "") if scope],
            additional=_members(asked.additional_data),
        )
        url = await begin(call, known, attempt)
    except ApiError as refused:
        if refused.status >= 500:
            services.log.error("a popup could not begin", error=refused, provider=asked.provider)
        return closing_page(opener, failure=Failure((refused.code or "unable_to_begin").lower(), refused.message))
    call.set_signed_cookie(services.plan.cookie(POPUP), encode(opener).decode())
    return Redirect(url)


@handles(OAuthPopupFinish)
async def oauth_popup_finish(call: Call[OAuthPopupFinish]) -> Redirect | Html:
    """Tell the opener of a popup that owed more how it has ended."""
    plan, cookie = call.services.plan, call.services.plan.cookie(POPUP)
    try:
        waiting = _read_waiting.decode(call.signed_cookie(cookie) or "")
    except (msgspec.DecodeError, UnicodeError):
        return Redirect(f"{call.base.origin}/")
    call.expire_cookie(cookie)
    try:
        me = await stored_session(call)
    except Unauthorized:
        me = None
    # One that was there before is not what this popup has led to.
    if me is None or millis(me.session.created_at) < waiting.since:
        return closing_page(waiting.opener, failure=Failure(waiting.error), place=waiting.place)
    return closing_page(waiting.opener, token=plan.signer.sign(me.session.token), place=waiting.place)


def _members(text: str | None) -> Mapping[str, object]:
    """The members of a JSON object; none of anything else (contract)."""
    try:
        value = decode(text or "")
    except JsonError:
        return {}
    return value if isinstance(value, dict) else {}


ENDPOINTS = (oauth_popup_start, oauth_popup_finish)
