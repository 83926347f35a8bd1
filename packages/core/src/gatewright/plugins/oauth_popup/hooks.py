"""The other end of a popup: in place of the redirect that a callback answers, the page that tells the opener."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from gatewright.contract.sign_in import CallbackOAuth
from gatewright.pipeline.call import Call
from gatewright.pipeline.hooks import after
from gatewright.plugins.oauth_popup.page import Failure, Opener, closing_page
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


def _failure(location: str) -> Failure | None:
    query = dict(parse_qsl(urlsplit(location).query, keep_blank_values=True))
    code = query.get("error")
    return Failure(code, query.get("error_description")) if code else None


HOOKS = (_tell_the_opener,)
