"""Handlers: proving and changing e-mail addresses."""

from __future__ import annotations

from gatewright.access.assurance import EMAIL_LINK
from gatewright.contract.email import ChangeEmail, EmailVerified, SendVerificationEmail, VerifyEmail
from gatewright.contract.faults import InvalidUser
from gatewright.contract.results import Done, SessionData
from gatewright.flows.email_change import ask_to_change_email
from gatewright.flows.email_undo import Undo, read_undo, take_back
from gatewright.flows.email_verification import (
    ask_for_verification,
    finish_change,
    forward_change,
    open_link,
    verify,
)
from gatewright.flows.verification_mail import Caller
from gatewright.http.redirects import append_query
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, maybe_signed_in, stored_session
from gatewright.pipeline.handles import handles
from gatewright.pipeline.session_gates import Withheld
from gatewright.pipeline.session_reading import begin_session, proven_token, send_session
from gatewright.wire.faults import Fault
from gatewright.wire.kinds import Redirect

__all__ = ("ALL",)

_TOLD_BY_REDIRECT = frozenset(VerifyEmail.route.raises)


@handles(SendVerificationEmail, maybe_signed_in)
async def send_verification_email(call: Call[SendVerificationEmail], me: Signed | None) -> Done:
    """Mail a verification link."""
    asked = call.input
    await ask_for_verification(
        call.services,
        call.db,
        Caller(call.base.url, call.request),
        None if me is None else me.user,
        asked.email,
        callback_url=asked.callback_url,
    )
    return Done()


@handles(VerifyEmail)
async def verify_email(call: Call[VerifyEmail]) -> EmailVerified | Redirect:
    """Follow a mailed link; with ``callback_url`` the browser goes on, with the error if there is one."""
    place = call.input.callback_url
    try:
        result = await _follow(call)
    except Withheld as owed:
        if not place:
            raise
        return owed.leads(call, place, None)
    except Fault as fault:
        if not place or type(fault) not in _TOLD_BY_REDIRECT:
            raise
        return Redirect(append_query(place, {"error": fault.default_code}))
    return Redirect(place) if place else result


async def _follow(call: Call[VerifyEmail]) -> EmailVerified:
    services, caller = call.services, Caller(call.base.url, call.request)
    undo = read_undo(services, call.input.token)
    if undo is not None:
        return await _take_back(call, undo)
    link = await open_link(services, call.db, call.input.token)
    wanted = link.claims.update_to
    if wanted is None:
        verified = await verify(services, call.db, caller, link.user)
        if verified is not None and services.plan.settings.email_verification.auto_sign_in_after_verification:
            await _sign_in(call, await maybe_signed_in(call), verified)
        return EmailVerified(status=True, user=None)
    me = await maybe_signed_in(call)
    if me is not None and me.user.id != link.user.id:
        raise InvalidUser
    if link.claims.step == "change-email-confirmation":
        await forward_change(services, caller, link.user, wanted, call.input.callback_url)
        return EmailVerified(status=True)
    changed = await finish_change(services, call.db, caller, link.user, wanted)
    await _sign_in(call, me, changed)
    return EmailVerified(status=True, user=changed)


async def _take_back(call: Call[VerifyEmail], undo: Undo) -> EmailVerified:
    """The user has the address from before again; nobody is signed in by that."""
    restored = await take_back(call.services, call.db, undo, own_session=proven_token(call))
    me = await maybe_signed_in(call)
    if me is not None and me.user.id == restored.id:
        send_session(call, SessionData(session=me.session, user=restored))
    return EmailVerified(status=True, user=restored)


async def _sign_in(call: Call[VerifyEmail], me: Signed | None, user: User) -> None:
    """Renew the cookies of the user's own session; anybody else is given a session of the user's."""
    if me is not None and me.user.id == user.id:
        send_session(call, SessionData(session=me.session, user=user))
    else:
        await begin_session(call, user, EMAIL_LINK)


@handles(ChangeEmail, stored_session)
async def change_email(call: Call[ChangeEmail], me: Signed) -> Done:
    """Change the address, now or after the mails that the settings ask for."""
    asked = call.input
    caller = Caller(call.base.url, call.request)
    changed = await ask_to_change_email(
        call.services, call.db, caller, me.user, asked.new_email, callback_url=asked.callback_url
    )
    if changed is not None:
        send_session(call, SessionData(session=me.session, user=changed))
    return Done()


ALL = (send_verification_email, verify_email, change_email)
