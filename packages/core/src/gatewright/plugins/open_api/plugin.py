"""The open API plugin: options and parts. Each document is made once, at the first request for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from gatewright.http.base_url import normalize_base_path
from gatewright.http.request import Request
from gatewright.http.response import Response
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import Endpoint, handles
from gatewright.pipeline.openapi import document
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.open_api.api import OpenApiApi
from gatewright.plugins.open_api.contract import GenerateOpenAPISchema, OpenAPIDocument, OpenAPIReference
from gatewright.plugins.open_api.contract_document import contract_document
from gatewright.plugins.open_api.options import OpenApiOptions
from gatewright.plugins.open_api.page import policy, reference_page
from gatewright.services.plan import Plan
from gatewright.services.services import Services
from gatewright.wire.faults import ApiError
from gatewright.wire.kinds import Html
from gatewright.wire.shapes import JsonSchema

__all__ = ("OpenApi",)

_ADDRESSES = 16
"""For how many addresses of one instance documents are kept."""


class OpenApi(Plugin[OpenApiApi]):
    """Serves the instance's OpenAPI document and a page that shows it. All are public."""

    id = "open-api"
    api_type = OpenApiApi

    def __init__(self, options: OpenApiOptions | None = None) -> None:
        self.options = options or OpenApiOptions()
        self._complete: dict[str, JsonSchema] = {}
        self._contract: dict[str, JsonSchema] = {}
        self._endpoints: Sequence[Endpoint] = ()
        self._installed: Sequence[str] = ()

    def adopt(self, installed: Sequence[Plugin[Any]]) -> None:
        """Learn in which ways callers can prove who they are."""
        self._installed = [plugin.id for plugin in installed]

    def complete(self, endpoints: Sequence[Endpoint]) -> None:
        """Learn what the instance serves."""
        self._endpoints = endpoints

    def parts(self) -> Parts:
        """Three operations; the page under the configured path."""
        older = ("GET", "/generate-openapi-schema", GenerateOpenAPISchema)
        if self.options.path == "/reference":
            return Parts(endpoints=self._handlers(), aliases=(older,))
        return Parts(
            endpoints=self._handlers(),
            aliases=(older, ("GET", self.options.path, OpenAPIReference)),
            on_request=(_moved,),
        )

    def document(self, call: Call[Any]) -> JsonSchema:
        """The complete document for the address under which the caller reached the instance."""
        return _kept(self._complete, call, self._make_complete)

    def contract_document(self, call: Call[Any]) -> JsonSchema:
        """The same in the contract's shape."""
        return _kept(self._contract, call, self._make_contract)

    def _make_complete(self, plan: Plan, server: str) -> JsonSchema:
        return document(
            self._endpoints,
            plan.schema,
            title=plan.settings.app_name,
            version=_version(),
            server=server,
            cookie=plan.cookies.session_token.name,
            plugins=self._installed,
        )

    def _make_contract(self, plan: Plan, server: str) -> JsonSchema:
        return contract_document(
            self._endpoints, plan.schema, title=plan.settings.app_name, version=_version(), server=server
        )

    def _handlers(self) -> tuple[Endpoint, ...]:
        @handles(GenerateOpenAPISchema)
        async def generate(call: Call[GenerateOpenAPISchema]) -> dict[str, Any]:
            return self.contract_document(call)

        @handles(OpenAPIDocument)
        async def complete(call: Call[OpenAPIDocument]) -> dict[str, Any]:
            return self.document(call)

        @handles(OpenAPIReference)
        async def reference(call: Call[OpenAPIReference]) -> Html:
            if self.options.disable_default_reference:
                raise ApiError(404)
            options = self.options
            page = reference_page(self.document(call), theme=options.theme, nonce=options.nonce)
            return Html(page, policy=policy(options.nonce))

        return (generate, complete, reference)


async def _moved(request: Request, services: Services) -> Response | None:
    """Nothing is at the page's usual place, as at any path at which nothing is served."""
    base, options = services.plan.base, services.plan.settings
    below = normalize_base_path(options.base_path) if base is None else base.base_path
    return Response(404, (), b"") if request.path == f"{below.rstrip('/')}/reference" else None


def _kept(made: dict[str, JsonSchema], call: Call[Any], make: Callable[[Plan, str], JsonSchema]) -> JsonSchema:
    server = call.base.url
    found = made.get(server)
    if found is None:
        if len(made) > _ADDRESSES:
            made.clear()
        found = made[server] = make(call.services.plan, server)
    return found


def _version() -> str:
    try:
        return version("gatewright")
    except PackageNotFoundError:
        return "0"
