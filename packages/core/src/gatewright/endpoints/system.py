"""Handlers: about the server itself."""

from __future__ import annotations

import re

from gatewright.contract.system import Error, Ok, Up
from gatewright.http.html import error_page
from gatewright.http.redirects import append_query
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import handles
from gatewright.wire.kinds import Html, Redirect

__all__ = ("ALL",)

_CODE = re.compile(r"['A-Za-z0-9_-]+")


@handles(Ok)
async def ok(call: Call[Ok]) -> Up:  # noqa: ARG001 (every handler is given its call)
    """The server answers."""
    return Up()


@handles(Error)
async def error(call: Call[Error]) -> Html | Redirect:
    """A page that names the error, or the way to the application's own; what is no code is not shown as one."""
    settings = call.services.plan.settings
    said = call.input.error or ""
    code = said if _CODE.fullmatch(said) else "UNKNOWN"
    description = call.input.error_description or None
    elsewhere = settings.on_api_error.error_url
    if elsewhere is not None and elsewhere.partition("?")[0] not in (
        f"{call.base.url}/error",
        f"{call.base.base_path}/error",
    ):
        told = {"error": code} if description is None else {"error": code, "error_description": description}
        return Redirect(append_query(elsewhere, told))
    look = settings.on_api_error.customize_default_error_page
    if look is None:
        return Html(error_page(settings.app_name, code, description))
    return Html(
        error_page(settings.app_name, code, description, variables=look.variables(), decorations=look.decorations())
    )


ALL = (ok, error)
