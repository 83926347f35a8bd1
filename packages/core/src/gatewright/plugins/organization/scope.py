"""The organization that a request is about, by its path or by a header. Beyond the contract.

``GET /organization/<id>/list-members`` is ``GET /organization/list-members`` about that organization. Whether the caller
may is asked as always; an argument that names another organization is refused.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from gatewright.http.headers import Headers
from gatewright.http.request import Request
from gatewright.services.services import Services

__all__ = ("SCOPE", "by_path")

SCOPE: Final = "x-organization-id"
_SCOPED: Final = re.compile(r"(.*/organization)/([^/]+)/([a-z-]+)/?")


async def by_path(request: Request, services: Services) -> Request | None:  # noqa: ARG001 (the protocol's)
    """The request without the organization in its path, and with it in the header."""
    found = _SCOPED.fullmatch(request.path)
    if found is None:
        return None
    try:
        organization = unquote(found[2], errors="strict")
    except UnicodeDecodeError:
        return None
    if not organization.isascii() or not organization.isprintable():
        return None
    others = [(name, value) for name, value in request.headers.items() if name.lower() != SCOPE]
    return replace(request, path=f"{found[1]}/{found[3]}", headers=Headers([*others, (SCOPE, organization)]))
