"""Operations of further instances of the plugin, beside the first: the same ones, below a path of their own.

Beyond the contract, which has one kind of organization. Members of bodies and of answers are called what they are called
below ``/organization``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from gatewright.wire.faults import ConfigError
from gatewright.wire.names import camel
from gatewright.wire.operation import Operation, OperationMeta

__all__ = ("Names", "moved", "restated")

Op = TypeVar("Op", bound=Operation[Any])

ORGANIZATION = "organization"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TAKEN = frozenset(
    {
        *("user", "session", "account", "verification", "rate-limit"),
        *("member", "invitation", "team", "team-member", "organization-role"),
    }
)
_BESIDE = ("member", "invitation", "team", "teamMember")


@dataclass(frozen=True, slots=True)
class Names:
    """What an instance calls what is its own.

    Args:
        name: Lower-case words joined by ``-``: ``household``, ``work-space``.

    Attributes:
        name: The instance's id and the first part of its paths.
        tables: Models by what the first instance calls them.
        active, active_team: The columns of ``session`` that say where a session works by default.
        scope: The header that says which organization a request is about.

    Raises:
        ConfigError: No such name, or one that tables have already.
    """

    name: str = ORGANIZATION
    tables: Mapping[str, str] = field(init=False)
    active: str = field(init=False)
    active_team: str = field(init=False)
    scope: str = field(init=False)

    def __post_init__(self) -> None:
        if _NAME.fullmatch(self.name) is None or self.name in _TAKEN:
            raise ConfigError(f"organization: an instance cannot be called {self.name!r}")
        first = self.name == ORGANIZATION
        own = camel(self.name.replace("-", "_"))
        capital = own[0].upper() + own[1:]
        tables = {each: each if first else f"{own}{each[0].upper()}{each[1:]}" for each in _BESIDE}
        tables |= {ORGANIZATION: own, "organizationRole": f"{own}Role"}
        for attribute, value in (
            ("tables", tables),
            ("active", f"active{capital}Id"),
            ("active_team", "activeTeamId" if first else f"active{capital}TeamId"),
            ("scope", f"x-{self.name}-id"),
        ):
            object.__setattr__(self, attribute, value)


def moved(operation: type[Op], names: Names) -> type[Op]:
    """The same operation, of the instance of that name."""
    made: Any = OperationMeta(
        operation.__name__, (operation,), {"__module__": operation.__module__, "__doc__": operation.__doc__}
    )
    was = operation.route
    own = camel(names.name.replace("-", "_"))
    path = None if was.path is None else f"/{names.name}/{was.path.split('/', 2)[2]}"
    made.route = replace(was, path=path, name=f"{own}{was.name[0].upper()}{was.name[1:]}")
    return made


def restated(op: Operation[Any], of: type[Op]) -> Op:
    """The same request as one of another operation that has the same members."""
    return of(**{name: getattr(op, name) for name in op.__struct_fields__})
