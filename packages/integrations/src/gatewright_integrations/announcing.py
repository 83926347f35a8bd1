"""What an answer means for the session of whoever gets it: for frameworks that tell their applications of such things.

Read off the cookies and the operation; nothing is asked of a store. Source: contract, ``cookies.json`` (``session_token``)
and what each operation says of itself (``signals``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from gatewright.auth import Auth
from gatewright.http.cookies import find
from gatewright.http.headers import Headers
from gatewright.http.paths import strip_base
from gatewright.http.request import Request
from gatewright.http.response import Response
from gatewright_integrations.translation import base_path_of

__all__ = ("Announcement", "Change", "announcement")

Change: TypeAlias = Literal["begun", "ended", "changed"]
"""``begun``: another session than before was handed out; ``ended``: its cookie was cleared; ``changed``: an operation that
concerns the session or its user has succeeded otherwise."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """One thing that has happened.

    Attributes:
        change: What.
        operation: The operation that did it, ``signInEmail``.
        headers: Those of the request, with the session cookie that its sender holds now.
    """

    change: Change
    operation: str
    headers: Headers


def announcement(auth: Auth[Any], request: Request, response: Response) -> Announcement | None:
    """What has happened to the session of whoever gets an answer, or ``None``."""
    if response.status >= 400 or request.method == "HEAD":
        return None
    plan = auth.blueprint.plan
    name = plan.cookies.session_token.name
    cookie = request.headers.get("cookie") or ""
    written = _written(response, name)
    before = find(cookie, name)
    change: Change | None = None
    # An empty value is a cookie that is gone.
    after = before if written is None else find(written, name) or None
    if after != before:
        change = "begun" if after else "ended"
    skips = auth.blueprint.settings.advanced.skip_trailing_slashes
    path = strip_base(request.path, base_path_of(auth), skip_trailing_slashes=skips)
    found = None if path is None else auth.blueprint.router.find(request.method, path)
    if found is None:
        return None
    route = found[0].operation.route
    if change is None and route.signals is not None:
        change = "changed"
    if change is None:
        return None
    return Announcement(
        change, route.name, request.headers if written is None else _holding(request, written if after else None)
    )


def _written(response: Response, name: str) -> str | None:
    """What an answer makes of a cookie, ``name=value``, without a value where it is cleared; ``None`` where it is left alone."""
    found: str | None = None
    for header, line in response.headers:
        if header == "set-cookie" and line.startswith(f"{name}="):
            found = line.partition(";")[0]
    return found


def _holding(request: Request, cookie: str | None) -> Headers:
    others = [pair for pair in request.headers.items() if pair[0] != "cookie"]
    return Headers.of(others if cookie is None else [*others, ("cookie", cookie)])
