"""Handlers: signing in at a provider, coming back from it, and adding an identity to a user."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from gatewright.contract import faults
from gatewright.contract.account import LinkSocialAccount, LinkStarted
from gatewright.contract.sign_in import CallbackOAuth, IdToken, SignInSocial, SocialSignedIn
from gatewright.flows.oauth.callback import CallbackRefused, exchange, is_for
from gatewright.flows.oauth.id_token import Presented, person_of_presented
from gatewright.flows.oauth.identity import Arrival, IdentityRefused, existing, sign_in_identity
from gatewright.flows.oauth.link import ExistingUser, Refusal
from gatewright.flows.oauth.link_account import link_identity
from gatewright.flows.oauth.start import Attempt, refuse_reserved
from gatewright.http.redirects import append_form, form_encoded
from gatewright.pipeline.account_cookie import send_account
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, maybe_own_session
from gatewright.pipeline.handles import handles
from gatewright.pipeline.oauth_arrival import arrive, welcome
from gatewright.pipeline.oauth_attempt import (
    StateRefused,
    begin,
    callback_address,
    error_page_address,
    take_attempt,
    trusted_providers,
)
from gatewright.pipeline.session_gates import way_through
from gatewright.pipeline.session_reading import begin_session
from gatewright.protocols.oauth2.authorize import AuthorizationRefused, read_answer
from gatewright.protocols.oauth2.state import Linking, OAuthState
from gatewright.services.database import Refused
from gatewright.services.social import ConfiguredProvider
from gatewright.services.user_admission import NotAdmitted
from gatewright.wire.faults import ApiError
from gatewright.wire.kinds import Redirect

__all__ = ("ALL",)

_ANSWER = ("code", "error", "device_id", "error_description", "state", "user", "iss")


@handles(SignInSocial)
async def sign_in_social(call: Call[SignInSocial]) -> SocialSignedIn:
    """Send the browser to the provider, or check the ID token that the caller holds."""
    asked = call.input
    refuse_reserved(asked.additional_params or {})
    known = await _provider(call, asked.provider)
    if asked.id_token is not None:
        return await _sign_in_presented(call, known, asked.id_token)
    url = await _start(call, known, asked, linking=None, new_user_url=asked.new_user_callback_url)
    return SocialSignedIn(url=url, redirect=not asked.disable_redirect)


async def _sign_in_presented(call: Call[SignInSocial], known: ConfiguredProvider, given: IdToken) -> SocialSignedIn:
    presented = _presented(given)
    person, tokens = await person_of_presented(call.services, known, presented)
    arrival = Arrival(
        known=known,
        person=person,
        # A refresh token that a client hands over is kept only where an account is linked (contract).
        tokens=replace(tokens, refresh_token=None),
        trusted=await trusted_providers(call),
        requested=call.input.request_sign_up is True,
    )
    try:
        arrived = await sign_in_identity(call.services, call.db, arrival)
    except IdentityRefused as refused:
        raise _fault(refused) from None
    if known.own.require_email_verification and not arrived.user.email_verified:
        raise faults.EmailNotVerified
    await welcome(call, arrived, call.input.callback_url)
    send_account(call, arrived.account)
    try:
        session = await begin_session(call, arrived.user, way_through(call, known.id, person.claims))
    except (Refused, faults.FailedToCreateSession):
        raise faults.OAuthLinkError(message="unable to create session") from None
    return SocialSignedIn(redirect=False, token=session.token, user=arrived.user)


async def who_links(call: Call[LinkSocialAccount], /) -> Signed:
    """Who adds an identity; a session that was revoked adds none, though a cached one still says so.

    Raises:
        Unauthorized: Nobody is signed in.
    """
    me = await maybe_own_session(call)
    if me is None:
        raise faults.Unauthorized
    return me


@handles(LinkSocialAccount, who_links)
async def link_social_account(call: Call[LinkSocialAccount], me: Signed) -> LinkStarted:
    """Send the browser to the provider to add an identity, or add the one that an ID token proves."""
    asked = call.input
    refuse_reserved(asked.additional_params or {})
    known = await _provider(call, asked.provider)
    if asked.id_token is None:
        url = await _start(call, known, asked, linking=Linking(me.user.id, me.user.email), new_user_url=None)
        return LinkStarted(url=url, redirect=not asked.disable_redirect)
    person, tokens = await person_of_presented(call.services, known, _presented(asked.id_token))
    arrival = Arrival(known=known, person=person, tokens=tokens, trusted=await trusted_providers(call))
    try:
        account = await link_identity(call.services, call.db, arrival, existing(me.user), presented=True)
    except IdentityRefused as refused:
        raise faults.LinkingFailed if refused.reason is None else _fault(refused) from None
    send_account(call, account)
    return LinkStarted(url="", redirect=False, status=True)


@handles(CallbackOAuth)
async def callback_oauth(call: Call[CallbackOAuth]) -> Redirect:
    """Take the provider's answer: sign in or link, and send the browser on; every failure is a redirect too."""
    given = call.input
    if call.request is not None and call.request.method == "POST":
        # A form posted from the provider's site carries no cookies of ours; the browser brings them with a GET.
        pairs = [(name, value) for name in _ANSWER if (value := getattr(given, name)) is not None]
        return Redirect(f"{callback_address(call, given.id)}?{form_encoded(pairs)}")
    if not given.state:
        return await _unasked(call)
    try:
        state = await take_attempt(call, given.state)
    except StateRefused as refused:
        return _refused(call, refused.error_url, refused.code)
    try:
        return Redirect(await _answered(call, state))
    except CallbackRefused as refused:
        return _refused(call, state.error_url, refused.code, refused.description)
    except IdentityRefused as refused:
        return _refused(call, state.error_url, refused.code)
    except NotAdmitted as refused:
        return _refused(call, state.error_url, refused.reason, refused.description)


async def _unasked(call: Call[CallbackOAuth]) -> Redirect:
    """An answer to nothing: where its provider may begin, an attempt of ours begins; its code is never redeemed."""
    given = call.input
    known = await call.services.plan.social.providers.find(given.id, call.services) if given.code else None
    if known is None or not known.restarts:
        return _refused(call, None, "state_not_found")
    attempt = Attempt(redirect_uri=callback_address(call, known.id), callback_url=call.base.origin)
    return Redirect(await begin(call, known, attempt))


async def _answered(call: Call[CallbackOAuth], state: OAuthState) -> str:
    """Where the browser goes after an answer that holds.

    Raises:
        CallbackRefused, IdentityRefused: It does not.
    """
    given = call.input
    answer = read_answer({name: (value,) for name in _ANSWER if (value := getattr(given, name)) is not None})
    if isinstance(answer, AuthorizationRefused):
        raise CallbackRefused(answer.error, answer.description)
    providers = call.services.plan.social.providers
    known = await providers.find(given.id, call.services)
    if known is None:
        raise CallbackRefused("oauth_provider_not_found")
    if not is_for(state, known.id, [each.id for each in providers.known()]):
        raise CallbackRefused("state_mismatch")
    granted = await exchange(call.services, known, answer, state, redirect_uri=callback_address(call, known.id))
    arrival = Arrival(
        known=known,
        person=granted.person,
        tokens=granted.tokens,
        trusted=await trusted_providers(call),
        requested=state.request_sign_up is True,
        overrides=known.own.override_user_info_on_sign_in,
    )
    if state.linking is not None:
        user = ExistingUser(id=state.linking.user_id, email=state.linking.email, email_verified=False)
        account = await link_identity(call.services, call.db, arrival, user, presented=False)
        send_account(call, account)
        return state.callback_url
    return await arrive(
        call, arrival, callback_url=state.callback_url, new_user_url=state.new_user_url, error_url=state.error_url
    )


async def _provider(call: Call[SignInSocial] | Call[LinkSocialAccount], provider_id: str) -> ConfiguredProvider:
    known = await call.services.plan.social.providers.find(provider_id, call.services)
    if known is None:
        raise faults.ProviderNotFound
    return known


async def _start(
    call: Call[SignInSocial] | Call[LinkSocialAccount],
    known: ConfiguredProvider,
    asked: SignInSocial | LinkSocialAccount,
    *,
    linking: Linking | None,
    new_user_url: str | None,
) -> str:
    """The address of the provider; the browser is bound to the attempt by a cookie."""
    attempt = Attempt(
        redirect_uri=callback_address(call, known.id),
        callback_url=asked.callback_url or call.base.origin,
        error_url=asked.error_callback_url,
        new_user_url=new_user_url,
        linking=linking,
        request_sign_up=asked.request_sign_up,
        scopes=asked.scopes or (),
        login_hint=asked.login_hint,
        parameters=asked.additional_params or {},
        additional=asked.additional_data or {},
    )
    url = await begin(call, known, attempt)
    if not asked.disable_redirect:
        call.out.headers.append(("location", url))
    return url


def _presented(given: IdToken) -> Presented:
    return Presented(
        token=given.token,
        nonce=given.nonce,
        access_token=given.access_token,
        refresh_token=given.refresh_token,
        posted_user=None if given.user is None else msgspec.json.encode(given.user).decode(),
    )


def _fault(refused: IdentityRefused) -> ApiError:
    """A refusal as the JSON answer of those who presented an ID token."""
    match refused.reason:
        case Refusal.EMAIL_NOT_FOUND:
            return faults.UserEmailNotFound()
        case Refusal.UNABLE_TO_LINK:
            return faults.LinkingNotAllowed()
        case Refusal.EMAIL_DOES_NOT_MATCH:
            return faults.LinkingDifferentEmailsNotAllowed()
        case Refusal.LINKED_TO_ANOTHER_USER:
            return faults.SocialAccountAlreadyLinked()
        case _:
            return faults.OAuthLinkError(message=refused.code.replace("_", " "))


def _refused(call: Call[CallbackOAuth], error_url: str | None, code: str, description: str | None = None) -> Redirect:
    pairs = [("error", code), *([("error_description", description)] if description else [])]
    return Redirect(append_form(error_url or error_page_address(call), pairs))


ALL = (sign_in_social, link_social_account, callback_oauth)
