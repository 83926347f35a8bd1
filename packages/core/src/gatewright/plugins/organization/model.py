"""Tables of the organization plugin. Source: contract, schema.json."""

from __future__ import annotations

from datetime import datetime

from gatewright.model.column import GENERATED, NOW, Column, Reference, column
from gatewright.model.row import Row
from gatewright.model.session import Session

__all__ = (
    "CountedOrg",
    "Invitation",
    "Member",
    "OrgRow",
    "OrgSession",
    "RoleRow",
    "Team",
    "TeamInvitation",
    "TeamMember",
    "TeamSession",
)


class OrgRow(Row, table="organization"):
    """An organization; ``metadata`` is a JSON text."""

    name: Column[str] = column(sortable=True)
    slug: Column[str] = column(unique=True, sortable=True)
    logo: Column[str | None] = column(default=None)
    created_at: Column[datetime] = column(factory=NOW)
    metadata: Column[str | None] = column(default=None)
    id: Column[str] = column(factory=GENERATED, input=False)


class CountedOrg(OrgRow):
    """An organization that keeps how many members it has; null until they have been counted."""

    member_count: Column[int | None] = column(default=None, input=False, returned=False)


class Member(
    Row,
    table="member",
    unique_together=(("organizationId", "userId"),),
    indexed_together=(("organizationId", "createdAt", "id"),),
):
    """A user in an organization; ``role`` is a text with commas."""

    organization_id: Column[str] = column(index=True, references=Reference("organization"))
    user_id: Column[str] = column(index=True, references=Reference("user"))
    role: Column[str] = column(default="member", sortable=True)
    created_at: Column[datetime] = column(factory=NOW)
    id: Column[str] = column(factory=GENERATED, input=False)


class Invitation(Row, table="invitation", indexed_together=(("organizationId", "createdAt", "id"),)):
    """Somebody who is asked to join."""

    organization_id: Column[str] = column(index=True, references=Reference("organization"))
    email: Column[str] = column(index=True, sortable=True)
    role: Column[str | None] = column(default=None, sortable=True)
    status: Column[str] = column(default="pending", sortable=True)
    expires_at: Column[datetime] = column()
    created_at: Column[datetime] = column(factory=NOW)
    inviter_id: Column[str] = column(references=Reference("user"))
    id: Column[str] = column(factory=GENERATED, input=False)


class TeamInvitation(Invitation):
    """An invitation into teams: their identifiers, joined by commas."""

    team_id: Column[str | None] = column(default=None, sortable=True)


class Team(Row, table="team"):
    """A team within an organization; ``member_count`` keeps its limit exact."""

    name: Column[str] = column()
    member_count: Column[int] = column(default=0, input=False, returned=False)
    organization_id: Column[str] = column(index=True, references=Reference("organization"))
    created_at: Column[datetime] = column(factory=NOW)
    updated_at: Column[datetime | None] = column(default=None, on_update=NOW)
    id: Column[str] = column(factory=GENERATED, input=False)


class TeamMember(Row, table="teamMember"):
    """A user in a team; ``membership_key`` is there once for each team and user."""

    team_id: Column[str] = column(index=True, references=Reference("team"))
    user_id: Column[str] = column(index=True, references=Reference("user"))
    membership_key: Column[str | None] = column(default=None, unique=True, input=False, returned=False)
    created_at: Column[datetime | None] = column(factory=NOW)
    id: Column[str] = column(factory=GENERATED, input=False)


class RoleRow(Row, table="organizationRole", unique_together=(("organizationId", "role"),)):
    """A role made while running; ``permission`` is a JSON text: actions by resource."""

    organization_id: Column[str] = column(index=True, references=Reference("organization"))
    role: Column[str] = column(index=True)
    permission: Column[str] = column()
    created_at: Column[datetime] = column(factory=NOW)
    updated_at: Column[datetime | None] = column(default=None, on_update=NOW)
    id: Column[str] = column(factory=GENERATED, input=False)


class OrgSession(Session):
    """A session with the organization that it works in by default."""

    active_organization_id: Column[str | None] = column(default=None, input=False)


class TeamSession(OrgSession):
    """The same with a team."""

    active_team_id: Column[str | None] = column(default=None, input=False)
