"""Finds the contract's option paths in the models."""

from pathlib import Path
from typing import Any, get_args

import msgspec
from pydantic import BaseModel
from pydantic.fields import FieldInfo


class Option(msgspec.Struct, frozen=True):
    path: str
    type: str
    default: str | None


class Facts(msgspec.Struct, frozen=True, rename="camel"):
    options: list[Option]
    field: list[Option]
    providers: list[str]
    provider_options_common: list[str]


_DATA = Path(__file__).parents[3] / "data"
FACTS = msgspec.json.decode((_DATA / "core_options.json").read_bytes(), type=Facts)


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """Every model that an annotation mentions."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in models_in(argument)]


def field_at(model: type[BaseModel], path: str) -> FieldInfo | None:
    """The field that a dotted camelCase path leads to."""
    models = [model]
    found: FieldInfo | None = None
    for step in path.replace("[]", "").split("."):
        found = next(
            (
                field
                for each in models
                for name, field in each.model_fields.items()
                if (field.serialization_alias or name) == step
            ),
            None,
        )
        if found is None:
            return None
        models = models_in(found.annotation)
    return found
