"""Handlers: ask for a link, follow it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET

from gatewright.access.assurance import EMAIL_LINK
from gatewright.contract.faults import FailedToCreateSession, FailedToCreateUser
from gatewright.contract.results import Done
from gatewright.http.cookies import encode_uri_component
from gatewright.http.redirects import with_query
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import Endpoint, handles
from gatewright.pipeline.session_gates import Withheld
from gatewright.pipeline.session_reading import begin_session
from gatewright.plugins.magic_link.contract import MagicLinkSignedIn, MagicLinkVerify, SignInMagicLink
from gatewright.plugins.magic_link.flows import make_link, sign_in_by_link, take_link
from gatewright.plugins.magic_link.options import MagicLinkMail, MagicLinkOptions
from gatewright.services.user_admission import NotAdmitted
from gatewright.wire.faults import ApiError
from gatewright.wire.kinds import Redirect

__all__ = ("endpoints",)


def endpoints(options: MagicLinkOptions) -> Sequence[Endpoint]:
    """The handlers under the options of an instance."""

    @handles(SignInMagicLink)
    async def sign_in_magic_link(call: Call[SignInMagicLink]) -> Done:
        asked = call.input
        await call.services.targets.message(call.request, asked.email)
        token = await make_link(call.services, call.db, options, asked.email, asked.name)
        mail = MagicLinkMail(
            email=asked.email,
            url=_link(call, token),
            token=token,
            metadata=UNSET if asked.metadata is None else asked.metadata,
        )
        await call.services.tasks.spawn(lambda: options.send_magic_link(mail, call), name="mailing a magic link")
        return Done()

    @handles(MagicLinkVerify)
    async def magic_link_verify(call: Call[MagicLinkVerify]) -> MagicLinkSignedIn | Redirect:
        asked = call.input

        def refuse(error: str, description: str | None = None) -> Redirect:
            place = asked.error_callback_url or asked.callback_url or "/"
            more = {} if description is None else {"error_description": description}
            return Redirect(with_query(place, {"error": error, **more}, base=call.base.origin))

        claim = await take_link(call.services, call.db, options, asked.token)
        if claim is None:
            return refuse("INVALID_TOKEN")
        try:
            found = await sign_in_by_link(call.services, call.db, options, claim)
            if found is None:
                return refuse("new_user_signup_disabled")
            user, new = found
            session = await begin_session(call, user, EMAIL_LINK)
        except Withheld as owed:
            if not asked.callback_url:
                raise
            return owed.leads(call, asked.callback_url, asked.error_callback_url)
        except NotAdmitted as refused:
            return refuse(refused.reason, refused.description)
        except FailedToCreateUser:
            return refuse("failed_to_create_user")
        except FailedToCreateSession:
            return refuse("failed_to_create_session")
        except ApiError as refused:
            # A hook of the application's own has its say, in its own words; a browser is told the code of it.
            if not asked.callback_url:
                raise
            return refuse(refused.code or "failed_to_create_session")
        if not asked.callback_url:
            return MagicLinkSignedIn(token=session.token, user=user, session=session)
        place = (asked.new_user_callback_url if new else None) or asked.callback_url
        return Redirect(with_query(place, {}, base=call.base.origin))

    return (sign_in_magic_link, magic_link_verify)


def _link(call: Call[SignInMagicLink], token: str) -> str:
    asked = call.input
    places = {
        "callbackURL": asked.callback_url or "/",
        "newUserCallbackURL": asked.new_user_callback_url,
        "errorCallbackURL": asked.error_callback_url,
    }
    more = "".join(f"&{name}={encode_uri_component(place)}" for name, place in places.items() if place)
    return f"{call.base.url}/magic-link/verify?token={encode_uri_component(token)}{more}"
