"""What the type checkers must accept about roles. Never run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict, assert_type

from gatewright.access.statements import AccessControl, Role


class Project(TypedDict, total=False):
    project: Sequence[Literal["create", "share"]]


ac = AccessControl(Project(project=["create", "share"]))
assert_type(ac, AccessControl[Project])
editor = ac.new_role({"project": ["create"]})
assert_type(editor, Role[Project])
assert_type(editor.allows({"project": ["share"]}), bool)
