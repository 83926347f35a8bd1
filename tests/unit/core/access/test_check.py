"""Role texts, checks against them, and merged roles."""

from typing import Any

from gatewright.access.check import joined, merged, names_in, permitted
from gatewright.access.statements import Role

ROLES: dict[str, Role[Any]] = {"maker": Role({"project": ["create"]}), "payer": Role({"bill": ["pay"]})}


def test_a_role_text_names_roles_between_commas() -> None:
    assert names_in(" maker ,payer,,") == ("maker", "payer")
    assert names_in("") == names_in(None) == ()


def test_several_roles_are_stored_with_commas() -> None:
    assert joined(["maker", "payer"]) == "maker,payer"
    assert joined("maker") == "maker"


def test_one_of_the_roles_must_allow_everything() -> None:
    assert permitted(ROLES, "maker", {"project": ["create"]})
    assert permitted(ROLES, "other,payer", {"bill": ["pay"]})
    assert not permitted(ROLES, "maker,payer", {"project": ["create"], "bill": ["pay"]})
    assert not permitted(ROLES, "other", {"project": ["create"]})
    assert not permitted(ROLES, None, {"project": ["create"]})


def test_a_merged_role_allows_what_any_of_them_allows() -> None:
    both = merged([*ROLES.values(), {"bill": ["send"]}])
    assert both == Role({"project": ["create"], "bill": ["pay", "send"]})
