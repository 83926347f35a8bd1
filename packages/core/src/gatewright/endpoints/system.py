"""Handlers: about the server itself."""

from __future__ import annotations

import re

from gatewright.contract.system import Error, Ok, Up
from gatewright.http.html import error_page
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import handles
from gatewright.wire.kinds import Html

__all__ = ("ALL",)

_CODE = re.compile(r"[^A-Za-z0-9_-]")


@handles(Ok)
async def ok(call: Call[Ok]) -> Up:  # noqa: ARG001 (every handler is given its call)
    """The server answers."""
    return Up()


@handles(Error)
async def error(call: Call[Error]) -> Html:
    """A page that names the error; what the query says is reduced or escaped."""
    code = _CODE.sub("", call.input.error or "unknown")[:100] or "unknown"
    return Html(error_page(call.services.plan.settings.app_name, code, call.input.error_description))


ALL = (ok, error)
