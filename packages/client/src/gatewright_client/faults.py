"""From an error's body to the class that the server raised, and the errors that only a client knows.

::

    ApiError
    ├── Fault, OAuthFault     as the server declares them, found by their code
    └── NoAnswer              the server was not reached, or nothing came back
        └── TimedOut          not in time
    GivenUp                   the program stopped waiting for its user
    UnexpectedAnswer          an answer that the operation does not document
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from gatewright.contract import faults
from gatewright.wire.faults import ApiError, Fault, Headers, OAuthFault
from gatewright.wire.json import Json
from gatewright.wire.operation import Operation

__all__ = ("GivenUp", "Known", "NoAnswer", "TimedOut", "UnexpectedAnswer", "error_of")


class NoAnswer(ApiError):
    """The server was not reached, or the connection broke; ``status`` is 0. The cause is the HTTP client's error."""

    def __init__(self, because: str | None = None) -> None:
        super().__init__(0, message="The authentication server does not answer", because=because)


class TimedOut(NoAnswer):
    """The answer did not come in time. The server may have done what it was asked all the same."""


class GivenUp(ApiError):
    """The program stopped waiting for its user; ``status`` is 0."""

    def __init__(self) -> None:
        super().__init__(0, message="Nobody waits any longer")


class UnexpectedAnswer(ApiError):
    """The answer is none that the operation documents: another server, another release, a proxy's page."""

    def __init__(self, status: int, because: str | None = None) -> None:
        super().__init__(status, message="The server's answer is not the operation's", because=because)


_ANYWHERE: Mapping[str, type[Fault]] = {
    value.default_code: value
    for value in vars(faults).values()
    if isinstance(value, type) and issubclass(value, Fault) and value is not Fault
}
"""The core's faults by code: any operation may be refused by what stands before it (origins, limits, sessions)."""


Known = Mapping[str, type[Fault]]
"""Faults by code."""


@cache
def _documented(operation: type[Operation[Any]]) -> Known:
    found = dict(_ANYWHERE)
    found.update((each.default_code, each) for each in operation.route.raises if issubclass(each, Fault))
    return found


def error_of(
    operation: type[Operation[Any]], status: int, body: Json, headers: Headers, known: Known | None = None
) -> ApiError:
    """The error that a body describes: of the operation's own faults, the core's, ``known`` of plugins; else a plain one."""
    if not isinstance(body, dict):
        return ApiError(status, headers=headers)
    members: dict[str, object] = dict(body)
    code, message = members.pop("code", None), members.pop("message", None)
    text = message if isinstance(message, str) else None
    if isinstance(code, str):
        fault = _documented(operation).get(code) or (known or {}).get(code)
        if fault is not None:
            # As the answer describes it: what a class's own constructor says is for those who raise it.
            found = fault.__new__(fault)
            Fault.__init__(found, status=status, message=text, extra=members, headers=headers)
            return found
        return ApiError(status, code=code, message=text, extra=members, headers=headers)
    error = members.get("error")
    if text is None and isinstance(error, str):
        del members["error"]
        description = members.pop("error_description", None)
        said = description if isinstance(description, str) else None
        return OAuthFault(error, said, status=status, extra=members, headers=headers)
    return ApiError(status, message=text, extra=members, headers=headers)
