"""The custom session plugin: the application's function, and the operation that it answers."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast, overload

from gatewright.contract.results import SessionData
from gatewright.contract.session import GetSession
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import Declares, Endpoint, handles
from gatewright.pipeline.hooks import Hook, after
from gatewright.pipeline.session_reading import read_session
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.custom_session.api import CustomSessionApi
from gatewright.plugins.custom_session.contract import GetCustomSession
from gatewright.plugins.custom_session.options import CustomSessionOptions
from gatewright.plugins.multi_session.contract import ListDeviceSessions
from gatewright.wire.faults import ConfigError
from gatewright.wire.json import plain
from gatewright.wire.operation import Operation

__all__ = ("CustomSession",)

Op = TypeVar("Op", bound=Operation[Any])
R = TypeVar("R")


class CustomSession(Plugin[CustomSessionApi]):
    """Answers ``GET /get-session`` in the application's own words.

    Args:
        answer: Given the session with its user, and the call, what callers are told. It is asked at every reading,
            cached sessions included; nothing of it is kept.
        options: What else it answers.
        operation: The application's own operation, where the answer is to be typed. ``auth.api.get_session`` of a
            composed api is ``method(operation)``.

    Raises:
        ConfigError: The operation does not answer ``GET /get-session``.
    """

    id = "custom-session"
    api_type = CustomSessionApi

    @overload
    def __init__(
        self,
        answer: Callable[[SessionData, Call[Any]], Awaitable[object] | object],
        options: CustomSessionOptions | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        answer: Callable[[SessionData, Call[Any]], Awaitable[R] | R],
        options: CustomSessionOptions | None = None,
        *,
        operation: Declares[Op, R | None],
    ) -> None: ...
    def __init__(
        self,
        answer: Callable[[SessionData, Call[Any]], Any],
        options: CustomSessionOptions | None = None,
        *,
        operation: Any = GetCustomSession,
    ) -> None:
        self.options = options or CustomSessionOptions()
        self._answer = answer
        self._operation: type[Operation[Any]] = operation
        route = self._operation.route
        if route.path != GetSession.route.path or route.methods != ("GET",):
            raise ConfigError(f"custom-session: {operation.__name__} must be declared with custom_get_session")

    def parts(self) -> Parts:
        """One operation in the place of the core's; a hook where it is wanted."""
        lists = self.options.should_mutate_list_device_sessions_endpoint
        return Parts(
            endpoints=(self._reading(),),
            replaces={self._operation: GetSession},
            hooks=(self._listing(),) if lists else (),
        )

    async def _told(self, data: SessionData, call: Call[Any]) -> object:
        made = self._answer(data, call)
        return cast("object", await made if inspect.isawaitable(made) else made)

    def _reading(self) -> Endpoint:
        @handles(self._operation)
        async def get_session(call: Call[Any]) -> Any:
            asked = call.input
            data = await read_session(
                call,
                disable_cache=getattr(asked, "disable_cookie_cache", None) is True,
                disable_refresh=getattr(asked, "disable_refresh", None) is True,
                may_write=not call.services.plan.settings.session.defer_session_refresh,
            )
            call.remember(data)
            if data is None:
                return None
            # Only what is somebody's own must not be kept (contract); the rest is up to the instance's own headers.
            if not call.services.plan.settings.advanced.security_headers:
                call.out.headers.append(("cache-control", "no-store"))
            call.out.headers.append(("pragma", "no-cache"))
            return await self._told(data, call)

        return get_session

    def _listing(self) -> Hook:
        @after(ListDeviceSessions)
        async def list_in_own_shape(call: Call[ListDeviceSessions], result: list[SessionData]) -> Any:
            return [plain(await self._told(data, call)) for data in result]

        return list_in_own_shape
