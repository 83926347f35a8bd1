"""Operations on teams."""

from __future__ import annotations

from msgspec import UNSET, field

from gatewright.contract import faults as core
from gatewright.plugins.organization import faults
from gatewright.plugins.organization.contract.results import Answer, Document, Loose
from gatewright.plugins.organization.model import Team, TeamMember
from gatewright.wire.operation import SESSION, Extra, Maybe, Operation, get, post

__all__ = (
    "AddTeamMember",
    "CreateTeam",
    "ListOrganizationTeams",
    "ListTeamMembers",
    "ListUserTeams",
    "RemoveTeam",
    "RemoveTeamMember",
    "SetActiveTeam",
    "UpdateTeam",
)


@post(
    "/organization/create-team",
    raises=(
        core.Unauthorized,
        faults.NoActiveOrganization,
        faults.YouAreNotAllowedToCreateTeamsInThisOrganization,
        faults.YouHaveReachedTheMaximumNumberOfTeams,
        faults.OrganizationNotFound,
    ),
)
class CreateTeam(Operation[Team]):
    """Make a team."""

    name: str
    organization_id: str | None = None
    extra: Extra = field(default_factory=dict[str, object])


@get(
    "/organization/list-teams",
    raises=(core.Unauthorized, faults.NoActiveOrganization, faults.YouAreNotAllowedToAccessThisOrganization),
    needs_headers=True,
)
class ListOrganizationTeams(Operation[list[Team]]):
    """An organization's teams."""

    organization_id: str | None = None


@post(
    "/organization/remove-team",
    raises=(
        core.Unauthorized,
        faults.NoActiveOrganization,
        faults.YouAreNotAllowedToDeleteThisTeam,
        faults.YouAreNotAllowedToDeleteTeamsInThisOrganization,
        faults.TeamNotFound,
        faults.UnableToRemoveLastTeam,
    ),
)
class RemoveTeam(Operation[Answer]):
    """Remove a team."""

    team_id: str
    organization_id: str | None = None


@post(
    "/organization/update-team",
    raises=(
        core.Unauthorized,
        faults.NoActiveOrganization,
        faults.YouAreNotAllowedToUpdateThisTeam,
        faults.TeamNotFound,
    ),
    needs_headers=True,
)
class UpdateTeam(Operation[Team]):
    """Change a team: ``data`` by wire name."""

    team_id: str
    data: Document


@post(
    "/organization/set-active-team",
    raises=(core.Unauthorized, faults.NoActiveOrganization, faults.TeamNotFound, faults.UserIsNotAMemberOfTheTeam),
    signals=SESSION,
    needs_headers=True,
)
class SetActiveTeam(Operation[Team | None]):
    """Say which team the session works in; null for none."""

    team_id: Maybe[str] = UNSET


@get("/organization/list-user-teams", raises=(core.Unauthorized,), needs_headers=True)
class ListUserTeams(Operation[list[Team]]):
    """The caller's teams."""


@get(
    "/organization/list-team-members",
    raises=(core.Unauthorized, faults.YouDoNotHaveAnActiveTeam, faults.TeamNotFound, faults.UserIsNotAMemberOfTheTeam),
    needs_headers=True,
)
class ListTeamMembers(Operation[list[TeamMember]]):
    """The members of a team of the caller's."""

    team_id: str | None = None


@post(
    "/organization/add-team-member",
    raises=(
        core.Unauthorized,
        faults.NoActiveOrganization,
        faults.UserIsNotAMemberOfTheOrganization,
        faults.YouAreNotAllowedToCreateANewTeamMember,
        faults.TeamNotFound,
        faults.TeamMemberLimitReached,
    ),
    needs_headers=True,
)
class AddTeamMember(Operation[TeamMember]):
    """Put a member into a team."""

    team_id: str
    user_id: Loose
    organization_id: str | None = None


@post(
    "/organization/remove-team-member",
    raises=(
        core.Unauthorized,
        faults.NoActiveOrganization,
        faults.UserIsNotAMemberOfTheOrganization,
        faults.YouAreNotAllowedToRemoveATeamMember,
        faults.TeamNotFound,
        faults.UserIsNotAMemberOfTheTeam,
    ),
    needs_headers=True,
)
class RemoveTeamMember(Operation[Answer]):
    """Take a member out of a team."""

    team_id: str
    user_id: Loose
    organization_id: str | None = None
