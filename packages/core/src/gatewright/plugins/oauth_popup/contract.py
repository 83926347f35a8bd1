"""The operations of the OAuth popup plugin. Source: contract, endpoints.json; the second one is our own."""

from __future__ import annotations

from gatewright.contract.faults import InvalidOrigin
from gatewright.wire.kinds import Html, Redirect
from gatewright.wire.operation import Operation, get

__all__ = ("OAuthPopupFinish", "OAuthPopupStart")


@get("/oauth-popup/start", name="oauthPopupStart", raises=(InvalidOrigin,), client=False, origin="own")
class OAuthPopupStart(Operation[Redirect | Html]):
    """Where a popup begins: it is sent to the provider, or shows a page that tells its opener what is wrong.

    ``popup_origin`` is that of the page that opened it, and must be trusted; it alone is told how the sign-in ends,
    with ``popup_nonce``. ``scopes`` are separated by spaces or commas, ``request_sign_up`` is ``true`` or left out,
    ``additional_data`` is a JSON object; the rest is as for ``/sign-in/social``.
    """

    provider: str
    popup_origin: str
    popup_nonce: str | None = None
    callback_url: str | None = None
    error_callback_url: str | None = None
    new_user_callback_url: str | None = None
    scopes: str | None = None
    request_sign_up: str | None = None
    additional_data: str | None = None


@get("/oauth-popup/finish", name="oauthPopupFinish", client=False)
class OAuthPopupFinish(Operation[Redirect | Html]):
    """Where a popup ends that had to give more than the provider's word, as a second factor: it tells its opener.

    The application's page for that is given this address as its ``callbackURL``. The session is one that has begun in this
    browser since; a browser that was sent here by no popup goes to the instance's own address.
    """
