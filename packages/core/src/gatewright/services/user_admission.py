"""The application's gate for those who would become users or be linked to one: ``user.validate_user_info``.

Asked before anything is written; a gate that fails keeps everybody out. Source: contract, options.json
``user.validateUserInfo``; asked of a running server: what it is given, and what its answers lead to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from gatewright.ports.log import Log
from gatewright.settings.callbacks import UserInfoCheck, UserInfoRefusal, UserInfoSource, ValidateUserInfo
from gatewright.settings.hooks import HookContext
from gatewright.wire.faults import ApiError

__all__ = ("NotAdmitted", "UserAdmission")

UNSAID = UserInfoRefusal("validation_failed", "User validation failed")
"""What a caller is told where the application gives no reason."""


class NotAdmitted(ApiError):
    """The application does not want this user; code and message are the application's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(403, code=code, message=message)
        self.reason = code
        self.description = message


class UserAdmission:
    """Asks the application about people.

    Args:
        validate: The application's function, if it has one.
        context_of: What the function is shown of the call in which a database acts.
        log: Told when the function fails.
    """

    __slots__ = ("_context_of", "_log", "_validate")

    def __init__(
        self,
        validate: ValidateUserInfo | None = None,
        context_of: Callable[[object], HookContext | None] | None = None,
        log: Log | None = None,
    ) -> None:
        self._validate = validate
        self._context_of = context_of
        self._log = log

    async def check(self, values: Mapping[str, object], source: UserInfoSource, *, within: object) -> None:
        """Let somebody in, or not.

        Args:
            values: Of the user, by wire name.
            source: Where they come from.
            within: The call.

        Raises:
            NotAdmitted: The application does not want them.
        """
        if self._validate is None:
            return
        known = {name: value for name, value in values.items() if value is not None}
        context = None if self._context_of is None else self._context_of(within)
        try:
            answer = await self._validate(UserInfoCheck(known, source), context)
        except Exception as error:  # noqa: BLE001 (a gate that fails is closed)
            if self._log is not None and not isinstance(error, ApiError):
                self._log.error("user.validate_user_info failed", error=error)
            answer = UNSAID
        refusal = _refusal(answer)
        if refusal is not None:
            raise NotAdmitted(refusal.error, refusal.error_description or refusal.error)


def _refusal(answer: UserInfoRefusal | Mapping[str, object] | Literal[False] | None) -> UserInfoRefusal | None:
    if answer is False:
        return UNSAID
    if isinstance(answer, UserInfoRefusal):
        return answer
    if not isinstance(answer, Mapping) or not answer.get("error"):
        return None
    said = answer.get("errorDescription") or answer.get("error_description")
    return UserInfoRefusal(str(answer["error"]), None if said is None else str(said))
