"""The application's own columns and names, as options; the schema gets them as ``ColumnSpec`` and ``TableOptions``.

Source: contract, options.json ``shared_types``, DBFieldAttribute.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, BeforeValidator, Field, SkipValidation, ValidationError

from gatewright.model.column import ColumnSpec, ColumnType, Missing, Reference
from gatewright.model.schema import TableOptions
from gatewright.settings.base import LIST, TEXT, Called, Either, Flag, Options, describe
from gatewright.settings.callbacks import FieldCheck, FieldTransform

__all__ = (
    "FieldOptions",
    "ModelOptions",
    "ReferenceOptions",
    "TableNames",
    "TransformOptions",
    "ValidatorOptions",
    "named_tables",
)

STANDARD = "~standard"
"""The member under which a standard schema keeps its ``validate`` function."""


def _as_check(validator: object) -> object:
    """A validator in any of its forms as one function: pydantic model or adapter, standard schema, function."""
    for name in ("model_validate", "validate_python"):
        method = getattr(validator, name, None)
        if callable(method):
            return _pydantic_check(cast("Callable[[object], object]", method))
    standard = _member(validator, STANDARD)
    if standard is None:
        return validator
    validate = _member(standard, "validate")
    return _standard_check(cast("Callable[[object], object]", validate)) if callable(validate) else standard


def _member(value: object, name: str) -> object:
    if isinstance(value, Mapping):
        return cast("Mapping[str, object]", value).get(name)
    return getattr(value, name, None)


def _pydantic_check(validate: Callable[[object], object]) -> Callable[[object], object]:
    def check(value: object) -> object:
        try:
            return validate(value)
        except ValidationError as error:
            # In our words: pydantic's own repeat the value.
            raise ValueError(describe(error)) from None

    return check


def _standard_check(validate: Callable[[object], object]) -> Callable[[object], Awaitable[object]]:
    async def check(value: object) -> object:
        answer = validate(value)
        if inspect.isawaitable(answer):
            answer = await answer
        result = cast("Mapping[str, object]", answer)
        issues = cast("Sequence[Mapping[str, object]] | None", result.get("issues"))
        if issues is not None:
            raise ValueError(str(issues[0].get("message", "")) if issues else "")
        return result.get("value", value)

    return check


class ReferenceOptions(Options):
    """A foreign key."""

    model: str
    field: str = "id"
    on_delete: Literal["cascade", "set null", "restrict", "no action", "set default"] = "cascade"


class TransformOptions(Options):
    """Functions on a value: ``input`` before it is stored, ``output`` before it leaves."""

    input: Called[FieldTransform] | None = None
    output: Called[FieldTransform] | None = None


class ValidatorOptions(Options):
    """What accepts a value: a function, a pydantic model or ``TypeAdapter``, or a standard schema.

    Values are checked where they come in; ``output`` is accepted, and checks nothing.
    """

    input: Annotated[Called[FieldCheck] | None, BeforeValidator(_as_check)] = None
    output: Annotated[Called[FieldCheck] | None, BeforeValidator(_as_check)] = None


class FieldOptions(Options):
    """One column of the application's own.

    Attributes:
        type: What kind of value it holds; a list of texts is an enumeration.
        required: It must be given when a row is created.
        returned: It leaves the server.
        input: A request may set it. Turn it off for whatever a user must not decide, such as a role.
        default_value: A value, or a function without arguments.
        on_update: The same, applied whenever the row changes.
        field_name: The column's name in the database.
    """

    type: Annotated[
        Annotated[ColumnType, TEXT] | Annotated[Sequence[str], AfterValidator(tuple), Field(min_length=1), LIST], Either
    ]
    required: Flag = True
    returned: Flag = True
    input: Flag = True
    default_value: SkipValidation[Any] = Missing.NONE
    on_update: SkipValidation[Any] = Missing.NONE
    transform: TransformOptions | None = None
    references: ReferenceOptions | None = None
    unique: Flag = False
    bigint: Flag = False
    index: Flag = False
    sortable: Flag = False
    field_name: str | None = None
    validator: ValidatorOptions | None = None

    def column(self, name: str) -> ColumnSpec:
        """The column that it describes, under a wire name."""
        choices = () if isinstance(self.type, str) else tuple(self.type)
        kind: ColumnType = cast("ColumnType", self.type) if isinstance(self.type, str) else "string"
        reference = self.references
        return ColumnSpec(
            name=name,
            type=kind,
            required=self.required,
            input=self.input,
            returned=self.returned,
            unique=self.unique,
            index=self.index,
            sortable=self.sortable,
            bigint=self.bigint,
            default=self.default_value,
            on_update=self.on_update,
            references=None if reference is None else Reference(reference.model, reference.field, reference.on_delete),
            db_name=self.field_name or "",
            choices=choices,
            transform_input=None if self.transform is None else self.transform.input,
            transform_output=None if self.transform is None else self.transform.output,
            validate=None if self.validator is None else self.validator.input,
        )


class ModelOptions(Options):
    """Names and further columns of a table, by wire name."""

    model_name: str | None = None
    fields: Mapping[str, str] = Field(default_factory=dict[str, str])
    additional_fields: Mapping[str, FieldOptions] = Field(default_factory=dict[str, FieldOptions])

    def table_options(self) -> TableOptions:
        """The same for the schema."""
        return TableOptions(
            db_name=self.model_name or "",
            fields=self.fields,
            additional=tuple(field.column(name) for name, field in self.additional_fields.items()),
        )


class TableNames(Options):
    """Names in the database of a plugin's table, or of the columns that it adds to one, by wire name."""

    model_name: str | None = None
    fields: Mapping[str, str] = Field(default_factory=dict[str, str])


def named_tables(names: Mapping[str, TableNames]) -> dict[str, TableOptions]:
    """A plugin's ``schema`` option for the schema, by model name."""
    return {model: TableOptions(db_name=said.model_name or "", fields=said.fields) for model, said in names.items()}
