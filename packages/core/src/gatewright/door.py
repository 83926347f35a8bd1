"""The HTTP door of an instance: a request is resolved, limited, routed, checked and answered here.

Not what an operation does (that is its program), and not sockets (those are the integrations').
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from gatewright.blueprint import Blueprint
from gatewright.contract import faults
from gatewright.http.base_url import BaseURL, InvalidHost, resolve
from gatewright.http.origin import TrustedOrigins
from gatewright.http.paths import strip_base
from gatewright.http.request import Request
from gatewright.http.response import Response
from gatewright.pipeline.call import Call
from gatewright.pipeline.decode import parse_query
from gatewright.pipeline.hook_context import with_sessions
from gatewright.pipeline.limits import Limits
from gatewright.pipeline.origin_check import (
    PLACES,
    check_form,
    check_origin,
    check_place,
    names_a_place,
    trusted_origins,
)
from gatewright.pipeline.program import error_response
from gatewright.pipeline.raw_hooks import FromRequest, FromServer
from gatewright.ports.adapter import Conflict, InvalidValue, StoreUnavailable
from gatewright.ports.cache import CacheUnavailable
from gatewright.services.services import Services
from gatewright.wire.faults import ApiError, Instead
from gatewright.wire.json import JsonError, decode
from gatewright.wire.operation import FORM

__all__ = ("Door", "as_fault")

_NOT_FOUND = Response(404, (), b"")
_UNREAD = (faults.BadRequest, faults.UnsupportedMediaType)
_DISABLED = Response(404, (("content-type", "text/plain"),), b"Not Found")


class Door:
    """Answers requests.

    Args:
        blueprint: What was worked out once.
        services: The keepers of the tables, and the ports.
        limits: The limits of rates, where there are any.
    """

    __slots__ = ("_base", "_blueprint", "_limits", "_services")

    def __init__(self, blueprint: Blueprint[Any], services: Services, limits: Limits | None) -> None:
        self._blueprint = blueprint
        self._services = services
        self._limits = limits
        self._base = blueprint.plan.base

    async def handle(self, request: Request) -> Response:
        """The answer to a request.

        Raises:
            Exception: Only with ``on_api_error.throw``: what nobody expected.
        """
        try:
            response = await self._handle(request)
        except Exception as error:  # noqa: BLE001 (the edge: whatever went wrong, the caller gets an answer)
            response = await self._failed(error, request)
        for hook in self._blueprint.on_response:
            try:
                response = await hook(request, response, self._services) or response
            except Exception as error:  # noqa: BLE001 (likewise)
                response = await self._failed(error, request)
        return response

    async def _failed(self, error: Exception, request: Request) -> Response:
        """The answer when something was raised, after operators were told what they should know."""
        known = as_fault(error)
        if known is None:
            await self._tell("a request failed unexpectedly", error, request)
            if self._blueprint.settings.on_api_error.throw:
                raise error
            return self._fail(faults.InternalServerError())
        if known.status >= 500:
            await self._tell("a request failed" if known is error else "a store is not available", error, request)
        elif known.because is not None and isinstance(known, faults.InvalidOrigin):
            # What an application meets first when its pages are elsewhere; the caller is not told which are trusted.
            self._services.log.warning("a request was refused for its origin", path=request.path, because=known.because)
        return self._fail(known)

    async def _tell(self, message: str, error: Exception, request: Request) -> None:
        """Tell the operators, and the application where it wants to know."""
        log = self._services.log
        because = {"because": error.because} if isinstance(error, ApiError) else {}
        log.error(message, error=error, path=request.path, **because)
        await self._hand_over(error, request)

    async def _tell_early(self, error: ApiError, request: Request) -> None:
        """Tell the application of a request that is refused before its operation is reached (contract)."""
        if not self._blueprint.settings.on_api_error.throw:
            await self._hand_over(error, request)

    async def _hand_over(self, error: Exception, request: Request) -> None:
        tell = self._blueprint.settings.on_api_error.on_error
        if tell is None:
            return
        log = self._services.log
        try:
            told = tell(error, request)
            if told is not None:
                await told
        except Exception as failure:  # noqa: BLE001 (its failure changes nothing for the caller)
            log.error("on_api_error.on_error failed", error=failure)

    def _fail(self, error: ApiError) -> Response:
        return error_response(error, fixed=self._blueprint.fixed_headers)

    async def _handle(self, request: Request) -> Response:
        blueprint = self._blueprint
        respelled = blueprint.respelled.get(request.path)
        if respelled is not None:
            request = replace(request, path=respelled)
        for hook in blueprint.on_request:
            changed = await hook(request, self._services)
            if isinstance(changed, Response):
                return changed
            request = changed or request
        base = self._base
        if base is None:
            base = self._resolve(request)
            request = self._as_sent(request)
        path = strip_base(
            request.path, base.base_path, skip_trailing_slashes=blueprint.settings.advanced.skip_trailing_slashes
        )
        if path is None:
            return _NOT_FOUND
        if path in blueprint.disabled:
            return _DISABLED
        found = blueprint.router.find(request.method, path)
        if found is None:
            return _NOT_FOUND
        program, parameters = found
        if self._limits is not None:
            # Neither parameters nor an older spelling make another path: all its requests are counted together.
            template = program.operation.route.path or path
            refusal = await self._limits.refusal(request, path if parameters else template, program.operation, template)
            if refusal is not None:
                return refusal
        if len(request.body) > blueprint.settings.advanced.max_body_bytes:
            raise faults.PayloadTooLarge
        headers = request.headers
        if request.method != "GET":
            trusted = await trusted_origins(blueprint.plan, request, base)
            policy = blueprint.origin_policy
            try:
                if policy.checks_origin(path):
                    check_origin(headers, trusted)
                if policy.checks_places(path):
                    self._check_places(request, trusted)
            except ApiError as refused:
                await self._tell_early(refused, request)
                raise
            if program.operation.route.origin == "form" and policy.checks_origin(path):
                check_form(headers, trusted)
        elif (
            request.query
            and names_a_place(request.query)
            and program.operation.route.origin != "own"
            and blueprint.origin_policy.checks_places(path)
        ):
            self._check_places(request, await trusted_origins(blueprint.plan, request, base))
        if blueprint.raw_hooks is not None:
            sent = FromRequest(program, request, parameters, self._services, base)
            try:
                outcome = await blueprint.raw_hooks.run(program, sent.check())
            except ApiError as refused:
                error = await self.reworded(refused, sent) if blueprint.refusals else refused
                if error.status >= 500:
                    await self._tell("a request failed", error, request)
                return program.respond_to_error(error)
            if outcome.own:
                return program.respond(outcome.value, outcome.out)
            return program.respond_with(outcome.value, outcome.out)
        call: Call[Any] | None = None
        try:
            operation = program.decoder.read(
                request.method,
                request.media_type,
                request.body,
                request.query,
                parameters,
                headers.get("content-type") or "",
            )
            call = Call(operation, self._services, headers, request, base)
            result = await program.run(call)
        except ApiError as refused:
            error = refused
            if blueprint.refusals:
                error = await self.reworded(
                    refused, FromRequest(program, request, parameters, self._services, base), call
                )
            if call is None:
                if isinstance(refused, _UNREAD):
                    await self._tell_early(refused, request)
                return self._fail(error)
            if error.status >= 500:
                await self._tell("a request failed", error, request)
            return program.respond_to_error(error, call.out)
        return program.respond(result, call.out)

    async def reworded(
        self, error: ApiError, sent: FromRequest | FromServer, call: Call[Any] | None = None
    ) -> ApiError:
        """The error as plugins say it."""
        if isinstance(error, Instead):
            return error
        context = sent.context() if call is None else with_sessions(sent.context(), call)
        context = context.having(returned=error)
        for hook in self._blueprint.refusals:
            error = await hook(context, error) or error
        return error

    def _as_sent(self, request: Request) -> Request:
        """The request as its sender knows it: with the scheme that a trusted proxy reports."""
        said = self._blueprint.plan.dynamic_base.forwarded_scheme(request)
        return request if said is None or said == request.scheme else replace(request, scheme=said)

    def _resolve(self, request: Request) -> BaseURL:
        try:
            base = resolve(request, self._blueprint.plan.dynamic_base)
        except InvalidHost:
            base = None
        if base is None:
            raise faults.BadRequest(message="Invalid host")
        return base

    def _check_places(self, request: Request, trusted: TrustedOrigins) -> None:
        """Check every place that the body or the query names, before the operation is read."""
        query = parse_query(request.query) if request.query and names_a_place(request.query) else {}
        body: Mapping[str, object] = {}
        if request.body and names_a_place(request.body):
            body = _members(request)
        for name in PLACES:
            for values in (body, query):
                value = values.get(name)
                if values is query and isinstance(value, list):
                    # Sent twice: neither may lead elsewhere, whichever is read.
                    for each in cast("list[str]", value):
                        check_place(name, each, trusted)
                else:
                    check_place(name, value, trusted)


def as_fault(error: Exception) -> ApiError | None:
    """What callers are told of an error, or ``None`` for one that nobody foresaw."""
    match error:
        case ApiError():
            return error
        case InvalidValue():
            return faults.ValidationError(message=f"Invalid input: {error}")
        case Conflict():
            return faults.AlreadyInUse(because=str(error))
        case StoreUnavailable() | CacheUnavailable():
            return faults.ServiceUnavailable(headers=(("retry-after", "1"),))
        case _:
            return None


def _members(request: Request) -> Mapping[str, object]:
    """The members of a body, as far as it has any; what is wrong with it is said when it is decoded."""
    if request.media_type == FORM:
        return parse_query(request.body.decode(errors="replace"))
    try:
        value = decode(request.body)
    except JsonError:
        return {}
    return value if isinstance(value, dict) else {}
