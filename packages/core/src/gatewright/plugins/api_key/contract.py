"""Operations and results of the API key plugin. Source: contract, endpoints.json ``api-key``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from gatewright.contract.faults import Unauthorized
from gatewright.plugins.api_key import faults
from gatewright.wire.operation import Maybe, Operation, get, post, server_only
from gatewright.wire.result import Result
from gatewright.wire.text import Number, Text

__all__ = (
    "ApiKeyInfo",
    "ApiKeyPage",
    "CreateApiKey",
    "DeleteAllExpiredApiKeys",
    "DeleteApiKey",
    "DeletedApiKey",
    "ExpiredApiKeys",
    "GetApiKey",
    "ListApiKeys",
    "NewApiKey",
    "Permissions",
    "UpdateApiKey",
    "VerifiedApiKey",
    "VerifyApiKey",
    "VerifyError",
)

Permissions: TypeAlias = Mapping[str, list[str]]
"""Actions by resource."""

Loose: TypeAlias = Annotated[str, Text(loose=True)]
Amount: TypeAlias = Annotated[int | float, Number()]
Positive: TypeAlias = Annotated[int | float, Number(min=1)]
NotNegative: TypeAlias = Annotated[int | float, Number(min=0)]
Index: TypeAlias = Annotated[int, Number(min=0)]

_OWNER = (
    faults.OrganizationPluginRequired,
    faults.UserNotMemberOfOrganization,
    faults.InsufficientApiKeyPermissions,
)


class ApiKeyInfo(Result):
    """A key without its secret. Windows and intervals are in milliseconds."""

    config_id: str
    name: str | None
    start: str | None
    reference_id: str
    prefix: str | None
    refill_interval: int | float | None
    refill_amount: int | float | None
    last_refill_at: datetime | None
    enabled: bool | None
    rate_limit_enabled: bool | None
    rate_limit_time_window: int | float | None
    rate_limit_max: int | float | None
    request_count: int | float | None
    remaining: int | float | None
    last_request: datetime | None
    expires_at: datetime | None
    created_at: datetime
    updated_at: datetime
    permissions: Permissions | None
    metadata: object
    id: str


class NewApiKey(ApiKeyInfo):
    """A new key; ``key`` is shown this once."""

    key: str


class ApiKeyPage(Result):
    """Some keys, and how many there are; ``limit`` and ``offset`` as they were asked for."""

    api_keys: list[ApiKeyInfo]
    total: int
    limit: int | UnsetType = UNSET
    offset: int | UnsetType = UNSET


class DeletedApiKey(Result):
    """It is gone."""

    success: bool = True


class VerifyError(Result):
    """Why a key is not accepted; ``details`` where there is more to tell."""

    message: str
    code: str
    details: object = UNSET


class VerifiedApiKey(Result):
    """Whether a key is accepted, and which it is."""

    valid: bool
    error: VerifyError | None
    key: ApiKeyInfo | None


class ExpiredApiKeys(Result):
    """Whether the keys whose time is over are gone."""

    success: bool
    error: object


@post(
    "/api-key/create",
    raises=(
        faults.ServerOnlyProperty,
        faults.UnauthorizedSession,
        faults.NoDefaultApiKeyConfigurationFound,
        faults.OrganizationIdRequired,
        *_OWNER,
        faults.MetadataDisabled,
        faults.InvalidMetadataType,
        faults.RefillAmountAndIntervalRequired,
        faults.RefillIntervalAndAmountRequired,
        faults.KeyDisabledExpiration,
        faults.ExpiresInIsTooSmall,
        faults.ExpiresInIsTooLarge,
        faults.InvalidPrefixLength,
        faults.InvalidNameLength,
        faults.NameRequired,
    ),
)
class CreateApiKey(Operation[NewApiKey]):
    """Make a key. Whose it is, its limits and its permissions are the application's to say; ``expires_in`` is in seconds."""

    config_id: str | None = None
    name: str | None = None
    expires_in: Maybe[Positive] = UNSET
    prefix: str | None = None
    remaining: Maybe[NotNegative] = UNSET
    metadata: Maybe[object] = UNSET
    refill_amount: Positive | None = None
    refill_interval: Amount | None = None
    rate_limit_time_window: Amount | None = None
    rate_limit_max: Amount | None = None
    rate_limit_enabled: bool | None = None
    permissions: Permissions | None = None
    user_id: Loose | None = None
    organization_id: Loose | None = None


@server_only(raises=(faults.NoDefaultApiKeyConfigurationFound,))
class VerifyApiKey(Operation[VerifiedApiKey]):
    """Count one use of a key, if it is good and may do all of ``permissions``."""

    config_id: str | None = None
    key: str
    permissions: Permissions | None = None


@get(
    "/api-key/get",
    raises=(Unauthorized, faults.KeyNotFound, faults.NoDefaultApiKeyConfigurationFound, *_OWNER),
)
class GetApiKey(Operation[ApiKeyInfo]):
    """One key."""

    config_id: str | None = None
    id: str


@post(
    "/api-key/update",
    raises=(
        faults.UnauthorizedSession,
        faults.ServerOnlyProperty,
        faults.NoDefaultApiKeyConfigurationFound,
        faults.KeyNotFound,
        *_OWNER,
        faults.InvalidNameLength,
        faults.KeyDisabledExpiration,
        faults.ExpiresInIsTooSmall,
        faults.ExpiresInIsTooLarge,
        faults.InvalidMetadataType,
        faults.RefillAmountAndIntervalRequired,
        faults.RefillIntervalAndAmountRequired,
        faults.NoValuesToUpdate,
        faults.FailedToUpdateApiKey,
    ),
)
class UpdateApiKey(Operation[ApiKeyInfo]):
    """Change a key; the same is left to the application as when it is made."""

    config_id: str | None = None
    key_id: str
    user_id: Loose | None = None
    name: str | None = None
    enabled: bool | None = None
    remaining: Positive | None = None
    refill_amount: Amount | None = None
    refill_interval: Amount | None = None
    metadata: Maybe[object] = UNSET
    expires_in: Maybe[Positive] = UNSET
    rate_limit_enabled: bool | None = None
    rate_limit_time_window: Amount | None = None
    rate_limit_max: Amount | None = None
    permissions: Maybe[Permissions] = UNSET


@post(
    "/api-key/delete",
    raises=(
        Unauthorized,
        faults.UserBanned,
        faults.KeyNotFound,
        faults.NoDefaultApiKeyConfigurationFound,
        *_OWNER,
    ),
)
class DeleteApiKey(Operation[DeletedApiKey]):
    """Remove a key; it is not accepted any more."""

    config_id: str | None = None
    key_id: str


@get("/api-key/list", raises=(Unauthorized, faults.NoDefaultApiKeyConfigurationFound, *_OWNER))
class ListApiKeys(Operation[ApiKeyPage]):
    """The caller's keys, or an organization's."""

    config_id: str | None = None
    organization_id: str | None = None
    limit: Index | None = None
    offset: Index | None = None
    sort_by: str | None = None
    sort_direction: Literal["asc", "desc"] | None = None


@server_only()
class DeleteAllExpiredApiKeys(Operation[ExpiredApiKeys]):
    """Remove every key whose time is over."""
