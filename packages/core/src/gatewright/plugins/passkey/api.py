"""The server methods of the passkey plugin."""

from __future__ import annotations

from gatewright.plugins.passkey.contract import (
    DeletePasskey,
    GeneratePasskeyAuthenticationOptions,
    GeneratePasskeyRegistrationOptions,
    ListPasskeys,
    UpdatePasskey,
    VerifyPasskeyAuthentication,
    VerifyPasskeyRegistration,
)
from gatewright.wire.calls import Api, method

__all__ = ("PasskeyApi",)


class PasskeyApi(Api):
    """What the plugin adds to ``auth.api``."""

    generate_passkey_registration_options = method(GeneratePasskeyRegistrationOptions)
    verify_passkey_registration = method(VerifyPasskeyRegistration)
    generate_passkey_authentication_options = method(GeneratePasskeyAuthenticationOptions)
    verify_passkey_authentication = method(VerifyPasskeyAuthentication)
    list_passkeys = method(ListPasskeys)
    update_passkey = method(UpdatePasskey)
    delete_passkey = method(DeletePasskey)
