"""The passkey plugin: options and parts."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from gatewright.access.assurance import Way
from gatewright.crypto.libraries import MissingLibrary
from gatewright.pipeline.call import Call
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.passkey import contract
from gatewright.plugins.passkey.api import PasskeyApi
from gatewright.plugins.passkey.challenges import COOKIE, LIFETIME
from gatewright.plugins.passkey.model import PasskeyRow
from gatewright.plugins.passkey.options import PasskeyOptions
from gatewright.services.cookies import CookieSpec

__all__ = ("Passkey",)


class Passkey(Plugin[PasskeyApi]):
    """Signing in with passkeys.

    Raises:
        MissingLibrary: The extra ``passkey`` is not installed.
    """

    id = "passkey"
    api_type = PasskeyApi

    def __init__(self, options: PasskeyOptions | None = None) -> None:
        if find_spec("webauthn") is None:
            raise MissingLibrary("webauthn", extra="passkey", purpose="verify passkeys")
        self.options = options or PasskeyOptions()

    async def prove(self, call: Call[Any], answer: Mapping[str, object], owner_id: str) -> Way:
        """What a passkey of somebody who is signed in proves.

        Raises:
            ChallengeNotFound: There is no challenge, or it was used.
            PasskeyNotFound: The user has no such passkey.
            AuthenticationFailed: It does not prove anything.
        """
        from gatewright.plugins.passkey.authentication import authenticate  # noqa: PLC0415 (only who needs it loads it)

        return (await authenticate(call, self.options, answer, owner_id=owner_id))[1]

    def parts(self) -> Parts:
        """Operations, the table and the cookie of challenges."""
        # The handlers ask for this class.
        from gatewright.plugins.passkey.endpoints import ALL  # noqa: PLC0415

        return Parts(
            endpoints=ALL,
            tables=(PasskeyRow,),
            table_options={name: given.table_options() for name, given in self.options.table_options.items()},
            cookies={COOKIE: CookieSpec(self.options.advanced.web_authn_challenge_cookie, LIFETIME)},
            aliases=(
                ("GET", "/passkey/add", contract.GeneratePasskeyRegistrationOptions),
                ("POST", "/passkey/add", contract.VerifyPasskeyRegistration),
                ("GET", "/sign-in/passkey", contract.GeneratePasskeyAuthenticationOptions),
                ("POST", "/sign-in/passkey", contract.VerifyPasskeyAuthentication),
                ("GET", "/passkey/list", contract.ListPasskeys),
                ("POST", "/passkey/delete", contract.DeletePasskey),
                ("POST", "/passkey/update", contract.UpdatePasskey),
            ),
        )
