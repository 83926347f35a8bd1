"""The open API plugin: options and parts. The document is made once, at the first request for it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from gatewright.contract.faults import NotFound
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import Endpoint, handles
from gatewright.pipeline.openapi import document
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.open_api.api import OpenApiApi
from gatewright.plugins.open_api.contract import GenerateOpenAPISchema, OpenAPIReference
from gatewright.plugins.open_api.options import OpenApiOptions
from gatewright.plugins.open_api.page import POLICY, reference_page
from gatewright.wire.kinds import Html
from gatewright.wire.operation import Operation

__all__ = ("OpenApi",)


class OpenApi(Plugin[OpenApiApi]):
    """Serves the instance's OpenAPI document and a page that shows it. Both are public."""

    id = "open-api"
    api_type = OpenApiApi

    def __init__(self, options: OpenApiOptions | None = None) -> None:
        self.options = options or OpenApiOptions()
        self._documents: dict[str, dict[str, Any]] = {}
        self._operations: Sequence[type[Operation[Any]]] = ()

    def complete(self, operations: Sequence[type[Operation[Any]]]) -> None:
        """Learn what the instance serves."""
        self._operations = operations

    def parts(self) -> Parts:
        """Two operations; the page under the configured path."""
        if self.options.path == "/reference":
            return Parts(endpoints=self._endpoints())
        return Parts(endpoints=self._endpoints(), aliases=(("GET", self.options.path, OpenAPIReference),))

    def document(self, call: Call[Any]) -> dict[str, Any]:
        """The document for the address under which the caller reached the instance."""
        server = call.base.url
        made = self._documents.get(server)
        if made is None:
            plan = call.services.plan
            if len(self._documents) > 16:
                self._documents.clear()
            made = self._documents[server] = document(
                self._operations, plan.schema, title=plan.settings.app_name, version=_version(), server=server
            )
        return made

    def _endpoints(self) -> tuple[Endpoint, ...]:
        @handles(GenerateOpenAPISchema)
        async def generate(call: Call[GenerateOpenAPISchema]) -> dict[str, Any]:
            return self.document(call)

        @handles(OpenAPIReference)
        async def reference(call: Call[OpenAPIReference]) -> Html:
            moved = self.options.path != "/reference" and call.request is not None
            if self.options.disable_default_reference or (
                moved and call.request is not None and call.request.path.endswith("/reference")
            ):
                raise NotFound
            return Html(reference_page(self.document(call)), policy=POLICY)

        return (generate, reference)


def _version() -> str:
    try:
        return version("gatewright")
    except PackageNotFoundError:
        return "0"
