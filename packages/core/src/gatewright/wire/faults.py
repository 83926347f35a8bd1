"""The errors that cross the wire, and the one that never does.

::

    ApiError                 any answer that is not a success: status, code, message
    ├── Fault                a documented one: its code is its class name
    ├── OAuthFault           ``error`` and ``error_description`` (RFC 6749 §5.2)
    └── Instead              not a failure: another answer than the operation's own
    ConfigError              the developer's mistake, raised at construction

A fault carries what the caller may see. What only the log may see goes into ``because``.

Source: contract (``{"code", "message"}`` bodies); RFC 6749 §5.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar, Self

from gatewright.wire.names import code as code_of

__all__ = ("ApiError", "ConfigError", "Fault", "Headers", "Instead", "OAuthFault", "status_name")

Headers = tuple[tuple[str, str], ...]


class ConfigError(Exception):
    """The application is put together wrongly; raised while it is constructed, never while it serves."""


def status_name(status: int) -> str:
    """The name of a status as the contract writes it: ``401`` is ``UNAUTHORIZED``, ``500`` ``INTERNAL_SERVER_ERROR``."""
    if status == HTTPStatus.IM_A_TEAPOT:
        return "I'M_A_TEAPOT"
    try:
        return HTTPStatus(status).name
    except ValueError:
        return str(status)


class ApiError(Exception):
    """An answer that is not a success.

    Attributes:
        status: HTTP status.
        code: Wire code, or ``None`` where the contract's body has none.
        message: Wire message, or ``None`` where the contract's body has none.
        extra: Further members of the body, by wire name.
        headers: Headers that ride along with the answer.
        because: For the log only.
    """

    def __init__(
        self,
        status: int,
        *,
        code: str | None = None,
        message: str | None = None,
        extra: Mapping[str, object] | None = None,
        headers: Headers = (),
        because: str | None = None,
    ) -> None:
        super().__init__(message or code or status_name(status))
        self.status = status
        self.code = code
        self.message = message
        self.extra: Mapping[str, object] = extra or {}
        self.headers = headers
        self.because = because

    @property
    def body(self) -> Mapping[str, object] | None:
        """The JSON body, or ``None`` for an answer without one."""
        found: dict[str, object] = {}
        if self.message is not None:
            found["message"] = self.message
        if self.code is not None:
            found["code"] = self.code
        found.update(self.extra)
        return found or None

    def reworded(self, message: str, *, original: str | None) -> ApiError:
        """The same error in other words; ``original`` goes along as ``originalMessage``."""
        error = type(self).__new__(type(self))
        error.__dict__.update(self.__dict__)
        error.args = (message,)
        error.message = message
        error.extra = {**self.extra, **({} if original is None else {"originalMessage": original})}
        return error

    def with_headers(self, headers: Headers) -> Self:
        """The same error with more headers riding along; this one stays as it is."""
        other = type(self).__new__(type(self), *self.args)
        other.__dict__.update(self.__dict__)
        other.headers = (*self.headers, *headers)
        other.__cause__, other.__context__ = self.__cause__, self.__context__
        return other.with_traceback(self.__traceback__)


class Fault(ApiError):
    """A documented error of an operation; declare a subclass with its status and message.

    ::

        class InvalidEmailOrPassword(Fault, status=401):
            \"\"\"The address is unknown or the password does not match; which of the two is not told.\"\"\"

            message = "Invalid email or password"
    """

    default_status: ClassVar[int] = 400
    default_code: ClassVar[str]
    default_message: ClassVar[str | None] = None

    def __init_subclass__(cls, *, status: int | None = None, code: str | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if status is not None:
            cls.default_status = status
        cls.default_code = code or code_of(cls.__name__)
        declared = cls.__dict__.get("message")
        if isinstance(declared, str):
            cls.default_message = declared
            # The class attribute gives way to the attribute of the raised instance.
            del cls.message

    message: str | None

    def __init__(
        self,
        *,
        status: int | None = None,
        message: str | None = None,
        extra: Mapping[str, object] | None = None,
        headers: Headers = (),
        because: str | None = None,
    ) -> None:
        super().__init__(
            self.default_status if status is None else status,
            code=self.default_code,
            message=self.default_message if message is None else message,
            extra=extra,
            headers=headers,
            because=because,
        )


class OAuthFault(ApiError):
    """An error in the shape of RFC 6749 §5.2: ``error`` and ``error_description``."""

    def __init__(
        self,
        error: str,
        description: str | None = None,
        *,
        status: int = 400,
        extra: Mapping[str, object] | None = None,
        headers: Headers = (),
        because: str | None = None,
    ) -> None:
        members: dict[str, object] = {"error": error}
        if description is not None:
            members["error_description"] = description
        members.update(extra or {})
        super().__init__(status, extra=members, headers=headers, because=because)
        self.error = error
        self.description = description


class Instead(ApiError):
    """Another answer than the operation's own, as a second factor that is owed at sign-in.

    HTTP sends ``value``; the server's own call raises it; the client holds it in ``result.instead``.
    """

    def __init__(self, value: object, *, status: int = 200, headers: Headers = ()) -> None:
        super().__init__(status, headers=headers)
        self.value = value
