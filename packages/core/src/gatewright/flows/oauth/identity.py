"""From a proven identity to a user who signs in: found, joined or made, by one decision and guarded writes.

Of concurrent first sign-ins of one identity, one makes the user and the others find them: the store refuses a second
account for the identity and a second user for the address, and who is refused looks again.
Source: contract, providers.json ``implicitLinking``, ``accountKey``; options.json ``account``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from gatewright.flows.oauth.link import (
    Create,
    ExistingUser,
    Identity,
    Link,
    LinkRules,
    Refusal,
    Refuse,
    SignIn,
    SignUpRules,
    decide_sign_in,
)
from gatewright.flows.oauth.person import Person
from gatewright.model.account import Account
from gatewright.model.user import User
from gatewright.ports.adapter import Conflict
from gatewright.protocols.oauth2.token import OAuthTokens
from gatewright.services.database import Database, Refused
from gatewright.services.services import Services
from gatewright.services.social import ConfiguredProvider
from gatewright.settings.account import AccountLinking
from gatewright.settings.callbacks import ProviderSource, UserInfoSource

__all__ = (
    "Arrival",
    "Arrived",
    "IdentityRefused",
    "admit",
    "existing",
    "identity_of",
    "profile_values",
    "rules_of",
    "sign_in_identity",
)

_ATTEMPTS = 4
"""How often the store may refuse before something else must be wrong."""


class IdentityRefused(Exception):
    """The identity may not do what it came for; ``code`` is the contract's for a redirect."""

    def __init__(self, reason: Refusal | str) -> None:
        self.reason = reason if isinstance(reason, Refusal) else None
        self.code = reason.value if isinstance(reason, Refusal) else reason
        super().__init__(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Who comes, and on which terms.

    Attributes:
        known: The provider.
        person: Who it is.
        tokens: What was granted.
        trusted: Providers whose word about an address is believed.
        requested: Whether the caller asks for a new user.
        overrides: Whether the profile is copied to a known user.
    """

    known: ConfiguredProvider
    person: Person
    tokens: OAuthTokens
    trusted: Collection[str]
    requested: bool = False
    overrides: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who has arrived. ``account`` is ``None`` where a known one was left as it is."""

    user: User
    account: Account | None
    created: bool


def rules_of(linking: AccountLinking, trusted: Collection[str]) -> LinkRules:
    """The settings as rules."""
    return LinkRules(
        enabled=linking.enabled,
        disable_implicit_linking=linking.disable_implicit_linking,
        require_local_email_verified=linking.require_local_email_verified,
        trusted_providers=trusted,
        allow_different_emails=linking.allow_different_emails,
        update_user_info_on_link=linking.update_user_info_on_link,
    )


_KELVIN = "\u212a"
"""The only letter outside of ASCII whose lower case is inside: with it another mailbox becomes ``k``, somebody else's."""


def address_of(person: Person) -> str | None:
    """The address that a person came with; one that would become another address in lower case counts as none."""
    email = person.profile.email
    return None if email is None or _KELVIN in email else email


def identity_of(known: ConfiguredProvider, person: Person) -> Identity:
    """What the decision needs of a person."""
    return Identity(provider_id=known.id, email=address_of(person), email_verified=person.profile.email_verified)


def existing(user: User) -> ExistingUser:
    """What the decision needs of a user."""
    return ExistingUser(id=user.id, email=user.email, email_verified=user.email_verified)


async def sign_in_identity(services: Services, db: Database, arrival: Arrival) -> Arrived:
    """The user whom an identity signs in.

    Raises:
        IdentityRefused: It may not sign in, or the user could not be made.
        NotAdmitted: The application does not want them.
    """
    for _ in range(_ATTEMPTS):
        try:
            return await _arrive(services, db, arrival)
        except Conflict:
            # Somebody was faster with this identity or this address: what is there now decides.
            continue
        except Refused:
            raise IdentityRefused("unable_to_create_user") from None
    raise IdentityRefused("unable_to_create_user")


async def _arrive(services: Services, db: Database, arrival: Arrival) -> Arrived:
    person, own = arrival.person, arrival.known.own
    address = address_of(person)
    account = await services.provider_accounts.by_identity(db, person.issuer, person.subject)
    user: User | None = None
    if account is not None:
        user = await services.users.by_id(db, account.user_id)
        if user is None:
            raise IdentityRefused(Refusal.ACCOUNT_NOT_LINKED)
    elif address:
        user = await services.users.by_email(db, address)
    decision = decide_sign_in(
        identity_of(arrival.known, person),
        rules=rules_of(services.plan.settings.account.account_linking, arrival.trusted),
        owner_id=None if account is None else account.user_id,
        same_email=None if user is None or account is not None else existing(user),
        sign_up=SignUpRules(
            disabled=own.disable_sign_up, only_on_request=own.disable_implicit_sign_up, requested=arrival.requested
        ),
    )
    match decision:
        case Refuse(reason):
            raise IdentityRefused(reason)
        case Create():
            return await _create(services, db, arrival, decision)
        case Link() if user is not None:
            return await _join(services, db, arrival, user, decision)
        case SignIn() if user is not None and account is not None:
            return await _return(services, db, arrival, user, account)
        case _:
            raise IdentityRefused(Refusal.ACCOUNT_NOT_LINKED)


async def _create(services: Services, db: Database, arrival: Arrival, decision: Create) -> Arrived:
    profile = arrival.person.profile
    values: dict[str, object] = {
        **_columns(services, profile.extra),
        "name": profile.name,
        "email": decision.email.lower(),
        "emailVerified": decision.email_verified,
        "image": profile.image,
    }
    async with db.transaction() as tx:
        user = await services.users.create(tx, values, source=_source(arrival, "create-user"))
        account = await _add(services, tx, arrival, user)
    return Arrived(user, account, created=True)


async def _join(services: Services, db: Database, arrival: Arrival, user: User, decision: Link) -> Arrived:
    await admit(services, db, arrival, user.id, "link-account")
    values: dict[str, object] = profile_values(arrival.person) if decision.update_user_info else {}
    if decision.verify_email:
        values["emailVerified"] = True
    async with db.transaction() as tx:
        account = await _add(services, tx, arrival, user)
        updated = await _update(services, tx, user, values)
    return Arrived(updated, account, created=False)


async def _return(services: Services, db: Database, arrival: Arrival, user: User, account: Account) -> Arrived:
    await admit(services, db, arrival, user.id, "sign-in")
    kept: Account | None = account
    if services.plan.settings.account.update_account_on_sign_in:
        kept = await services.provider_accounts.update(db, account, arrival.tokens)
        if kept is None:
            # Unlinked between the read and the write: the identity no longer signs in as this user.
            raise Conflict("account")
    profile = arrival.person.profile
    values: dict[str, object] = {}
    if arrival.overrides:
        values = {**_columns(services, profile.extra), **profile_values(arrival.person)}
    address = address_of(arrival.person)
    same_address = address is not None and address.lower() == user.email.lower()
    if same_address and profile.email_verified and not user.email_verified:
        values["emailVerified"] = True
    return Arrived(await _update(services, db, user, values), kept, created=False)


async def _update(services: Services, db: Database, user: User, values: Mapping[str, object]) -> User:
    """The user with what the profile says; an address is verified only while it is the one that was compared.

    Raises:
        Conflict: The user has another address by now, or is gone: what is there now decides.
    """
    if not values:
        return user
    address = user.email if "emailVerified" in values else None
    updated = await services.users.update(db, user.id, values, address=address)
    if updated is None:
        raise Conflict("user")
    return updated


async def admit(
    services: Services, db: Database, arrival: Arrival, user_id: str, action: Literal["link-account", "sign-in"]
) -> None:
    """Ask the application's gate about somebody whom a provider vouches for, and who is a user already.

    Raises:
        NotAdmitted: It does not want them.
    """
    profile = arrival.person.profile
    said: dict[str, object] = {
        **profile.extra,
        "id": user_id,
        "name": profile.name,
        "email": profile.email and profile.email.lower(),
        "emailVerified": profile.email_verified,
        "image": profile.image,
    }
    await services.users.admit(db, said, _source(arrival, action))


def _source(arrival: Arrival, action: Literal["create-user", "link-account", "sign-in"]) -> UserInfoSource:
    return UserInfoSource("oauth", action, ProviderSource(arrival.known.id, arrival.person.profile.raw))


async def _add(services: Services, db: Database, arrival: Arrival, user: User) -> Account:
    return await services.provider_accounts.create(
        db,
        user_id=user.id,
        provider_id=arrival.known.id,
        issuer=arrival.person.issuer,
        subject=arrival.person.subject,
        tokens=arrival.tokens,
    )


def profile_values(person: Person) -> dict[str, object]:
    """The parts of a profile that are copied to a known user: never the address, which only its owner changes."""
    profile = person.profile
    return {
        **({"name": profile.name} if profile.name else {}),
        **({"image": profile.image} if profile.image else {}),
    }


def _columns(services: Services, values: Mapping[str, object]) -> dict[str, object]:
    columns = services.plan.schema[User].columns
    return {name: value for name, value in values.items() if name in columns}
