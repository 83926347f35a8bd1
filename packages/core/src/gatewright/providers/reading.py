"""Reading other people's JSON: every function takes any value and answers a checked one or ``None``.

Providers change their answers without notice, so a wrong kind of member is an absent member, never an exception.
"""

from collections.abc import Mapping, Sequence
from typing import cast

import msgspec

__all__ = ("MOST_BYTES", "at", "first_text", "identity", "is_yes", "members", "read_json", "text")

MOST_BYTES = 1_048_576  # of a profile answer

_NO_IDENTITY = frozenset({"", "null", "undefined", "None", "0"})
_MOST_DIGITS = 2**63  # an identifier above is not one


def read_json(body: bytes) -> object | None:
    """The JSON value of an answer, or ``None`` when it is too large or none."""
    if len(body) > MOST_BYTES:
        return None
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def members(value: object) -> Mapping[str, object]:
    """The members of an object; none when the value is not an object."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def at(value: object, *path: str | int) -> object | None:
    """What stands at a path of member names and list positions, or ``None``."""
    for step in path:
        if isinstance(step, int):
            items = cast("Sequence[object]", value) if isinstance(value, list) else ()
            value = items[step] if step < len(items) else None
        else:
            value = members(value).get(step)
    return value


def text(value: object, *path: str | int) -> str | None:
    """The text at a path; an empty one counts as absent."""
    found = at(value, *path)
    return found if isinstance(found, str) and found else None


def first_text(value: object, *names: str) -> str | None:
    """The first of several members that is a text and not empty."""
    return next((found for name in names if (found := text(value, name)) is not None), None)


def identity(value: object) -> str | None:
    """A provider's identifier of a person as text, or ``None`` when it is none.

    Numbers become text. ``0``, an empty text and the texts ``null`` and ``undefined`` identify nobody: an account
    stored under one of them would be shared by all whose identifier is missing.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value) if 0 < value < _MOST_DIGITS else None
    return value if isinstance(value, str) and value.strip() and value not in _NO_IDENTITY else None


def is_yes(value: object) -> bool:
    """Whether a truth value is true, for providers that may also write it as the text ``true``."""
    return value is True or value == "true"
