"""What a client call answers. Not the errors themselves (``faults``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from gatewright.wire.faults import ApiError, Instead

__all__ = ("Result",)

R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, slots=True, repr=False)
class Result(Generic[R_co]):
    """The answer to one call: one of ``data``, ``error`` and ``instead`` is there.

    Attributes:
        data: What the operation gives back; ``None`` is also a value of operations that may answer null.
        error: Why there is none: one of the operation's documented faults, or another :class:`ApiError`.
        instead: Another answer than the operation's own, as a second factor that is owed at sign-in.
    """

    data: R_co | None = None
    error: ApiError | None = None
    instead: Instead | None = None

    @property
    def ok(self) -> bool:
        """Whether the operation gave its own answer."""
        return self.error is None and self.instead is None

    def __repr__(self) -> str:
        # Results hold tokens: of the data only the kind is told.
        if self.error is not None:
            return f"Result(error={self.error!r})"
        if self.instead is not None:
            return f"Result(instead={type(self.instead.value).__name__})"
        return f"Result(data={type(self.data).__name__})"

    def unwrap(self) -> R_co:
        """The data.

        Raises:
            ApiError: The operation failed.
            Instead: The operation answered something else; its ``value`` says what.
        """
        if self.error is not None:
            raise self.error
        if self.instead is not None:
            raise self.instead
        # Without an error the data is the operation's result, which may itself be None.
        return cast("R_co", self.data)
