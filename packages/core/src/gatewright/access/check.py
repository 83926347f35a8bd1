"""Checking what somebody with a role text may do, and putting roles together.

A role text names one role or several, joined by commas, as the contract stores them. Nothing here reads a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, overload

from typing_extensions import TypeVar

from gatewright.access.statements import Role, Statements

__all__ = ("joined", "merged", "names_in", "permitted")

S = TypeVar("S", bound=Mapping[str, object], default=Any)


def names_in(text: str | None) -> tuple[str, ...]:
    """The roles that a text names, without spaces around them and without empty ones.

    >>> names_in("admin, user")
    ('admin', 'user')
    """
    return () if not text else tuple(name for each in text.split(",") if (name := each.strip()))


def joined(roles: str | Sequence[str]) -> str:
    """Roles as the contract stores them."""
    return roles if isinstance(roles, str) else ",".join(roles)


def permitted(roles: Mapping[str, Role[Any]], text: str | None, asked: Statements) -> bool:
    """Whether one of the roles that ``text`` names allows everything that is asked.

    Args:
        roles: Every role by name; a name that is not among them allows nothing.
        text: A role text.
        asked: Actions by resource, as they come over the wire; :meth:`Role.allows` is typed.
    """
    return any((role := roles.get(name)) is not None and role.allows(asked) for name in names_in(text))


@overload
def merged(roles: Iterable[Role[S]]) -> Role[S]: ...
@overload
def merged(roles: Iterable[Statements | Role[Any]]) -> Role[Any]: ...
def merged(roles: Iterable[Statements | Role[Any]]) -> Role[Any]:
    """One role that may do whatever any of ``roles`` may do."""
    found: dict[str, set[str]] = {}
    for role in roles:
        statements: Mapping[str, Iterable[str]] = role.statements if isinstance(role, Role) else role
        for name, actions in statements.items():
            found.setdefault(name, set()).update(actions)
    return Role({name: sorted(actions) for name, actions in found.items()})
