"""One-time values in the secondary storage: as long as they last, taken once, whichever store decides."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from tests.mailing import all_at_once

from gatewright.model.verification import Verification
from gatewright.ports.cache import CacheUnavailable
from gatewright.ports.clock import Clock
from gatewright.ports.tasks import Job
from gatewright.testing.app import TestApp, make_app
from gatewright_adapters.memory_cache import MemoryCache

pytestmark = pytest.mark.anyio

BOTH = pytest.mark.parametrize("both", [False, True], ids=["storage", "storage and database"])


class Inline:
    """Does jobs at once."""

    async def spawn(self, job: Job, /, *, name: str) -> None:
        del name
        await job()


class Storage(MemoryCache):
    """A storage that can be out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.broken = False

    def follow(self, clock: Clock) -> None:
        """Let lifetimes be those of an instance."""
        self._clock = clock

    async def set(self, key: str, value: str, ttl: int | None = None) -> None:
        if self.broken:
            raise CacheUnavailable
        await super().set(key, value, ttl)

    async def delete(self, key: str) -> None:
        if self.broken:
            raise CacheUnavailable
        await super().delete(key)


def app_with(*, both: bool = False, **more: Any) -> tuple[TestApp, Storage]:
    storage = Storage()
    app = make_app({"verification": {"store_in_database": both, **more}}, cache=storage)
    storage.follow(app.clock)
    return app, storage


async def create(app: TestApp, identifier: str, value: str = "the value", **more: Any) -> Verification:
    services = app.auth.services
    expires_at = app.clock.now() + timedelta(seconds=60)
    return await services.verifications.create(services.database, identifier, value, expires_at=expires_at, **more)


@BOTH
async def test_a_value_is_found_as_often_as_asked_and_taken_once(*, both: bool) -> None:
    app, storage = app_with(both=both)
    keeper, db = app.auth.services.verifications, app.auth.services.database
    await create(app, "flow:1")
    for _ in range(2):
        found = await keeper.find(db, "flow:1")
        assert found is not None
        assert found.value == "the value"
    assert await keeper.take(db, "flow:1") is not None
    assert await keeper.take(db, "flow:1") is None
    assert await keeper.find(db, "flow:1") is None
    assert list(storage.keys()) == []


@BOTH
async def test_one_02_one_of_fifty_takes_a_value(*, both: bool) -> None:
    app, _ = app_with(both=both)
    keeper, db = app.auth.services.verifications, app.auth.services.database
    await create(app, "flow:1")
    taken = await all_at_once([lambda: keeper.take(db, "flow:1", value="the value")] * 50)
    assert sum(row is not None for row in taken) == 1


@BOTH
async def test_of_fifty_changes_of_one_value_one_is_made(*, both: bool) -> None:
    app, _ = app_with(both=both)
    keeper, db = app.auth.services.verifications, app.auth.services.database
    row = await create(app, "flow:1")
    changed = await all_at_once([lambda: keeper.change(db, row, "another")] * 50)
    assert sum(each is not None for each in changed) == 1
    found = await keeper.find(db, "flow:1")
    assert found is not None
    assert found.value == "another"


@BOTH
async def test_a_value_is_gone_when_its_time_is_over(*, both: bool) -> None:
    app, _ = app_with(both=both)
    keeper, db = app.auth.services.verifications, app.auth.services.database
    await create(app, "flow:1")
    app.clock.advance(seconds=60)
    assert await keeper.find(db, "flow:1") is None
    assert await keeper.take(db, "flow:1") is None


@BOTH
async def test_only_the_value_that_is_meant_is_taken(*, both: bool) -> None:
    app, _ = app_with(both=both)
    keeper, db = app.auth.services.verifications, app.auth.services.database
    await create(app, "flow:1")
    assert await keeper.take(db, "flow:1", value="another") is None
    assert await keeper.take(db, "flow:1", value="the value") is not None


@BOTH
async def test_a_value_can_be_forgotten(*, both: bool) -> None:
    app, storage = app_with(both=both)
    keeper, db = app.auth.services.verifications, app.auth.services.database
    await create(app, "flow:1")
    await keeper.delete(db, "flow:1")
    await keeper.delete(db, "flow:2")
    assert await keeper.find(db, "flow:1") is None
    assert list(storage.keys()) == []


@BOTH
async def test_every_listed_value_of_a_flow_is_forgotten_together(*, both: bool) -> None:
    app, _ = app_with(both=both)
    keeper, db = app.auth.services.verifications, app.auth.services.database
    for identifier, value in (("trust-1", "ada"), ("trust-2", "ada"), ("trust-3", "bob")):
        await create(app, identifier, value, listed="trust-")
    await create(app, "other-1", "ada", listed="other-")
    await keeper.delete_valued(db, "trust-", "ada")
    left = [name for name in ("trust-1", "trust-2", "trust-3", "other-1") if await keeper.find(db, name)]
    assert left == ["trust-3", "other-1"]


async def test_the_text_is_the_contracts() -> None:
    app, storage = app_with()
    await create(app, "flow:1")
    text = await storage.get("verification:flow:1")
    assert text is not None
    members = msgspec.json.decode(text)
    assert set(members) == {"identifier", "value", "expiresAt", "createdAt", "updatedAt"}
    assert "verification" not in app.auth.tables


async def test_with_the_database_the_text_has_the_rows_identifier() -> None:
    app, storage = app_with(both=True)
    row = await create(app, "flow:1")
    text = await storage.get("verification:flow:1")
    assert text is not None
    assert msgspec.json.decode(text)["id"] == row.id
    assert "verification" in app.auth.tables


async def test_hashed_identifiers_are_hashed_in_the_storage_too() -> None:
    app, storage = app_with(store_identifier="hashed")
    await create(app, "flow:1")
    [key] = storage.keys()
    assert "flow" not in key
    assert await app.auth.services.verifications.take(app.auth.services.database, "flow:1") is not None


async def test_with_the_database_a_text_alone_is_worth_nothing() -> None:
    app, storage = app_with(both=True)
    keeper, db = app.auth.services.verifications, app.auth.services.database
    row = await create(app, "flow:1")
    await db.delete(Verification, Verification.id.eq(row.id))
    assert await storage.get("verification:flow:1") is not None
    assert await keeper.take(db, "flow:1") is None


async def test_with_the_database_a_storage_that_is_down_changes_nothing() -> None:
    app, storage = app_with(both=True)
    keeper, db = app.auth.services.verifications, app.auth.services.database
    storage.broken = True
    await create(app, "flow:1")
    assert await keeper.take(db, "flow:1") is not None
    assert "the secondary storage is not available" in repr(app.log.lines)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"identifier": "flow:2"}', '{"identifier": "flow:1", "value": "x"}'])
async def test_a_text_that_is_no_value_is_none(text: str) -> None:
    app, storage = app_with()
    await storage.set("verification:flow:1", text)
    keeper, db = app.auth.services.verifications, app.auth.services.database
    assert await keeper.find(db, "flow:1") is None
    assert await keeper.take(db, "flow:1") is None


@BOTH
async def test_text_that_nothing_could_store_is_not_looked_up(*, both: bool) -> None:
    app, _ = app_with(both=both)
    keeper, db = app.auth.services.verifications, app.auth.services.database
    for identifier in ("\x00", "x" * 4096, "\ud800"):
        assert await keeper.find(db, identifier) is None
        assert await keeper.take(db, identifier) is None
        await keeper.delete(db, identifier)


async def test_what_is_rolled_back_was_never_said() -> None:
    app, storage = app_with()
    services = app.auth.services

    async def fail_after_creating() -> None:
        async with services.database.transaction() as tx:
            await services.verifications.create(
                tx, "flow:1", "the value", expires_at=app.clock.now() + timedelta(seconds=60)
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_after_creating()
    assert list(storage.keys()) == []


async def test_an_application_hook_sees_and_refuses_values_there_too() -> None:
    seen: list[str] = []

    async def before(values: dict[str, object], _context: object) -> bool | None:
        seen.append(str(values["identifier"]))
        return False if values["identifier"] == "flow:2" else None

    storage = Storage()
    app = make_app({"database_hooks": {"verification": {"create": {"before": before}}}}, cache=storage)
    await create(app, "flow:1")
    await create(app, "flow:2")
    assert seen == ["flow:1", "flow:2"]
    assert list(storage.keys()) == ["verification:flow:1"]


async def test_a_password_is_reset_once_and_other_sessions_end() -> None:
    storage = Storage()
    tokens: list[str] = []

    async def send(mail: Any, _request: object) -> None:
        tokens.append(mail.token)

    app = make_app({"email_and_password": {"enabled": True, "send_reset_password": send}}, cache=storage)
    app.auth.services.tasks = Inline()
    storage.follow(app.clock)
    await app.signed_up()
    browser = app.browser()
    await browser.post("/request-password-reset", {"email": "ada@example.com"})
    answers = [
        await browser.post("/reset-password", {"newPassword": "new-password-1", "token": tokens[0]}) for _ in "12"
    ]
    assert [answer.status for answer in answers] == [200, 400]


async def test_a_user_is_deleted_without_a_table_of_sessions() -> None:
    app = make_app({"user": {"delete_user": {"enabled": True}}}, cache=Storage())
    browser = await app.signed_up()
    assert (await browser.post("/delete-user", {"password": "password-1234"})).status == 200
    assert (await browser.get("/get-session")).json is None


def test_the_database_needs_no_tables_of_what_is_kept_elsewhere() -> None:
    settings: list[tuple[dict[str, Any], set[str]]] = [
        ({}, {"user", "account"}),
        ({"session": {"store_session_in_database": True}}, {"user", "account", "session"}),
        ({"verification": {"store_in_database": True}}, {"user", "account", "verification"}),
    ]
    for options, tables in settings:
        app = make_app(options, cache=Storage())
        assert {table.name for table in app.auth.tables} == tables
    assert {table.name for table in make_app().auth.tables} == {"user", "account", "session", "verification"}
