"""Columns: typed on the class as references, typed on the row as values.

``User.email`` is a ``Ref[User, str]`` that builds conditions; ``user.email`` is a ``str``.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar, overload

from gatewright.model.query import Change, Condition, Order
from gatewright.wire.names import camel

if TYPE_CHECKING:
    from gatewright.model.row import Row

__all__ = ("GENERATED", "NOW", "Column", "ColumnSpec", "ColumnType", "Missing", "Ref", "Reference", "column")

T = TypeVar("T")
M = TypeVar("M", bound="Row")

ColumnType: TypeAlias = Literal["string", "number", "boolean", "date", "json", "string[]", "number[]"]


class Missing(enum.Enum):
    """Markers among the defaults of a column."""

    NONE = "none"
    """There is no default."""
    NOW = "now"
    """The clock's time when the row is written."""
    GENERATED = "generated"
    """An identifier, made when the row is written."""


NOW = Missing.NOW
GENERATED = Missing.GENERATED


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key: the table and column that a value must be found in."""

    table: str
    column: str = "id"
    on_delete: Literal["cascade", "set null", "restrict", "no action", "set default"] = "cascade"


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """Everything that is known of a column.

    Attributes:
        name: Wire name, which is also how rows are keyed.
        type: What kind of value it holds.
        required: Whether null is refused.
        input: Whether a request may set it.
        returned: Whether it leaves the server.
        copied: Whether copies of sessions hold it although no answer shows it.
        unique, index, sortable, bigint: Facts for the schema.
        lower: Text is stored and looked up in lower case.
        default: A value, a function without arguments, :data:`NOW`, or nothing.
        on_update: The same, applied whenever the row changes.
        references: The foreign key.
        db_name: The column's name in the database; the wire name when empty.
        choices: The texts of an enumeration, for schemas and documents; the contract does not hold requests to them.
        serial: A whole number in the store, text everywhere else: an identifier that the store counts, or a reference to
            one.
        taken: What a caller is told who asks for a unique value that somebody has.
        transform_input, transform_output: Applied to a value on its way in and out.
        validate: Raises or returns the accepted value for one that a request sends.
    """

    name: str
    type: ColumnType = "string"
    required: bool = True
    input: bool = True
    returned: bool = True
    copied: bool = False
    unique: bool = False
    index: bool = False
    sortable: bool = False
    bigint: bool = False
    lower: bool = False
    default: object = Missing.NONE
    on_update: object = Missing.NONE
    references: Reference | None = None
    db_name: str = ""
    choices: tuple[str, ...] = ()
    serial: bool = False
    taken: type[Exception] | None = field(default=None, compare=False)
    transform_input: Callable[[Any], Any] | None = field(default=None, compare=False)
    transform_output: Callable[[Any], Any] | None = field(default=None, compare=False)
    validate: Callable[[Any], Any] | None = field(default=None, compare=False)

    @property
    def stored_as(self) -> str:
        """The name in the database."""
        return self.db_name or self.name


@dataclass(frozen=True, slots=True)
class Ref(Generic[M, T]):
    """A column of ``M`` as a value, to build conditions, changes and orders from."""

    name: str

    def eq(self, value: T) -> Condition[M]:
        """Equal; ``None`` means null."""
        return Condition(self.name, "eq", value)

    def ne(self, value: T) -> Condition[M]:
        """Not equal; ``None`` means not null."""
        return Condition(self.name, "ne", value)

    def before(self, value: T) -> Condition[M]:
        """Strictly smaller."""
        return Condition(self.name, "lt", value)

    def until(self, value: T) -> Condition[M]:
        """Smaller or equal."""
        return Condition(self.name, "lte", value)

    def after(self, value: T) -> Condition[M]:
        """Strictly greater."""
        return Condition(self.name, "gt", value)

    def since(self, value: T) -> Condition[M]:
        """Greater or equal."""
        return Condition(self.name, "gte", value)

    def one_of(self, values: Sequence[T]) -> Condition[M]:
        """Equal to one of ``values``; never, where there are none."""
        return Condition(self.name, "in", tuple(values))

    def none_of(self, values: Sequence[T]) -> Condition[M]:
        """Equal to none of ``values``."""
        return Condition(self.name, "not_in", tuple(values))

    def contains(self: Ref[M, str] | Ref[M, str | None], text: str) -> Condition[M]:
        """Holds ``text``, literally: there are no wildcards."""
        return Condition(self.name, "contains", text)

    def starts_with(self: Ref[M, str] | Ref[M, str | None], text: str) -> Condition[M]:
        """Begins with ``text``, literally."""
        return Condition(self.name, "starts_with", text)

    def ends_with(self: Ref[M, str] | Ref[M, str | None], text: str) -> Condition[M]:
        """Ends with ``text``, literally."""
        return Condition(self.name, "ends_with", text)

    def to(self, value: T) -> Change[M]:
        """Set to ``value``."""
        return Change(self.name, "set", value)

    def add(self: Ref[M, int] | Ref[M, int | None], delta: int) -> Change[M]:
        """Add ``delta`` in the store, so that concurrent changes all count."""
        return Change(self.name, "add", delta)

    def ascending(self) -> Order[M]:
        """Smallest first."""
        return Order(self.name, "asc")

    def descending(self) -> Order[M]:
        """Greatest first."""
        return Order(self.name, "desc")


class Column(Generic[T]):
    """Descriptor of a column; made by :func:`column`, completed by the row class from the annotation."""

    __slots__ = ("name", "options", "spec")

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.name = ""
        self.spec: ColumnSpec

    def __set_name__(self, owner: type[Row], name: str) -> None:
        self.name = self.options.pop("name", None) or camel(name)

    @overload
    def __get__(self, row: None, owner: type[M]) -> Ref[M, T]: ...
    @overload
    def __get__(self, row: Row, owner: type[Row]) -> T: ...
    def __get__(self, row: Row | None, owner: type[Any]) -> Ref[Any, T] | T:
        if row is None:
            return Ref(self.name)
        try:
            return row.raw[self.name]
        except KeyError:
            # A row that was read without this column: what an unset column would hold.
            default = self.spec.default
            return None if isinstance(default, Missing) or callable(default) else default  # pyright: ignore[reportReturnType]

    def __set__(self, row: Row, value: T) -> None:
        raise AttributeError(f"a row does not change; {self.name} is written through the database")


@overload
def column(
    *,
    default: T,
    name: str | None = ...,
    input: bool = ...,
    returned: bool = ...,
    unique: bool = ...,
    index: bool = ...,
    sortable: bool = ...,
    bigint: bool = ...,
    lower: bool = ...,
    json: bool = ...,
    on_update: object = ...,
    references: Reference | None = ...,
    copied: bool = ...,
    taken: type[Exception] | None = ...,
    transform_output: Callable[[Any], Any] | None = ...,
) -> Column[T]: ...
@overload
def column(
    *,
    factory: Callable[[], T] | Literal[Missing.NOW, Missing.GENERATED],
    name: str | None = ...,
    input: bool = ...,
    returned: bool = ...,
    unique: bool = ...,
    index: bool = ...,
    sortable: bool = ...,
    bigint: bool = ...,
    lower: bool = ...,
    json: bool = ...,
    on_update: object = ...,
    references: Reference | None = ...,
    copied: bool = ...,
    taken: type[Exception] | None = ...,
    transform_output: Callable[[Any], Any] | None = ...,
) -> Column[Any]: ...
@overload
def column(
    *,
    name: str | None = ...,
    input: bool = ...,
    returned: bool = ...,
    unique: bool = ...,
    index: bool = ...,
    sortable: bool = ...,
    bigint: bool = ...,
    lower: bool = ...,
    json: bool = ...,
    on_update: object = ...,
    references: Reference | None = ...,
    copied: bool = ...,
    taken: type[Exception] | None = ...,
    transform_output: Callable[[Any], Any] | None = ...,
) -> Column[Any]: ...
def column(
    *,
    default: Any = Missing.NONE,
    factory: Any = Missing.NONE,
    name: str | None = None,
    input: bool = True,  # noqa: A002 (the contract's word)
    returned: bool = True,
    unique: bool = False,
    index: bool = False,
    sortable: bool = False,
    bigint: bool = False,
    lower: bool = False,
    json: bool = False,
    on_update: object = Missing.NONE,
    references: Reference | None = None,
    copied: bool = False,
    taken: type[Exception] | None = None,
    transform_output: Callable[[Any], Any] | None = None,
) -> Column[Any]:
    """Declare a column; see :class:`ColumnSpec` for the meaning of each flag.

    Args:
        default: Value of a row that does not give one.
        factory: Function that makes it, or :data:`NOW`.
        name: Wire name where it does not follow the naming rule.
        json: The value is a JSON document, kept in one column.
    """
    return Column[Any](
        {
            "default": default if factory is Missing.NONE else factory,
            "name": name,
            "input": input,
            "returned": returned,
            "unique": unique,
            "index": index,
            "sortable": sortable,
            "bigint": bigint,
            "lower": lower,
            "json": json,
            "on_update": on_update,
            "references": references,
            "copied": copied,
            "taken": taken,
            "transform_output": transform_output,
        }
    )
