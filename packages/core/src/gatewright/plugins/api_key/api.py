"""The server methods of the API key plugin."""

from __future__ import annotations

from gatewright.plugins.api_key.contract import (
    CreateApiKey,
    DeleteAllExpiredApiKeys,
    DeleteApiKey,
    GetApiKey,
    ListApiKeys,
    UpdateApiKey,
    VerifyApiKey,
)
from gatewright.wire.calls import Api, method

__all__ = ("ApiKeyApi",)


class ApiKeyApi(Api):
    """What the plugin adds to ``auth.api``."""

    create_api_key = method(CreateApiKey)
    verify_api_key = method(VerifyApiKey)
    get_api_key = method(GetApiKey)
    update_api_key = method(UpdateApiKey)
    delete_api_key = method(DeleteApiKey)
    list_api_keys = method(ListApiKeys)
    delete_all_expired_api_keys = method(DeleteAllExpiredApiKeys)
