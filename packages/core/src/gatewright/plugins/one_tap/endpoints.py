"""The handler of the one tap plugin: the token is checked and the user found as for any identity of Google's."""

from __future__ import annotations

from dataclasses import replace

from gatewright.contract.faults import EmailNotVerified, FailedToCreateSession, FailedToGetUserInfo, InvalidToken
from gatewright.flows.oauth.id_token import Presented, person_of_presented
from gatewright.flows.oauth.identity import Arrival, Arrived, IdentityRefused, sign_in_identity
from gatewright.flows.verification_mail import Caller, send_verification
from gatewright.pipeline.account_cookie import send_account
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import handles
from gatewright.pipeline.oauth_attempt import trusted_providers
from gatewright.pipeline.session_gates import way_through
from gatewright.pipeline.session_reading import begin_session
from gatewright.plugins.one_tap.contract import OneTapCallback, TappedIn
from gatewright.plugins.one_tap.plugin import OneTap
from gatewright.services.database import Refused
from gatewright.services.social import ConfiguredProvider, configured
from gatewright.settings.social import SocialProvider
from gatewright.wire.faults import ApiError

__all__ = ("ALL",)

GOOGLE = "google"
SCOPES = ("openid", "profile", "email")
"""What such a token stands for (contract)."""


@handles(OneTapCallback)
async def one_tap_callback(call: Call[OneTapCallback]) -> TappedIn:
    """Sign in with a token of Google's."""
    services = call.services
    known = await _google(call)
    try:
        person, tokens = await person_of_presented(services, known, Presented(call.input.id_token))
    except (InvalidToken, FailedToGetUserInfo) as refused:
        raise ApiError(400, message="invalid id token", because=refused.because) from None
    if not person.profile.email:
        raise ApiError(400, message="Email not available in token")
    arrival = Arrival(
        known=known, person=person, tokens=replace(tokens, scopes=SCOPES), trusted=await trusted_providers(call)
    )
    try:
        arrived = await sign_in_identity(services, call.db, arrival)
    except IdentityRefused as refused:
        raise ApiError(401, message=refused.code.replace("_", " ")) from None
    if known.own.require_email_verification and not arrived.user.email_verified:
        raise EmailNotVerified
    await _welcome(call, arrived)
    send_account(call, arrived.account)
    try:
        session = await begin_session(call, arrived.user, way_through(call, GOOGLE, person.claims))
    except (Refused, FailedToCreateSession):
        raise ApiError(401, message="unable to create session") from None
    return TappedIn(token=session.token, user=arrived.user)


async def _google(call: Call[OneTapCallback]) -> ConfiguredProvider:
    """Google for whom the token must be; what the settings say of its dialogue in a browser does not matter here.

    Raises:
        ApiError: Nobody says for whom tokens must be.
    """
    options = call.plugin(OneTap).options
    settings = await call.services.plan.social.providers.find(GOOGLE, call.services)
    own = None if settings is None else settings.own
    client_id = options.client_id or (None if own is None else own.client_id)
    if not client_id:
        said = "Google client ID is required for One Tap. Set it on the oneTap plugin (clientId) or on socialProviders.google."
        raise ApiError(400, message=said)
    made = configured(
        GOOGLE,
        SocialProvider(
            client_id=client_id,
            client_secret="not used: no code is exchanged",  # noqa: S106
            hd=None if own is None else own.hd,
            disable_sign_up=options.disable_signup or (own is not None and own.disable_sign_up),
            require_email_verification=own is not None and own.require_email_verification,
        ),
    )
    if made is None:
        raise RuntimeError("a provider that is enabled is there")
    return made


async def _welcome(call: Call[OneTapCallback], arrived: Arrived) -> None:
    """Mail a new user whose address Google does not vouch for the link that proves it, where the settings want that."""
    mails = call.services.plan.settings.email_verification.send_on_sign_up is True
    if mails and arrived.created and not arrived.user.email_verified:
        caller = Caller(call.base.url, call.request)
        await send_verification(call.services, caller, arrived.user, call.input.callback_url)


ALL = (one_tap_callback,)
