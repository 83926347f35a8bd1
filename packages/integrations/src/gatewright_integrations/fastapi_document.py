"""FastAPI's own OpenAPI document: the endpoints in it, which routes want a session, and names for what goes in and out.

The routes that are described here are never reached, and nothing here runs while a request is answered; the document is
made when it is first asked for. Source: OpenAPI 3.1.1; the operations themselves (:mod:`gatewright.pipeline.openapi`).
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable
from typing import Any, Generic, ParamSpec, TypeVar

from fastapi import APIRouter, Depends, FastAPI
from fastapi import Response as FastAPIResponse
from fastapi.security import APIKeyCookie, HTTPBearer
from fastapi.security.base import SecurityBase

from gatewright.auth import Auth
from gatewright.contract.faults import Unauthorized
from gatewright.pipeline.openapi import describe_operation, inlined
from gatewright.pipeline.openapi_schemas import row_schema, title_of
from gatewright.pipeline.program import Program
from gatewright.plugins.bearer import Bearer

__all__ = ("BEARER", "COOKIE", "Document", "Secured")

P = ParamSpec("P")
R = TypeVar("R")

COOKIE = "sessionCookie"
BEARER = "bearerAuth"
_DEFAULT_NAME = "better-auth.session_token"
_OWNER = "gatewright_document"
"""Attribute of the function that makes the document, with whoever refines what it makes."""
_NAMED = "Auth"
"""Goes in front of the names of rows, which applications have models of their own for."""


class Secured(SecurityBase, Generic[P, R]):
    """A dependency that the document shows as what it is: something that wants a session, or a token.

    Args:
        function: The dependency.
        cookie: Name of the session's cookie; ``None`` where it is a token in ``Authorization: Bearer``.
    """

    def __init__(self, function: Callable[P, Awaitable[R]], cookie: str | None = _DEFAULT_NAME) -> None:
        self._function = function
        self.scheme_name = BEARER if cookie is None else COOKIE
        self.model = HTTPBearer().model if cookie is None else APIKeyCookie(name=cookie).model
        self.__signature__ = inspect.signature(function, eval_str=True)
        self.__name__ = function.__name__
        self.__doc__ = function.__doc__

    async def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return await self._function(*args, **kwargs)


class Document:
    """What one instance adds to the document of an application.

    Args:
        auth: The instance.
        base_path: Where it is.
    """

    def __init__(self, auth: Auth[Any], base_path: str) -> None:
        self._auth = auth
        self._base_path = base_path
        self._operations: set[str] = set()
        self.cookie = auth.blueprint.plan.cookies.session_token.name

    def add_routes(self, router: APIRouter, tags: tuple[str, ...]) -> None:
        """Describe the endpoints. Each description is whole by itself, wherever the router is included."""

        async def session() -> None: ...

        wanted = [Depends(Secured(session, self.cookie))]
        schema = self._auth.blueprint.plan.schema
        # An operation that was replaced runs the program of the one that took over, which is there once.
        for program in dict.fromkeys(self._auth.blueprint.programs.values()):
            route = program.operation.route
            if not route.served or route.path is None:
                continue
            for method in route.methods:
                described = inlined(describe_operation(program.operation, method, schema), schema)
                self._operations.add(described["operationId"])
                router.add_api_route(
                    self._base_path + route.path,
                    _never,
                    methods=[method],
                    name=route.name,
                    operation_id=described["operationId"],
                    summary=described["summary"],
                    description=described.get("description"),
                    tags=list(tags),
                    dependencies=wanted if _wants_session(program) else None,
                    response_model=None,
                    # Without a media type of its own: what is answered is said in the description alone.
                    response_class=FastAPIResponse,
                    openapi_extra={
                        name: described[name]
                        for name in ("parameters", "requestBody", "responses")
                        if name in described
                    },
                )

    def install(self, app: FastAPI) -> None:
        """Name, in the document of ``app``, what the endpoints take and give, and the instance's own cookie and tokens."""
        made = app.openapi
        if getattr(made, _OWNER, None) is self:
            return
        known: dict[str, Any] | None = None

        def openapi() -> dict[str, Any]:
            nonlocal known
            found = made()
            if found is not known:
                self._refine(found)
                known = found
            return found

        setattr(openapi, _OWNER, self)
        app.openapi = openapi

    def _refine(self, made: dict[str, Any]) -> None:
        components: dict[str, Any] = made.setdefault("components", {})
        bearer = self._auth.blueprint.plan.has(Bearer)
        schemes: dict[str, Any] = components.get("securitySchemes", {})
        if COOKIE in schemes:
            schemes[COOKIE]["name"] = self.cookie
            if bearer:
                schemes.setdefault(BEARER, {"type": "http", "scheme": "bearer"})
        names = _Names(components.setdefault("schemas", {}), self._rows())
        for path in made.get("paths", {}).values():
            for operation in path.values():
                if bearer and operation.get("security") == [{COOKIE: []}]:
                    operation["security"] = [{COOKIE: []}, {BEARER: []}]
                if operation.get("operationId") in self._operations:
                    names.give(operation)
        if not components["schemas"]:
            del components["schemas"]
        if not components:
            del made["components"]

    def _rows(self) -> dict[str, Any]:
        """The rows by name, as an inlined description holds them."""
        return {title_of(table.name): row_schema(table.columns) for table in self._auth.blueprint.plan.schema}


class _Names:
    """Moves schemas from where they stand into the document's components."""

    def __init__(self, schemas: dict[str, Any], rows: dict[str, Any]) -> None:
        self._schemas = schemas
        self._known = {_text(row): f"{_NAMED}{name}" for name, row in rows.items()}
        self._given: dict[str, str] = {}
        """Of each schema that has a place in the components, by its text."""

    def give(self, operation: dict[str, Any]) -> None:
        """Name what an operation takes, gives and refuses with."""
        name = operation["operationId"][0].upper() + operation["operationId"][1:]
        for content in operation.get("requestBody", {}).get("content", {}).values():
            content["schema"] = self._moved(content["schema"], f"{name}Body")
        for status, response in operation["responses"].items():
            for content in response.get("content", {}).values():
                own = f"{name}Result" if status.startswith("2") else f"{_NAMED}Error"
                content["schema"] = self._moved(content["schema"], own)

    def _moved(self, schema: Any, name: str | None) -> Any:
        """The schema with references for what has a name, itself included."""
        if isinstance(schema, list):
            items: list[Any] = schema  # pyright: ignore[reportUnknownVariableType]
            return [self._moved(each, None) for each in items]
        if not isinstance(schema, dict):
            return schema
        members: dict[str, Any] = schema  # pyright: ignore[reportUnknownVariableType]
        text = _text(members)
        known = self._known.get(text) or (name if members.get("type") == "object" else None)
        if known is None:
            return {key: self._moved(each, None) for key, each in members.items()}
        if text not in self._given:
            place = known
            while place in self._schemas:
                place = f"Gatewright{place}"
            self._given[text] = place
            self._schemas[place] = {}  # taken, while its parts are named
            parts = {key: self._moved(each, None) for key, each in members.items()}
            self._schemas[place] = {"title": place, **parts}
        return {"$ref": f"#/components/schemas/{self._given[text]}"}


def _text(schema: Any) -> str:
    return json.dumps(schema, sort_keys=True)


def _wants_session(program: Program) -> bool:
    guard: Any = program.endpoint.guard
    evidence = None if guard is None else getattr(guard, "__annotations__", {}).get("return")
    return Unauthorized in program.operation.route.raises or evidence == "Signed"


# Stands for an endpoint in the document; the route before it answers. A docstring would be shown in the document.
async def _never() -> None: ...
