"""Statements and the roles made from them."""

from collections.abc import Sequence
from typing import Any, Literal, TypedDict, cast

import pytest

from gatewright.access.statements import AccessControl, Role
from gatewright.wire.faults import ConfigError


class Project(TypedDict, total=False):
    project: Sequence[Literal["create", "share", "delete"]]
    bill: Sequence[Literal["pay"]]


AC = AccessControl(Project(project=["create", "share", "delete"], bill=["pay"]))
EDITOR = AC.new_role({"project": ["create", "share"]})


def test_a_role_allows_what_it_was_given() -> None:
    assert EDITOR.allows({"project": ["create"]})
    assert EDITOR.allows({"project": ["share", "create"]})


def test_a_role_refuses_the_rest() -> None:
    assert not EDITOR.allows({"project": ["create", "delete"]})
    assert not EDITOR.allows({"bill": ["pay"]})
    assert not EDITOR.allows({"bill": []})


def test_every_resource_must_be_allowed_unless_any_will_do() -> None:
    both = Project(project=["create"], bill=["pay"])
    assert not EDITOR.allows(both)
    assert EDITOR.allows(both, "OR")
    assert not EDITOR.allows({"bill": ["pay"]}, "OR")


def test_nothing_asked_is_nothing_allowed() -> None:
    assert not EDITOR.allows({})
    assert not EDITOR.allows({}, "OR")


def test_names_that_every_object_has_are_no_resources() -> None:
    role: Role[Any] = Role({"project": ["create"]})
    for name in ("__class__", "__proto__", "constructor", "toString"):
        assert not role.allows({name: []})


def test_what_is_missing_is_named() -> None:
    assert EDITOR.missing({"project": ["create", "delete"], "bill": ["pay"]}) == ["project:delete", "bill:pay"]


@pytest.mark.parametrize("grants", [{"projekt": ["create"]}, {"project": ["crate"]}])
def test_a_role_cannot_be_given_what_there_is_not(grants: dict[str, list[str]]) -> None:
    with pytest.raises(ConfigError):
        AC.new_role(cast("Project", grants))


def test_roles_with_the_same_grants_are_equal() -> None:
    assert Role({"a": ["x", "y"]}) == Role({"a": ["y", "x"]})
    assert Role({"a": ["x"]}) != Role({"a": ["y"]})
    assert repr(Role({"a": ["y", "x"]})) == "Role({'a': ['x', 'y']})"
