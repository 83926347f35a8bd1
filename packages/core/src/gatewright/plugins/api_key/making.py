"""What a key may look like, and what of it is kept: checks and values, before anything is written."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from msgspec import UNSET

from gatewright.contract.faults import ValidationError
from gatewright.crypto.random_text import LETTERS, random_text
from gatewright.pipeline.call import Call
from gatewright.plugins.api_key import faults
from gatewright.plugins.api_key.contract import ApiKeyInfo, CreateApiKey, UpdateApiKey
from gatewright.plugins.api_key.flows import kept_as
from gatewright.plugins.api_key.model import KeyRow, metadata_of, permissions_of
from gatewright.plugins.api_key.options import ApiKeyOptions
from gatewright.ports.random import Random
from gatewright.wire.json import JsonError, decode, encode

__all__ = ("changes_of", "make_row", "refuse_prefix", "shown")

_PREFIX = re.compile(r"[A-Za-z0-9_-]+")
_DAY = 86_400


def refuse_prefix(prefix: str | None) -> None:
    """Refuse a prefix with characters that it may not have.

    Raises:
        ValidationError: It has such.
    """
    if prefix is not None and _PREFIX.fullmatch(prefix) is None:
        words = "must be alphanumeric and contain only underscores and hyphens."
        raise ValidationError(message=f"[body.prefix] Invalid prefix format, {words}")


async def make_row(call: Call[CreateApiKey], family: ApiKeyOptions, owner: str) -> tuple[KeyRow, str]:
    """A new key as it will be kept, and its secret.

    Raises:
        Fault: It may not be as it was asked for.
    """
    asked, now = call.input, call.now
    metadata = _metadata(asked.metadata)
    if metadata is not None:
        if not family.enable_metadata:
            raise faults.MetadataDisabled
        _refuse_metadata(metadata)
    if asked.refill_amount and not asked.refill_interval:
        raise faults.RefillAmountAndIntervalRequired
    if asked.refill_interval and not asked.refill_amount:
        raise faults.RefillIntervalAndAmountRequired
    expires_in = None if asked.expires_in is UNSET else asked.expires_in
    if expires_in is None:
        expires_in = family.key_expiration.default_expires_in
    else:
        _refuse_lifetime(family, expires_in)
    if asked.prefix is not None and not (
        family.minimum_prefix_length <= len(asked.prefix) <= family.maximum_prefix_length
    ):
        raise faults.InvalidPrefixLength
    if asked.name:
        _refuse_name(family, asked.name)
    elif family.require_name:
        raise faults.NameRequired
    permissions: Mapping[str, Any] | None = asked.permissions
    if permissions is None:
        permissions = await _default_permissions(call, family, owner)
    prefix = asked.prefix or family.default_prefix
    secret = await _secret(family, prefix, call.services.random)
    beginning = family.starting_characters_config
    limit = family.rate_limit
    row = KeyRow(
        config_id=family.id,
        name=asked.name,
        start=secret[: beginning.characters_length] if beginning.should_store else None,
        reference_id=owner,
        prefix=prefix,
        key=kept_as(family, secret),
        refill_interval=_kept(asked.refill_interval),
        refill_amount=_kept(asked.refill_amount),
        enabled=True,
        rate_limit_enabled=limit.enabled if asked.rate_limit_enabled is None else asked.rate_limit_enabled,
        rate_limit_time_window=_or(asked.rate_limit_time_window, limit.time_window),
        rate_limit_max=_or(asked.rate_limit_max, limit.max_requests),
        remaining=None if asked.remaining is UNSET else _kept(asked.remaining),
        expires_at=None if expires_in is None else _after(now, expires_in),
        created_at=now,
        updated_at=now,
        permissions=None if permissions is None else encode(_plain(permissions)).decode(),
        metadata=encode(metadata).decode(),
    )
    return row, secret


def changes_of(asked: UpdateApiKey, family: ApiKeyOptions, now: datetime) -> dict[str, object]:
    """The new values of a key, by wire name.

    Raises:
        Fault: It may not be as it was asked for, or nothing was.
    """
    values: dict[str, object] = {}
    if asked.name is not None:
        _refuse_name(family, asked.name)
        values["name"] = asked.name
    if asked.enabled is not None:
        values["enabled"] = asked.enabled
    if asked.expires_in is not UNSET:
        if family.key_expiration.disable_custom_expires_time:
            raise faults.KeyDisabledExpiration
        if asked.expires_in is not None:
            _refuse_lifetime(family, asked.expires_in)
        values["expiresAt"] = None if asked.expires_in is None else _after(now, asked.expires_in)
    if asked.metadata is not UNSET and family.enable_metadata:
        if asked.metadata is not None:
            _refuse_metadata(asked.metadata)
        values["metadata"] = encode(asked.metadata).decode()
    if asked.remaining is not None:
        values["remaining"] = asked.remaining
    if asked.refill_amount is not None or asked.refill_interval is not None:
        if asked.refill_interval is None:
            raise faults.RefillAmountAndIntervalRequired
        if asked.refill_amount is None:
            raise faults.RefillIntervalAndAmountRequired
        values |= {"refillAmount": asked.refill_amount, "refillInterval": asked.refill_interval}
    if asked.rate_limit_enabled is not None:
        values["rateLimitEnabled"] = asked.rate_limit_enabled
    if asked.rate_limit_time_window is not None:
        values["rateLimitTimeWindow"] = asked.rate_limit_time_window
    if asked.rate_limit_max is not None:
        values["rateLimitMax"] = asked.rate_limit_max
    if asked.permissions is not UNSET:
        values["permissions"] = None if asked.permissions is None else encode(asked.permissions).decode()
    if not values:
        raise faults.NoValuesToUpdate
    return values


def shown(row: KeyRow) -> ApiKeyInfo:
    """A key without its secret."""
    return ApiKeyInfo(
        config_id=row.config_id,
        name=row.name,
        start=row.start,
        reference_id=row.reference_id,
        prefix=row.prefix,
        refill_interval=row.refill_interval,
        refill_amount=row.refill_amount,
        last_refill_at=row.last_refill_at,
        enabled=row.enabled,
        rate_limit_enabled=row.rate_limit_enabled,
        rate_limit_time_window=row.rate_limit_time_window,
        rate_limit_max=row.rate_limit_max,
        request_count=row.request_count,
        remaining=row.remaining,
        last_request=row.last_request,
        expires_at=row.expires_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        permissions=permissions_of(row),
        metadata=metadata_of(row),
        id=row.id,
    )


async def _secret(family: ApiKeyOptions, prefix: str | None, random: Random) -> str:
    own = family.custom_key_generator
    if own is None:
        return f"{prefix or ''}{random_text(family.default_key_length, LETTERS, random.bytes)}"
    given: dict[str, object] = {"length": family.default_key_length}
    if prefix is not None:
        given["prefix"] = prefix
    made = own(given)
    return await made if inspect.isawaitable(made) else made


async def _default_permissions(call: Call[Any], family: ApiKeyOptions, owner: str) -> Mapping[str, Any] | None:
    found = family.permissions.default_permissions
    return await found(owner, call) if callable(found) else found


def _plain(permissions: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: list(actions) for name, actions in permissions.items()}


def _refuse_name(family: ApiKeyOptions, name: str) -> None:
    if not family.minimum_name_length <= len(name) <= family.maximum_name_length:
        raise faults.InvalidNameLength


def _refuse_metadata(value: object) -> None:
    if not isinstance(value, dict | list):
        raise faults.InvalidMetadataType
    try:
        decode(encode(cast("object", value)))
    except JsonError:
        # What cannot be read again must not be stored.
        raise ValidationError(message="[body.metadata] Invalid input") from None


def _refuse_lifetime(family: ApiKeyOptions, seconds: float) -> None:
    rules = family.key_expiration
    if rules.disable_custom_expires_time:
        raise faults.KeyDisabledExpiration
    if seconds < rules.min_expires_in * _DAY:
        raise faults.ExpiresInIsTooSmall
    if seconds > rules.max_expires_in * _DAY:
        raise faults.ExpiresInIsTooLarge


def _after(now: datetime, seconds: float) -> datetime:
    try:
        return now + timedelta(milliseconds=int(seconds * 1000))
    except OverflowError:
        raise faults.ExpiresInIsTooLarge from None


def _kept(number: float | None) -> Any:
    """A number as its column is declared; the contract takes fractions, and stores decide whether they can keep them."""
    return number


def _or(given: float | None, default: int) -> Any:
    return default if given is None else given


def _metadata(given: object) -> object:
    """What a new key is to carry; what is nothing in JavaScript is nothing here."""
    return given if given not in (UNSET, None, False, 0, "") else None
