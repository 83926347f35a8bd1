"""Sign up with an address and a password: one user, one account, both or neither."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatewright.contract.faults import (
    EmailPasswordSignUpDisabled,
    FailedToCreateUser,
    UserAlreadyExistsUseAnotherEmail,
    ValidationError,
)
from gatewright.model.user import User
from gatewright.ports.adapter import Conflict
from gatewright.services.database import Database, Refused
from gatewright.services.input_fields import accept_input
from gatewright.services.services import Services

__all__ = ("NewUser", "SignedUpUser", "check_image", "sign_up")


@dataclass(frozen=True, slots=True)
class NewUser:
    """What somebody says of themselves."""

    name: str
    email: str
    password: str
    image: str | None
    extra: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SignedUpUser:
    """The user, and whether signing up signs in. ``created`` is false for a stand-in that hides a known address."""

    user: User
    signs_in: bool
    created: bool


async def sign_up(services: Services, db: Database, new: NewUser) -> SignedUpUser:
    """Create a user with a password.

    Of several concurrent calls with one address one succeeds; the address is unique in the store.

    Raises:
        EmailPasswordSignUpDisabled: Switched off.
        PasswordTooShort, PasswordTooLong: Outside the configured bounds.
        MissingField, FieldNotAllowed: The application's own fields.
        UserAlreadyExistsUseAnotherEmail: The address is taken, and the settings allow to say so.
        FailedToCreateUser: A hook does not want the user.
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
    known = await services.users.by_email(db, email)
    # Hashed in either case: how long it takes must not tell whether the address is known.
    hashed = await services.passwords.hash(new.password)
    if known is not None:
        raise UserAlreadyExistsUseAnotherEmail
    try:
        async with db.transaction() as tx:
            user = await services.users.create(tx, values)
            await services.accounts.create_credential(tx, user.id, hashed)
    except Conflict:
        raise UserAlreadyExistsUseAnotherEmail from None
    except Refused:
        raise FailedToCreateUser from None
    return SignedUpUser(user, signs_in=options.auto_sign_in and not options.require_email_verification, created=True)


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
    cleaned = "".join(character for character in text if character > " ")
    head, colon, _ = cleaned.partition(":")
    return bool(colon) and not any(character in head for character in "/?#")
