"""Open API: the document of the instance, and a page to read it.

Upstream counterpart: ``open-api``. Source: contract, plugins.json; OpenAPI 3.1.1. Operations: the document at
``/open-api/generate-schema``, the page at ``/reference``. No tables.
"""

from gatewright.plugins.open_api.api import OpenApiApi
from gatewright.plugins.open_api.options import OpenApiOptions
from gatewright.plugins.open_api.plugin import OpenApi

__all__ = ("OpenApi", "OpenApiApi", "OpenApiOptions")
