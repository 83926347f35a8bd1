"""The two clients: every operation of the server, the session, its signals and its storage.

One definition of the calls (``core``) in two flavours. Not here: how calls are sent (``senders``), what the session's
rules are (``session``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self, TypeVar

import anyio

from gatewright.wire.faults import ConfigError
from gatewright.wire.operation import SESSION, Operation
from gatewright_client.calls import Async, Sync
from gatewright_client.cookies import cookie_header
from gatewright_client.core import CoreCalls
from gatewright_client.exchange import Keep, Recall, Server
from gatewright_client.options import CallOptions, OnError, OnRedirect, OnSuccess
from gatewright_client.plugins.base import ClientPlugin
from gatewright_client.result import Result
from gatewright_client.senders import AsyncChannel, AsyncSender, SyncChannel, SyncSender
from gatewright_client.session import AsyncSession, SyncSession
from gatewright_client.signals import AsyncStore, SyncStore
from gatewright_client.storage import MemoryStorage, Saved, Storage
from gatewright_client.transport import AsyncHttp, SyncHttp, own_async_http, own_sync_http

__all__ = ("Client", "SyncClient")

R = TypeVar("R")
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


def _changed(
    options: CallOptions,
    *,
    headers: Mapping[str, str] | None,
    on_success: OnSuccess | None,
    on_error: OnError | None,
    timeout: float | None,
    throw: bool | None,
    silent: bool | None,
    retries: int | None,
) -> CallOptions:
    return replace(
        options,
        headers={**options.headers, **(headers or {})},
        on_success=options.on_success if on_success is None else on_success,
        on_error=options.on_error if on_error is None else on_error,
        timeout=options.timeout if timeout is None else timeout,
        throw=options.throw if throw is None else throw,
        silent=options.silent if silent is None else silent,
        retries=options.retries if retries is None else retries,
    )


class Client(CoreCalls[Async]):
    """The asynchronous client, on asyncio and trio.

    ::

        async with Client("https://example.com") as client:
            signed_in = (await client.sign_in.email(email="ada@example.com", password="...")).unwrap()
            print(client.session.data)

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
        session: The session as it was seen last; every operation that changes it reads it again.
        store: The signals.
        storage: Cookies and tokens.

    Raises:
        ConfigError: The address is missing or none, or plugins contradict each other.
    """

    def __init__(
        self,
        base_url: str | None = None,
        *,
        http: AsyncHttp | None = None,
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
        server = Server.at(_address(base_url), base_path, origin=origin, bearer=bearer, plugins=plugins, now=now)
        self.storage: Storage = storage or MemoryStorage()
        self.store = AsyncStore()
        self._owned = http is None
        self._options = CallOptions(headers=dict(headers or {}), timeout=timeout)
        self._channel = AsyncChannel(
            http or own_async_http(), server, self.storage, self.store, on_redirect=on_redirect, options=self._options
        )
        sender = AsyncSender(self._channel, self._options)
        super().__init__(sender)
        self.session = AsyncSession(sender, now, refetch_interval, on_focus=refetch_on_focus)
        self.session.subscribe(lambda snapshot: self._channel.follow(snapshot.data))
        self.store.on_change(SESSION.name, lambda _: self.session.refetch())

    @property
    def url(self) -> str:
        """The server's base URL with its base path."""
        return self._channel.server.url

    @property
    def bearer(self) -> bool:
        """Whether sessions travel as tokens instead of cookies."""
        return self._channel.server.bearer

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock: gives the aware UTC time."""
        return self._channel.server.now

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
            on_success: Told of each success; may be a coroutine function.
            on_error: Told of each failure; may be a coroutine function.
            timeout: Seconds for one attempt.
            throw: Failures are raised instead of answered.
            silent: Successes do not refresh the session and raise no signal.
            retries: How often a read is sent again when no answer came.
        """
        options = _changed(
            self._options,
            headers=headers,
            on_success=on_success,
            on_error=on_error,
            timeout=timeout,
            throw=throw,
            silent=silent,
            retries=retries,
        )
        found = copy(self)
        vars(found).update(_options=options, _sender=AsyncSender(self._channel, options))
        return found

    async def send(self, op: Operation[R]) -> Result[R]:
        """Send an operation that was made by hand."""
        return await AsyncSender(self._channel, self._options).send(op)

    async def get_cookie(self) -> str:
        """The ``Cookie`` header for the server, for requests that the caller makes without this client."""
        return cookie_header(self._channel.server.cookies_in(await self._saved()))

    async def session_token(self) -> str | None:
        """The token of the kept session, or ``None``. It is a secret: whoever has it is signed in."""
        return self._channel.server.token_in(await self._saved())

    async def adopt(self, token: str) -> None:
        """Go on with a session whose token came another way, as a device's does.

        Raises:
            ConfigError: The client keeps cookies, not tokens.
        """
        await self._channel.do(Keep(self._channel.server.with_token(token)))
        await self.store.notify(SESSION.name)

    async def forget(self) -> None:
        """Drop what is kept for this server, without telling the server. To end the session, sign out."""
        await self._channel.do(Keep(self._channel.server.without))
        await self.store.notify(SESSION.name)

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

    async def _saved(self) -> Saved:
        found = await self._channel.do(Recall())
        return found if isinstance(found, Saved) else Saved()


class SyncClient(CoreCalls[Sync]):
    """The synchronous client: the same calls, returning instead of awaited. Threads may share it.

    ::

        with SyncClient("https://example.com", storage=FileStorage("~/.config/app/session.json")) as client:
            print(client.get_session().unwrap())

    Arguments, attributes and errors are those of :class:`Client`; ``http`` is an ``httpx.Client`` or its like.
    """

    def __init__(
        self,
        base_url: str | None = None,
        *,
        http: SyncHttp | None = None,
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
        server = Server.at(_address(base_url), base_path, origin=origin, bearer=bearer, plugins=plugins, now=now)
        self.storage: Storage = storage or MemoryStorage()
        self.store = SyncStore()
        self._owned = http is None
        self._options = CallOptions(headers=dict(headers or {}), timeout=timeout)
        self._channel = SyncChannel(
            http or own_sync_http(), server, self.storage, self.store, on_redirect=on_redirect, options=self._options
        )
        sender = SyncSender(self._channel, self._options)
        super().__init__(sender)
        self.session = SyncSession(sender, now, refetch_interval, on_focus=refetch_on_focus)
        self.session.subscribe(lambda snapshot: self._channel.follow(snapshot.data))
        self.store.on_change(SESSION.name, lambda _: self.session.refetch())

    @property
    def url(self) -> str:
        """The server's base URL with its base path."""
        return self._channel.server.url

    @property
    def bearer(self) -> bool:
        """Whether sessions travel as tokens instead of cookies."""
        return self._channel.server.bearer

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock: gives the aware UTC time."""
        return self._channel.server.now

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
        """The same client with other options for its calls; see :meth:`Client.with_options`."""
        options = _changed(
            self._options,
            headers=headers,
            on_success=on_success,
            on_error=on_error,
            timeout=timeout,
            throw=throw,
            silent=silent,
            retries=retries,
        )
        found = copy(self)
        vars(found).update(_options=options, _sender=SyncSender(self._channel, options))
        return found

    def send(self, op: Operation[R]) -> Result[R]:
        """Send an operation that was made by hand."""
        return SyncSender(self._channel, self._options).send(op)

    def get_cookie(self) -> str:
        """The ``Cookie`` header for the server, for requests that the caller makes without this client."""
        return cookie_header(self._channel.server.cookies_in(self.storage.load()))

    def session_token(self) -> str | None:
        """The token of the kept session, or ``None``. It is a secret: whoever has it is signed in."""
        return self._channel.server.token_in(self.storage.load())

    def adopt(self, token: str) -> None:
        """Go on with a session whose token came another way; see :meth:`Client.adopt`."""
        self._channel.do(Keep(self._channel.server.with_token(token)))
        self.store.notify(SESSION.name)

    def forget(self) -> None:
        """Drop what is kept for this server, without telling the server. To end the session, sign out."""
        self._channel.do(Keep(self._channel.server.without))
        self.store.notify(SESSION.name)

    def touch(self) -> None:
        """The program has come to the front: read the session again, at most once in five seconds."""
        self.session.touch()

    def check(self) -> None:
        """Read the session again if another process has changed the storage, or if the interval has passed."""
        if self._channel.has_changed():
            self.session.refetch()
        else:
            self.session.refetch_when_due()

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
