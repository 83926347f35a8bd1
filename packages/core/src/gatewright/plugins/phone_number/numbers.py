"""What a number may be, and under which identifier its codes are kept. Source: ITU-T E.164; the library ``phonenumbers``."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable
from typing import Literal

from gatewright.crypto.libraries import MissingLibrary
from gatewright.plugins.phone_number.faults import InvalidPhoneNumber
from gatewright.wire.faults import ConfigError

__all__ = ("Numbers", "identifier_of")

LONGEST = 128
"""Most characters of anything that is taken for a number."""

RESET = "-request-password-reset"

_DIALLED = re.compile(r"[0-9+*#() ./-]+")


def identifier_of(phone_number: str, *, reset: bool = False) -> str:
    """Under which the codes of a number are kept.

    The contract's identifier of a code to sign in with is the number itself. What nobody could dial gets a prefix, so
    that no text reaches the values of another flow.
    """
    known = phone_number if _DIALLED.fullmatch(phone_number) else f"phone-number:{phone_number}"
    return known + RESET if reset else known


class Numbers:
    """The rules of one instance.

    Args:
        validator: The option ``phone_number_validator``.

    Raises:
        ConfigError: The extra ``phone`` is not installed.
    """

    __slots__ = ("_accepts",)

    def __init__(self, validator: Literal["phonenumbers"] | Callable[[str], Awaitable[bool] | bool] | None) -> None:
        self._accepts: Callable[[str], Awaitable[bool] | bool] | None = (
            _library() if isinstance(validator, str) else validator
        )

    async def check(self, phone_number: str) -> None:
        """Refuse what is no number.

        Raises:
            InvalidPhoneNumber: The validator does not accept it, or it is too long for any.
        """
        if len(phone_number) > LONGEST:
            raise InvalidPhoneNumber
        if self._accepts is None:
            return
        answer = self._accepts(phone_number)
        if not (await answer if inspect.isawaitable(answer) else answer):
            raise InvalidPhoneNumber


def _library() -> Callable[[str], bool]:
    try:
        import phonenumbers  # noqa: PLC0415 (an extra)
    except ModuleNotFoundError:
        raise ConfigError(str(MissingLibrary("phonenumbers", extra="phone", purpose="check numbers"))) from None

    def accepts(text: str) -> bool:
        try:
            number = phonenumbers.parse(text, None)
        except phonenumbers.NumberParseException:
            return False
        # One spelling for each number: else one phone could be several users.
        spelled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return spelled == text and phonenumbers.is_valid_number(number)

    return accepts
