"""Options of the JWT plugin. Source: contract, options.json ``jwt``."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol

from pydantic import AfterValidator, Field, model_validator

from gatewright.crypto.jwk import KeyAlgorithm
from gatewright.settings.base import Called, Flag, Options, Seconds, Whole
from gatewright.settings.fields import ModelOptions

if TYPE_CHECKING:
    from typing import Self

    from gatewright.contract.results import SessionData
    from gatewright.pipeline.call import Call

__all__ = ("JwksOptions", "JwtOptions", "KeyPairOptions", "KeyStore", "TokenOptions", "expiry")

_DURATION = re.compile(r"([0-9]{1,9}) ?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|y|years?)")
_UNITS: Mapping[str, int] = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800, "y": 31_557_600}
_LATEST = 253_402_300_799


class DefinePayload(Protocol):
    """Chooses the claims of a token."""

    def __call__(self, session: SessionData, /) -> Awaitable[Mapping[str, object]] | Mapping[str, object]:
        """JSON values by name; who issued the token, for whom, about whom and until when is not decided here."""
        ...


class GetSubject(Protocol):
    """Chooses whom a token is about."""

    def __call__(self, session: SessionData, /) -> Awaitable[str] | str:
        """The ``sub`` claim."""
        ...


class SignToken(Protocol):
    """Signs tokens elsewhere."""

    def __call__(self, claims: Mapping[str, object], /) -> Awaitable[str] | str:
        """The token in compact form, signed with a key that ``jwks.remote_url`` publishes."""
        ...


class GetKeys(Protocol):
    """Reads keys from a store of the application's own."""

    def __call__(self, call: Call[Any], /) -> Awaitable[Sequence[Mapping[str, object]] | None]:
        """Rows by wire name."""
        ...


class CreateKey(Protocol):
    """Keeps a key in a store of the application's own."""

    def __call__(self, key: Mapping[str, object], call: Call[Any], /) -> Awaitable[Mapping[str, object]]:
        """The row by wire name, with its ``id``."""
        ...


class KeyPairOptions(Options):
    """A kind of key; ``modulus_length`` is bits."""

    alg: KeyAlgorithm = "EdDSA"
    crv: Literal["Ed25519", "P-256", "P-521"] | None = None
    modulus_length: Whole = Field(default=2048, ge=2048, le=8192)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        curve = {"EdDSA": "Ed25519", "ES256": "P-256", "ES512": "P-521"}.get(self.alg)
        if self.crv not in (None, curve):
            raise ValueError(f"{self.alg} does not use {self.crv}")
        return self


class JwksOptions(Options):
    """Keys.

    Attributes:
        remote_url: The keys are published there; this instance publishes none.
        key_pair_config: What new keys are.
        key_pair_configs: Further kinds; a key of one is made when somebody asks to sign with its algorithm.
        disable_private_key_encryption: Private keys are stored in clear.
        rotation_interval: Seconds for which a key signs; without, for ever.
        grace_period: Seconds for which a key that no longer signs is published.
        jwks_path: Where keys are published, below the base path.
    """

    remote_url: str | None = Field(default=None, alias="remoteUrl", pattern=r"^https?://")
    key_pair_config: KeyPairOptions = Field(default_factory=KeyPairOptions)
    key_pair_configs: Sequence[KeyPairOptions] = ()
    disable_private_key_encryption: Flag = False
    rotation_interval: Annotated[Seconds, Field(ge=1)] | None = None
    grace_period: Seconds = Field(default=2_592_000, ge=0)
    jwks_path: str = Field(default="/jwks", pattern=r"^/[A-Za-z0-9/_.\-]+$")

    def kind(self, algorithm: KeyAlgorithm | None) -> KeyPairOptions:
        """The kind of key with which an algorithm signs here; the first kind where none is named.

        Raises:
            ValueError: There is none.
        """
        if algorithm is None:
            return self.key_pair_config
        for each in (self.key_pair_config, *self.key_pair_configs):
            if each.alg == algorithm:
                return each
        raise ValueError(f"no kind of key signs with {algorithm}")


def _check_expiry(value: float | str | datetime | timedelta) -> float | str | datetime | timedelta:
    expiry(value, datetime(2000, 1, 1, tzinfo=UTC))
    return value


class TokenOptions(Options):
    """Tokens.

    Attributes:
        issuer, audience: By default the origin of the instance.
        expiration_time: How long a token is good: a duration, as text such as ``"15m"`` too, or the moment of its end
            (a date, or seconds since the epoch).
        define_payload: Chooses the claims; by default they are what the user is told about themselves.
        get_subject: Chooses ``sub``; by default it is the user's id.
        sign: Signs elsewhere; needs ``jwks.remote_url``.
    """

    issuer: str | None = None
    audience: str | Sequence[str] | None = None
    expiration_time: Annotated[float | str | datetime | timedelta, AfterValidator(_check_expiry)] = "15m"
    define_payload: Called[DefinePayload] | None = None
    get_subject: Called[GetSubject] | None = None
    sign: Called[SignToken] | None = None


class KeyStore(Options):
    """A store of the application's own for keys."""

    get_jwks: Called[GetKeys] | None = None
    create_jwk: Called[CreateKey] | None = None


class JwtOptions(Options):
    """Tokens for other services.

    Attributes:
        session_cookie_cache: The cached session in a cookie is signed with these keys rather than with the secret, so that
            others can verify it; needs ``session.cookie_cache.strategy`` ``jwt``.
        jwks: Keys.
        jwt: Tokens.
        disable_setting_jwt_header: ``/get-session`` hands over no token.
        adapter: A store of the application's own for keys.
        table_options: Names in the database.
    """

    session_cookie_cache: Flag = False
    jwks: JwksOptions = Field(default_factory=JwksOptions)
    jwt: TokenOptions = Field(default_factory=TokenOptions)
    disable_setting_jwt_header: Flag = False
    adapter: KeyStore = Field(default_factory=KeyStore)
    # "schema" is pydantic's own name for something else.
    table_options: Mapping[str, ModelOptions] = Field(default_factory=dict[str, ModelOptions], alias="schema")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.jwt.sign is not None and self.jwks.remote_url is None:
            raise ValueError("jwt.sign needs jwks.remote_url: somebody has to publish the keys")
        return self


def expiry(value: float | str | datetime | timedelta, now: datetime) -> int:
    """When a token ends, in seconds since the epoch.

    Raises:
        ValueError: Neither a duration nor a moment.
    """
    match value:
        case datetime():
            seconds = value.timestamp()
        case timedelta():
            seconds = (now + value).timestamp()
        case str():
            parts = _DURATION.fullmatch(value.strip())
            if parts is None:
                raise ValueError("must be a duration such as 15m or 1h")
            seconds = now.timestamp() + int(parts[1]) * _UNITS[parts[2][0]]
        case _:
            seconds = value
    if not 0 < seconds <= _LATEST:
        raise ValueError("must be a moment before the year 10000")
    return int(seconds)
