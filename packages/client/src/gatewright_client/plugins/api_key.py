"""The counterpart of the API key plugin."""

from __future__ import annotations

from gatewright.plugins.api_key.contract import (
    CreateApiKey,
    DeleteApiKey,
    GetApiKey,
    ListApiKeys,
    UpdateApiKey,
)
from gatewright.plugins.api_key.faults import (
    InvalidApiKey,
    InvalidApiKeyGetterReturnType,
    InvalidReferenceIdFromApiKey,
    KeyDisabled,
    KeyExpired,
    RateLimited,
    UsageExceeded,
)
from gatewright_client.calls import F, Group, action
from gatewright_client.plugins.base import ClientPlugin

__all__ = ("ApiKeyCalls", "ApiKeyClient")


class ApiKeyCalls(Group[F]):
    """``/api-key``."""

    create = action(CreateApiKey)
    delete = action(DeleteApiKey)
    get = action(GetApiKey)
    list = action(ListApiKeys)
    update = action(UpdateApiKey)


class ApiKeyClient(ClientPlugin):
    """Keys for programs. Where a key stands in for a session, its faults come up with any call."""

    def __init__(self) -> None:
        super().__init__(
            "api-key",
            calls=ApiKeyCalls,
            faults=(
                InvalidApiKey,
                InvalidApiKeyGetterReturnType,
                InvalidReferenceIdFromApiKey,
                KeyDisabled,
                KeyExpired,
                RateLimited,
                UsageExceeded,
            ),
        )
