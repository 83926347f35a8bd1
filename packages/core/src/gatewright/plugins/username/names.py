"""What a name may look like and in which form it is stored; no store is asked."""

from __future__ import annotations

import inspect
import re

from gatewright.plugins.username.faults import (
    InvalidDisplayUsername,
    InvalidUsername,
    UsernameTooLong,
    UsernameTooShort,
)
from gatewright.plugins.username.options import UsernameOptions

__all__ = ("Names",)

_ORDINARY = re.compile(r"[A-Za-z0-9_.]+")


class Names:
    """The rules of one instance."""

    __slots__ = ("_options",)

    def __init__(self, options: UsernameOptions) -> None:
        self._options = options

    def stored(self, username: str) -> str:
        """The form in which a name is stored and compared."""
        normalize = self._options.username_normalization
        if normalize is False:
            return username
        return username.lower() if normalize is None else normalize(username)

    def stored_display(self, name: str) -> str:
        """The form in which a display name is stored."""
        normalize = self._options.display_username_normalization
        return normalize(name) if normalize else name

    async def check(self, username: str, *, status: int | None = None) -> str:
        """The stored form of a name that may be used.

        Args:
            username: As it was sent.
            status: Of the faults, where it is not their own.

        Raises:
            UsernameTooShort, UsernameTooLong: Outside the configured bounds.
            InvalidUsername: The validator does not accept it.
        """
        options = self._options
        stored = self.stored(username)
        checked = stored if options.validation_order.username == "post-normalization" else username
        if len(checked) < options.min_username_length:
            raise UsernameTooShort(status=status)
        if len(checked) > options.max_username_length:
            raise UsernameTooLong(status=status)
        validate = options.username_validator
        if validate is None:
            accepted = _ORDINARY.fullmatch(checked) is not None
        else:
            answer = validate(checked)
            accepted = await answer if inspect.isawaitable(answer) else answer
        if not accepted or "\x00" in stored:
            raise InvalidUsername(status=status)
        return stored

    async def check_display(self, name: str) -> str:
        """The stored form of a display name that may be used.

        Raises:
            InvalidDisplayUsername: The validator does not accept it.
        """
        stored = self.stored_display(name)
        validate = self._options.display_username_validator
        if validate is None:
            return stored
        late = self._options.validation_order.display_username == "post-normalization"
        answer = validate(stored if late else name)
        if not (await answer if inspect.isawaitable(answer) else answer):
            raise InvalidDisplayUsername
        return stored
