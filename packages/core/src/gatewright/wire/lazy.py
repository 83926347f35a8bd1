"""Names of a package that are loaded when they are asked for (PEP 562).

So that a plugin's contract can be imported without the rest of the plugin, which clients have no use for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module

__all__ = ("lazily",)


def lazily(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """A package's ``__getattr__``.

    Args:
        package: The package's ``__name__``.
        homes: For each public name the module below the package that has it, as ``model``, or as ``model:TwoFactor`` where
            it has another name there.
    """

    def load(name: str) -> object:
        try:
            home = homes[name]
        except KeyError:
            raise AttributeError(f"module {package!r} has no attribute {name!r}") from None
        module, _, named = home.partition(":")
        value: object = getattr(import_module(f"{package}.{module}"), named or name)
        setattr(sys.modules[package], name, value)
        return value

    return load
