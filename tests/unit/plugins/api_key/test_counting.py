"""What one use of a key costs, decided on a row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gatewright.plugins.api_key.counting import Spent, Use, decide
from gatewright.plugins.api_key.faults import KeyDisabled, KeyNotFound, RateLimited, UsageExceeded
from gatewright.plugins.api_key.model import KeyRow

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def row(**values: Any) -> KeyRow:
    given: dict[str, Any] = {"reference_id": "u1", "key": "digest", "id": "k1", "created_at": NOW - SECOND, **values}
    return KeyRow(**given)


def used(found: Use | Spent) -> Use:
    assert isinstance(found, Use)
    return found


def test_the_first_use_opens_the_window() -> None:
    use = used(decide(row(), NOW, limited=True))
    assert (use.sets, use.adds) == ({"requestCount": 1, "lastRequest": NOW, "updatedAt": NOW}, {})
    assert (use.counted, use.fault) == (True, None)


def test_a_use_within_the_window_is_added_in_the_store() -> None:
    use = used(decide(row(last_request=NOW - SECOND, request_count=3), NOW, limited=True))
    assert (use.sets, use.adds) == ({"lastRequest": NOW, "updatedAt": NOW}, {"requestCount": 1})
    assert KeyRow.request_count.before(10) in use.guard
    assert use.applied(row(request_count=3)).request_count == 4


def test_a_window_that_is_opened_is_still_the_one_that_was_seen() -> None:
    for last, count in ((None, 0), (NOW, None), (NOW - 2 * SECOND, 3)):
        use = used(decide(row(last_request=last, request_count=count, rate_limit_time_window=1000), NOW, limited=True))
        assert use.sets["requestCount"] == 1
        assert {KeyRow.last_request.eq(last), KeyRow.request_count.eq(count)} <= set(use.guard)


def test_a_window_may_be_longer_than_there_are_dates() -> None:
    for window in (2**53, 10**30):
        used_before = row(last_request=NOW - SECOND, request_count=3, rate_limit_time_window=window)
        assert used(decide(used_before, NOW, limited=True)).adds == {"requestCount": 1}
    filled = row(remaining=2, refill_amount=3, refill_interval=10**30, last_refill_at=NOW - SECOND)
    assert used(decide(filled, NOW, limited=False)).adds == {"remaining": -1}


def test_a_use_too_many_says_when_to_come_again() -> None:
    full = row(last_request=NOW - SECOND, request_count=10, rate_limit_time_window=3000)
    with pytest.raises(RateLimited) as refused:
        decide(full, NOW, limited=True)
    assert refused.value.body == {
        "message": "Rate limit exceeded.",
        "code": "RATE_LIMITED",
        "details": {"tryAgainIn": 2000},
    }
    assert used(decide(full, NOW + 2 * SECOND + SECOND / 1000, limited=True)).sets["requestCount"] == 1


def test_a_use_that_comes_too_soon_costs_one_of_those_that_are_left() -> None:
    use = used(decide(row(last_request=NOW, request_count=10, remaining=5), NOW, limited=True))
    assert (use.sets, use.adds, type(use.fault)) == ({}, {"remaining": -1}, RateLimited)


def test_without_limits_nothing_is_counted() -> None:
    for found in (
        decide(row(), NOW, limited=False),
        decide(row(rate_limit_enabled=False), NOW, limited=True),
        decide(row(rate_limit_max=None), NOW, limited=True),
    ):
        assert (used(found).adds, used(found).counted) == ({}, False)


def test_what_is_left_runs_out() -> None:
    use = used(decide(row(remaining=1), NOW, limited=False))
    assert use.adds == {"remaining": -1}
    assert KeyRow.remaining.after(0) in use.guard
    spent = decide(row(remaining=0), NOW, limited=False)
    assert isinstance(spent, Spent)
    assert isinstance(spent.fault, UsageExceeded)


def test_what_will_be_filled_up_is_kept() -> None:
    filled = row(remaining=0, refill_amount=3, refill_interval=2000)
    with pytest.raises(UsageExceeded):
        decide(filled, NOW + SECOND, limited=False)
    use = used(decide(filled, NOW + SECOND + SECOND / 1000, limited=False))
    assert (use.sets["remaining"], use.sets["lastRefillAt"]) == (2, NOW + SECOND + SECOND / 1000)
    assert KeyRow.last_refill_at.eq(None) in use.guard


def test_off_comes_before_over_and_over_before_permissions() -> None:
    with pytest.raises(KeyDisabled):
        decide(row(enabled=False, expires_at=NOW - SECOND), NOW, limited=True, asked={"files": ["read"]})
    assert isinstance(decide(row(expires_at=NOW - SECOND), NOW, limited=True, asked={"files": ["read"]}), Spent)
    with pytest.raises(KeyNotFound):
        decide(row(remaining=0), NOW, limited=True, asked={"files": ["read"]})
    assert isinstance(decide(row(expires_at=NOW), NOW, limited=True), Use)
