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
from gatewright.plugins.base import OnRequest
from gatewright.plugins.organization.contract.instances import Names
from gatewright.services.services import Services

__all__ = ("by_path",)


def by_path(names: Names) -> OnRequest:
    """Hands on a request without the organization in its path, and with it in the instance's header."""
    scoped: Final = re.compile(rf"(.*/{re.escape(names.name)})/([^/]+)/([a-z-]+)/?")

    async def moved(request: Request, services: Services) -> Request | None:  # noqa: ARG001 (the protocol's)
        found = scoped.fullmatch(request.path)
        if found is None:
            return None
        try:
            organization = unquote(found[2], errors="strict")
        except UnicodeDecodeError:
            return None
        if not organization.isascii() or not organization.isprintable():
            return None
        others = [(name, value) for name, value in request.headers.items() if name.lower() != names.scope]
        headers = Headers([*others, (names.scope, organization)])
        return replace(request, path=f"{found[1]}/{found[3]}", headers=headers)

    return moved
