"""The state of an authorization in flight: what is remembered, how it is stored, and when it is refused.

Where it is kept (a verification row or an encrypted cookie) is the flow's business. Source: RFC 6749 §10.12,
RFC 9700 §4.4, §4.7; contract ``cookies.json`` (``oauth_state``), ``crypto.json`` (verification rows).
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal, cast

import msgspec

from gatewright.wire.masking import masked

__all__ = (
    "LIFETIME",
    "RANDOM_LENGTH",
    "Linking",
    "OAuthState",
    "StateFault",
    "bind",
    "check",
    "is_bound",
    "pack",
    "unpack",
)

LIFETIME = timedelta(minutes=10)  # contract: expiresAt is 10 minutes ahead
RANDOM_LENGTH = 22  # characters of 6 bits: 132 bits
_TAG_LENGTH = 10  # characters of 6 bits; with the random ones 32, the contract's length
_LONGEST = 65_536  # bytes of packed state; additional data is the caller's and is bounded here

StateFault = Literal["state_invalid", "state_mismatch"]


@dataclass(frozen=True, slots=True)
class Linking:
    """Who is adding an identity to an existing user.

    Args:
        user_id: The signed-in user.
        email: Their address when they began.
    """

    user_id: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OAuthState:
    """All that is remembered between the redirect out and the redirect back.

    Args:
        callback_url: Where a known user lands.
        code_verifier: PKCE verifier; secret.
        state: Value of the ``state`` parameter.
        expires_at: Aware UTC.
        error_url: Where failures land.
        new_user_url: Where a new user lands.
        linking: Set when a signed-in user links.
        request_sign_up: Whether the caller asked for a new user.
        id_token_nonce: Nonce the ID token must repeat.
        server_context: Data of plugins, never taken from a client.
        additional: The caller's own data; can set none of the members above.
    """

    callback_url: str
    code_verifier: str
    state: str
    expires_at: datetime
    error_url: str | None = None
    new_user_url: str | None = None
    linking: Linking | None = None
    request_sign_up: bool | None = None
    id_token_nonce: str | None = None
    server_context: Mapping[str, object] = field(default_factory=dict[str, object])
    additional: Mapping[str, object] = field(default_factory=dict[str, object])

    def __repr__(self) -> str:
        return f"OAuthState(callback_url={self.callback_url!r}, linking={self.linking is not None})"


class _LinkWire(msgspec.Struct, frozen=True, rename="camel"):
    user_id: str
    email: str


class _Wire(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    callback_url: str = msgspec.field(name="callbackURL")
    code_verifier: str
    error_url: str | None = msgspec.field(name="errorURL", default=None)
    new_user_url: str | None = msgspec.field(name="newUserURL", default=None)
    link: _LinkWire | None = None
    server_context: dict[str, object] | None = None
    expires_at: int
    request_sign_up: bool | None = None
    id_token_nonce: str | None = None
    oauth_state: str

    def __repr__(self) -> str:
        return masked(self)


_WIRE_NAMES = frozenset(member.encode_name for member in msgspec.structs.fields(_Wire))
_read_wire = msgspec.json.Decoder(_Wire)
_read_object = msgspec.json.Decoder(dict[str, object])


def pack(state: OAuthState) -> str:
    """The JSON text that is stored; absent members are left out.

    Raises:
        ValueError: The additional data is larger than 64 KiB.
    """
    known = _Wire(
        callback_url=state.callback_url,
        code_verifier=state.code_verifier,
        error_url=state.error_url,
        new_user_url=state.new_user_url,
        link=_LinkWire(state.linking.user_id, state.linking.email) if state.linking else None,
        server_context=dict(state.server_context) or None,
        expires_at=round(state.expires_at.timestamp() * 1000),
        request_sign_up=state.request_sign_up,
        id_token_nonce=state.id_token_nonce,
        oauth_state=state.state,
    )
    # The caller's data comes first and can name no member of ours, not even one that is absent now.
    own = {name: value for name, value in state.additional.items() if name not in _WIRE_NAMES}
    encoded = msgspec.json.encode({**own, **cast("dict[str, object]", msgspec.to_builtins(known))})
    if len(encoded) > _LONGEST:
        raise ValueError("the additional data of an authorization is too large")
    return encoded.decode()


def unpack(text: str) -> OAuthState | None:
    """A stored state, or ``None`` when the text is not one."""
    try:
        known = _read_wire.decode(text)
        members = _read_object.decode(text)
        expires_at = datetime.fromtimestamp(known.expires_at / 1000, UTC)
    except (msgspec.DecodeError, UnicodeError, OverflowError, OSError, ValueError):
        return None
    return OAuthState(
        callback_url=known.callback_url,
        code_verifier=known.code_verifier,
        state=known.oauth_state,
        expires_at=expires_at,
        error_url=known.error_url,
        new_user_url=known.new_user_url,
        linking=Linking(known.link.user_id, known.link.email) if known.link else None,
        request_sign_up=known.request_sign_up,
        id_token_nonce=known.id_token_nonce,
        server_context=known.server_context or {},
        additional={name: value for name, value in members.items() if name not in _WIRE_NAMES},
    )


def check(text: str | None, *, given: str, now: datetime) -> OAuthState | StateFault:
    """The state that an answer belongs to.

    Args:
        text: What was stored under the given value; ``None`` when nothing was.
        given: The ``state`` parameter of the answer.
        now: Aware UTC.

    Returns:
        The state, or a redirect code: ``state_invalid`` when the text cannot be read, else ``state_mismatch``.
    """
    if text is None:
        return "state_mismatch"
    state = unpack(text)
    if state is None:
        return "state_invalid"
    if not hmac.compare_digest(state.state.encode(), given.encode("utf-8", "surrogatepass")):
        return "state_mismatch"
    return "state_mismatch" if now > state.expires_at else state


def bind(random: str, *, provider_id: str, code_verifier: str) -> str:
    """A state value that only the callback of one provider accepts.

    Its tail is a tag over the provider's id, keyed with the code verifier, which never leaves the server. So an
    answer cannot be carried to another provider's callback (RFC 9700 §4.4), and no further member is stored.

    Args:
        random: 22 fresh random characters.
        provider_id: Whose callback may use it.
        code_verifier: The verifier of the same authorization.
    """
    return random + _tag(random, provider_id, code_verifier)


def is_bound(state: OAuthState, *, provider_id: str) -> bool:
    """Whether a state was made for this provider's callback."""
    random, tag = state.state[:RANDOM_LENGTH], state.state[RANDOM_LENGTH:]
    return hmac.compare_digest(tag.encode(), _tag(random, provider_id, state.code_verifier).encode())


def _tag(random: str, provider_id: str, code_verifier: str) -> str:
    digest = hmac.digest(code_verifier.encode(), f"{random}\x00{provider_id}".encode(), sha256)
    return urlsafe_b64encode(digest).decode("ascii")[:_TAG_LENGTH]
