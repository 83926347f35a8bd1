"""Somebody has arrived from a provider: found or made, welcomed, given a session, and sent on.

The state has been taken and the identity proven before; refusals are the caller's to word. Source: contract,
errors.json ``oauth_callback_error_codes``.
"""

from __future__ import annotations

from typing import Any

from gatewright.contract.faults import FailedToCreateSession
from gatewright.flows.oauth.callback import CallbackRefused
from gatewright.flows.oauth.identity import Arrival, Arrived, sign_in_identity
from gatewright.flows.verification_mail import Caller, send_verification
from gatewright.pipeline.account_cookie import send_account
from gatewright.pipeline.call import Call
from gatewright.pipeline.session_gates import Withheld, way_through
from gatewright.pipeline.session_reading import begin_session
from gatewright.services.database import Refused
from gatewright.wire.faults import Fault

__all__ = ("arrive", "welcome")


async def arrive(
    call: Call[Any],
    arrival: Arrival,
    *,
    callback_url: str,
    new_user_url: str | None,
    error_url: str | None = None,
) -> str:
    """Sign somebody in, and say where the browser goes.

    Args:
        call: Which sends the cookies.
        arrival: Who, on which terms.
        callback_url: Where a known user lands.
        new_user_url: Where a new user lands, if elsewhere.
        error_url: Where the browser is told of a failure.

    Raises:
        CallbackRefused: The address has to be verified first, or nobody wants the session.
        IdentityRefused: The identity may not sign in.
        NotAdmitted: The application does not want them.
    """
    arrived = await sign_in_identity(call.services, call.db, arrival)
    if arrival.known.own.require_email_verification and not arrived.user.email_verified:
        raise CallbackRefused("email_not_verified")
    await welcome(call, arrived, callback_url)
    send_account(call, arrived.account)
    landing = (new_user_url or callback_url) if arrived.created else callback_url
    try:
        await begin_session(call, arrived.user, way_through(call, arrival.known.id, arrival.person.claims))
    except Withheld as owed:
        return owed.leads(call, landing, error_url).location
    except (Refused, FailedToCreateSession):
        raise CallbackRefused("unable_to_create_session") from None
    except Fault as refused:
        # A plugin's hook has a reason of its own, as for a banned user.
        raise CallbackRefused(refused.code or "unable_to_create_session", refused.message) from None
    return landing


async def welcome(call: Call[Any], arrived: Arrived, callback_url: str | None) -> None:
    """Mail a new user whose address nobody vouches for the link that proves it, where the settings want that."""
    # Only where it is said outright (contract): that passwords need a verified address does not matter here.
    mails = call.services.plan.settings.email_verification.send_on_sign_up is True
    if mails and arrived.created and not arrived.user.email_verified:
        await send_verification(call.services, Caller(call.base.url, call.request), arrived.user, callback_url)
