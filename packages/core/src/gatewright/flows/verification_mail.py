"""Links that prove an e-mail address: the signed token in them, and mailing them. Following one is another file's.

Source: contract, crypto.json ``email_verification_token``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from gatewright.contract.faults import InvalidToken, TokenExpired
from gatewright.crypto.jwt import JwtRefusal, open_hs256, sign_hs256
from gatewright.http.cookies import encode_uri_component
from gatewright.http.request import Request
from gatewright.model.user import User
from gatewright.services.services import Services
from gatewright.settings.callbacks import ChangeEmailMail, Mail

__all__ = (
    "Caller",
    "EmailClaims",
    "confirmation_mail",
    "link_to",
    "mail_nobody",
    "make_token",
    "read_token",
    "send_verification",
    "verification_mail",
)

ChangeStep: TypeAlias = Literal["change-email-confirmation", "change-email-verification"]

_STEPS: dict[str, ChangeStep] = {
    "change-email-confirmation": "change-email-confirmation",
    "change-email-verification": "change-email-verification",
}
_CLAIMS = frozenset({"email", "updateTo", "requestType", "iat", "exp"})


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf a mail is sent: where links lead, and the request that the application's sender is shown."""

    base_url: str
    request: Request | None


@dataclass(frozen=True, slots=True, repr=False)
class EmailClaims:
    """What a link says.

    Attributes:
        email: The address that the user had.
        issued_at: Seconds since the epoch.
        update_to: The address that the user wants.
        step: What following the link does for that.
    """

    email: str
    issued_at: int
    update_to: str | None = None
    step: ChangeStep | None = None


def make_token(
    secret: str,
    email: str,
    *,
    now: datetime,
    lifetime_seconds: int,
    update_to: str | None = None,
    step: ChangeStep | None = None,
) -> str:
    """A signed token; addresses are written in lower case."""
    claims: dict[str, object] = {"email": email.lower()}
    if update_to is not None:
        claims["updateTo"] = update_to.lower()
    if step is not None:
        claims["requestType"] = step
    issued = int(now.timestamp())
    return sign_hs256({**claims, "iat": issued, "exp": issued + lifetime_seconds}, secret)


def read_token(token: str, secret: str, *, now: datetime) -> EmailClaims:
    """What a token says, if it is one of these.

    Raises:
        TokenExpired: It is, but too old.
        InvalidToken: Anything else, tokens that the same secret signed for other purposes among it.
    """
    claims = open_hs256(token, secret, now=now)
    if claims is JwtRefusal.EXPIRED:
        raise TokenExpired
    if isinstance(claims, JwtRefusal) or not _CLAIMS.issuperset(claims) or "exp" not in claims:
        raise InvalidToken(status=401)
    email, issued, update_to = claims.get("email"), claims.get("iat"), claims.get("updateTo")
    step = _STEPS.get(str(claims.get("requestType")))
    if not isinstance(email, str) or not isinstance(issued, int) or not isinstance(update_to, str | None):
        raise InvalidToken(status=401)
    if (update_to is None) != (step is None) or (step is None and "requestType" in claims):
        raise InvalidToken(status=401)
    return EmailClaims(email=email, issued_at=issued, update_to=update_to, step=step)


def _token(services: Services, email: str, update_to: str | None, step: ChangeStep | None) -> str:
    plan = services.plan
    return make_token(
        plan.secret,
        email,
        now=services.clock.now(),
        lifetime_seconds=plan.settings.email_verification.expires_in,
        update_to=update_to,
        step=step,
    )


def link_to(caller: Caller, token: str, callback_url: str | None) -> str:
    """Where a mailed token is followed."""
    return f"{caller.base_url}/verify-email?token={token}&callbackURL={encode_uri_component(callback_url or '/')}"


def verification_mail(
    services: Services, caller: Caller, user: User, callback_url: str | None, *, update_to: str | None = None
) -> Mail:
    """The mail that proves an address: the user's own, or with ``update_to`` the one that the user wants."""
    step = None if update_to is None else _STEPS["change-email-verification"]
    token = _token(services, user.email, update_to, step)
    addressee = user if update_to is None else user.with_values({"email": update_to})
    return Mail(user=addressee, url=link_to(caller, token, callback_url), token=token)


def confirmation_mail(
    services: Services, caller: Caller, user: User, callback_url: str | None, *, update_to: str
) -> ChangeEmailMail:
    """The mail that asks at the user's present address whether it may be changed."""
    token = _token(services, user.email, update_to, _STEPS["change-email-confirmation"])
    return ChangeEmailMail(user=user, new_email=update_to, url=link_to(caller, token, callback_url), token=token)


async def send_verification(
    services: Services, caller: Caller, user: User, callback_url: str | None, *, update_to: str | None = None
) -> None:
    """Mail a link that proves an address, outside the request; nothing where no sender is configured."""
    own = services.plan.mails_verification
    if own is not None and update_to is None:
        await own(services, user, caller.request)
        return
    sender = services.plan.settings.email_verification.send_verification_email
    if sender is None:
        return
    mail = verification_mail(services, caller, user, callback_url, update_to=update_to)
    await services.tasks.spawn(lambda: sender(mail, caller.request), name="mailing a verification link")


async def mail_nobody(services: Services, caller: Caller, callback_url: str | None, email: str) -> None:
    """Do what mailing a link costs, for an address that none is mailed to."""
    verification_mail(services, caller, User(name="", email=email), callback_url)
    await services.tasks.spawn(_nothing, name="mailing nobody")


async def _nothing() -> None:
    """What is mailed to nobody."""
