"""Statements and roles: which actions there are on which resources, and which of them a role may do.

Typed by a ``TypedDict`` of the application's own, so that a misspelt resource or action is refused by the checker::

    class Project(TypedDict, total=False):
        project: Sequence[Literal["create", "share"]]

    ac = AccessControl(Project(project=["create", "share"]))
    editor = ac.new_role({"project": ["create"]})
    editor.allows({"project": ["create"]})

Source: contract, plugins.json ``accessDefaults``; options.json ``ac`` and ``roles``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, Generic, Literal, TypeAlias, cast

from gatewright.wire.faults import ConfigError

if sys.version_info >= (3, 13):
    from typing import TypeVar
else:
    from typing_extensions import TypeVar

__all__ = ("AccessControl", "Connector", "Role", "Statements")

Statements: TypeAlias = Mapping[str, Sequence[str]]
"""Actions by resource, where nothing more is known of them: as they come over the wire."""

S = TypeVar("S", bound=Mapping[str, object], default=Any)

Connector: TypeAlias = Literal["AND", "OR"]
"""Whether a role must be allowed every resource that is asked for, or any of them."""


class Role(Generic[S]):
    """What somebody in a role may do.

    Args:
        statements: Actions by resource.

    Attributes:
        statements: The same, for looking up.
    """

    __slots__ = ("statements",)

    def __init__(self, statements: S) -> None:
        given = cast("Statements", statements)
        self.statements: Mapping[str, frozenset[str]] = {name: frozenset(actions) for name, actions in given.items()}

    def allows(self, asked: S, connector: Connector = "AND") -> bool:
        """Whether the role may do what is asked: every action of a resource, and every (or any) resource.

        Nothing asked is nothing allowed; a resource that the role does not know is refused.
        """
        wanted = cast("Statements", asked)
        if not wanted:
            return False
        known = self.statements
        answers = (name in known and known[name].issuperset(actions) for name, actions in wanted.items())
        return all(answers) if connector == "AND" else any(answers)

    def missing(self, asked: S) -> list[str]:
        """What of ``asked`` the role may not do, as ``resource:action``."""
        wanted = cast("Statements", asked)
        return [
            f"{name}:{action}"
            for name, actions in wanted.items()
            for action in actions
            if action not in self.statements.get(name, ())
        ]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Role) and dict(self.statements) == dict(cast("Role[Any]", other).statements)

    def __hash__(self) -> int:
        return hash(frozenset(self.statements.items()))

    def __repr__(self) -> str:
        return f"Role({ {name: sorted(actions) for name, actions in self.statements.items()} })"


class AccessControl(Generic[S]):
    """Everything that can be done on anything; roles are made from it.

    Args:
        statements: Every action by resource.

    Attributes:
        statements: The same.
    """

    __slots__ = ("statements",)

    def __init__(self, statements: S) -> None:
        given = cast("Statements", statements)
        self.statements: Mapping[str, tuple[str, ...]] = {name: tuple(actions) for name, actions in given.items()}

    def new_role(self, grants: S) -> Role[S]:
        """A role that may do ``grants``.

        Raises:
            ConfigError: A resource or an action that is not among the statements.
        """
        given = cast("Statements", grants)
        for name, actions in given.items():
            known = self.statements.get(name)
            if known is None:
                raise ConfigError(f"access: there is no resource {name!r}")
            for action in actions:
                if action not in known:
                    raise ConfigError(f"access: {name!r} has no action {action!r}")
        return Role(grants)
