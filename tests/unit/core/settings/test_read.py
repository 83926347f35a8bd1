"""Every option of the contract is read by something: what is accepted does something."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from tests.unit.core.settings.walk import FACTS, models_in

import gatewright
from gatewright.settings import Settings

ARGUMENTS = ("database", "secondaryStorage", "plugins")
"""Given to ``Auth``, not to the settings."""

NOT_READ_ONE_BY_ONE = {
    "telemetry": "nothing is ever sent anywhere, whatever it says",
    "logger.disableColors": "no log of ours has colours",
    "advanced.crossSubDomainCookies.additionalCookies": "every cookie is shared; the names are checked (contract)",
    "onAPIError.customizeDefaultErrorPage.colors": "written into the page as a group",
    "onAPIError.customizeDefaultErrorPage.size": "written into the page as a group",
    "onAPIError.customizeDefaultErrorPage.font": "written into the page as a group",
}


def is_read_alone(path: str) -> bool:
    """Whether something must take this option by its name."""
    return path.split(".", maxsplit=1)[0] not in ARGUMENTS and not path.startswith(tuple(NOT_READ_ONE_BY_ONE))


@cache
def read_names() -> frozenset[str]:
    """Every attribute that the core's rooms, the settings' derived values and the core's doors take of anything."""
    root = Path(gatewright.__file__).parent
    found: set[str] = set()
    for path in root.rglob("*.py"):
        if path.is_relative_to(root / "plugins") or path.is_relative_to(root / "testing"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found.add(node.attr)
    return frozenset(found)


def python_names(path: str) -> list[str]:
    """The fields that a dotted camelCase path goes through, by their names in Python."""
    models, names = [Settings], list[str]()
    for step in path.replace("[]", "").split("."):
        name, field = next(
            (name, field)
            for model in models
            for name, field in model.model_fields.items()
            if (field.serialization_alias or name) == step
        )
        names.append(name)
        models = models_in(field.annotation)
    return names


@pytest.mark.parametrize("path", [option.path for option in FACTS.options if is_read_alone(option.path)])
def test_every_option_is_read(path: str) -> None:
    assert [name for name in python_names(path) if name not in read_names()] == []


def test_an_option_that_nothing_reads_would_be_found() -> None:
    assert "telemetry" not in read_names()
    assert "min_password_length" in read_names()
