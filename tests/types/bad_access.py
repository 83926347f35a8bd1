"""What the type checkers must refuse about roles: each marked line, and no other. Never run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from gatewright.access.check import merged
from gatewright.access.defaults import ADMIN_ACCESS, ORGANIZATION_ACCESS
from gatewright.access.statements import AccessControl


class Project(TypedDict, total=False):
    project: Sequence[Literal["create", "share"]]


ac = AccessControl(Project(project=["create", "share"]))
ac.new_role({"projekt": ["create"]})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
ac.new_role({"project": ["crate"]})  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
editor = ac.new_role({"project": ["create"]})
editor.allows({"project": ["delete"]})  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
editor.allows({"bill": ["pay"]})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
both = merged([editor, editor])
both.allows({"projekt": ["create"]})  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
ORGANIZATION_ACCESS.new_role({"member": ["ban"]})  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
ORGANIZATION_ACCESS.new_role({"membre": ["create"]})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
ADMIN_ACCESS.new_role({"user": ["bann"]})  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
