"""What handlers of the organization plugin ask before they act: memberships, permissions, limits, hooks.

Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from gatewright.access.check import names_in, permitted
from gatewright.access.statements import Role, Statements
from gatewright.model.row import Row
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed
from gatewright.plugins.organization.contract.shown import MemberUser, MemberWithUser
from gatewright.plugins.organization.faults import OrganizationMismatch
from gatewright.plugins.organization.model import Member, OrgRow, RoleRow
from gatewright.plugins.organization.options import Hook, OrganizationOptions
from gatewright.plugins.organization.plugin import INSTANCE, Organization
from gatewright.services.database import Database
from gatewright.wire.json import JsonError, decode

__all__ = (
    "Standing",
    "active_of",
    "active_team_of",
    "ask",
    "find_organization",
    "is_owner",
    "limit_of",
    "meant",
    "membership",
    "options_of",
    "permission_of",
    "plugin_of",
    "roles_of",
    "shown_user",
    "standing",
    "tell",
    "with_user",
)


def plugin_of(call: Call[Any]) -> Organization:
    """The instance of the plugin whose operation it is; the first one, for an operation of somebody else's."""
    asked: object = call.input
    instance = getattr(type(asked), INSTANCE, None)
    return instance if isinstance(instance, Organization) else call.plugin(Organization)


def options_of(call: Call[Any]) -> OrganizationOptions:
    """The plugin's options."""
    return plugin_of(call).options


def active_of(call: Call[Any], me: Signed | None) -> str | None:
    """The organization that the session works in by default."""
    return None if me is None else plugin_of(call).active_organization(me.session)


def active_team_of(call: Call[Any], me: Signed) -> str | None:
    """The team that the session works in by default."""
    return plugin_of(call).active_team(me.session)


def meant(
    call: Call[Any],
    me: Signed | None,
    argument: str | None,
    *,
    slug: str | None = None,
    plugin: Organization | None = None,
) -> str | None:
    """The organization that a call is about: by argument, path or header, and by the session where none is there.

    Raises:
        OrganizationMismatch: An argument names another than the path or the header.
    """
    plugin = plugin or plugin_of(call)
    scope = call.headers.get(plugin.names.scope) if plugin.options.request_scope else None
    if not scope:
        return argument or (None if me is None else plugin.active_organization(me.session))
    if slug or (argument and argument != scope):
        raise OrganizationMismatch
    return scope


async def membership(db: Database, organization_id: str, user_id: str) -> Member | None:
    """The user as a member of the organization."""
    return await db.find_one(Member, Member.organization_id.eq(organization_id), Member.user_id.eq(user_id))


async def find_organization(db: Database, organization_id: str | None, slug: str | None) -> OrgRow | None:
    """An organization by slug or by identifier."""
    if slug:
        return await db.find_one(OrgRow, OrgRow.slug.eq(slug))
    return None if organization_id is None else await db.find_one(OrgRow, OrgRow.id.eq(organization_id))


def is_owner(options: OrganizationOptions, role: str | None) -> bool:
    """Whether a role text holds the role of founders."""
    return options.creator_role in names_in(role)


async def roles_of(
    db: Database, options: OrganizationOptions, organization_id: str, names: Sequence[str]
) -> Mapping[str, Role[Any]]:
    """The roles that ``names`` may mean in an organization: the configured ones, and those that it has made."""
    known = options.roles
    wanted = [name for name in names if name not in known]
    if not wanted or not options.dynamic_access_control.enabled:
        return known
    rows = await db.find_many(RoleRow, RoleRow.organization_id.eq(organization_id), RoleRow.role.one_of(wanted))
    return _beside(known, rows)


def _beside(known: Mapping[str, Role[Any]], rows: Sequence[RoleRow]) -> Mapping[str, Role[Any]]:
    """The configured roles, and those that are stored under other names."""
    return {**{row.role: Role(permission_of(row)) for row in rows}, **known} if rows else known


def permission_of(row: RoleRow) -> dict[str, list[str]]:
    """What a stored role may do; nothing, where its text is damaged."""
    try:
        found = decode(row.permission)
    except JsonError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: [each for each in actions if isinstance(each, str)]
        for name, actions in found.items()
        if isinstance(actions, list)
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """A member with the roles that the member's role text may mean."""

    member: Member
    roles: Mapping[str, Role[Any]]

    def may(self, asked: Statements) -> bool:
        """Whether the member may do what is asked, in the member's own organization."""
        return permitted(self.roles, self.member.role, asked)


async def standing(db: Database, options: OrganizationOptions, organization_id: str, user_id: str) -> Standing | None:
    """The user as a member of the organization, with roles that it has made where the member has some: one read."""
    known = options.roles
    if not options.dynamic_access_control.enabled:
        member = await membership(db, organization_id, user_id)
        return None if member is None else Standing(member, known)
    found = await db.find_listed(
        Member,
        RoleRow,
        Member.organization_id.eq(organization_id),
        Member.user_id.eq(user_id),
        on=(Member.organization_id, RoleRow.organization_id),
        listed=(Member.role, RoleRow.role),
    )
    if found is None:
        return None
    member, rows = found
    names = names_in(member.role)
    if names and not set(names) <= set(member.role.split(",")):
        # Another's row, with spaces that no store knows to leave out.
        return Standing(member, await roles_of(db, options, organization_id, names))
    return Standing(member, _beside(known, rows))


def shown_user(user: User | None) -> dict[str, object] | None:
    """What members see of each other."""
    return None if user is None else {"id": user.id, "name": user.name, "email": user.email, "image": user.image}


def with_user(member: Member, user: User | None) -> MemberWithUser:
    """A member with the user."""
    shown = None if user is None else MemberUser(id=user.id, name=user.name, email=user.email, image=user.image)
    return MemberWithUser.of(member).with_values({"user": shown})


async def limit_of(limit: object, *given: object) -> int | None:
    """A limit that is a number, or worked out; ``None`` is none."""
    if callable(limit):
        limit = await cast("Callable[..., Awaitable[object]]", limit)(*given)
    return limit if isinstance(limit, int) and not isinstance(limit, bool) else None


async def ask(hook: Hook | None, values: Mapping[str, Any], **beside: object) -> dict[str, Any]:
    """The values after a hook has seen them: ``beside`` says where they belong, by the name that comes first."""
    found = dict(values)
    if hook is None:
        return found
    name = next(iter(beside))
    answer = await hook({**beside, name: found})
    data = answer.get("data") if isinstance(answer, Mapping) else None
    if isinstance(data, Mapping):
        found.update(cast("Mapping[str, Any]", data))
    return found


async def tell(hook: Hook | None, **facts: object) -> None:
    """Tell a hook what has happened, or is about to; it may raise."""
    if hook is not None:
        await hook({name: fact.raw if isinstance(fact, Row) else fact for name, fact in facts.items()})
