"""Operations: the complete document, the one in the contract's shape, and the page."""

from __future__ import annotations

from typing import Any

from gatewright.wire.kinds import Html
from gatewright.wire.operation import Operation, get

__all__ = ("GenerateOpenAPISchema", "OpenAPIDocument", "OpenAPIReference")


@get("/open-api/generate-schema", name="generateOpenAPISchema")
class GenerateOpenAPISchema(Operation[dict[str, Any]]):
    """The OpenAPI 3.1 document of this instance, in the contract's shape.

    It lists the same statuses for every operation and leaves out what the contract's document leaves out.
    """


@get("/openapi.json", name="openAPIDocument", client=False)
class OpenAPIDocument(Operation[dict[str, Any]]):
    """The complete OpenAPI 3.1 document of this instance.

    Every operation with its parameters, examples, errors by code, and how a caller proves who they are.
    """


@get("/reference", name="openAPIReference", client=False)
class OpenAPIReference(Operation[Html]):
    """A page that shows the document."""
