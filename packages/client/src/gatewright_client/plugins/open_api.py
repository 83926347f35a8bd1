"""The calls of the Open API plugin, which needs no counterpart."""

from __future__ import annotations

from gatewright.plugins.open_api.contract import GenerateOpenAPISchema
from gatewright_client.calls import F, Group, action

__all__ = ("OpenApiCalls",)


class OpenApiCalls(Group[F]):
    """``/open-api``."""

    generate_schema = action(GenerateOpenAPISchema)
