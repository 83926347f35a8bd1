"""What deployments hand each other in a browser's address bar: two sealed texts, each with members of its own.

Not the sealing itself. Every other text that the same key seals for a browser (the state of an attempt, whose further
members its caller chooses) always has members that neither of these knows, and none of those that it needs; reading
is strict, so a text that was sealed for one purpose is none for another. Source: contract, crypto.json ``usedFor``;
the members are those that the contract's servers exchange.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import msgspec

from gatewright.flows.oauth.person import Person, with_values
from gatewright.protocols.oauth2.state import OAuthState
from gatewright.protocols.oauth2.token import OAuthTokens
from gatewright.providers.base import Profile
from gatewright.wire.dates import from_millis, millis
from gatewright.wire.json import encode, plain
from gatewright.wire.masking import masked

__all__ = (
    "HandedOver",
    "Package",
    "hand_over",
    "is_fresh",
    "landing_of",
    "person_of",
    "read_handed_over",
    "read_package",
    "tokens_of",
    "write_handed_over",
    "write_package",
)

AHEAD = timedelta(seconds=10)
"""How far the clocks of two deployments may differ."""


class Package(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """The state of a preview's attempt, on its way through the provider to production.

    Attributes:
        state: Its ``state`` parameter.
        state_cookie: The whole state, sealed.
    """

    state: str
    state_cookie: str
    is_oauth_proxy: bool = msgspec.field(name="isOAuthProxy")

    def __repr__(self) -> str:
        return masked(self)


class Granted(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """An account at a provider, with what was granted."""

    provider_id: str
    account_id: str
    issuer: str | None = None
    access_token: str | None = None
    refresh_token: str | None = None
    id_token: str | None = None
    access_token_expires_at: datetime | None = None
    refresh_token_expires_at: datetime | None = None
    scope: str | None = None

    def __repr__(self) -> str:
        return masked(self)


class HandedOver(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True):
    """Somebody whom production has met, on their way to the preview.

    Attributes:
        user_info: Their profile as columns of a user, by wire name.
        account: Their account, with what was granted.
        state: Of the preview's attempt.
        callback_url, new_user_url, error_url: Where the browser lands.
        timestamp: When it was sealed; milliseconds since 1970.
        profile: What the provider said.
    """

    user_info: dict[str, object]
    account: Granted
    state: str
    callback_url: str = msgspec.field(name="callbackURL")
    timestamp: int
    new_user_url: str | None = msgspec.field(name="newUserURL", default=None)
    error_url: str | None = msgspec.field(name="errorURL", default=None)
    profile: dict[str, object] = msgspec.field(default_factory=dict[str, object])

    def __repr__(self) -> str:
        return "HandedOver(...)"


_read_package = msgspec.json.Decoder(Package)
_read_handed_over = msgspec.json.Decoder(HandedOver)


def write_package(state: str, state_cookie: str) -> str:
    """The text of a package."""
    return encode(Package(state=state, state_cookie=state_cookie, is_oauth_proxy=True)).decode()


def read_package(text: str) -> Package | None:
    """The package in a text, or ``None`` where there is none."""
    try:
        package = _read_package.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return package if package.is_oauth_proxy else None


def landing_of(state: OAuthState) -> str | None:
    """Where the browser lands on the preview whose attempt it is; ``None`` for an attempt that took no detour."""
    return dict(parse_qsl(urlsplit(state.callback_url).query, keep_blank_values=True)).get("callbackURL")


def hand_over(
    provider_id: str,
    person: Person,
    tokens: OAuthTokens,
    *,
    state: str,
    callback_url: str,
    new_user_url: str | None,
    error_url: str | None,
    now: datetime,
) -> HandedOver:
    """Somebody whom a provider has just named, with what they granted."""
    profile = person.profile
    columns = {
        "id": profile.id,
        "email": profile.email,
        "name": profile.name,
        "image": profile.image,
        "emailVerified": profile.email_verified,
    }
    known = {name: value for name, value in columns.items() if value is not None}
    return HandedOver(
        user_info={**profile.extra, **known},
        account=Granted(
            provider_id=provider_id,
            account_id=person.subject,
            issuer=person.issuer,
            access_token=tokens.access_token or None,
            refresh_token=tokens.refresh_token,
            id_token=tokens.id_token,
            access_token_expires_at=tokens.access_token_expires_at,
            refresh_token_expires_at=tokens.refresh_token_expires_at,
            scope=None if tokens.scopes is None else ",".join(tokens.scopes),
        ),
        state=state,
        callback_url=callback_url,
        timestamp=millis(now),
        new_user_url=new_user_url,
        error_url=error_url,
        profile=dict(profile.raw),
    )


def write_handed_over(handed_over: HandedOver) -> str:
    """The text of somebody who is handed over."""
    return encode(plain(handed_over)).decode()


def read_handed_over(text: str) -> HandedOver | None:
    """Who is handed over in a text, or ``None`` where nobody is."""
    try:
        return _read_handed_over.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def is_fresh(handed_over: HandedOver, *, max_age: int, now: datetime) -> bool:
    """Whether a profile was sealed within the last ``max_age`` seconds, as far as clocks agree."""
    try:
        age = now - from_millis(handed_over.timestamp)
    except OverflowError:
        return False
    return -AHEAD <= age <= timedelta(seconds=max_age)


def person_of(handed_over: HandedOver, *, issuer: str) -> Person:
    """Who it is; ``issuer`` is the provider's, for accounts that do not say."""
    account = handed_over.account
    bare = Profile(id=account.account_id, name="", email=None, email_verified=False, raw=handed_over.profile)
    return Person(account.issuer or issuer, with_values(bare, handed_over.user_info))


def tokens_of(handed_over: HandedOver) -> OAuthTokens:
    """What was granted."""
    account = handed_over.account
    return OAuthTokens(
        access_token=account.access_token or "",
        refresh_token=account.refresh_token,
        id_token=account.id_token,
        access_token_expires_at=account.access_token_expires_at,
        refresh_token_expires_at=account.refresh_token_expires_at,
        scopes=None if account.scope is None else tuple(account.scope.split(",")) if account.scope else (),
    )
