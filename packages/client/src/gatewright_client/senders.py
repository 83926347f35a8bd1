"""The two ways to do what an exchange asks for: awaiting, and waiting.

Not here: what is sent and how it is read (``exchange``).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import anyio
import anyio.to_thread

from gatewright.wire.operation import SESSION, Method, Operation
from gatewright_client.calls import Async, Sender, Sync
from gatewright_client.decoding import Answer
from gatewright_client.exchange import Conversation, Keep, Pause, Recall, Server, Step, Transmit, exchange, redirect_of
from gatewright_client.faults import NoAnswer
from gatewright_client.live import AsyncLive, SyncLive
from gatewright_client.options import CallOptions, OnRedirect, Success
from gatewright_client.result import Result
from gatewright_client.signals import AsyncStore, SyncStore, told
from gatewright_client.storage import Saved, Storage
from gatewright_client.transport import AsyncHttp, SyncHttp, TransportErrors, answer_of, no_answer, request_for

__all__ = ("AsyncChannel", "AsyncSender", "SyncChannel", "SyncSender")

R = TypeVar("R")
H = TypeVar("H")
S = TypeVar("S")
L = TypeVar("L")
T = TypeVar("T")
Told = Callable[[], object]


class _Channel(Generic[H, S, L]):
    """What the copies of one client share: the connection, the storage, the signals.

    Attributes:
        http: The HTTP client.
        server: The server.
        storage: Cookies and tokens.
        store: Signals.
        on_redirect: Told where the user is to be sent.
        background: The options of reads that nobody called for: they tell nobody.
    """

    def __init__(
        self,
        http: H,
        server: Server,
        storage: Storage,
        store: S,
        *,
        on_redirect: OnRedirect | None,
        options: CallOptions,
    ) -> None:
        self.http = http
        self.server = server
        self.storage = storage
        self.store = store
        self.on_redirect = on_redirect
        self.background = CallOptions(headers=options.headers, timeout=options.timeout, silent=True)
        self._user: str | None = None
        self._lives: dict[object, L] = {}
        self._making = threading.Lock()
        self._errors = TransportErrors(http)
        self._seen: Hashable = storage.version()

    def has_changed(self) -> bool:
        """Whether another process has changed the storage since this was asked last, or since the last own change."""
        version = self.storage.version()
        changed = version != self._seen
        self._seen = version
        return changed

    def plugin(self, kind: type[T]) -> T | None:
        """The plugin of this class, or ``None``."""
        return next((each for each in self.server.plugins if isinstance(each, kind)), None)

    def _is_another_user(self, session: object) -> bool:
        """Whether somebody else is signed in than when this was asked last; of a session without a user nobody can tell."""
        before = self._user
        self._user = None if session is None else str(getattr(getattr(session, "user", None), "id", ""))
        return before != self._user

    def _update(self, change: Callable[[Saved], Saved]) -> Saved:
        saved = self.storage.update(change)
        self._seen = self.storage.version()
        return saved

    def tell(self, op: Operation[Any], result: Result[Any], options: CallOptions) -> Iterator[Told]:
        """Whom to tell of ``result``, one after the other."""
        error, data = result.error, result.data
        if error is not None:
            if options.on_error is not None:
                on_error = options.on_error
                yield lambda: on_error(error)
            return
        if result.instead is not None:
            value = result.instead.value
            for plugin in self.server.plugins:
                if plugin.on_instead is not None and isinstance(value, tuple(plugin.instead.values())):
                    on_instead = plugin.on_instead
                    yield lambda on_instead=on_instead: on_instead(value)
            return
        url = redirect_of(data)
        if url is not None and self.on_redirect is not None:
            on_redirect = self.on_redirect
            yield lambda: on_redirect(url)
        if options.on_success is not None and result.ok:
            on_success = options.on_success
            yield lambda: on_success(Success(op.route.name, data))


def _finished(result: Result[R], options: CallOptions) -> Result[R]:
    if options.throw:
        result.unwrap()
    return result


class AsyncChannel(_Channel[AsyncHttp, AsyncStore, AsyncLive[Any]]):
    """Does the steps of an exchange, awaiting."""

    def live(self, operation: Callable[[], Operation[Any]], signals: tuple[str, ...]) -> AsyncLive[Any]:
        """The one live value that ``operation`` reads."""
        found = self._lives.get(operation)
        if found is None:
            sender = AsyncSender(self, self.background)
            found = self._lives[operation] = AsyncLive(lambda: sender.send(operation()))
            for signal in signals:
                self.store.on_change(signal, lambda _, value=found: value.refetch())
        return found

    async def follow(self, session: object) -> None:
        """Read the live values again when another user is there, or none."""
        if self._is_another_user(session):
            for value in tuple(self._lives.values()):
                await value.refetch()

    async def converse(self, conversation: Conversation) -> Result[Any]:
        """Do what ``conversation`` asks for, to its end."""
        step = next(conversation)
        while True:
            outcome = await self.do(step)
            try:
                step = conversation.send(outcome)
            except StopIteration as end:
                found: Result[Any] = end.value
                return found

    async def do(self, step: Step) -> Answer | NoAnswer | Saved | None:
        """One step."""
        match step:
            case Transmit():
                try:
                    response = await self.http.send(request_for(self.http, step), auth=None, follow_redirects=False)
                except self._errors.every as error:
                    return no_answer(error, self._errors)
                return answer_of(response)
            case Pause(seconds):
                await anyio.sleep(seconds)
                return None
            case Recall():
                return await self.load()
            case Keep(change):
                # An answer that was received is kept even if the caller is cancelled now: its cookies are one-time.
                with anyio.CancelScope(shield=True):
                    return await self._store(lambda: self._update(change))

    async def load(self) -> Saved:
        """What is kept."""
        return await self._store(self.storage.load)

    async def is_changed(self) -> bool:
        """As :meth:`has_changed`, without blocking the event loop."""
        return await self._store(self.has_changed)

    async def _store(self, work: Callable[[], R]) -> R:
        return await anyio.to_thread.run_sync(work) if self.storage.blocking else work()


@dataclass(frozen=True)
class AsyncSender(Sender[Async]):
    """Sends the operations of an asynchronous client."""

    channel: AsyncChannel
    options: CallOptions

    async def send(self, op: Operation[R], /, method: Method | None = None) -> Result[R]:
        """Send ``op`` and tell whoever is to be told.

        Raises:
            ApiError: The call failed and ``throw`` is set.
            TypeError: Only the server itself may call the operation.
        """
        channel, options = self.channel, self.options
        result: Result[R] = await channel.converse(exchange(channel.server, op, options, method))
        for tell in channel.tell(op, result, options):
            await told(tell())
        if result.ok and not options.silent:
            for signal in channel.server.signals_of(type(op)):
                await channel.store.notify(signal)
        return _finished(result, options)

    def live(self, operation: Callable[[], Operation[Any]], signals: tuple[str, ...]) -> AsyncLive[Any]:
        """The live value that ``operation`` reads."""
        return self.channel.live(operation, signals)

    async def recall(self, read: Callable[[Server, Saved], T]) -> T:
        """What ``read`` finds in what is kept."""
        return read(self.channel.server, await self.channel.load())

    async def keep(self, change: Callable[[Server], Callable[[Saved], Saved]], *, refetch: bool) -> None:
        """Change what is kept, and read the session again if need be."""
        await self.channel.do(Keep(change(self.channel.server)))
        if refetch:
            await self.channel.store.notify(SESSION.name)

    def plugin(self, kind: type[T]) -> T | None:
        """The client's plugin of this class, or ``None``."""
        return self.channel.plugin(kind)

    def with_options(self, options: CallOptions) -> AsyncSender:
        """The same with other options."""
        return replace(self, options=options)

    def silent(self) -> AsyncSender:
        """The same, telling nobody."""
        return replace(self, options=self.channel.background)


class SyncChannel(_Channel[SyncHttp, SyncStore, SyncLive[Any]]):
    """Does the steps of an exchange, waiting."""

    def live(self, operation: Callable[[], Operation[Any]], signals: tuple[str, ...]) -> SyncLive[Any]:
        """The one live value that ``operation`` reads."""
        with self._making:
            found = self._lives.get(operation)
            if found is None:
                sender = SyncSender(self, self.background)
                found = self._lives[operation] = SyncLive(lambda: sender.send(operation()))
                for signal in signals:
                    self.store.on_change(signal, lambda _, value=found: value.refetch())
        return found

    def follow(self, session: object) -> None:
        """Read the live values again when another user is there, or none."""
        if self._is_another_user(session):
            for value in tuple(self._lives.values()):
                value.refetch()

    def converse(self, conversation: Conversation) -> Result[Any]:
        """Do what ``conversation`` asks for, to its end."""
        step = next(conversation)
        while True:
            outcome = self.do(step)
            try:
                step = conversation.send(outcome)
            except StopIteration as end:
                found: Result[Any] = end.value
                return found

    def do(self, step: Step) -> Answer | NoAnswer | Saved | None:
        """One step."""
        match step:
            case Transmit():
                try:
                    response = self.http.send(request_for(self.http, step), auth=None, follow_redirects=False)
                except self._errors.every as error:
                    return no_answer(error, self._errors)
                return answer_of(response)
            case Pause(seconds):
                time.sleep(seconds)
                return None
            case Recall():
                return self.storage.load()
            case Keep(change):
                return self._update(change)


@dataclass(frozen=True)
class SyncSender(Sender[Sync]):
    """Sends the operations of a synchronous client."""

    channel: SyncChannel
    options: CallOptions

    def send(self, op: Operation[R], /, method: Method | None = None) -> Result[R]:
        """Send ``op`` and tell whoever is to be told.

        Raises:
            ApiError: The call failed and ``throw`` is set.
            TypeError: Only the server itself may call the operation.
        """
        channel, options = self.channel, self.options
        result: Result[R] = channel.converse(exchange(channel.server, op, options, method))
        for tell in channel.tell(op, result, options):
            tell()
        if result.ok and not options.silent:
            for signal in channel.server.signals_of(type(op)):
                channel.store.notify(signal)
        return _finished(result, options)

    def live(self, operation: Callable[[], Operation[Any]], signals: tuple[str, ...]) -> SyncLive[Any]:
        """The live value that ``operation`` reads."""
        return self.channel.live(operation, signals)

    def recall(self, read: Callable[[Server, Saved], T]) -> T:
        """What ``read`` finds in what is kept."""
        return read(self.channel.server, self.channel.storage.load())

    def keep(self, change: Callable[[Server], Callable[[Saved], Saved]], *, refetch: bool) -> None:
        """Change what is kept, and read the session again if need be."""
        self.channel.do(Keep(change(self.channel.server)))
        if refetch:
            self.channel.store.notify(SESSION.name)

    def plugin(self, kind: type[T]) -> T | None:
        """The client's plugin of this class, or ``None``."""
        return self.channel.plugin(kind)

    def with_options(self, options: CallOptions) -> SyncSender:
        """The same with other options."""
        return replace(self, options=options)

    def silent(self) -> SyncSender:
        """The same, telling nobody."""
        return replace(self, options=self.channel.background)
