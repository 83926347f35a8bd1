"""Operations about the server itself."""

from __future__ import annotations

from gatewright.wire.kinds import Html, Redirect
from gatewright.wire.operation import Operation, get
from gatewright.wire.result import Result

__all__ = ("Error", "Ok", "Up")


class Up(Result):
    """The server answers."""

    ok: bool = True


@get("/ok", client=False)
class Ok(Operation[Up]):
    """Whether the server answers."""


@get("/error", client=False)
class Error(Operation[Html | Redirect], rename=None):
    """The page that flows end on when they fail and the application has no page of its own."""

    error: str | None = None
    error_description: str | None = None
