"""Begin an attempt at a provider: a fresh state and verifier, and the address that the browser is sent to.

Where the state is kept and how the browser is bound to it is the endpoint's business. Source: RFC 6749 §4.1.1;
RFC 7636; RFC 9700 §2.1.1, §4.4; contract, providers.json ``common``; cookies.json ``oauth_state``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gatewright.contract.faults import ValidationError
from gatewright.crypto.random_text import DEFAULT_ALPHABET, random_text
from gatewright.ports.random import Random
from gatewright.protocols.oauth2.authorize import RESERVED, reserved_among
from gatewright.protocols.oauth2.pkce import VERIFIER_ALPHABET, VERIFIER_LENGTH
from gatewright.protocols.oauth2.state import LIFETIME, RANDOM_LENGTH, Linking, OAuthState, bind
from gatewright.providers.base import Authorization, Provider

__all__ = ("Attempt", "Started", "begin_attempt", "refuse_reserved")

NONCE_LENGTH = 32
"""Characters of a nonce (contract)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What the caller asks for.

    Attributes:
        redirect_uri: Our callback for this provider.
        callback_url: Where a known user lands.
        error_url: Where failures land.
        new_user_url: Where a new user lands.
        linking: Set when a signed-in user adds an identity.
        request_sign_up: Whether the caller asks for a new user.
        scopes: Requested beside the configured ones.
        login_hint: Who is expected.
        parameters: Further parameters of the authorization request.
        additional: The caller's own data, handed back with the state.
    """

    redirect_uri: str
    callback_url: str
    error_url: str | None = None
    new_user_url: str | None = None
    linking: Linking | None = None
    request_sign_up: bool | None = None
    scopes: Sequence[str] = ()
    login_hint: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    additional: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True, repr=False)
class Started:
    """Where the browser goes, and what has to be remembered until it comes back."""

    url: str
    state: OAuthState


def refuse_reserved(parameters: Mapping[str, str]) -> None:
    """Let no caller set what binds an answer to its request.

    Raises:
        ValidationError: A further parameter would.
    """
    if reserved_among(parameters):
        raise ValidationError(
            message=f"[body.additionalParams] additionalParams cannot include reserved OAuth parameters: "
            f"{', '.join(RESERVED)}"
        )


def begin_attempt(
    provider: Provider, attempt: Attempt, *, random: Random, now: datetime, nonce: bool = False
) -> Started:
    """A fresh attempt: neither state nor verifier was ever used before; with ``nonce`` its ID token is bound to it.

    Raises:
        ValidationError: A further parameter is one that binds the answer to the request.
    """
    refuse_reserved(attempt.parameters)
    verifier = random_text(VERIFIER_LENGTH, VERIFIER_ALPHABET, random.bytes)
    nothing_yet = random_text(RANDOM_LENGTH, DEFAULT_ALPHABET, random.bytes)
    value = bind(nothing_yet, provider_id=provider.id, code_verifier=verifier)
    bound = random_text(NONCE_LENGTH, DEFAULT_ALPHABET, random.bytes) if nonce else None
    state = OAuthState(
        callback_url=attempt.callback_url,
        code_verifier=verifier,
        state=value,
        expires_at=now + LIFETIME,
        error_url=attempt.error_url,
        new_user_url=attempt.new_user_url,
        linking=attempt.linking,
        request_sign_up=attempt.request_sign_up,
        id_token_nonce=bound,
        additional=attempt.additional,
    )
    url = provider.authorization_url(
        Authorization(
            redirect_uri=attempt.redirect_uri,
            state=value,
            code_verifier=verifier,
            scopes=attempt.scopes,
            login_hint=attempt.login_hint,
            nonce=bound,
            additional=attempt.parameters,
        )
    )
    return Started(url, state)
