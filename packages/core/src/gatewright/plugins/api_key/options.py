"""Options of the API key plugin. Source: contract, options.json ``api-key``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal, cast

from pydantic import Field, model_validator

from gatewright.pipeline.call import Call
from gatewright.plugins.api_key.model import DEFAULT_CONFIG
from gatewright.settings.base import Called, Flag, Options, Whole
from gatewright.settings.fields import TableNames

__all__ = (
    "ApiKeyOptions",
    "ApiKeyTables",
    "KeyExpiration",
    "KeyPermissions",
    "KeyRateLimit",
    "KeyStorage",
    "StartingCharacters",
)

Statements = Mapping[str, Sequence[str]]


class StartingCharacters(Options):
    """The beginning of a key that is kept, so that people can tell their keys apart."""

    should_store: Flag = True
    characters_length: Whole = Field(default=6, ge=0)


class KeyExpiration(Options):
    """How long keys live.

    Attributes:
        default_expires_in: In seconds, where nothing was asked for; ``None`` is for ever.
        disable_custom_expires_time: Nothing may be asked for.
        min_expires_in, max_expires_in: In days, what may be asked for.
    """

    default_expires_in: Whole | float | None = None
    disable_custom_expires_time: Flag = False
    min_expires_in: Whole | float = 1
    max_expires_in: Whole | float = 365


class KeyRateLimit(Options):
    """How often a new key may be used, where nothing else is said; ``time_window`` is in milliseconds."""

    enabled: Flag = True
    time_window: Whole = 86_400_000
    max_requests: Whole = 10


class KeyPermissions(Options):
    """What a new key may do where nothing is said: actions by resource, or a function of its owner's identifier."""

    default_permissions: Statements | Called[Callable[[str, Call[Any]], Awaitable[Statements]]] | None = None


class KeyStorage(Options):
    """A key-value store of the application's own.

    Without ``get_and_delete`` a deletion reads first. Such functions cannot compare and write in one step: uses are
    exact within a process; across processes only the database and a real secondary storage are.
    """

    get: Called[Callable[[str], Awaitable[str | None]]]
    set: Called[Callable[[str, str, int | None], Awaitable[object]]]
    delete: Called[Callable[[str], Awaitable[object]]]
    get_and_delete: Called[Callable[[str], Awaitable[str | None]]] | None = None
    increment: Called[Callable[[str, int], Awaitable[int]]] | None = None


class ApiKeyTables(Options):
    """Names in the database."""

    schema_: Mapping[str, TableNames] = Field(default_factory=dict[str, TableNames], alias="schema")


class ApiKeyOptions(ApiKeyTables):
    """A family of keys: what they look like, how long they live, where they are kept.

    Attributes:
        config_id: The family's name; needed where there are several.
        configurations: Several families in the place of this one; a list of options means the same.
        api_key_headers: Where a key is looked for that is to act as its owner.
        disable_key_hashing: Keys are kept as they are. Whoever reads the database then has them all.
        custom_api_key_getter: The key that a call carries, or ``None``, in place of the headers.
        custom_api_key_validator: Is given ``{"ctx", "key"}`` before the key is looked up; what is not true refuses it.
        custom_key_generator: Makes keys, given ``{"length", "prefix"}``. They must be as hard to guess.
        default_key_length: Letters of a key after its prefix.
        enable_metadata: Keys may carry a JSON object along.
        enable_session_for_api_keys: A key that comes in a header acts as its owner; it cannot make further keys.
        storage: Where keys are kept.
        fallback_to_database: With the secondary storage: keys are kept in the database, and copies there.
        custom_storage: In the place of the instance's secondary storage.
        defer_updates: What nobody waits for is written after the reply: sweeping, and the last use of keys without
            limits. Uses that are counted never are.
        references: Who owns keys.
    """

    config_id: str | None = None
    configurations: Sequence[ApiKeyOptions] | None = None
    api_key_headers: str | Sequence[str] = "x-api-key"
    disable_key_hashing: Flag = False
    custom_api_key_getter: Called[Callable[[Call[Any]], object]] | None = Field(
        default=None, alias="customAPIKeyGetter"
    )
    custom_api_key_validator: Called[Callable[[Mapping[str, object]], Awaitable[bool] | bool]] | None = Field(
        default=None, alias="customAPIKeyValidator"
    )
    custom_key_generator: Called[Callable[[Mapping[str, object]], Awaitable[str] | str]] | None = None
    starting_characters_config: StartingCharacters = Field(default_factory=StartingCharacters)
    default_key_length: Whole = Field(default=64, ge=1)
    default_prefix: str | None = None
    minimum_prefix_length: Whole = 1
    maximum_prefix_length: Whole = 32
    require_name: Flag = False
    minimum_name_length: Whole = 1
    maximum_name_length: Whole = 32
    enable_metadata: Flag = False
    key_expiration: KeyExpiration = Field(default_factory=KeyExpiration)
    rate_limit: KeyRateLimit = Field(default_factory=KeyRateLimit)
    enable_session_for_api_keys: Flag = Field(default=False, alias="enableSessionForAPIKeys")
    permissions: KeyPermissions = Field(default_factory=KeyPermissions)
    storage: Literal["database", "secondary-storage"] = "database"
    fallback_to_database: Flag = False
    custom_storage: KeyStorage | None = None
    defer_updates: Flag = False
    references: Literal["user", "organization"] = "user"

    @model_validator(mode="before")
    @classmethod
    def _several(cls, given: object) -> object:
        if isinstance(given, Sequence) and not isinstance(given, str):
            return {"configurations": list(cast("Sequence[object]", given))}
        return given

    @property
    def id(self) -> str:
        """The identifier that rows carry."""
        return self.config_id or DEFAULT_CONFIG

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers that a key may come in, lower case."""
        given = self.api_key_headers
        return tuple(name.lower() for name in ((given,) if isinstance(given, str) else given))
