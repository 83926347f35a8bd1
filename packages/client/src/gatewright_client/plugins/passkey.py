"""The counterpart of the passkey plugin; the ceremonies between its calls are the caller's.

Source: contract, client.json ``plugins`` (the hook) and ``atomListeners``.
"""

from __future__ import annotations

from gatewright.plugins.passkey.contract import (
    PASSKEYS,
    DeletePasskey,
    GeneratePasskeyAuthenticationOptions,
    GeneratePasskeyRegistrationOptions,
    ListPasskeys,
    UpdatePasskey,
    VerifyPasskeyAuthentication,
    VerifyPasskeyRegistration,
)
from gatewright.wire.operation import SESSION
from gatewright_client.calls import F, Group, action
from gatewright_client.live import live
from gatewright_client.plugins.base import ClientPlugin, at

__all__ = ("PasskeyCalls", "PasskeyClient")


class PasskeyCalls(Group[F]):
    """``/passkey``; what is held keeps up only if the client has :class:`PasskeyClient`.

    Between the two calls of a ceremony stands the authenticator: its program is given the options as JSON
    (``gatewright.wire.json.plain``), and what it answers is the second call's ``response``.

    Attributes:
        list_passkeys: The user's passkeys.
    """

    delete_passkey = action(DeletePasskey)
    generate_authenticate_options = action(GeneratePasskeyAuthenticationOptions)
    generate_register_options = action(GeneratePasskeyRegistrationOptions)
    list_user_passkeys = action(ListPasskeys)
    update_passkey = action(UpdatePasskey)
    verify_authentication = action(VerifyPasskeyAuthentication)
    verify_registration = action(VerifyPasskeyRegistration)

    list_passkeys = live(ListPasskeys, PASSKEYS.name)


class PasskeyClient(ClientPlugin):
    """Keys that devices keep. Signing out raises the signal too: another user's list is another."""

    def __init__(self) -> None:
        super().__init__(
            "passkey",
            calls=PasskeyCalls,
            signals={
                SESSION.name: at("/passkey/verify-authentication"),
                PASSKEYS.name: at(
                    "/sign-out", "/passkey/verify-registration", "/passkey/delete-passkey", "/passkey/update-passkey"
                ),
            },
        )
