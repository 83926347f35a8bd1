"""Open API: the document of the instance, and a page to read it.

Upstream counterpart: ``open-api``. Source: contract, plugins.json; OpenAPI 3.1.1. Operations: the complete document at
``/openapi.json``, the contract's shape of it at ``/open-api/generate-schema``, the page at ``/reference``. No tables.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.open_api.api import OpenApiApi as OpenApiApi
    from gatewright.plugins.open_api.options import OpenApiOptions as OpenApiOptions
    from gatewright.plugins.open_api.plugin import OpenApi as OpenApi

__all__ = (
    "OpenApi",
    "OpenApiApi",
    "OpenApiOptions",
)

__getattr__ = lazily(__name__, {"OpenApi": "plugin", "OpenApiApi": "api", "OpenApiOptions": "options"})
