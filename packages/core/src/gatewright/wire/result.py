"""The habits of a JSON result: frozen, keyword-only, wire-named."""

from __future__ import annotations

from typing import Any, dataclass_transform

import msgspec

from gatewright.wire.masking import masked
from gatewright.wire.names import camel

__all__ = ("Done", "Result")


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(msgspec.field,))
class _ResultMeta(msgspec.StructMeta):
    def __new__(mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **config: Any) -> _ResultMeta:
        habits: dict[str, Any] = {"kw_only": True, "frozen": True, "rename": camel}
        return super().__new__(mcls, name, bases, namespace, **(habits | config))


class Result(msgspec.Struct, metaclass=_ResultMeta):
    """Base of JSON results. A member that may be absent is typed with :data:`UNSET` and defaults to it."""

    def __repr__(self) -> str:
        return masked(self)


class Done(Result):
    """It is done."""

    status: bool = True
