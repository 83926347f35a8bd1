"""Options of the device authorization plugin. Source: contract, options.json ``device-authorization``."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from datetime import timedelta
from typing import Annotated, Protocol

from pydantic import BeforeValidator, Field

from gatewright.settings.base import Called, Options, Whole
from gatewright.settings.fields import ModelOptions

__all__ = ("DeviceAuthorizationOptions",)

_DURATION = re.compile(r"([0-9]{1,6}) ?(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?)")
_UNITS: Mapping[str, int] = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def _seconds(value: object) -> object:
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, str):
        parts = _DURATION.fullmatch(value.strip())
        if parts is None:
            raise ValueError("must be a duration such as 30m or 5s")
        return int(parts[1]) * _UNITS[parts[2][0]]
    if isinstance(value, bool):
        raise ValueError("must be a duration such as 30m or 5s")  # noqa: TRY004 (validators raise ValueError)
    return value


class MakeCode(Protocol):
    """Makes codes."""

    def __call__(self) -> Awaitable[str] | str:
        """A new code that nobody can guess."""
        ...


class ValidateClient(Protocol):
    """Says which clients there are."""

    def __call__(self, client_id: str, /) -> Awaitable[bool] | bool:
        """Whether the client is one of them."""
        ...


class OnDeviceAuthRequest(Protocol):
    """Is told of every request for codes."""

    def __call__(self, client_id: str, scope: str | None, /) -> Awaitable[None] | None:
        """An ``ApiError`` that it raises is the answer, and there are no codes."""
        ...


class DeviceAuthorizationOptions(Options):
    """Codes and their lifetimes; durations are seconds, or text such as ``30m``.

    Attributes:
        expires_in: How long codes are good.
        interval: How long a device waits between two questions.
        verification_uri: The application's page for typing the code in, as an address or a path.
    """

    expires_in: Annotated[int, BeforeValidator(_seconds), Field(ge=1, le=86_400)] = 1800
    interval: Annotated[int, BeforeValidator(_seconds), Field(ge=1, le=3600)] = 5
    device_code_length: Whole = Field(default=40, ge=20, le=191)
    user_code_length: Whole = Field(default=8, ge=5, le=191)
    generate_device_code: Called[MakeCode] | None = None
    generate_user_code: Called[MakeCode] | None = None
    validate_client: Called[ValidateClient] | None = None
    on_device_auth_request: Called[OnDeviceAuthRequest] | None = None
    verification_uri: str = Field(default="/device", min_length=1)
    # "schema" is pydantic's own name for something else.
    table_options: Mapping[str, ModelOptions] = Field(default_factory=dict[str, ModelOptions], alias="schema")
