"""Copies of sessions as values: what the contract's own server wrote is read, and written again the same."""

import pickle
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

import pytest
from tests.unit.core.crypto.vectors import COOKIES

from gatewright.crypto.cipher import Secrets
from gatewright.crypto.jwt import sign_hs256
from gatewright.model.column import Column, ColumnSpec, column
from gatewright.model.schema import Schema
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.services.session_cache import CachedSession, SessionCache
from gatewright.settings.session import CookieCache
from gatewright.testing.random import SeededRandom
from gatewright.wire.dates import from_wire
from gatewright.wire.json import decode, encode

SCHEMA = Schema.build([User, Session])
SECRETS = Secrets.single(COOKIES.secret)
NOW = from_wire("2026-11-23T07:40:06.500Z")
Strategy = Literal["compact", "jwt", "jwe"]


def cache(strategy: Strategy, **more: Any) -> SessionCache:
    return SessionCache(CookieCache(enabled=True, strategy=strategy, **more), SCHEMA, SECRETS)


def opened(strategy: Strategy, text: str, now: datetime = NOW) -> CachedSession:
    found = cache(strategy).open(text, now=now)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("strategy", "text"), [("compact", COOKIES.compact[0]), ("jwt", COOKIES.jwt[0]), ("jwe", COOKIES.jwe[0])]
)
def test_what_the_contract_s_server_wrote_is_read(strategy: Strategy, text: str) -> None:
    found = opened(strategy, text)
    assert (found.user.name, found.user.email, found.version) == ("Véc Tor", "vec@example.com", "1")
    assert found.session.user_id == found.user.id
    assert found.session.expires_at - found.session.created_at == timedelta(days=7)
    assert timedelta(seconds=298) < found.expires_at - NOW < timedelta(seconds=302)


def test_a_compact_copy_is_written_as_the_contract_s_server_writes_it() -> None:
    text = COOKIES.compact[0]
    found = opened("compact", text)
    written = found.expires_at - timedelta(seconds=300)
    again = cache("compact").seal(
        found.session, found.user, version="1", now=written, expires_at=found.expires_at, random=SeededRandom()
    )
    assert again == text


@pytest.mark.parametrize("strategy", ["compact", "jwt", "jwe"])
def test_a_copy_says_what_was_put_in(strategy: Strategy) -> None:
    found = opened("compact", COOKIES.compact[0])
    maker = cache(strategy)
    text = maker.seal(
        found.session, found.user, version="7", now=NOW, expires_at=NOW + timedelta(seconds=60), random=SeededRandom()
    )
    again = opened(strategy, text)
    assert (again.session, again.user, again.version) == (found.session, found.user, "7")
    assert maker.open(text, now=NOW + timedelta(seconds=60)) is None


def test_another_token_of_the_same_secret_is_no_copy() -> None:
    issued = int(NOW.timestamp())
    others: list[dict[str, object]] = [{"email": "vec@example.com"}, {"session": 1, "user": 2, "version": "1"}]
    for claims in others:
        token = sign_hs256({**claims, "iat": issued, "exp": issued + 60}, COOKIES.secret)
        assert cache("jwt").open(token, now=NOW) is None
    found = opened("compact", COOKIES.compact[0])
    endless = sign_hs256({"session": found.session.wire(), "user": found.user.wire(), "version": "1"}, COOKIES.secret)
    assert cache("jwt").open(endless, now=NOW) is None


def test_a_copy_from_before_a_required_column_is_not_used() -> None:
    table = SCHEMA[User]
    column = replace(table.columns["name"], name="team")
    wider = Schema({**SCHEMA.tables, "user": type(table)("user", {**table.columns, "team": column})})
    newer = SessionCache(CookieCache(enabled=True), wider, SECRETS)
    assert newer.open(COOKIES.compact[0], now=NOW) is None


def test_another_secret_opens_nothing() -> None:
    texts: list[tuple[Strategy, str]] = [
        ("compact", COOKIES.compact[0]),
        ("jwt", COOKIES.jwt[0]),
        ("jwe", COOKIES.jwe[0]),
    ]
    for strategy, text in texts:
        other = SessionCache(
            CookieCache(enabled=True, strategy=strategy), SCHEMA, Secrets.single("another-secret-of-32-characters!")
        )
        assert other.open(text, now=NOW) is None


def test_an_encrypted_copy_outlives_the_change_of_the_secret() -> None:
    rotated = Secrets.versioned([(2, "a-new-secret-of-more-than-32-characters"), (1, COOKIES.secret)])
    newer = SessionCache(CookieCache(enabled=True, strategy="jwe"), SCHEMA, rotated)
    assert newer.open(COOKIES.jwe[0], now=NOW) is not None


@pytest.mark.parametrize(
    ("refresh", "within"), [(True, timedelta(seconds=60)), ({"update_age": 100}, timedelta(seconds=100)), (False, None)]
)
def test_copies_are_renewed_from_copies_only_without_a_store(refresh: Any, within: timedelta | None) -> None:
    options = CookieCache.model_validate({"enabled": True, "refresh_cache": refresh})
    assert SessionCache(options, SCHEMA, SECRETS, stateless=True).refreshes_within == within
    assert SessionCache(options, SCHEMA, SECRETS).refreshes_within is None


@pytest.mark.parametrize("strategy", ["compact", "jwt", "jwe"])
def test_a_copy_that_was_opened_before_is_over_at_the_same_moment(strategy: Strategy) -> None:
    found = opened("compact", COOKIES.compact[0])
    copies, later = cache(strategy), NOW + timedelta(seconds=60)
    text = copies.seal(found.session, found.user, version="1", now=NOW, expires_at=later, random=SeededRandom())
    first = copies.open(text, now=NOW)
    assert first is not None
    end = first.expires_at
    assert (first.session, first.user) == (found.session, found.user)
    assert copies.open(text, now=NOW) is first
    assert copies.open(text, now=end - timedelta(milliseconds=1)) is first
    assert copies.open(text, now=end) is None
    assert copies.open(text, now=end - timedelta(milliseconds=1)) == first  # a clock that was set back: read anew


def test_a_copy_that_was_opened_before_does_not_outlive_its_session() -> None:
    found = opened("compact", COOKIES.compact[0])
    ending = found.session.with_values({"expiresAt": NOW + timedelta(seconds=5)})
    copies = cache("compact")
    end = NOW + timedelta(seconds=60)
    text = copies.seal(ending, found.user, version="1", now=NOW, expires_at=end, random=SeededRandom())
    assert copies.open(text, now=NOW + timedelta(seconds=4)) is not None
    assert copies.open(text, now=NOW + timedelta(seconds=5)) is None


@pytest.mark.parametrize("strategy", ["compact", "jwt", "jwe"])
def test_what_resembles_a_copy_that_was_opened_before_is_refused(strategy: Strategy) -> None:
    found = opened("compact", COOKIES.compact[0])
    copies, end = cache(strategy), NOW + timedelta(seconds=60)
    text = copies.seal(found.session, found.user, version="1", now=NOW, expires_at=end, random=SeededRandom())
    assert copies.open(text, now=NOW) is not None
    middle = len(text) // 2
    other = "A" if text[middle] != "A" else "B"
    for altered in (text[:middle] + other + text[middle + 1 :], text[:-2], text + "A", text.swapcase()):
        assert copies.open(altered, now=NOW) is None


def test_of_copies_that_were_opened_so_many_are_remembered_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatewright.services.session_cache._REMEMBERED", 2)
    found = opened("compact", COOKIES.compact[0])
    copies, end = cache("compact"), NOW + timedelta(seconds=60)
    texts = [
        copies.seal(found.session, found.user, version=each, now=NOW, expires_at=end, random=SeededRandom())
        for each in "123"
    ]
    first, second, third = (copies.open(text, now=NOW) for text in texts)
    assert copies.open(texts[2], now=NOW) is third
    assert copies.open(texts[1], now=NOW) is second
    again = copies.open(texts[0], now=NOW)
    assert again is not first
    assert again == first


def test_a_copy_whose_values_could_be_changed_from_within_is_read_each_time() -> None:
    column = ColumnSpec(name="tags", type="string[]", required=False)
    table = SCHEMA[User]
    wider = Schema({**SCHEMA.tables, "user": type(table)("user", {**table.columns, "tags": column})})
    copies, end = SessionCache(CookieCache(enabled=True), wider, SECRETS), NOW + timedelta(seconds=60)
    found = opened("compact", COOKIES.compact[0])
    user = wider[User].row(User, {**found.user.raw, "tags": ["a"]})
    text = copies.seal(found.session, user, version="1", now=NOW, expires_at=end, random=SeededRandom())
    first, second = copies.open(text, now=NOW), copies.open(text, now=NOW)
    assert first is not None
    assert second is not None
    first.user.get("tags").append("b")
    assert second.user.get("tags") == ["a"]


def test_nobody_can_change_what_is_remembered() -> None:
    copies = cache("compact")
    found = copies.open(COOKIES.compact[0], now=NOW)
    assert found is not None
    values: Any = found.user.raw
    with pytest.raises(TypeError):
        values["name"] = "Eve"
    assert encode(found.user) == encode(opened("compact", COOKIES.compact[0]).user.wire())


def test_what_is_remembered_is_copied_and_pickled_as_any_row_is() -> None:
    found = cache("compact").open(COOKIES.compact[0], now=NOW)
    assert found is not None
    for again in (deepcopy(found.user), pickle.loads(pickle.dumps(found.user))):
        assert again == found.user
        assert again.with_values({"name": "Eve"}).wire() == {**found.user.wire(), "name": "Eve"}


def test_an_application_may_call_its_columns_encoded_and_shared() -> None:
    class AppUser(User):
        encoded: Column[str | None] = column(default=None)
        shared: Column[bool] = column(default=False)

    found = cache("compact").open(COOKIES.compact[0], now=NOW)
    assert found is not None
    mine = AppUser.of(found.user.with_values({"encoded": "x", "shared": True}))
    assert (mine.encoded, mine.shared, mine.name) == ("x", True, "Véc Tor")
    assert AppUser(name="Ada", email="a@b.c", encoded="y").wire()["encoded"] == "y"
    assert decode(encode(mine)) == mine.wire()
