"""Options of the organization plugin. Source: contract, options.json ``organization``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from pydantic import Field

from gatewright.access.defaults import ORGANIZATION_ROLES
from gatewright.access.statements import AccessControl, Role
from gatewright.settings.base import Called, Flag, Options, Seconds, Whole
from gatewright.settings.fields import ModelOptions

__all__ = ("DefaultTeam", "DynamicAccess", "Hook", "OrganizationHooks", "OrganizationOptions", "TeamOptions")

Hook: TypeAlias = Called[Callable[[Mapping[str, object]], Awaitable[Mapping[str, object] | None]]]
"""Is given what happens, by name; before it happens it may raise, or hand back ``{"data": {...}}`` to change it."""

Counted: TypeAlias = Called[Callable[..., Awaitable[Any]]]
"""Works out a limit from the facts. ``maximum_teams`` is given the call as well; ``invitation_limit`` ``None``, in the place
of the contract's context, which has no counterpart here."""


class OrganizationHooks(Options):
    """Around everything that happens to organizations."""

    before_create_organization: Hook | None = None
    after_create_organization: Hook | None = None
    before_update_organization: Hook | None = None
    after_update_organization: Hook | None = None
    before_delete_organization: Hook | None = None
    after_delete_organization: Hook | None = None
    before_add_member: Hook | None = None
    after_add_member: Hook | None = None
    before_remove_member: Hook | None = None
    after_remove_member: Hook | None = None
    before_update_member_role: Hook | None = None
    after_update_member_role: Hook | None = None
    before_create_invitation: Hook | None = None
    after_create_invitation: Hook | None = None
    before_accept_invitation: Hook | None = None
    after_accept_invitation: Hook | None = None
    before_reject_invitation: Hook | None = None
    after_reject_invitation: Hook | None = None
    before_cancel_invitation: Hook | None = None
    after_cancel_invitation: Hook | None = None
    before_create_team: Hook | None = None
    after_create_team: Hook | None = None
    before_update_team: Hook | None = None
    after_update_team: Hook | None = None
    before_delete_team: Hook | None = None
    after_delete_team: Hook | None = None
    before_add_team_member: Hook | None = None
    after_add_team_member: Hook | None = None
    before_remove_team_member: Hook | None = None
    after_remove_team_member: Hook | None = None


class DynamicAccess(Options):
    """Roles that organizations make for themselves."""

    enabled: Flag = False
    maximum_roles_per_organization: Whole | Counted | None = None


class DefaultTeam(Options):
    """The team that every organization begins with."""

    enabled: Flag = True
    custom_create_default_team: Counted | None = None


class TeamOptions(Options):
    """Teams within organizations."""

    enabled: Flag = False
    default_team: DefaultTeam = Field(default_factory=DefaultTeam)
    maximum_teams: Whole | Counted | None = None
    maximum_members_per_team: Whole | Counted | None = None
    allow_removing_all_teams: Flag = False


class OrganizationOptions(Options):
    """Who may do what in organizations, and how many there may be of what.

    ``table_options`` is ``schema`` in the contract's spelling. ``request_scope`` is beyond the contract: requests may say
    by their path or the header ``X-Organization-Id`` which organization they are about; the session's is the default.
    ``keep_member_count``, too, keeps ``total`` of ``list-members`` in a column of the organization, where nobody but this
    library writes memberships; otherwise, and in stores without transactions, members are counted, and the count of many
    may be a minute old.
    """

    allow_user_to_create_organization: Flag | Counted = True
    organization_limit: Whole | Counted | None = None
    creator_role: str = "owner"
    membership_limit: Whole | Counted = 100
    ac: AccessControl[Any] | None = None
    roles: Mapping[str, Role[Any]] = Field(default_factory=lambda: ORGANIZATION_ROLES)
    dynamic_access_control: DynamicAccess = Field(default_factory=DynamicAccess)
    teams: TeamOptions = Field(default_factory=TeamOptions)
    invitation_expires_in: Seconds = 172_800
    invitation_limit: Whole | Counted = 100
    cancel_pending_invitations_on_re_invite: Flag = False
    require_email_verification_on_invitation: Flag = False
    send_invitation_email: Called[Callable[..., Awaitable[None]]] | None = None
    table_options: Mapping[str, ModelOptions] = Field(default_factory=dict[str, ModelOptions], alias="schema")
    disable_organization_deletion: Flag = False
    request_scope: Flag = False
    keep_member_count: Flag = False
    organization_hooks: OrganizationHooks = Field(default_factory=OrganizationHooks)
