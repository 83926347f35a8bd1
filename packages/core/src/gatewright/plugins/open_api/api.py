"""The server methods of the open API plugin."""

from __future__ import annotations

from gatewright.plugins.open_api.contract import GenerateOpenAPISchema, OpenAPIDocument, OpenAPIReference
from gatewright.wire.calls import Api, method

__all__ = ("OpenApiApi",)


class OpenApiApi(Api):
    """What the plugin adds to ``auth.api``."""

    generate_open_api_schema = method(GenerateOpenAPISchema)
    open_api_document = method(OpenAPIDocument)
    open_api_reference = method(OpenAPIReference)
