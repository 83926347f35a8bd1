"""The plugin: options and the hook before operations that set a password."""

from __future__ import annotations

from typing import Any

from gatewright.contract.faults import PasswordTooLong, PasswordTooShort
from gatewright.contract.password import ChangePassword
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import maybe_signed_in
from gatewright.pipeline.hooks import EVERY, Hook, before
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.have_i_been_pwned.faults import PasswordCompromised
from gatewright.plugins.have_i_been_pwned.lookup import known_from_breach
from gatewright.plugins.have_i_been_pwned.options import HaveIBeenPwnedOptions
from gatewright.wire.calls import Api

__all__ = ("HaveIBeenPwned",)


class HaveIBeenPwned(Plugin[Api]):
    """Refuses new passwords that are known from breaches; when the list does not answer, none is taken."""

    id = "have-i-been-pwned"
    api_type = Api

    def __init__(self, options: HaveIBeenPwnedOptions | None = None) -> None:
        self.options = options or HaveIBeenPwnedOptions()

    def parts(self) -> Parts:
        """One hook, unless it is switched off."""
        return Parts(hooks=(self._checking(),) if self.options.enabled else ())

    def _checking(self) -> Hook:
        paths, message = frozenset(self.options.paths), self.options.custom_password_compromised_message

        @before(EVERY)
        async def check(call: Call[Any]) -> None:
            operation = call.input
            if operation.route.path not in paths:
                return
            password = getattr(operation, "new_password", None) or getattr(operation, "password", None)
            if not isinstance(password, str) or not password:
                return
            try:
                call.services.passwords.check_length(password)
            except (PasswordTooShort, PasswordTooLong):
                return  # the operation says so itself, and the list is not asked
            if isinstance(operation, ChangePassword) and await maybe_signed_in(call) is None:
                return
            if await known_from_breach(call.services.egress, password):
                raise PasswordCompromised(message=message)

        return check
