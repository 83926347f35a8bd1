"""What the type checkers must accept about roles. Never run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypedDict, assert_type

from gatewright.access.check import merged, permitted
from gatewright.access.defaults import ADMIN_ACCESS, ORGANIZATION_ACCESS, AdminStatements, OrganizationStatements
from gatewright.access.statements import AccessControl, Role
from gatewright.plugins.admin import AdminOptions
from gatewright.plugins.organization import OrganizationOptions


class Project(TypedDict, total=False):
    project: Sequence[Literal["create", "share"]]


ac = AccessControl(Project(project=["create", "share"]))
assert_type(ac, AccessControl[Project])
editor = ac.new_role({"project": ["create"]})
assert_type(editor, Role[Project])
assert_type(editor.allows({"project": ["share"]}), bool)
assert_type(merged([editor, ac.new_role({"project": ["share"]})]), Role[Project])

assert_type(ORGANIZATION_ACCESS.new_role({"invitation": ["create"]}), Role[OrganizationStatements])
assert_type(ADMIN_ACCESS.new_role({"user": ["ban"], "session": ["list"]}), Role[AdminStatements])


class More(OrganizationStatements, total=False):
    """The contract's statements and one of the application's own."""

    tea: Sequence[Literal["taste"]]


more = AccessControl(More(member=["create"], tea=["taste"]))
taster = more.new_role({"tea": ["taste"], "member": ["create"]})
assert_type(taster, Role[More])
OrganizationOptions(ac=more, roles={"owner": taster})
AdminOptions(ac=ADMIN_ACCESS, roles={"admin": ADMIN_ACCESS.new_role({"user": ["list"]})})

# What comes over the wire is not known before it is there.
loose: dict[str, Role[Any]] = {"editor": editor}
assert_type(permitted(loose, "editor", {"anything": ["at all"]}), bool)
