"""Handlers: roles that organizations make for themselves."""

from __future__ import annotations

from typing import Any, cast

from gatewright.access.check import names_in
from gatewright.access.statements import AccessControl
from gatewright.contract.faults import ValidationError
from gatewright.model.query import Change, Condition
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, signed_in
from gatewright.pipeline.handles import handles
from gatewright.plugins.organization import faults
from gatewright.plugins.organization.asking import (
    Standing,
    limit_of,
    meant,
    options_of,
    permission_of,
    standing,
)
from gatewright.plugins.organization.contract import role as contract
from gatewright.plugins.organization.contract.shown import OpenRole
from gatewright.plugins.organization.fields import accept_fields
from gatewright.plugins.organization.flows.holding import hold
from gatewright.plugins.organization.flows.members import holds_role
from gatewright.plugins.organization.model import Member, RoleRow
from gatewright.ports.adapter import Conflict, Unmet
from gatewright.services.tallies import fewer_than, holds
from gatewright.wire.faults import Fault
from gatewright.wire.json import encode

__all__ = ("ALL",)


def _shown(row: RoleRow) -> OpenRole:
    return OpenRole.of(row).with_values({"permission": permission_of(row)})


def _statements(call: Call[Any]) -> AccessControl[Any]:
    ac = options_of(call).ac
    if ac is None:
        raise faults.MissingAcInstance
    return ac


async def _own(  # noqa: PLR0917 (what, where, by whom)
    call: Call[Any], me: Signed, organization_id: str | None, action: str, denied: type[Fault], nowhere: type[Fault]
) -> Standing:
    wanted = meant(call, me, organization_id)
    if not wanted:
        raise nowhere
    own = await standing(call.db, options_of(call), wanted, me.user.id)
    if own is None:
        raise faults.YouAreNotAMemberOfThisOrganization
    if not own.may({"ac": [action]}):
        raise denied
    return own


def _check(call: Call[Any], own: Standing, permission: dict[str, list[str]], denied: type[Fault]) -> None:
    """Only what there is, and only what the caller may do."""
    known = _statements(call).statements
    if any(resource not in known for resource in permission):
        raise faults.InvalidResource
    missing = [
        f"{resource}:{action}"
        for resource, actions in permission.items()
        for action in actions
        if not own.may({resource: [action]})
    ]
    if missing:
        raise denied(extra={"missingPermissions": missing})


def _named(name: str | None, role_id: str | None, organization_id: str) -> tuple[Condition[RoleRow], ...]:
    if not name and not role_id:
        raise ValidationError(message="[body] Invalid input")
    by = RoleRow.role.eq(name.lower()) if name else RoleRow.id.eq(role_id or "")
    return (RoleRow.organization_id.eq(organization_id), by)


@handles(contract.CreateOrgRole, signed_in)
async def create(call: Call[contract.CreateOrgRole], me: Signed) -> contract.MadeRole:
    """Make a role."""
    asked, db, options = call.input, call.db, options_of(call)
    _statements(call)
    denied = faults.YouAreNotAllowedToCreateARole
    nowhere = faults.YouMustBeInAnOrganizationToCreateARole
    own = await _own(call, me, asked.organization_id, "create", denied, nowhere)
    organization_id = own.member.organization_id
    name = asked.role.lower()
    if name in options.roles or name == options.creator_role or not names_in(name) or "," in name:
        raise faults.RoleNameIsAlreadyTaken
    most = await limit_of(options.dynamic_access_control.maximum_roles_per_organization, organization_id)
    table = call.db.schema[RoleRow]
    more = await accept_fields(table, asked.additional_fields or {}, core=RoleRow.columns, creating=True)
    if most is not None and await db.count(RoleRow, RoleRow.organization_id.eq(organization_id)) >= most:
        raise faults.TooManyRoles
    _check(call, own, asked.permission, denied)
    values: dict[str, Any] = {
        **more,
        "organizationId": organization_id,
        "role": name,
        "permission": encode(asked.permission).decode(),
        "createdAt": call.now,
    }
    named = _named(name, None, organization_id)
    async with db.transaction() as tx:
        await hold(tx, organization_id)
        guards = [fewer_than(tx, 1, RoleRow, *named)]
        if most is not None:
            guards.append(fewer_than(tx, most, RoleRow, RoleRow.organization_id.eq(organization_id)))
        try:
            row = await tx.insert(RoleRow.seen(values, None), *guards)
        except Conflict:
            raise faults.RoleNameIsAlreadyTaken from None
        except Unmet:
            taken = await tx.count(RoleRow, *named)
            raise (faults.RoleNameIsAlreadyTaken if taken else faults.TooManyRoles) from None
    return contract.MadeRole(role_data=_shown(row), statements=asked.permission)


@handles(contract.DeleteOrgRole, signed_in)
async def delete(call: Call[contract.DeleteOrgRole], me: Signed) -> contract.RemovedRole:
    """Remove a role that nobody has."""
    asked, db, options = call.input, call.db, options_of(call)
    denied = faults.YouAreNotAllowedToDeleteARole
    own = await _own(call, me, asked.organization_id, "delete", denied, faults.NoActiveOrganization)
    if asked.role_name and asked.role_name in options.roles:
        raise faults.CannotDeleteAPreDefinedRole
    where = _named(asked.role_name, asked.role_id, own.member.organization_id)
    async with db.transaction() as tx:
        await hold(tx, own.member.organization_id)
        row = await tx.find_one(RoleRow, *where)
        if row is None:
            raise faults.RoleNotFound
        holders = Member.organization_id.eq(own.member.organization_id)
        unused = fewer_than(tx, 1, Member, holders, holds_role(row.role))
        if await tx.take(RoleRow, RoleRow.id.eq(row.id), RoleRow.role.eq(row.role), unused) is None:
            raise faults.RoleIsAssignedToMembers if not await holds(tx, unused) else faults.RoleNotFound
    return contract.RemovedRole()


@handles(contract.ListOrgRoles, signed_in)
async def list_roles(call: Call[contract.ListOrgRoles], me: Signed) -> list[OpenRole]:
    """The roles that an organization has made."""
    denied = faults.YouAreNotAllowedToListARole
    own = await _own(call, me, call.input.organization_id, "read", denied, faults.NoActiveOrganization)
    rows = await call.db.find_many(
        RoleRow,
        RoleRow.organization_id.eq(own.member.organization_id),
        order=(RoleRow.created_at.ascending(),),
    )
    return [_shown(row) for row in rows]


@handles(contract.GetOrgRole, signed_in)
async def get_role(call: Call[contract.GetOrgRole], me: Signed) -> OpenRole:
    """One of them."""
    asked = call.input
    denied = faults.YouAreNotAllowedToReadARole
    own = await _own(call, me, asked.organization_id, "read", denied, faults.NoActiveOrganization)
    row = await call.db.find_one(RoleRow, *_named(asked.role_name, asked.role_id, own.member.organization_id))
    if row is None:
        raise faults.RoleNotFound
    return _shown(row)


@handles(contract.UpdateOrgRole, signed_in)
async def update(call: Call[contract.UpdateOrgRole], me: Signed) -> contract.ChangedRole:
    """Change what a role may do, or its name."""
    asked, db, options = call.input, call.db, options_of(call)
    _statements(call)
    denied = faults.YouAreNotAllowedToUpdateARole
    own = await _own(call, me, asked.organization_id, "update", denied, faults.NoActiveOrganization)
    row = await db.find_one(RoleRow, *_named(asked.role_name, asked.role_id, own.member.organization_id))
    if row is None:
        raise faults.RoleNotFound
    changes: list[Change[RoleRow]] = []
    permission = asked.data.get("permission")
    if permission is not None:
        wanted = _permission(permission)
        _check(call, own, wanted, denied)
        changes.append(RoleRow.permission.to(encode(wanted).decode()))
    name = asked.data.get("roleName")
    if isinstance(name, str) and name:
        name = name.lower()
        if name in options.roles or name == options.creator_role or "," in name:
            raise faults.RoleNameIsAlreadyTaken
        changes.append(RoleRow.role.to(name))
    try:
        changed = await db.update_one(RoleRow, RoleRow.id.eq(row.id), set=changes) if changes else row
    except Conflict:
        raise faults.RoleNameIsAlreadyTaken from None
    if changed is None:
        raise faults.RoleNotFound
    return contract.ChangedRole(role_data=_shown(changed).with_values({"updatedAt": row.updated_at}))


def _permission(value: object) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        raise ValidationError(message="[body.data.permission] Invalid input: expected record")
    found: dict[str, list[str]] = {}
    for name, actions in cast("dict[str, object]", value).items():
        if not isinstance(actions, list) or not all(isinstance(each, str) for each in cast("list[object]", actions)):
            raise ValidationError(message=f"[body.data.permission.{name}] Invalid input: expected array")
        found[name] = cast("list[str]", actions)
    return found


ALL = (create, delete, list_roles, get_role, update)
