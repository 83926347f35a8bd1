"""Sign up with an address and a password: one user, one account, both or neither."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gatewright.contract.faults import (
    EmailPasswordSignUpDisabled,
    FailedToCreateUser,
    UserAlreadyExistsUseAnotherEmail,
    ValidationError,
)
from gatewright.crypto.random_text import ID_ALPHABET, random_text
from gatewright.flows.verification_mail import Caller, send_verification
from gatewright.model.row import Row
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.ports.adapter import Conflict
from gatewright.services.database import Database, Refused
from gatewright.services.input_fields import accept_input
from gatewright.services.services import Services
from gatewright.services.user_admission import NotAdmitted
from gatewright.settings.callbacks import SyntheticUser, UserInfoSource, UserOnly

__all__ = ("NewUser", "SignedUpUser", "check_image", "sign_up")


@dataclass(frozen=True, slots=True)
class NewUser:
    """What somebody says of themselves."""

    name: str
    email: str
    password: str = field(repr=False)
    image: str | None
    extra: Mapping[str, object]
    callback_url: str | None = None


@dataclass(frozen=True, slots=True)
class SignedUpUser:
    """The user, and whether signing up signs in. ``created`` is false for a stand-in that hides a known address."""

    user: User
    signs_in: bool
    created: bool


async def sign_up(
    services: Services,
    db: Database,
    caller: Caller,
    new: NewUser,
    begin: Callable[[Database, User], Awaitable[object]],
) -> SignedUpUser:
    """Create a user with a password and, where signing up signs in, a session: all of it, or nothing.

    Of several concurrent calls with one address one succeeds; the address is unique in the store. Where signing up does
    not sign in, the others are answered with a made-up user, so that nobody learns who is registered.

    Args:
        services: Of the instance.
        db: Where.
        caller: Who asks.
        new: What they say of themselves.
        begin: Begins the session of a new user within a transaction; what it raises undoes the user.

    Raises:
        EmailPasswordSignUpDisabled: Switched off.
        PasswordTooShort, PasswordTooLong: Outside the configured bounds.
        MissingField, FieldNotAllowed: The application's own fields.
        UserAlreadyExistsUseAnotherEmail: The address is taken, and the settings allow to say so.
        FailedToCreateUser: A hook does not want the user.
        Refused: A hook does not want the session.
        NotAdmitted: The application does not, and the settings allow to say so.
    """
    settings = services.plan.settings
    options = settings.email_and_password
    if not options.enabled or options.disable_sign_up:
        raise EmailPasswordSignUpDisabled
    services.passwords.check_length(new.password)
    check_image(new.image)
    more = await accept_input(services.plan.schema[User], new.extra, core=User.columns, creating=True)
    email = new.email.lower()
    values = {"name": new.name, "email": email, "image": new.image, "emailVerified": False, **more}
    tells = signs_in = options.auto_sign_in and not options.require_email_verification
    known = await services.users.by_email(db, email)
    # Hashed in either case: how long it takes must not tell whether the address is known.
    hashed = await services.passwords.hash(new.password)
    if known is not None:
        return await _known(services, db, caller, known, values)
    try:
        async with db.transaction() as tx:
            user = await services.users.create(tx, values, source=UserInfoSource("email-password"))
            await services.accounts.create_credential(tx, user.id, hashed)
            if signs_in:
                await begin(tx, user)
    except Conflict:
        known = await services.users.by_email(db, email)
        if known is None:
            await services.users.explain(db, values)
            raise FailedToCreateUser from None  # another unique column of the application's own
        return await _known(services, db, caller, known, values)
    except NotAdmitted:
        if tells:
            raise
        # Whoever is known is answered like this too; who is not welcome must not be told apart from them.
        return await _made_up(services, db, None, values)
    except Refused as refused:
        if refused.table == Session.table:
            raise
        raise FailedToCreateUser(status=400) from None
    mails = settings.email_verification.send_on_sign_up
    if options.require_email_verification if mails is None else mails:
        await send_verification(services, caller, user, new.callback_url)
    return SignedUpUser(user, signs_in=signs_in, created=True)


async def _known(
    services: Services, db: Database, caller: Caller, known: User, values: Mapping[str, object]
) -> SignedUpUser:
    """What somebody is told who signs up with the address of ``known``."""
    options = services.plan.settings.email_and_password
    if options.auto_sign_in and not options.require_email_verification:
        raise UserAlreadyExistsUseAnotherEmail
    tell = options.on_existing_user_sign_up
    if tell is not None:
        await services.tasks.spawn(lambda: tell(UserOnly(known), caller.request), name="on_existing_user_sign_up")
    return await _made_up(services, db, known, values)


async def _made_up(services: Services, db: Database, known: User | None, values: Mapping[str, object]) -> SignedUpUser:
    user = db.draft(User.seen(values, None))
    if user.get("id") is None:
        user = user.with_values({"id": await _next_id(services, db, known)})
    options = services.plan.settings.email_and_password
    make = options.custom_synthetic_user
    if make is not None:
        made = make(_described(user))
        given = await made if inspect.isawaitable(made) else made
        user = user.with_values(given.raw if isinstance(given, Row) else given)
    return SignedUpUser(user, signs_in=False, created=False)


def _described(user: User) -> SyntheticUser:
    core = {name: value for name, value in user.raw.items() if name in User.columns and name != "id"}
    more: dict[str, Any] = {
        name: value for name, value in user.raw.items() if name not in User.columns and value is not None
    }
    return SyntheticUser(core_fields=core, additional_fields=more, id=user.id)


async def _next_id(services: Services, db: Database, known: User | None) -> str:
    """An identifier like those that the store makes: the next number, or text of the same length."""
    newest = await db.find_many(User, order=(User.created_at.descending(),), limit=1)
    last = newest[0].id if newest else "0" if known is None else known.id
    return str(int(last) + 1) if last.isdecimal() else random_text(len(last), ID_ALPHABET, services.random.bytes)


def check_image(image: object) -> None:
    """Refuse an image that a page could be made to run: only ``http(s)`` and relative addresses are kept.

    Raises:
        ValidationError: Another scheme.
    """
    if not isinstance(image, str) or not image:
        return
    scheme, colon, _ = image.partition(":")
    if (colon and scheme.isascii() and scheme.lower() in ("http", "https")) or not _has_scheme(image):
        return
    raise ValidationError(message="[body.image] Invalid URL")


def _has_scheme(text: str) -> bool:
    # What a browser takes for a scheme: control characters and spaces in front and tabs and newlines inside are skipped.
    head, colon, _ = text.partition(":")
    return bool(colon) and not any(character in head for character in "/?#")
