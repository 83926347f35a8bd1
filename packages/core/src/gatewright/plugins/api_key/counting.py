"""What one use of a key costs: a pure decision, with the guard under which it may be written.

Nothing here reads or writes. A guard names whatever the decision rests on, so that of several uses that were decided on
the same row only those that still fit are written; the others decide again. That makes the age of the row no matter: a
use that was decided on an old one is written as it would have been on the row of today, or not at all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gatewright.model.column import Ref
from gatewright.model.query import Change, Where
from gatewright.plugins.api_key.contract import Permissions
from gatewright.plugins.api_key.faults import KeyDisabled, KeyExpired, KeyNotFound, RateLimited, UsageExceeded
from gatewright.plugins.api_key.model import KeyRow, permissions_of
from gatewright.wire.faults import Fault

__all__ = ("Spent", "Use", "decide")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Before anything that was ever written."""


@dataclass(frozen=True, slots=True)
class Spent:
    """The key is of no more use: it is refused, and its row goes while ``guard`` holds."""

    fault: Fault
    guard: tuple[Where[KeyRow], ...]


@dataclass(frozen=True, slots=True)
class Use:
    """What a use writes.

    Attributes:
        guard: Conditions that still have to hold.
        sets: New values, by wire name.
        adds: What is added in the store, by wire name.
        fault: The use is refused all the same: it has cost a use, but came too soon.
        counted: It decides about later uses, and so must not be lost.
    """

    guard: tuple[Where[KeyRow], ...]
    sets: Mapping[str, object]
    adds: Mapping[str, int]
    fault: Fault | None = None
    counted: bool = False

    @property
    def changes(self) -> tuple[Change[KeyRow], ...]:
        """The same for the database."""
        sets = (Change(name, "set", value) for name, value in self.sets.items())
        return (*sets, *(Change(name, "add", delta) for name, delta in self.adds.items()))

    def applied(self, row: KeyRow) -> KeyRow:
        """The row afterwards, for a store that compares and writes whole rows."""
        added = {name: row.raw[name] + delta for name, delta in self.adds.items()}
        return row.with_values({**self.sets, **added})


def decide(row: KeyRow, now: datetime, *, limited: bool, asked: Permissions | None = None) -> Use | Spent:
    """What one use of a key costs now.

    Args:
        row: The key as it was read.
        now: The moment of use.
        limited: Whether the key's family has rate limits.
        asked: What it must be allowed to do, if anything.

    Raises:
        KeyDisabled: It is switched off.
        KeyNotFound: It may not do what is asked.
        UsageExceeded: Nothing remains, for now.
        RateLimited: Too many uses in the window, of a key whose uses are not counted otherwise.
    """
    if row.enabled is False:
        raise KeyDisabled
    if row.expires_at is not None and now > row.expires_at:
        return Spent(KeyExpired(), (KeyRow.expires_at.eq(row.expires_at),))
    guard: list[Where[KeyRow]] = [
        KeyRow.id.eq(row.id),
        KeyRow.enabled.eq(row.enabled),
        KeyRow.expires_at.eq(row.expires_at),
    ]
    if asked is not None:
        if not _may(permissions_of(row), asked):
            raise KeyNotFound(status=401)
        guard.append(KeyRow.permissions.eq(row.permissions))
    sets: dict[str, object] = {}
    adds: dict[str, int] = {}
    spent = _remaining(row, now, guard, sets, adds)
    if spent is not None:
        return spent
    fault = _window(row, now, guard, sets, adds) if limited else None
    counted = bool(adds or sets)
    if fault is not None:
        if not counted:
            raise fault
        return Use(tuple(guard), sets, adds, fault, counted=True)
    return Use(tuple(guard), {**sets, "lastRequest": now, "updatedAt": now}, adds, counted=counted)


def _may(granted: Permissions | None, asked: Permissions) -> bool:
    """Whether all that is asked is granted; asking for nothing is no question that a key could be the answer to."""
    if granted is None or not asked:
        return False
    return all(actions and set(actions) <= set(granted.get(resource, ())) for resource, actions in asked.items())


def _remaining(
    row: KeyRow, now: datetime, guard: list[Where[KeyRow]], sets: dict[str, object], adds: dict[str, int]
) -> Spent | None:
    remaining, amount, interval = row.remaining, row.refill_amount, row.refill_interval
    if remaining is None:
        guard.append(KeyRow.remaining.eq(None))
        return None
    guard += [KeyRow.refill_amount.eq(amount), KeyRow.refill_interval.eq(interval)]
    if amount and interval:
        last = row.last_refill_at
        if _millis(now - (last or row.created_at)) > interval:
            # Whoever fills it up first takes the first of the new uses.
            guard += [KeyRow.last_refill_at.eq(last), KeyRow.remaining.ne(None)]
            sets |= {"remaining": amount - 1, "lastRefillAt": now}
            return None
        guard += [KeyRow.last_refill_at.eq(None)] if last is None else _within(KeyRow.last_refill_at, now, interval)
    if remaining <= 0:
        fault = UsageExceeded()
        if amount is None:
            return Spent(fault, (KeyRow.remaining.until(0), KeyRow.refill_amount.eq(None)))
        raise fault
    guard.append(KeyRow.remaining.after(0))
    adds["remaining"] = -1
    return None


def _window(
    row: KeyRow, now: datetime, guard: list[Where[KeyRow]], sets: dict[str, object], adds: dict[str, int]
) -> Fault | None:
    enabled, window, most = row.rate_limit_enabled, row.rate_limit_time_window, row.rate_limit_max
    guard += [
        KeyRow.rate_limit_enabled.eq(enabled),
        KeyRow.rate_limit_time_window.eq(window),
        KeyRow.rate_limit_max.eq(most),
    ]
    if enabled is False or window is None or most is None:
        return None
    last, count = row.last_request, row.request_count
    elapsed = 0.0 if last is None else _millis(now - last)
    if last is None or count is None or elapsed > window:
        # One use opens the window; the others find it open.
        guard += [KeyRow.last_request.eq(last), KeyRow.request_count.eq(count)]
        sets["requestCount"] = 1
        return None
    if count >= most:
        return RateLimited(extra={"details": {"tryAgainIn": math.ceil(window - elapsed)}})
    guard += [*_within(KeyRow.last_request, now, window), KeyRow.request_count.before(most)]
    adds["requestCount"] = 1
    return None


def _within(column: Ref[KeyRow, datetime | None], now: datetime, millis: float) -> tuple[Where[KeyRow], ...]:
    """That a moment is not longer ago; nothing where that is longer than there are moments."""
    return (column.since(now - timedelta(milliseconds=millis)),) if millis < _millis(now - _EPOCH) else ()


def _millis(span: timedelta) -> float:
    return span / timedelta(milliseconds=1)
