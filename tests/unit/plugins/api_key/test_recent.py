"""The keys that were used last: few enough, and without their secrets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from gatewright.plugins.api_key.model import KeyRow
from gatewright.plugins.api_key.recent import Recent

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def row(**values: Any) -> KeyRow:
    given: dict[str, Any] = {"reference_id": "u1", "key": "the secret", "id": "k1", "created_at": NOW, **values}
    return KeyRow(**given)


def test_what_was_kept_longest_ago_goes_first() -> None:
    recent = Recent(2)
    for name in ("a", "b", "a", "c"):
        recent.keep(name, row(id=name))
    kept = [recent.find(name) for name in "abc"]
    assert [each and each.id for each in kept] == ["a", None, "c"]
    assert len(recent) == 2


def test_what_is_kept_of_a_key_is_what_its_use_is_decided_on() -> None:
    recent = Recent()
    recent.keep("digest", row(metadata='{"a":1}', name="mine", start="the s", remaining=5, request_count=2))
    kept = recent.find("digest")
    assert kept is not None
    assert dict(kept.raw) == {
        "id": "k1",
        "configId": "default",
        "referenceId": "u1",
        "enabled": True,
        "expiresAt": None,
        "permissions": None,
        "remaining": 5,
        "refillAmount": None,
        "refillInterval": None,
        "lastRefillAt": None,
        "createdAt": NOW,
        "rateLimitEnabled": True,
        "rateLimitTimeWindow": 86_400_000,
        "rateLimitMax": 10,
        "requestCount": 2,
        "lastRequest": None,
    }


def test_a_hint_that_was_no_good_is_forgotten_and_a_later_one_is_not() -> None:
    recent = Recent()
    recent.keep("digest", row(remaining=5))
    old = recent.find("digest")
    assert old is not None
    recent.keep("digest", row(remaining=4))
    recent.forget("digest", old)
    new = recent.find("digest")
    assert new is not None
    assert new.remaining == 4
    recent.forget("digest", new)
    recent.forget("digest", new)
    assert (recent.find("digest"), len(recent)) == (None, 0)
