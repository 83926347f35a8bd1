"""The last page of a popup: it tells its opener how the sign-in has ended, and closes.

The message goes to the one origin that was trusted when the popup began, never to any. The page's only script is pinned
by its hash. Source: contract, client.json ``oauthPopupClient``; HTML §9.3.3 (``postMessage``); CSP 3 §8.4.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import msgspec

from gatewright.wire.json import encode
from gatewright.wire.kinds import Html
from gatewright.wire.masking import masked

__all__ = ("Failure", "Opener", "closing_page")

ELEMENT = "better-auth-oauth-popup"
"""Where the page holds the message (contract)."""

TYPE = "better-auth:oauth-popup"
"""By which the opener knows the message (contract)."""

SCRIPT = f"""
const told = JSON.parse(document.getElementById("{ELEMENT}").textContent);
const opener = window.opener || (window.parent === window ? null : window.parent);
if (opener) {{
  opener.postMessage(told.message, told.targetOrigin);
  window.close();
}} else if (told.place) {{
  window.location.replace(told.place);
}}
"""
"""Without an opener, as when a sign-in in the same browser was not one of a popup, the page goes where it would have gone."""

_HASH = b64encode(sha256(SCRIPT.encode()).digest()).decode()


class Opener(msgspec.Struct, frozen=True, rename="camel"):
    """Who opened a popup, as its cookie says: an origin, and what tells its popups apart."""

    popup_origin: str
    popup_nonce: str = ""

    def __repr__(self) -> str:
        return masked(self)


class Waiting(msgspec.Struct, frozen=True, rename="camel"):
    """A popup whose sign-in owes something more, as its cookie says.

    ``place`` is where it wanted to go, ``error`` what it is told who does not give what is owed, ``since`` the moment in
    milliseconds from which a session is the popup's.
    """

    opener: Opener
    place: str
    error: str
    since: int


class Failure(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why nobody is signed in."""

    code: str
    description: str | None = None


class Message(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What the opener is told; ``token`` is the session's, signed."""

    type: str
    nonce: str
    token: str | None = None
    redirect_to: str | None = None
    error: Failure | None = None

    def __repr__(self) -> str:
        return masked(self)


def closing_page(
    opener: Opener, *, token: str | None = None, failure: Failure | None = None, place: str | None = None
) -> Html:
    """The page.

    Args:
        opener: Whom to tell.
        token: Of the session that has begun, as a bearer presents it.
        failure: Why none has.
        place: Where the browser would have gone.
    """
    to = None if token is None else place
    message = Message(type=TYPE, nonce=opener.popup_nonce, token=token, redirect_to=to, error=failure)
    told = {"message": message, "targetOrigin": opener.popup_origin, "place": place}
    # Nothing within may end the element or begin another one.
    text = encode(told).decode().replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    framed = opener.popup_origin if opener.popup_origin.startswith(("https://", "http://")) else "'none'"
    return Html(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Signing in</title></head><body>'
        f'<script type="application/json" id="{ELEMENT}">{text}</script><script>{SCRIPT}</script></body></html>',
        no_store=True,
        policy=f"default-src 'none'; script-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors {framed}",
    )
