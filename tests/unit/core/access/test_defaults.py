"""The contract's own roles."""

from gatewright.access.defaults import ADMIN_ACCESS, ADMIN_ROLES, ORGANIZATION_ACCESS, ORGANIZATION_ROLES


def test_an_administrator_may_do_everything_but_act_as_another_administrator() -> None:
    admin = ADMIN_ROLES["admin"]
    assert admin.missing(ADMIN_ACCESS.statements) == ["user:impersonate-admins"]
    assert set(ADMIN_ROLES["user"].statements.values()) == {frozenset()}


def test_an_owner_may_do_everything() -> None:
    assert ORGANIZATION_ROLES["owner"].missing(ORGANIZATION_ACCESS.statements) == []


def test_an_admin_of_an_organization_may_do_everything_but_dissolve_it() -> None:
    assert ORGANIZATION_ROLES["admin"].missing(ORGANIZATION_ACCESS.statements) == ["organization:delete"]


def test_a_member_may_only_read_roles() -> None:
    allowed = {name: actions for name, actions in ORGANIZATION_ROLES["member"].statements.items() if actions}
    assert allowed == {"ac": frozenset({"read"})}
