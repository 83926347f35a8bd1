"""A compiled operation: decoder, hooks, guard, handler and encoder in one place, made once.

A request runs through one program; there is no reflection and no loop over plugins in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args, get_origin
from urllib.parse import quote

import msgspec

from gatewright.http.response import FixedHeaders, Response
from gatewright.http.url import parse_url
from gatewright.model.row import Row
from gatewright.pipeline.call import Call, Outgoing
from gatewright.pipeline.decode import Decoder
from gatewright.pipeline.handles import Endpoint
from gatewright.pipeline.hooks import EVERY, Hook
from gatewright.pipeline.row_hooks import refusal
from gatewright.pipeline.session_reading import send_copy
from gatewright.services.database import Refused
from gatewright.wire.faults import ApiError, Instead
from gatewright.wire.json import encode, plain
from gatewright.wire.kinds import Empty, Html, Raw, Redirect
from gatewright.wire.operation import Limit, Operation

__all__ = ("ERROR_HEADERS", "Program", "error_response")

_JSON = ("content-type", "application/json")
_NOSNIFF = ("x-content-type-options", "nosniff")
_KEPT = "".join(map(chr, range(0x21, 0x7F)))
_NO_STORE = ("cache-control", "no-store")
_NO_CACHE = ("pragma", "no-cache")
_NO_REFERRER = ("referrer-policy", "no-referrer")

ERROR_HEADERS = (_JSON, _NOSNIFF, _NO_STORE)
"""Headers of every error; the first is the contract's."""


class Program:
    """One operation, ready to run.

    Attributes:
        operation: What it runs.
        name: Operation id (``signInEmail``).
        decoder: Reads it from requests.
        limit: Its own rate rule.
        endpoint: The handler with its guard.
    """

    __slots__ = (
        "_after",
        "_before",
        "_dated",
        "_early",
        "_fixed",
        "_hardened",
        "decoder",
        "endpoint",
        "limit",
        "name",
        "operation",
    )

    def __init__(
        self,
        endpoint: Endpoint,
        hooks: Sequence[Hook],
        *,
        hardened: bool = True,
        operation: type[Operation[Any]] | None = None,
        replaces: Sequence[type[Operation[Any]]] = (),
    ) -> None:
        self.operation = operation or endpoint.operation
        self.endpoint = endpoint
        route = self.operation.route
        self.name = route.name
        self.limit: Limit | None = route.limit
        self.decoder: Decoder[Any] = Decoder(self.operation)
        mine = [hook for hook in hooks if hook.operation in (self.operation, EVERY, *replaces)]
        self._before = tuple(hook.run for hook in mine if hook.stage == "before")
        self._after = tuple(hook.run for hook in mine if hook.stage == "after")
        self._dated = _has_dates(self.operation.returns, set())
        self._hardened = hardened
        store = (_NO_STORE, _NO_CACHE) if route.no_store else (_NO_STORE,) if hardened else ()
        self._early = FixedHeaders(ERROR_HEADERS if hardened else (_JSON,))
        self._fixed = FixedHeaders((_JSON, *((_NOSNIFF,) if hardened else ()), *store))

    async def run(self, call: Call[Any]) -> Any:
        """The operation's result, after every hook.

        Raises:
            ApiError: It failed, or :class:`Instead` of its result there is another.
        """
        return await self.finish(call, await self.operate(call))

    async def operate(self, call: Call[Any]) -> Any:
        """What the handler answers, before the hooks that look at its result.

        Raises:
            ApiError: It failed.
        """
        for hook in self._before:
            changed = await hook(call)
            if changed is not None:
                call.input = changed
        try:
            return await self.endpoint.run(call)
        except Refused as refused:
            raise refusal(refused) from None

    async def finish(self, call: Call[Any], result: Any) -> Any:
        """The result as the hooks leave it.

        Raises:
            ApiError: A hook refuses, or :class:`Instead` of the result there is another.
        """
        instead: Instead | None = None
        for hook in self._after:
            try:
                other = await hook(call, result)
            except Instead as given:
                # The hooks that follow run all the same (contract): what the call has sent so far is theirs to see.
                instead = given
                continue
            if other is not None:
                result = other
        if instead is not None:
            raise instead
        if call.out.copy_of is not None:
            await send_copy(call)
        return result

    def respond(self, result: Any, out: Outgoing) -> Response:
        """The HTTP answer of a result."""
        kind: type[Any] = result.__class__
        if kind is Redirect:
            more = (_NO_STORE, _NO_REFERRER) if self._hardened else ()
            place = ("location", _for_header(result.location))
            # The contract gives redirects the type of its other answers, although they have no body.
            return Response(out.status or result.status, (_JSON, place, *more, *out.lines()), b"")
        if kind is Html:
            page = (("content-type", "text/html; charset=utf-8"), ("content-security-policy", result.policy))
            more = (_NOSNIFF, _NO_STORE) if self._hardened else ()
            if result.no_store:
                more = (*more[:1], _NO_STORE, _NO_CACHE)
            return Response(out.status or result.status, (*page, *more, *out.lines()), result.text.encode())
        if kind is Raw:
            more = (_NOSNIFF,) if self._hardened else ()
            return Response(
                out.status or result.status,
                (("content-type", result.media_type), *more, *out.lines()),
                result.body,
            )
        if kind is Empty:
            return Response(out.status or result.status, tuple(out.lines()), b"")
        body = encode(plain(result) if self._dated else result)
        if out.headers or out.cookies:
            return Response(out.status or 200, (*(self._early if out.early else self._fixed), *out.lines()), body)
        if out.early:
            return Response(out.status or 200, self._early, body)
        return Response(out.status or 200, self._fixed, body)

    def respond_with(self, value: object, out: Outgoing) -> Response:
        """The HTTP answer of a value that is not the operation's own result."""
        if isinstance(value, (Redirect, Html, Raw, Empty)):
            return self.respond(value, out)
        if isinstance(value, Response):
            return Response(value.status, (*value.headers, *out.lines()), value.body)
        if isinstance(value, str):
            return self.respond(Raw(value.encode(), "text/plain"), out)
        return Response(out.status or 200, (*self._fixed, *out.lines()), encode(plain(value)))

    def respond_to_error(self, error: ApiError, out: Outgoing | None = None) -> Response:
        """The HTTP answer of an error of this operation; cookies that were set or cleared before it go out too."""
        if isinstance(error, Instead) and isinstance(error.value, (Redirect, Html, Raw, Empty)):
            answer = self.respond(error.value, out or Outgoing())
            return Response(answer.status, (*answer.headers, *error.headers), answer.body)
        early = out is not None and out.early
        return error_response(error, out, fixed=self._early if early else self._fixed)


def _for_header(location: str) -> str:
    """An address as a browser would write it; headers hold nothing but visible ASCII, whatever checks are off."""
    if location.isascii() and location.isprintable():
        return location
    parsed = parse_url(location)
    return quote(location, safe=_KEPT, errors="replace") if parsed is None else parsed.href


def error_response(
    error: ApiError,
    out: Outgoing | None = None,
    *,
    fixed: tuple[tuple[str, str], ...] = ERROR_HEADERS,
) -> Response:
    """The HTTP answer of an error.

    Args:
        error: What went wrong.
        out: What was to go out beside the result.
        fixed: Headers that every answer carries.
    """
    lines = [*error.headers, *(out.lines() if out is not None else ())]
    if isinstance(error, Instead):
        return Response(error.status, (*fixed, *lines), encode(plain(error.value)))
    body = error.body
    return Response(error.status, (*fixed, *lines), b"" if body is None else encode(plain(body)))


def _has_dates(annotation: Any, seen: set[Any]) -> bool:
    """Whether a result can hold dates outside of rows, which only :func:`plain` writes as the contract does."""
    if annotation is datetime:
        return True
    if annotation in (object, Any):
        return True
    if get_origin(annotation) is not None:
        return any(_has_dates(each, seen) for each in get_args(annotation))
    if not isinstance(annotation, type) or annotation in seen or issubclass(annotation, Row):
        return False
    seen.add(annotation)
    if issubclass(annotation, msgspec.Struct):
        return any(_has_dates(field.type, seen) for field in msgspec.structs.fields(annotation))
    return False
