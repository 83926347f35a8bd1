"""Sessions in the secondary storage: their form, who may end them, what happens when the storage fails."""

import json
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from gatewright.model.query import Delete, Select, Values
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.ports.cache import CacheUnavailable
from gatewright.services.cache_deadline import CacheDeadline
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser
from gatewright.testing.clock import FrozenClock
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.memory_cache import MemoryCache

pytestmark = pytest.mark.anyio

BOTH = {"store_session_in_database": True}
PRESERVED = {"store_session_in_database": True, "preserve_session_in_database": True}


class Cache(MemoryCache):
    """A storage that can be made to fail, and whose operations can be stopped between reading and writing."""

    def __init__(self) -> None:
        self.time = FrozenClock()
        super().__init__(self.time)
        self.broken = False

    async def get(self, key: str) -> str | None:
        await self._pass()
        return await super().get(key)

    async def set(self, key: str, value: str, ttl: int | None = None) -> None:
        await self._pass()
        await super().set(key, value, ttl)

    async def take(self, key: str) -> str | None:
        await self._pass()
        return await super().take(key)

    async def replace(self, key: str, old: str | None, new: str | None, ttl: int | None = None) -> bool:
        await self._pass()
        return await super().replace(key, old, new, ttl)

    async def _pass(self) -> None:
        await anyio.lowlevel.checkpoint()
        if self.broken:
            raise CacheUnavailable("refused")


class CountingAdapter(MemoryAdapter):
    """Counts what is read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    async def select(self, query: Select) -> list[Values]:
        self.reads += 1
        return list(await super().select(query))

    async def select_pair(self, query: Select) -> tuple[Values, Values] | None:
        self.reads += 1
        return await super().select_pair(query)


def make(session: dict[str, Any] | None = None) -> tuple[TestApp, Cache, CountingAdapter]:
    cache, adapter = Cache(), CountingAdapter()
    app = make_app({"session": session or {}}, cache=cache, adapter=adapter)
    cache.time = app.clock
    cache._clock = app.clock  # pyright: ignore[reportPrivateUsage]
    return app, cache, adapter


async def sign_in(app: TestApp) -> Browser:
    browser = app.browser()
    answer = await browser.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    assert answer.status == 200
    return browser


async def token_of(browser: Browser) -> str:
    return (await browser.get("/get-session")).json["session"]["token"]


async def rows(app: TestApp) -> int:
    return await app.auth.services.database.count(Session)


async def test_a_session_is_a_text_under_its_token() -> None:
    app, cache, _ = make()
    answer = (await (await app.signed_up()).get("/get-session")).json
    token, user_id = answer["session"]["token"], answer["user"]["id"]
    assert sorted(cache.keys()) == sorted([token, f"active-sessions-{user_id}"])
    assert json.loads(await cache.get(token) or "") == {"session": answer["session"], "user": answer["user"]}
    assert json.loads(await cache.get(f"active-sessions-{user_id}") or "") == [
        {"token": token, "expiresAt": 1767873600000}
    ]
    assert await rows(app) == 0
    app.clock.advance(days=7)
    assert list(cache.keys()) == []


@pytest.mark.parametrize(("strategy", "length"), [("uuid", 36), ("serial", 32)])
async def test_a_session_is_identified_as_rows_are_where_no_database_is_needed_for_it(
    strategy: str, length: int
) -> None:
    app = make_app({"advanced": {"database": {"generate_id": strategy}}}, cache=Cache())
    browser = await app.signed_up()
    assert len((await browser.get("/get-session")).json["session"]["id"]) == length


async def test_a_session_is_read_without_the_database() -> None:
    app, _, adapter = make()
    browser = await app.signed_up()
    adapter.reads = 0
    assert (await browser.get("/get-session")).json["user"]["name"] == "Ada"
    assert adapter.reads == 0


@pytest.mark.parametrize(
    ("path", "over", "kept"),
    [("/sign-out", 1, 1), ("/revoke-other-sessions", 1, 1), ("/revoke-sessions", 2, 0)],
)
async def test_a_preserved_row_says_when_its_session_ended(path: str, over: int, kept: int) -> None:
    app, _, _ = make(PRESERVED)
    await app.signed_up()
    browser = await sign_in(app)
    app.clock.advance(hours=1)
    await browser.post(path)
    ends = [row.expires_at for row in await app.auth.services.database.find_many(Session)]
    assert (ends.count(app.clock.now()), len(ends)) == (over, over + kept)


@pytest.mark.parametrize("session", [{}, BOTH, PRESERVED])
async def test_signing_out_ends_the_session_and_leaves_nothing_behind(session: dict[str, Any]) -> None:
    app, cache, _ = make(session)
    browser = await app.signed_up()
    kept = dict(browser.jar)
    await browser.post("/sign-out")
    browser.jar.update(kept)
    assert (await browser.get("/get-session")).json is None
    assert list(cache.keys()) == []
    assert await rows(app) == (1 if session is PRESERVED else 0)


@pytest.mark.parametrize("session", [{}, BOTH, PRESERVED])
async def test_other_sessions_are_listed_and_ended(session: dict[str, Any]) -> None:
    app, _, _ = make(session)
    laptop = await app.signed_up()
    phone = await sign_in(app)
    listed = (await laptop.get("/list-sessions")).json
    assert sorted(each["token"] for each in listed) == sorted([await token_of(laptop), await token_of(phone)])
    await laptop.post("/revoke-other-sessions")
    assert (await phone.get("/get-session")).json is None
    assert (await laptop.get("/get-session")).json["user"]["name"] == "Ada"


async def test_nobody_ends_what_is_not_theirs() -> None:
    app, cache, _ = make()
    ada, bob = await app.signed_up(), await app.signed_up("bob@example.com")
    mine = await token_of(ada)
    user_id = (await ada.get("/get-session")).json["user"]["id"]
    keys = tuple(cache.keys())
    before = [await cache.get(key) for key in keys]
    for name in (mine, f"active-sessions-{user_id}", "verification:x", ""):
        await bob.post("/revoke-session", {"token": name})
    assert [await cache.get(key) for key in keys] == before
    assert len(before) == 4


async def test_changes_of_the_user_are_seen_on_every_device() -> None:
    app, _, _ = make()
    laptop = await app.signed_up()
    phone = await sign_in(app)
    await laptop.post("/update-user", {"name": "Ada L."})
    assert (await phone.get("/get-session")).json["user"]["name"] == "Ada L."


async def test_a_session_is_extended_in_the_storage() -> None:
    app, cache, _ = make()
    browser = await app.signed_up()
    app.clock.advance(days=2)
    extended = (await browser.get("/get-session")).json["session"]
    assert extended["expiresAt"] == "2026-01-10T12:00:00.000Z"
    app.clock.advance(days=6)
    assert len(list(cache.keys())) == 2
    assert (await browser.get("/get-session")).json is not None


@pytest.mark.parametrize("text", ["", "{", "[]", "1", "null", '{"session":{},"user":{}}', '{"session":1,"user":2}'])
async def test_what_is_no_session_is_as_good_as_none(text: str) -> None:
    app, cache, _ = make()
    browser = await app.signed_up()
    await cache.set(await token_of(browser), text)
    answer = await browser.get("/get-session")
    assert (answer.status, answer.json, browser.jar) == (200, None, {})


async def test_the_text_of_another_session_is_not_believed() -> None:
    app, cache, _ = make()
    ada, bob = await app.signed_up(), await app.signed_up("bob@example.com")
    await cache.set(await token_of(bob), await cache.get(await token_of(ada)) or "")
    assert (await bob.get("/get-session")).json is None


async def test_a_lost_storage_signs_out_where_there_is_nothing_else() -> None:
    app, cache, _ = make()
    browser = await app.signed_up()
    for key in tuple(cache.keys()):
        await cache.delete(key)
    assert (await browser.get("/get-session")).json is None


async def test_the_database_answers_for_what_the_storage_has_lost() -> None:
    app, cache, _ = make(BOTH)
    browser = await app.signed_up()
    for key in tuple(cache.keys()):
        await cache.delete(key)
    assert (await browser.get("/get-session")).json["user"]["name"] == "Ada"
    assert list(cache.keys()) == []
    await browser.post("/revoke-sessions")
    assert (await browser.get("/get-session")).json is None


async def test_a_preserved_row_is_no_session() -> None:
    app, cache, _ = make(PRESERVED)
    browser = await app.signed_up()
    for key in tuple(cache.keys()):
        await cache.delete(key)
    assert (await browser.get("/get-session")).json is None
    assert await rows(app) == 1


async def test_without_the_storage_there_is_a_plain_answer() -> None:
    app, cache, _ = make()
    browser = await app.signed_up()
    cache.broken = True
    answer = await browser.get("/get-session")
    assert (answer.status, answer.header("retry-after")) == (503, "1")
    assert answer.json == {"message": "Service temporarily unavailable", "code": "SERVICE_UNAVAILABLE"}
    cache.broken = False
    assert (await browser.get("/get-session")).json["user"]["name"] == "Ada"


async def test_without_the_storage_the_database_answers_but_nothing_is_ended_halfway() -> None:
    app, cache, _ = make(BOTH)
    browser = await app.signed_up()
    cache.broken = True
    assert (await browser.get("/get-session")).json["user"]["name"] == "Ada"
    assert (await (await sign_in(app)).get("/get-session")).json["user"]["name"] == "Ada"
    # The storage still has the session: whoever was told that it is over would be told wrong.
    assert (await browser.post("/sign-out")).status == 503


async def test_a_storage_that_hangs_is_not_available() -> None:
    class Hanging(MemoryCache):
        async def get(self, key: str) -> str | None:
            await anyio.sleep_forever()

    with pytest.raises(CacheUnavailable):
        await CacheDeadline(Hanging(), seconds=0.01).get("key")


async def test_a_session_that_is_ended_while_it_is_extended_stays_ended() -> None:
    for session in ({}, BOTH, PRESERVED):
        for _ in range(10):
            app, cache, _ = make(session)
            browser = await app.signed_up()
            app.clock.advance(days=2)
            reader, ender = app.browser(), app.browser()
            reader.jar, ender.jar = dict(browser.jar), dict(browser.jar)

            async def read(reader: Browser = reader, jar: dict[str, str] = browser.jar) -> None:
                reader.jar = dict(jar)
                await reader.get("/get-session")

            async with anyio.create_task_group() as group:
                for _ in range(20):
                    group.start_soon(read)
                group.start_soon(ender.post, "/sign-out")
            assert (await browser.get("/get-session")).json is None
            assert list(cache.keys()) == []


async def test_a_session_that_is_begun_while_its_user_is_deleted_does_not_stay() -> None:
    app, cache, adapter = make()
    await app.signed_up()
    services = app.auth.services
    user = await services.users.by_email(services.database, "ada@example.com")
    assert user is not None
    real = cache.set

    async def late(key: str, value: str, ttl: int | None = None) -> None:
        await adapter.delete(Delete(app.auth.blueprint.plan.schema[User], ()))
        await real(key, value, ttl)

    cache.set = late
    session = await services.sessions.create(services.database, user.id, ip_address=None, user_agent=None)
    assert await cache.get(session.token) is None


async def test_deleting_a_user_ends_every_session() -> None:
    app, cache, _ = make()
    browser = await app.signed_up()
    services = app.auth.services
    user_id = (await browser.get("/get-session")).json["user"]["id"]
    await services.users.delete(services.database, user_id)
    assert list(cache.keys()) == []
    assert (await browser.get("/get-session")).json is None


async def test_a_user_signs_in_from_many_devices_at_once_and_every_session_is_listed() -> None:
    app, cache, _ = make()
    browser = await app.signed_up()
    user_id = (await browser.get("/get-session")).json["user"]["id"]
    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(sign_in, app)
    assert len(json.loads(await cache.get(f"active-sessions-{user_id}") or "")) == 21
    await browser.post("/revoke-sessions")
    assert list(cache.keys()) == []
