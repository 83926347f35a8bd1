"""Finds the application's instance by its address, ``package.module:name``, as servers find applications."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, cast

from gatewright.auth import Auth

__all__ = ("HANDED", "NotFound", "handed", "load")

HANDED = "application"
"""The address of an instance that was handed over."""

_handed: ContextVar[Auth[Any]] = ContextVar("handed")


class NotFound(Exception):
    """There is no instance at the address; the text says why."""


@contextmanager
def handed(auth: Auth[Any]) -> Generator[None]:
    """Within, the address :data:`HANDED` is that of ``auth``: for commands of an application that knows its instance."""
    token = _handed.set(auth)
    try:
        yield
    finally:
        _handed.reset(token)


def load(address: str) -> Auth[Any]:
    """The instance at ``address``; the working directory is searched first.

    Raises:
        NotFound: There is none.
    """
    if address == HANDED and (known := _handed.get(None)) is not None:
        return known
    name, colon, attributes = address.partition(":")
    if not name or not colon or not attributes:
        raise NotFound(f"{address!r} is no address of the form module:name")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        found: Any = importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise NotFound(f"there is no module {error.name}") from None
    for attribute in attributes.split("."):
        try:
            found = getattr(found, attribute)
        except AttributeError:
            raise NotFound(f"{name} has no {attributes}") from None
    if not isinstance(found, Auth):
        raise NotFound(f"{address} is no instance of gatewright.Auth, but a {type(found).__name__}")
    return cast("Auth[Any]", found)
