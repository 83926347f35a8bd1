"""``hooks.before`` and ``hooks.after``: the application's functions around every operation, on what was really sent.

``before`` sees a request whose body and query are read but not validated; it may answer, refuse, or change them, and
what it has changed is then validated like any other request. ``after`` sees the result or the error. An instance
without such functions does not come here at all. Typed hooks around one operation are in ``hooks``.

Source: contract, plugins.json ``order``; asked of a running server: what the functions see, and what their answers do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast
from urllib.parse import urlencode

from gatewright.http.base_url import BaseURL
from gatewright.http.headers import Headers
from gatewright.http.request import Request
from gatewright.pipeline.call import Call, Outgoing
from gatewright.pipeline.decode import check_json, parse_query
from gatewright.pipeline.hook_context import (
    context_of_operation,
    context_of_request,
    members_of_body,
    with_sessions,
)
from gatewright.pipeline.program import Program
from gatewright.pipeline.session_reading import send_copy
from gatewright.services.services import Services
from gatewright.settings.hooks import HookAnswer, HookContext, RequestHook, RequestHooks
from gatewright.wire.faults import ApiError
from gatewright.wire.json import encode, plain
from gatewright.wire.operation import FORM, JSON, Operation

__all__ = ("FromRequest", "FromServer", "Outcome", "RawHooks")

_NOTHING = HookAnswer()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an operation ended between its hooks.

    Attributes:
        value: The result, or what a hook gave in its place.
        out: What goes out beside it.
        own: ``value`` is the operation's own result and has its declared type.
    """

    value: Any
    out: Outgoing
    own: bool


class Sent(Protocol):
    """What was sent: it can be looked at, changed, and made a call of."""

    def context(self) -> HookContext:
        """As hooks see it."""
        ...

    def changed(self, answer: HookAnswer) -> Sent:
        """The same with what a hook wants to be different."""
        ...

    def call(self, program: Program) -> Call[Any]:
        """The call.

        Raises:
            ApiError: It has not the shape of the operation.
        """
        ...


@dataclass(frozen=True, slots=True)
class FromRequest:
    """An HTTP request for a program; ``parameters`` are those of the path, still percent-encoded."""

    program: Program
    request: Request
    parameters: Mapping[str, str]
    services: Services
    base: BaseURL

    def check(self) -> FromRequest:
        """The same, once it is known that its body can be read at all: hooks run on nothing else.

        Raises:
            UnsupportedMediaType: The operation reads no such body.
            BadRequest: It is not what it says it is.
        """
        request, decoder = self.request, self.program.decoder
        if request.method != "GET" and self.program.operation.route.media and request.body:
            decoder.refuse_media(request.media_type, request.headers.get("content-type") or "")
            if request.media_type != FORM:
                check_json(request.body)
        return self

    def context(self) -> HookContext:
        """As hooks see it."""
        return context_of_request(self.program.operation.route.path, self.request, self.parameters)

    def changed(self, answer: HookAnswer) -> FromRequest:
        """Changed members are merged; a body becomes JSON unless it is a form."""
        request = self.request
        if answer.headers:
            request = replace(request, headers=_merged(request.headers, answer.headers))
        if answer.query is not None:
            request = replace(request, query=_form({**parse_query(request.query), **answer.query}))
        if answer.body is not None:
            members = {**(members_of_body(request) or {}), **answer.body}
            if request.media_type == FORM:
                request = replace(request, body=_form(members).encode())
            else:
                headers = _merged(request.headers, {"content-type": JSON})
                request = replace(request, headers=headers, body=encode(plain(members)))
        return self if request is self.request else replace(self, request=request)

    def call(self, program: Program) -> Call[Any]:
        """The call."""
        request = self.request
        operation = program.decoder.read(
            request.method,
            request.media_type,
            request.body,
            request.query,
            self.parameters,
            request.headers.get("content-type") or "",
        )
        return Call(operation, self.services, request.headers, request, self.base)


@dataclass(frozen=True, slots=True)
class FromServer:
    """An operation that the application runs itself; ``trusted`` when it acts for nobody."""

    operation: Operation[Any]
    headers: Headers
    services: Services
    base: BaseURL
    trusted: bool

    def context(self) -> HookContext:
        """As hooks see it."""
        return context_of_operation(self.operation, dict(self.headers.items()))

    def changed(self, answer: HookAnswer) -> Sent:
        """Changed members are merged; what comes of them is validated like a request."""
        sent = self
        if answer.headers:
            sent = replace(sent, headers=_merged(self.headers, answer.headers))
        more = {**(answer.query or {}), **(answer.body or {})}
        if not more:
            return sent
        seen = self.context()
        return _FromMembers(sent, {**seen.params, **(seen.query or {}), **(seen.body or {}), **more})

    def call(self, program: Program) -> Call[Any]:
        """The call."""
        operation = program.decoder.of(self.operation)
        return Call(operation, self.services, self.headers, None, self.base, trusted=self.trusted)


@dataclass(frozen=True, slots=True)
class _FromMembers:
    """An operation of the application's own whose members a hook has changed; not validated yet."""

    before: FromServer
    members: Mapping[str, object]

    def context(self) -> HookContext:
        seen = self.before.context()
        members = {name: value for name, value in self.members.items() if name not in seen.params}
        return seen.having(body=None if seen.body is None else members, query=None if seen.query is None else members)

    def changed(self, answer: HookAnswer) -> Sent:
        return replace(self, members={**self.members, **(answer.query or {}), **(answer.body or {})})

    def call(self, program: Program) -> Call[Any]:
        operation = program.decoder.from_members(self.members)
        return replace(self.before, operation=operation).call(program)


class RawHooks:
    """Runs operations between the application's own functions.

    Args:
        options: The functions.
    """

    __slots__ = ("_after", "_before")

    def __init__(self, options: RequestHooks) -> None:
        self._before = options.before
        self._after = options.after

    @staticmethod
    def of(options: RequestHooks) -> RawHooks | None:
        """The hooks, or ``None`` where there are no functions."""
        return None if options.before is None and options.after is None else RawHooks(options)

    async def run(self, program: Program, sent: Sent) -> Outcome:
        """How the operation ends.

        Raises:
            ApiError: A hook refuses, or the operation failed; what goes out beside it rides along in its headers.
        """
        out = Outgoing()
        changes = await _ask(self._before, sent.context) if self._before is not None else _NOTHING
        out.headers.extend(changes.response_headers)
        if changes.response is not None:
            return _instead(changes.response, out)
        sent = sent.changed(changes)
        value: Any = None
        error: ApiError | None = None
        call: Call[Any] | None = None

        def seen() -> HookContext:
            context = sent.context() if call is None else with_sessions(sent.context(), call)
            headers = out.lines() if error is None else [*error.headers, *out.lines()]
            return context.having(returned=value if error is None else error, response_headers=tuple(headers))

        try:
            call = sent.call(program)
            call.out.headers.extend(out.headers)
            out = call.out
            value = await program.operate(call)
            if self._after is not None:
                # The application's function comes before those of plugins, and sees every cookie so far (contract).
                await send_copy(call)
        except ApiError as failed:
            error = failed
        answer = _NOTHING
        if self._after is not None:
            try:
                answer = await _ask(self._after, seen)
            except ApiError as refused:
                answer = HookAnswer(response=refused)
            out.headers.extend(answer.response_headers)
        if call is not None and error is None:
            # Whatever the application answers: a plugin may still have to take a session back.
            try:
                result = await program.finish(call, value)
            except ApiError as failed:
                return _ended(value, out, failed)
            if result is not value:
                return _ended(result, out, None)
        if answer.response is None:
            return _ended(value, out, error)
        if error is not None:
            # Another body does not make a failure a success.
            out.status = error.status
            out.headers.extend(error.headers)
        return _instead(answer.response, out)


async def _ask(hook: RequestHook, context: Callable[[], HookContext]) -> HookAnswer:
    return await hook(context()) or _NOTHING


def _instead(response: object, out: Outgoing) -> Outcome:
    if isinstance(response, ApiError):
        raise response.with_headers(tuple(out.lines()))
    return Outcome(response, out, own=False)


def _ended(value: object, out: Outgoing, error: ApiError | None) -> Outcome:
    if error is not None:
        raise error.with_headers(tuple(out.lines())) from error.__cause__
    return Outcome(value, out, own=True)


def _merged(headers: Headers, more: Mapping[str, str]) -> Headers:
    changed = {name.lower(): value for name, value in more.items()}
    return Headers([*((name, value) for name, value in headers.items() if name not in changed), *changed.items()])


def _form(members: Mapping[str, object]) -> str:
    return urlencode({name: _texts(value) for name, value in members.items() if value is not None}, doseq=True)


def _texts(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return [str(each) for each in cast("list[object]", value)]
    return value if isinstance(value, (str, int, float)) else encode(plain(value)).decode()
