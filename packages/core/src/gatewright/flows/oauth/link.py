"""Whether an identity may sign in as, join or become a user: one pure decision; rows are read and written elsewhere.

An identity is known by issuer and subject alone; an address only ever proposes a user to join. Source: contract
``options.json`` (``account.accountLinking``), ``providers.json`` (``implicitLinking``, ``missingEmail``).
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

__all__ = (
    "Create",
    "Decision",
    "ExistingUser",
    "Identity",
    "Link",
    "LinkRules",
    "Refusal",
    "Refuse",
    "SignIn",
    "SignUpRules",
    "decide_explicit_link",
    "decide_link",
    "decide_sign_in",
)


class Refusal(Enum):
    """Why an identity is refused; the value is the code in the redirect."""

    EMAIL_NOT_FOUND = "email_not_found"
    ACCOUNT_NOT_LINKED = "account_not_linked"
    SIGN_UP_DISABLED = "signup_disabled"
    UNABLE_TO_LINK = "unable_to_link_account"
    EMAIL_DOES_NOT_MATCH = "email_does_not_match"
    LINKED_TO_ANOTHER_USER = "account_already_linked_to_different_user"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRules:
    """``account.accountLinking``.

    Args:
        enabled: Whether identities may join users at all.
        disable_implicit_linking: Whether only a signed-in user may add an identity.
        require_local_email_verified: Whether joining by address needs the user's own address to be verified.
        trusted_providers: Providers whose addresses count as verified.
        allow_different_emails: Whether a signed-in user may add an identity with another address.
        update_user_info_on_link: Whether the profile is copied to the user.
    """

    enabled: bool = True
    disable_implicit_linking: bool = False
    require_local_email_verified: bool = True
    trusted_providers: Collection[str] = field(default_factory=frozenset[str])
    allow_different_emails: bool = False
    update_user_info_on_link: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpRules:
    """When an unknown identity becomes a user.

    Args:
        disabled: Never.
        only_on_request: Only when the caller asks.
        requested: Whether the caller asks.
    """

    disabled: bool = False
    only_on_request: bool = False
    requested: bool = False

    @property
    def allowed(self) -> bool:
        """Whether a user may be made now."""
        return not self.disabled and (self.requested or not self.only_on_request)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A proven identity at a provider.

    Args:
        provider_id: Whose.
        email: The address it came with, if any.
        email_verified: Whether the provider vouches for the address.
        built_in: Whether the provider was configured by the application. One that was registered at run time (single
            sign-on) may carry a trusted name without being trusted.
    """

    provider_id: str
    email: str | None
    email_verified: bool
    built_in: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingUser:
    """As much of a user as the decision needs.

    Args:
        id: Of the user.
        email: Their address.
        email_verified: Whether they have proven it.
    """

    id: str
    email: str
    email_verified: bool


@dataclass(frozen=True, slots=True)
class SignIn:
    """The identity is already this user's.

    Args:
        user_id: Whose session it becomes, or who it stays linked to.
    """

    user_id: str


@dataclass(frozen=True, slots=True)
class Link:
    """The identity joins this user.

    Args:
        user_id: Whom it joins.
        update_user_info: Whether name and picture are copied.
        verify_email: Whether the user's address is verified by this.
    """

    user_id: str
    update_user_info: bool
    verify_email: bool


@dataclass(frozen=True, slots=True)
class Create:
    """The identity becomes a new user.

    Args:
        email: Address of the new user.
        email_verified: Whether it starts verified.
    """

    email: str
    email_verified: bool


@dataclass(frozen=True, slots=True)
class Refuse:
    """Nothing is written.

    Args:
        reason: Why.
    """

    reason: Refusal


Decision: TypeAlias = SignIn | Link | Create | Refuse


def decide_link(
    identity: Identity,
    *,
    rules: LinkRules,
    owner_id: str | None,
    sign_up: SignUpRules | None = None,
    same_email: ExistingUser | None = None,
    signed_in: ExistingUser | None = None,
    presented: bool = False,
) -> Decision:
    """What happens with an identity: for a signed-in user who links, else for a visitor who signs in.

    Args:
        identity: Whose origin is proven.
        rules: Of linking.
        owner_id: The user that this issuer and subject already belong to.
        sign_up: Rules of sign-up; unused when linking.
        same_email: The user with the identity's address; unused when linking.
        signed_in: Who links; ``None`` when somebody signs in.
        presented: Whether the client presented an ID token itself; then, as in the contract, a missing address and an
            identity of another user are told before anything else.
    """
    if signed_in is not None:
        return decide_explicit_link(identity, rules=rules, owner_id=owner_id, signed_in=signed_in, presented=presented)
    return decide_sign_in(
        identity, rules=rules, owner_id=owner_id, same_email=same_email, sign_up=sign_up or SignUpRules()
    )


def decide_sign_in(
    identity: Identity, *, rules: LinkRules, owner_id: str | None, same_email: ExistingUser | None, sign_up: SignUpRules
) -> SignIn | Link | Create | Refuse:
    """What happens when a visitor comes with an identity; arguments as ``decide_link``.

    A user is joined by address only when both sides have proven it: otherwise whoever registers an address first
    would own what its true holder signs in to later.
    """
    if not identity.email:
        return Refuse(Refusal.EMAIL_NOT_FOUND)
    if owner_id is not None:
        return SignIn(owner_id)
    if same_email is None:
        return Create(identity.email, identity.email_verified) if sign_up.allowed else Refuse(Refusal.SIGN_UP_DISABLED)
    is_proven = same_email.email_verified or not rules.require_local_email_verified
    if not rules.enabled or rules.disable_implicit_linking or not is_proven or not _is_vouched(identity, rules):
        return Refuse(Refusal.ACCOUNT_NOT_LINKED)
    return _link(identity, same_email, rules, verify_email=not same_email.email_verified)


def decide_explicit_link(
    identity: Identity, *, rules: LinkRules, owner_id: str | None, signed_in: ExistingUser, presented: bool = False
) -> SignIn | Link | Refuse:
    """What happens when a signed-in user adds an identity; arguments as ``decide_link``.

    ``disable_implicit_linking`` and ``require_local_email_verified`` do not apply: the user has proven who they are.
    """
    if presented and not identity.email:
        return Refuse(Refusal.EMAIL_NOT_FOUND)
    if owner_id == signed_in.id:
        return SignIn(signed_in.id)
    if presented and owner_id is not None:
        return Refuse(Refusal.LINKED_TO_ANOTHER_USER)
    if not rules.enabled or not _is_vouched(identity, rules):
        return Refuse(Refusal.UNABLE_TO_LINK)
    if not rules.allow_different_emails and not _same_address(identity.email, signed_in.email):
        return Refuse(Refusal.EMAIL_DOES_NOT_MATCH)
    if owner_id is not None:
        return Refuse(Refusal.LINKED_TO_ANOTHER_USER)
    return _link(identity, signed_in, rules, verify_email=False)


def _is_vouched(identity: Identity, rules: LinkRules) -> bool:
    is_trusted = identity.built_in and identity.provider_id in rules.trusted_providers
    return is_trusted or identity.email_verified


def _same_address(one: str | None, other: str) -> bool:
    return one is not None and one.lower() == other.lower()


def _link(identity: Identity, user: ExistingUser, rules: LinkRules, *, verify_email: bool) -> Link:
    proves = verify_email and identity.email_verified and _same_address(identity.email, user.email)
    return Link(user.id, update_user_info=rules.update_user_info_on_link, verify_email=proves)
