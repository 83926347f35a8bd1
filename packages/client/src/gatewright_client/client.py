"""The two clients: every operation of the server, the session, its signals and its storage.

One definition of the calls (``core``) in two flavours; here is what a flavour does itself: it connects, waits and closes. Not
here: how calls are sent (``senders``), what the session's rules are (``session``).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import anyio

from gatewright.contract.session import GetSession
from gatewright.wire.faults import ConfigError
from gatewright.wire.operation import SESSION, Operation
from gatewright_client.calls import Async, F, Sync
from gatewright_client.core import CoreCalls, D
from gatewright_client.exchange import Server
from gatewright_client.options import CallOptions, OnError, OnRedirect, OnSuccess
from gatewright_client.plugins.base import ClientPlugin
from gatewright_client.result import Result
from gatewright_client.senders import AsyncChannel, AsyncSender, SyncChannel, SyncSender
from gatewright_client.session import AsyncSession, Reading, SyncSession
from gatewright_client.signals import AsyncStore, SyncStore
from gatewright_client.storage import MemoryStorage, Storage
from gatewright_client.transport import AsyncHttp, SyncHttp, own_async_http, own_sync_http

__all__ = ("Client", "SyncClient")

R = TypeVar("R")
H = TypeVar("H")
BASE_PATH = "/api/auth"
WATCH_EVERY = timedelta(seconds=1)
"""How often :meth:`Client.watch` looks at a shared storage."""


def _utc() -> datetime:
    return datetime.now(UTC)


def _address(base_url: str | None) -> str:
    found = base_url or os.environ.get("BETTER_AUTH_URL")
    if not found:
        raise ConfigError("say where the server is: base_url, or BETTER_AUTH_URL in the environment")
    return found


class _Client(CoreCalls[F, D], Generic[F, H, D]):
    """What both clients are: where the server is, what is kept of it, and the options of calls.

    Args:
        base_url: Where the server is; with a path it is used as it is. By default ``BETTER_AUTH_URL`` of the environment.
        http: An HTTP client to borrow (``httpx.AsyncClient``, ``httpx2.AsyncClient``); by default the client has its own.
        base_path: Added to a ``base_url`` without a path.
        storage: Where cookies and tokens are kept; by default in memory.
        bearer: Sessions travel as tokens in ``Authorization``; the server needs its bearer plugin.
        origin: What requests say of where they come from; by default the server's own origin.
        headers: Sent with every request.
        timeout: Seconds for one attempt; by default the HTTP client's own.
        plugins: The counterparts of the server's plugins.
        on_redirect: Told where the user is to be sent when an answer says ``redirect``.
        refetch_interval: How often :meth:`watch` reads the session again while there is one.
        refetch_on_focus: Whether :meth:`touch` reads it again.
        now: The aware UTC time.


    Attributes:
        storage: Cookies and tokens.

    Raises:
        ConfigError: The address is missing or none, or plugins contradict each other.
    """

    _server: Server
    _options: CallOptions

    def __init_subclass__(cls, *, session: type[Operation[Any]] | None = None) -> None:
        """A client whose session is the application's own.

        Args:
            session: What reads it, declared with ``gatewright.plugins.custom_session.custom_get_session``; what it answers is the
                class that the client is subscripted with.

        Raises:
            ConfigError: The operation is not at the path of the session.
        """
        super().__init_subclass__()
        if session is not None:
            if session.route.path != GetSession.route.path:
                raise ConfigError(f"{session.__name__} does not read the session: it is not at {GetSession.route.path}")
            cls.session_operation = session

    def __init__(
        self,
        base_url: str | None = None,
        *,
        http: H | None = None,
        base_path: str = BASE_PATH,
        storage: Storage | None = None,
        bearer: bool = False,
        origin: str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        plugins: Sequence[ClientPlugin] = (),
        on_redirect: OnRedirect | None = None,
        refetch_interval: timedelta | None = None,
        refetch_on_focus: bool = True,
        now: Callable[[], datetime] = _utc,
    ) -> None:
        self._server = Server.at(_address(base_url), base_path, origin=origin, bearer=bearer, plugins=plugins, now=now)
        self.storage: Storage = storage or MemoryStorage()
        self._options = CallOptions(headers=dict(headers or {}), timeout=timeout)
        self._owned = http is None
        self._connect(http, on_redirect, Reading(self.session_operation, now, refetch_interval, refetch_on_focus))

    def _connect(self, http: H | None, on_redirect: OnRedirect | None, reading: Reading) -> None:  # noqa: ARG002
        """Begin in the flavour's own way."""
        raise TypeError("a client is a Client or a SyncClient")

    @property
    def url(self) -> str:
        """The server's base URL with its base path."""
        return self._server.url

    @property
    def bearer(self) -> bool:
        """Whether sessions travel as tokens instead of cookies."""
        return self._server.bearer

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock: gives the aware UTC time."""
        return self._server.now

    def with_options(
        self,
        *,
        headers: Mapping[str, str] | None = None,
        on_success: OnSuccess | None = None,
        on_error: OnError | None = None,
        timeout: float | None = None,
        throw: bool | None = None,
        silent: bool | None = None,
        retries: int | None = None,
    ) -> Self:
        """The same client, with the same session and connections, and other options for its calls.

        Args:
            headers: Added to the client's.
            on_success: Told of each success; with an asynchronous client it may be a coroutine function.
            on_error: Told of each failure, likewise.
            timeout: Seconds for one attempt.
            throw: Failures are raised instead of answered.
            silent: Successes do not refresh the session and raise no signal.
            retries: How often a read is sent again when no answer came.
        """
        before = self._options
        options = replace(
            before,
            headers={**before.headers, **(headers or {})},
            on_success=before.on_success if on_success is None else on_success,
            on_error=before.on_error if on_error is None else on_error,
            timeout=before.timeout if timeout is None else timeout,
            throw=before.throw if throw is None else throw,
            silent=before.silent if silent is None else silent,
            retries=before.retries if retries is None else retries,
        )
        found = copy(self)
        vars(found).update(_options=options, _sender=self._sender.with_options(options))
        return found


class Client(_Client[Async, AsyncHttp, D]):
    """The asynchronous client, on asyncio and trio.

    ::

        async with Client("https://example.com") as client:
            signed_in = (await client.sign_in.email(email="ada@example.com", password="...")).unwrap()
            print(client.session.data)

    Attributes:
        session: The session as it was seen last; every operation that changes it reads it again.
        store: The signals.
        storage: Cookies and tokens.

    Raises:
        ConfigError: The address is missing or none, or plugins contradict each other.
    """

    session: AsyncSession[D]
    store: AsyncStore

    def _connect(self, http: AsyncHttp | None, on_redirect: OnRedirect | None, reading: Reading) -> None:
        self.store = AsyncStore()
        self._channel = AsyncChannel(
            http or own_async_http(),
            self._server,
            self.storage,
            self.store,
            on_redirect=on_redirect,
            options=self._options,
        )
        self._sender = sender = AsyncSender(self._channel, self._options)
        self.session = AsyncSession(sender, reading)
        self.session.subscribe(lambda snapshot: self._channel.follow(snapshot.data))
        self.store.on_change(SESSION.name, lambda _: self.session.refetch())

    async def send(self, op: Operation[R]) -> Result[R]:
        """Send an operation that was made by hand."""
        return await AsyncSender(self._channel, self._options).send(op)

    async def touch(self) -> None:
        """The program has come to the front: read the session again, at most once in five seconds."""
        await self.session.touch()

    async def check(self) -> None:
        """Read the session again if another process has changed the storage, or if the interval has passed."""
        if await self._channel.is_changed():
            await self.session.refetch()
        else:
            await self.session.refetch_when_due()

    async def watch(self, every: timedelta = WATCH_EVERY) -> None:
        """:meth:`check` until cancelled; start it in a task group of your own."""
        while True:
            await anyio.sleep(every.total_seconds())
            await self.check()

    async def aclose(self) -> None:
        """Close the HTTP client, unless it is borrowed."""
        if self._owned:
            await self._channel.http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class SyncClient(_Client[Sync, SyncHttp, D]):
    """The synchronous client: the same calls, returning instead of awaited. Threads may share it.

    ::

        with SyncClient("https://example.com", storage=FileStorage("~/.config/app/session.json")) as client:
            print(client.get_session().unwrap())

    Arguments, attributes and errors are those of :class:`Client`; ``http`` is an ``httpx.Client`` or its like.
    """

    session: SyncSession[D]
    store: SyncStore

    def _connect(self, http: SyncHttp | None, on_redirect: OnRedirect | None, reading: Reading) -> None:
        self.store = SyncStore()
        self._channel = SyncChannel(
            http or own_sync_http(),
            self._server,
            self.storage,
            self.store,
            on_redirect=on_redirect,
            options=self._options,
        )
        self._sender = sender = SyncSender(self._channel, self._options)
        self.session = SyncSession(sender, reading)
        self.session.subscribe(lambda snapshot: self._channel.follow(snapshot.data))
        self.store.on_change(SESSION.name, lambda _: self.session.refetch())

    def send(self, op: Operation[R]) -> Result[R]:
        """Send an operation that was made by hand."""
        return SyncSender(self._channel, self._options).send(op)

    def touch(self) -> None:
        """The program has come to the front: read the session again, at most once in five seconds."""
        self.session.touch()

    def check(self) -> None:
        """Read the session again if another process has changed the storage, or if the interval has passed."""
        if self._channel.has_changed():
            self.session.refetch()
        else:
            self.session.refetch_when_due()

    def watch(self, stop: threading.Event, every: timedelta = WATCH_EVERY) -> None:
        """:meth:`check` until ``stop`` is set; run it in a thread of your own."""
        while not stop.wait(every.total_seconds()):
            self.check()

    def close(self) -> None:
        """Close the HTTP client, unless it is borrowed."""
        if self._owned:
            self._channel.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
