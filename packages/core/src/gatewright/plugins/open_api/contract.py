"""Operations: the document and the page."""

from __future__ import annotations

from typing import Any

from gatewright.wire.kinds import Html
from gatewright.wire.operation import Operation, get

__all__ = ("GenerateOpenAPISchema", "OpenAPIReference")


@get("/open-api/generate-schema", name="generateOpenAPISchema")
class GenerateOpenAPISchema(Operation[dict[str, Any]]):
    """The OpenAPI 3.1 document of this instance."""


@get("/reference", name="openAPIReference", client=False)
class OpenAPIReference(Operation[Html]):
    """A page that shows the document."""
