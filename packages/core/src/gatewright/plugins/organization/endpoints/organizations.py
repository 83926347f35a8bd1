"""Handlers: founding, changing, reading and dissolving organizations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET

from gatewright.contract.results import Done, SessionData
from gatewright.model.query import Change
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, maybe_signed_in, signed_in
from gatewright.pipeline.handles import handles
from gatewright.pipeline.session_reading import send_session
from gatewright.plugins.organization import faults
from gatewright.plugins.organization.asking import (
    active_of,
    ask,
    find_organization,
    limit_of,
    meant,
    membership,
    options_of,
    plugin_of,
    shown_user,
    standing,
    tell,
    with_user,
)
from gatewright.plugins.organization.contract import organization as contract
from gatewright.plugins.organization.contract.shown import (
    CountedTeam,
    FoundedOrganization,
    FullOrganization,
    OpenOrganization,
)
from gatewright.plugins.organization.fields import accept_fields, check_fields
from gatewright.plugins.organization.flows.dissolving import dissolve
from gatewright.plugins.organization.flows.founding import establish
from gatewright.plugins.organization.flows.holding import hold
from gatewright.plugins.organization.flows.teams import join_team
from gatewright.plugins.organization.model import Invitation, Member, OrgRow, Team
from gatewright.ports.adapter import Conflict
from gatewright.services.input_fields import accept_value
from gatewright.services.listing import number
from gatewright.wire.faults import ApiError
from gatewright.wire.json import JsonError, decode, encode
from gatewright.wire.operation import Maybe

__all__ = ("ALL", "activate", "opened")


def opened(organization: OrgRow) -> OpenOrganization:
    """An organization with its metadata as a document."""
    found = OpenOrganization.of(organization).without("metadata")
    text = organization.metadata
    if not text:
        return found
    try:
        return found.with_values({"metadata": decode(text)})
    except JsonError:
        return found.with_values({"metadata": None})


async def activate(
    call: Call[Any], me: Signed, *, organization: Maybe[str] = UNSET, team: Maybe[str] = UNSET, cookie: bool = True
) -> None:
    """Say what the caller's session works in."""
    names = plugin_of(call).names
    given = ((names.active, organization), (names.active_team, team))
    values = {name: value for name, value in given if value is not UNSET}
    session = await call.services.sessions.update(call.db, me.session, values)
    if session is not None and cookie:
        send_session(call, SessionData(session=session, user=me.user))


@handles(contract.CreateOrganization)
async def create_organization(call: Call[contract.CreateOrganization]) -> FoundedOrganization:
    """Found an organization."""
    asked, options, services, db = call.input, options_of(call), call.services, call.db
    me = await maybe_signed_in(call)
    if me is not None:
        user = me.user
    elif call.trusted and asked.user_id is not None:
        found = await services.users.by_id(db, asked.user_id)
        if found is None:
            raise ApiError(401)
        user = found
    else:
        raise ApiError(401)
    may = options.allow_user_to_create_organization
    if not (await may(user) if callable(may) else may) and me is not None:
        raise faults.YouAreNotAllowedToCreateANewOrganization
    limit = options.organization_limit
    if callable(limit) and await limit(user):
        raise faults.YouHaveReachedTheMaximumNumberOfOrganizations
    table = db.schema[OrgRow]
    given: dict[str, Any] = {"name": asked.name, "slug": asked.slug}
    if asked.logo is not None:
        given["logo"] = asked.logo
    given |= await accept_fields(table, asked.extra, core=OrgRow.columns, creating=True)
    if asked.metadata is not None:
        given["metadata"] = asked.metadata
    if await db.find_one(OrgRow, OrgRow.slug.eq(asked.slug)) is not None:
        raise faults.OrganizationAlreadyExists
    hooks = options.organization_hooks
    values = await ask(hooks.before_create_organization, given, organization=None, user=user.raw)
    metadata = values.get("metadata")
    if metadata is not None and not isinstance(metadata, str):
        values["metadata"] = encode(metadata).decode()
    draft = db.draft(OrgRow.seen(values, None))
    member_values: dict[str, Any] = {"userId": user.id, "organizationId": draft.id, "role": options.creator_role}
    shown = {**draft.raw, "metadata": metadata}
    if metadata is None:
        del shown["metadata"]

    async def founder(organization: OrgRow) -> Member:
        shown["id"] = member_values["organizationId"] = organization.id
        given = await ask(hooks.before_add_member, member_values, member=None, user=user.raw, organization=shown)
        return Member.seen(given, None)

    organization, member = await establish(db, draft, user, founder, limit if isinstance(limit, int) else None)
    await tell(hooks.after_add_member, member=member, user=user, organization=shown)
    active_team: Maybe[str] = UNSET
    if options.teams.enabled and options.teams.default_team.enabled:
        make = options.teams.default_team.custom_create_default_team
        team_values = {"organizationId": organization.id, "name": organization.name}
        team_values = await ask(hooks.before_create_team, team_values, team=None, user=user.raw, organization=shown)
        team = await make(shown, call) if make is not None else await db.insert(Team.seen(team_values, None))
        team = team if isinstance(team, Team) else Team.seen(team, None)
        await join_team(db, team, user.id, None)
        await tell(hooks.after_create_team, team=_visible(team), user=user, organization=shown)
        active_team = team.id
    await tell(hooks.after_create_organization, organization=shown, user=user, member=member)
    if me is not None and not asked.keep_current_active_organization:
        await activate(call, me, organization=organization.id, team=active_team, cookie=False)
    return FoundedOrganization.of(opened(organization)).with_values({"members": [member]})


def _visible(team: Team) -> dict[str, Any]:
    return {name: value for name, value in team.raw.items() if name != "memberCount"}


@handles(contract.UpdateOrganization, signed_in)
async def update_organization(call: Call[contract.UpdateOrganization], me: Signed) -> OpenOrganization:
    """Change an organization."""
    db, options = call.db, options_of(call)
    organization_id = meant(call, me, call.input.organization_id)
    if not organization_id:
        raise faults.OrganizationNotFound
    own = await standing(db, options, organization_id, me.user.id)
    if own is None:
        raise faults.UserIsNotAMemberOfTheOrganization(status=400)
    if not own.may({"organization": ["update"]}):
        raise faults.YouAreNotAllowedToUpdateThisOrganization
    table = call.db.schema[OrgRow]
    check_fields(table, call.input.data, core=OrgRow.columns, creating=False, place="body.data")
    columns = table.columns
    given: dict[str, Any] = {}
    for name, value in call.input.data.items():
        spec = columns.get(name)
        if spec is None or not spec.input or name in ("id", "createdAt"):
            continue
        given[name] = value if name == "metadata" else await accept_value(spec, value)
    if any(not given.get(name, "x") for name in ("name", "slug")):
        raise ApiError(400, code="VALIDATION_ERROR", message="[body.data] Invalid input")
    if not isinstance(given.get("metadata"), Mapping | None):
        raise ApiError(400, code="VALIDATION_ERROR", message="[body.data.metadata] Invalid input: expected record")
    hooks = options.organization_hooks
    seen = {**own.member.raw, "user": shown_user(me.user)}
    values = await ask(hooks.before_update_organization, given, organization=None, user=me.user.raw, member=seen)
    if values.get("metadata") is not None and not isinstance(values["metadata"], str):
        values["metadata"] = encode(values["metadata"]).decode()
    try:
        organization = (
            await db.update_one(
                OrgRow,
                OrgRow.id.eq(organization_id),
                set=[Change(name, "set", value) for name, value in values.items()],
            )
            if values
            else await db.find_one(OrgRow, OrgRow.id.eq(organization_id))
        )
    except Conflict:
        raise faults.OrganizationSlugAlreadyTaken from None
    if organization is None:
        raise faults.OrganizationNotFound
    shown = {**organization.raw, "metadata": opened(organization).metadata}
    if shown["metadata"] is None:
        del shown["metadata"]
    await tell(hooks.after_update_organization, organization=shown, user=me.user, member=seen)
    return opened(organization)


@handles(contract.DeleteOrganization, signed_in)
async def delete_organization(call: Call[contract.DeleteOrganization], me: Signed) -> OrgRow:
    """Dissolve an organization with everything in it."""
    db, options = call.db, options_of(call)
    if options.disable_organization_deletion:
        raise ApiError(404, code="ORGANIZATION_DELETION_DISABLED", message="Organization deletion is disabled")
    organization_id = meant(call, me, call.input.organization_id) if call.input.organization_id else None
    if not organization_id:
        raise faults.OrganizationNotFound
    own = await standing(db, options, organization_id, me.user.id)
    if own is None:
        raise faults.UserIsNotAMemberOfTheOrganization(status=400)
    if not own.may({"organization": ["delete"]}):
        raise faults.YouAreNotAllowedToDeleteThisOrganization
    if active_of(call, me) == organization_id:
        await activate(call, me, organization=None, cookie=False)
    organization = await db.find_one(OrgRow, OrgRow.id.eq(organization_id))
    if organization is None:
        raise faults.OrganizationNotFound
    hooks = options.organization_hooks
    await tell(hooks.before_delete_organization, organization=organization, user=me.user)
    async with db.transaction() as tx:
        await hold(tx, organization_id)
        await dissolve(tx, options, organization_id)
    await tell(hooks.after_delete_organization, organization=organization, user=me.user)
    return organization


@handles(contract.SetActiveOrganization, signed_in)
async def set_active_organization(call: Call[contract.SetActiveOrganization], me: Signed) -> OrgRow | None:
    """Say which organization the session works in."""
    asked, db = call.input, call.db
    if asked.organization_id is None:
        if active_of(call, me) is not None:
            await activate(call, me, organization=None)
        return None
    if asked.organization_slug:
        organization = await find_organization(db, None, asked.organization_slug)
        if organization is None:
            raise faults.OrganizationNotFound
        organization_id: str | None = organization.id
    else:
        organization_id = meant(call, me, None if asked.organization_id is UNSET else asked.organization_id)
    if not organization_id:
        return None
    if await membership(db, organization_id, me.user.id) is None:
        await activate(call, me, organization=None, cookie=False)
        raise faults.UserIsNotAMemberOfTheOrganization(status=403)
    organization = await find_organization(db, organization_id, None)
    if organization is None:
        raise faults.OrganizationNotFound
    await activate(call, me, organization=organization.id)
    return organization


async def _own(call: Call[Any], me: Signed, organization_id: str | None, slug: str | None) -> OrgRow | None:
    wanted = meant(call, me, organization_id, slug=slug)
    if not slug and not wanted:
        return None
    organization = await find_organization(call.db, wanted, slug)
    if organization is None:
        raise faults.OrganizationNotFound
    if await membership(call.db, organization.id, me.user.id) is None:
        raise faults.UserIsNotAMemberOfTheOrganization(status=403)
    return organization


@handles(contract.GetOrganization, signed_in)
async def get_organization(call: Call[contract.GetOrganization], me: Signed) -> OrgRow | None:
    """An organization of the caller's."""
    return await _own(call, me, call.input.organization_id, call.input.organization_slug)


@handles(contract.GetFullOrganization, signed_in)
async def get_full_organization(call: Call[contract.GetFullOrganization], me: Signed) -> FullOrganization | None:
    """An organization with its members, invitations and teams."""
    asked, db, options = call.input, call.db, options_of(call)
    organization = await _own(call, me, asked.organization_id, asked.organization_slug)
    if organization is None:
        return None
    most = number(asked.members_limit) or await limit_of(options.membership_limit, me.user, organization) or 100
    members = await db.find_many(
        Member, Member.organization_id.eq(organization.id), order=(Member.created_at.ascending(),), limit=most
    )
    users = {user.id: user for user in await db.find_many(User, User.id.one_of([one.user_id for one in members]))}
    invitations = await db.find_many(Invitation, Invitation.organization_id.eq(organization.id), limit=100)
    found = FullOrganization.of(organization).with_values(
        {"invitations": invitations, "members": [with_user(one, users.get(one.user_id)) for one in members]}
    )
    if options.teams.enabled:
        teams = await db.find_many(CountedTeam, CountedTeam.organization_id.eq(organization.id))
        found = found.with_values({"teams": [team.with_values({"memberCount": team.member_count}) for team in teams]})
    return found


@handles(contract.ListOrganizations, signed_in)
async def list_organizations(call: Call[contract.ListOrganizations], me: Signed) -> list[OrgRow]:
    """The caller's organizations."""
    members = await call.db.find_many(Member, Member.user_id.eq(me.user.id))
    ids = [member.organization_id for member in members]
    return await call.db.find_many(OrgRow, OrgRow.id.one_of(ids), order=(OrgRow.created_at.ascending(),))


@handles(contract.CheckOrganizationSlug)
async def check_slug(call: Call[contract.CheckOrganizationSlug]) -> Done:
    """Whether a slug is free."""
    if not call.trusted:
        await signed_in(call)
    if await find_organization(call.db, None, call.input.slug) is not None:
        raise faults.OrganizationSlugAlreadyTaken
    return Done()


ALL = (
    create_organization,
    update_organization,
    delete_organization,
    set_active_organization,
    get_organization,
    get_full_organization,
    list_organizations,
    check_slug,
)
