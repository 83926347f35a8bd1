"""The application's own columns, as options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import Field, SkipValidation

from gatewright.model.column import ColumnSpec, ColumnType, Missing, Reference
from gatewright.model.schema import TableOptions
from gatewright.settings.base import Options

__all__ = ("FieldOptions", "ModelOptions", "ReferenceOptions", "TransformOptions")


class ReferenceOptions(Options):
    """A foreign key."""

    model: str
    field: str = "id"
    on_delete: Literal["cascade", "set null", "restrict", "no action", "set default"] = "cascade"


class TransformOptions(Options):
    """Functions on a value: ``input`` before it is stored, ``output`` before it leaves."""

    input: SkipValidation[Callable[[Any], Any]] | None = None
    output: SkipValidation[Callable[[Any], Any]] | None = None


class ValidatorOptions(Options):
    """Accept a value or raise ``ValueError``."""

    input: SkipValidation[Callable[[Any], Any]] | None = None
    output: SkipValidation[Callable[[Any], Any]] | None = None


class FieldOptions(Options):
    """One column of the application's own (contract: DBFieldAttribute)."""

    type: ColumnType | tuple[str, ...] | list[str]
    required: bool = True
    returned: bool = True
    input: bool = True
    default_value: SkipValidation[Any] = Missing.NONE
    on_update: SkipValidation[Any] = Missing.NONE
    transform: TransformOptions | None = None
    references: ReferenceOptions | None = None
    unique: bool = False
    bigint: bool = False
    index: bool = False
    sortable: bool = False
    field_name: str | None = None
    validator: ValidatorOptions | None = None

    def column(self, name: str) -> ColumnSpec:
        """The column that it describes."""
        choices = () if isinstance(self.type, str) else tuple(self.type)
        kind: ColumnType = self.type if isinstance(self.type, str) else "string"
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
    """Names and further columns of a table."""

    model_name: str | None = None
    fields: Mapping[str, str] = Field(default_factory=dict)
    additional_fields: Mapping[str, FieldOptions] = Field(default_factory=dict)

    def table_options(self) -> TableOptions:
        """The same for the schema."""
        return TableOptions(
            db_name=self.model_name or "",
            fields=self.fields,
            additional=tuple(field.column(name) for name, field in self.additional_fields.items()),
        )
