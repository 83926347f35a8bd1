"""Rows as they leave the server, with what belongs to them: rows of other tables, documents in place of their texts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from gatewright.model.beside import Beside, beside
from gatewright.model.column import GENERATED, NOW, Column, column
from gatewright.model.row import Row
from gatewright.plugins.organization.contract.results import Document
from gatewright.plugins.organization.model import Invitation, Member, OrgRow, Team, TeamInvitation
from gatewright.wire.result import Result

__all__ = (
    "CountedTeam",
    "FoundedOrganization",
    "FullOrganization",
    "InvitationDetails",
    "MemberUser",
    "MemberWithUser",
    "OpenOrganization",
    "OpenRole",
    "UserInvitation",
)


class MemberUser(Result):
    """What members see of each other."""

    id: str
    name: str
    email: str
    image: str | None


class MemberWithUser(Member):
    """A member, and who it is; ``None`` where the user is gone."""

    user: Beside[MemberUser | None] = beside()


class OpenOrganization(Row, table="organization"):
    """An organization; ``metadata`` is a document."""

    name: Column[str] = column()
    slug: Column[str] = column()
    logo: Column[str | None] = column(default=None)
    created_at: Column[datetime] = column(factory=NOW)
    id: Column[str] = column(factory=GENERATED, input=False)
    metadata: Beside[Document | None] = beside()


class FoundedOrganization(OpenOrganization):
    """A new organization with its founder."""

    members: Beside[list[Member]] = beside()


class CountedTeam(Team):
    """A team; its ``member_count`` is shown."""

    beside: ClassVar[Mapping[str, Any]] = {"memberCount": int}


class FullOrganization(OrgRow):
    """An organization with its members, its invitations, and its teams where there are any; ``metadata`` is a text."""

    members: Beside[list[MemberWithUser]] = beside()
    invitations: Beside[list[Invitation]] = beside()
    teams: Beside[list[CountedTeam] | None] = beside()


class InvitationDetails(TeamInvitation):
    """An invitation, where to, and from whom."""

    organization_name: Beside[str] = beside()
    organization_slug: Beside[str] = beside()
    inviter_email: Beside[str] = beside()


class UserInvitation(TeamInvitation):
    """An invitation and where to; ``None`` where the organization is gone."""

    organization_name: Beside[str | None] = beside()


class OpenRole(Row, table="organizationRole"):
    """A role that was made while running; ``permission`` is a document: actions by resource."""

    organization_id: Column[str] = column()
    role: Column[str] = column()
    created_at: Column[datetime] = column(factory=NOW)
    updated_at: Column[datetime | None] = column(default=None)
    id: Column[str] = column(factory=GENERATED, input=False)
    permission: Beside[dict[str, list[str]]] = beside()
