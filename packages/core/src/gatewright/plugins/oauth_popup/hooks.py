"""The other end of a popup: in place of the redirect that a callback answers, the page that tells the opener."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from gatewright.contract.sign_in import CallbackOAuth
from gatewright.pipeline.call import Call
from gatewright.pipeline.hooks import after
from gatewright.pipeline.session_gates import Withheld
from gatewright.plugins.oauth_popup.contract import OAuthPopupFinish
from gatewright.plugins.oauth_popup.page import Failure, Opener, Waiting, closing_page
from gatewright.wire.dates import millis
from gatewright.wire.json import encode
from gatewright.wire.kinds import Redirect

__all__ = ("HOOKS", "POPUP")

POPUP = "oauth_popup"
"""The cookie that marks a popup; signed (contract)."""

_read_opener = msgspec.json.Decoder(Opener)


@after(CallbackOAuth)
async def _tell_the_opener(call: Call[CallbackOAuth], result: Redirect) -> Any:  # a page is another kind of answer
    cookie = call.services.plan.cookie(POPUP)
    marked = call.signed_cookie(cookie)
    if marked is None:
        return None
    try:
        opener = _read_opener.decode(marked)
    except (msgspec.DecodeError, UnicodeError):
        return None
    if call.out.withheld is not None and call.out.withheld[0].page is not None:
        return _lead_through(call, opener, *call.out.withheld)
    begun, failure = call.new_session, _failure(result.location)
    if begun is None and failure is None:
        # It leads on to a provider: the popup is not at its end.
        return None
    call.expire_cookie(cookie)
    call.out.headers.append(("location", result.location))
    if begun is None:
        return closing_page(opener, failure=failure, place=result.location)
    token = call.services.plan.signer.sign(begun.session.token)
    return closing_page(opener, token=token, place=result.location)


def _lead_through(call: Call[CallbackOAuth], opener: Opener, owed: Withheld, place: str | None) -> Redirect:
    """To the page where what is owed is given, and from there to where the opener is told."""
    waiting = Waiting(opener, place=place or call.base.url, error=owed.error, since=millis(call.now))
    call.set_signed_cookie(call.services.plan.cookie(POPUP), encode(waiting).decode())
    return owed.leads(call, f"{call.base.url}{OAuthPopupFinish.route.path}", None)


def _failure(location: str) -> Failure | None:
    query = dict(parse_qsl(urlsplit(location).query, keep_blank_values=True))
    code = query.get("error")
    return Failure(code, query.get("error_description")) if code else None


HOOKS = (_tell_the_opener,)
