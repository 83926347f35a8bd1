"""The session that a client holds: when it is read, who is told, and what a failure does to it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import anyio.lowlevel
import httpx
import pytest
from tests.unit.client.servers import ORIGIN, PASSWORD, Recorded, async_client, scripted, sync_client

from gatewright.contract.results import SessionData
from gatewright.contract.session import ListSessions
from gatewright.plugins.custom_session import custom_get_session
from gatewright.testing.app import make_app
from gatewright.wire.faults import ConfigError
from gatewright.wire.operation import Operation
from gatewright.wire.result import Result as Struct
from gatewright_client import Client, FileStorage, Profiles, Snapshot, SyncClient

pytestmark = pytest.mark.anyio

START = datetime(2026, 1, 1, tzinfo=UTC)


def body(name: str = "Ada", **more: object) -> dict[str, object]:
    user = {"id": "u1", "name": name, "email": "ada@example.com", "createdAt": "2026-01-01T00:00:00.000Z"}
    session = {"id": "s1", "token": "t", "userId": "u1", "expiresAt": "2026-01-08T00:00:00.000Z"}
    return {"session": session, "user": user, **more}


class Server:
    """Answers what it was told last."""

    def __init__(self, answer: object = None, status: int = 200) -> None:
        self.answer: object = answer
        self.status = status

    def __call__(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(self.status, json=self.answer)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


async def signed_up(client: Client) -> None:
    (await client.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD)).unwrap()


async def test_it_is_pending_until_it_has_been_read() -> None:
    client = async_client()
    assert (client.session.data, client.session.error, client.session.pending) == (None, None, True)
    assert await client.session.refetch() == Snapshot(None, None, pending=False)
    assert client.session.pending is False


async def test_calls_that_change_the_session_read_it_again_and_others_do_not() -> None:
    recorded = Recorded()
    client = async_client(recorded=recorded)
    await signed_up(client)
    assert recorded.lines == ["POST /sign-up/email", "GET /get-session"]
    recorded.clear()
    await client.list_sessions()
    await client.sign_in.email(email="ada@example.com", password="wrong-password")
    assert recorded.lines == ["GET /list-sessions", "POST /sign-in/email"]
    recorded.clear()
    await client.with_options(silent=True).update_user(name="Grace")
    assert recorded.lines == ["POST /update-user"]


async def test_subscribers_are_told_of_changes_only() -> None:
    client = async_client()
    heard: list[str | None] = []

    async def later(snapshot: Snapshot[SessionData]) -> None:
        await anyio.lowlevel.checkpoint()
        heard.append(None if snapshot.data is None else snapshot.data.user.name)

    unsubscribe = client.session.subscribe(later)
    await signed_up(client)
    await client.session.refetch()
    await client.update_user(name="Grace")
    await client.sign_out()
    assert heard == ["Ada", "Grace", None]
    unsubscribe()
    unsubscribe()
    await client.sign_in.email(email="ada@example.com", password=PASSWORD)
    assert heard == ["Ada", "Grace", None]


async def test_what_has_not_changed_stays_the_same_object() -> None:
    client, _ = scripted(Server(body()))
    first = (await client.session.refetch()).data
    assert isinstance(first, SessionData)
    assert (await client.session.refetch()).data is first


async def test_a_401_clears_the_data_and_other_errors_keep_it() -> None:
    server = Server(body())
    client, _ = scripted(server)
    data = (await client.session.refetch()).data
    server.answer, server.status = {"message": "broken"}, 500
    snapshot = await client.session.refetch()
    assert snapshot.data is data
    assert snapshot.error is not None
    assert snapshot.error.status == 500
    server.answer, server.status = {"message": "no"}, 401
    snapshot = await client.session.refetch()
    assert snapshot.data is None
    server.answer, server.status = body(), 200
    assert (await client.session.refetch()).error is None


async def test_a_deferred_refresh_is_asked_for_with_post() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=body("Ada", needsRefresh=True) if request.method == "GET" else body("Grace"))

    client, recorded = scripted(answer)
    snapshot = await client.session.refetch(disable_cookie_cache=True)
    assert snapshot.data is not None
    assert snapshot.data.user.name == "Grace"
    assert recorded.lines == ["GET /get-session?disableCookieCache=true", "POST /get-session"]
    assert recorded.requests[1].content == b'{"disableCookieCache":true}'


async def test_callers_at_the_same_time_share_a_request() -> None:
    """One is under way; the others, who may know of a later change, share the next one."""
    begun, may_end = anyio.Event(), anyio.Event()
    asked = 0

    class Slow(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal asked
            asked += 1
            begun.set()
            await may_end.wait()
            return httpx.Response(200, json=body(f"Ada {asked}"))

    client = Client(ORIGIN, http=httpx.AsyncClient(transport=Slow()))
    found: list[Snapshot[SessionData]] = []

    async def refetch() -> None:
        found.append(await client.session.refetch())

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(refetch)
        await begun.wait()
        for _ in range(5):
            tasks.start_soon(refetch)
        await anyio.wait_all_tasks_blocked()
        assert client.session.refetching
        may_end.set()
    names = [each.data.user.name for each in found if each.data is not None]
    assert (asked, sorted(names)) == (2, ["Ada 1", *["Ada 2"] * 5])
    assert not client.session.refetching


async def test_a_signal_can_be_raised_and_heard_by_hand() -> None:
    client, recorded = scripted(Server(body()))
    heard: list[bool] = []

    async def listener(value: bool) -> None:
        heard.append(value)

    stop = await client.store.listen("$sessionSignal", listener)
    assert heard == [False]
    await client.store.notify("$sessionSignal")
    assert (heard, recorded.lines) == ([False, True], ["GET /get-session"])
    stop()
    await client.store.notify("$sessionSignal")
    assert heard == [False, True]
    assert client.store.values == {"$sessionSignal": False}


async def test_changes_can_be_iterated_over_and_a_slow_reader_sees_the_latest() -> None:
    server = Server(body("Ada"))
    client, _ = scripted(server)
    changes = client.session.changes()
    assert (await anext(changes)).pending
    await client.session.refetch()
    server.answer = body("Grace")
    await client.session.refetch()
    latest = await anext(changes)
    assert latest.data is not None
    assert latest.data.user.name == "Grace"
    found: list[Snapshot[SessionData]] = []

    async def read_one() -> None:
        found.append(await anext(changes))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(read_one)
        await anyio.wait_all_tasks_blocked()
        assert found == []
        server.answer = None
        await client.session.refetch()
    assert [each.data for each in found] == [None]


async def test_focus_reads_at_most_once_in_five_seconds() -> None:
    clock = Clock()
    client, recorded = scripted(Server(body()), now=clock)
    await client.touch()
    clock.at += timedelta(seconds=4.9)
    await client.touch()
    assert len(recorded.requests) == 1
    clock.at += timedelta(seconds=0.1)
    await client.touch()
    assert len(recorded.requests) == 2
    deaf, recorded = scripted(Server(body()), now=clock, refetch_on_focus=False)
    await deaf.touch()
    assert recorded.requests == []


async def test_the_interval_counts_only_while_there_is_a_session() -> None:
    clock, server = Clock(), Server(body())
    client, recorded = scripted(server, now=clock, refetch_interval=timedelta(minutes=1))
    await client.check()
    assert recorded.requests == []
    await client.session.refetch()
    clock.at += timedelta(seconds=59)
    await client.check()
    assert len(recorded.requests) == 1
    clock.at += timedelta(seconds=1)
    server.answer = None
    await client.check()
    assert len(recorded.requests) == 2
    clock.at += timedelta(hours=1)
    await client.check()
    assert len(recorded.requests) == 2


async def test_processes_that_share_a_file_see_each_others_changes(tmp_path: Path) -> None:
    app = make_app()
    recorded = Recorded()
    ours = async_client(app, storage=FileStorage(tmp_path / "s.json"), recorded=recorded)
    theirs = async_client(app, storage=FileStorage(tmp_path / "s.json"))
    await signed_up(theirs)
    await ours.check()
    assert ours.session.data is not None
    assert recorded.lines == ["GET /get-session"]
    await ours.check()
    assert recorded.lines == ["GET /get-session"]
    await theirs.sign_out()
    await ours.check()
    assert ours.session.data is None


async def test_watching_goes_on_until_it_is_cancelled(tmp_path: Path) -> None:
    app = make_app()
    ours = async_client(app, storage=FileStorage(tmp_path / "s.json"))
    theirs = async_client(app, storage=FileStorage(tmp_path / "s.json"))
    seen = anyio.Event()
    ours.session.subscribe(lambda snapshot: seen.set())
    with anyio.fail_after(10):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ours.watch, timedelta(milliseconds=1))
            await signed_up(theirs)
            await seen.wait()
            tasks.cancel_scope.cancel()
    assert ours.session.data is not None


async def test_a_session_read_elsewhere_can_be_put_in_once() -> None:
    client, _ = scripted(Server(body("Grace")))
    other, _ = scripted(Server(body("Ada")))
    data = (await other.get_session()).unwrap()
    client.session.hydrate(data)
    assert (client.session.data, client.session.pending) == (data, False)
    client.session.hydrate(None)
    assert client.session.data is data
    await client.session.refetch()
    assert client.session.data is not None
    assert client.session.data.user.name == "Grace"


def test_a_synchronous_client_has_the_same_session(tmp_path: Path) -> None:
    app = make_app()
    client = sync_client(app, storage=FileStorage(tmp_path / "s.json"), refetch_interval=timedelta(minutes=1))
    heard: list[str | None] = []
    signals: list[bool] = []
    stop = client.session.subscribe(lambda each: heard.append(None if each.data is None else each.data.user.name))
    end = client.store.listen("$sessionSignal", signals.append)
    client.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD).unwrap()
    client.update_user(name="Grace")
    client.touch()
    client.check()
    other = sync_client(app, storage=FileStorage(tmp_path / "s.json"))
    other.sign_out()
    client.check()
    assert heard == ["Ada", "Grace", None]
    assert signals == [False, True, False]
    stop()
    end()
    client.store.notify("$sessionSignal")
    assert (len(heard), len(signals)) == (3, 3)


def test_a_synchronous_client_watches_until_it_is_stopped(tmp_path: Path) -> None:
    app = make_app()
    ours = sync_client(app, storage=FileStorage(tmp_path / "s.json"))
    theirs = sync_client(app, storage=FileStorage(tmp_path / "s.json"))
    seen, stop = threading.Event(), threading.Event()
    ours.session.subscribe(lambda snapshot: seen.set())
    thread = threading.Thread(target=ours.watch, args=(stop, timedelta(milliseconds=1)))
    thread.start()
    try:
        theirs.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD).unwrap()
        assert seen.wait(10)
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()
    assert ours.session.data is not None


async def test_profiles_of_one_file_are_different_users(tmp_path: Path) -> None:
    app = make_app()
    profiles = Profiles(FileStorage(tmp_path / "s.json"))
    for name in ("ada", "grace"):
        client = async_client(app, storage=profiles[name])
        (await client.sign_up.email(name=name, email=f"{name}@example.com", password=PASSWORD)).unwrap()
    for name in profiles.names():
        found = (await async_client(app, storage=profiles[name]).get_session()).unwrap()
        assert found is not None
        assert found.user.name == name
    await async_client(app, storage=profiles["ada"]).sign_out()
    assert profiles.names() == ("grace",)


class OwnSession(Struct):
    """An application's session, without a user."""

    roles: list[str]


@custom_get_session
class GetOwnSession(Operation[OwnSession | None]):
    """What the application says of who is calling."""


class OwnClient(Client[OwnSession], session=GetOwnSession):
    """An application's client."""


class OwnSyncClient(SyncClient[OwnSession], session=GetOwnSession):
    """The same, waiting."""


async def test_an_application_s_own_session_is_read_as_its_own_class() -> None:
    server = Server({"roles": ["a"], "needsRefresh": True})
    recorded = Recorded()

    def answer(request: httpx.Request) -> httpx.Response:
        recorded.requests.append(request)
        return server(request)

    client = OwnClient(ORIGIN, http=httpx.AsyncClient(transport=httpx.MockTransport(answer)))
    assert (await client.session.refetch(disable_cookie_cache=True)).data == OwnSession(roles=["a"])
    assert (await client.get_session()).unwrap() == OwnSession(roles=["a"])
    assert recorded.lines == ["GET /get-session", "GET /get-session"]
    copied = client.with_options(headers={"a": "b"})
    assert (await copied.get_session()).unwrap() == OwnSession(roles=["a"])
    sync = OwnSyncClient(ORIGIN, http=httpx.Client(transport=httpx.MockTransport(server)))
    assert sync.session.refetch().data == sync.get_session().unwrap() == OwnSession(roles=["a"])


def test_a_session_is_read_where_the_session_is() -> None:
    with pytest.raises(ConfigError, match="/get-session"):

        class Wrong(Client[OwnSession], session=ListSessions):  # pyright: ignore[reportUnusedClass] (refused when it is made)
            """A list of sessions is no session."""
