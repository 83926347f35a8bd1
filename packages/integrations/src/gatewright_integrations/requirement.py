"""What a route asks of its caller: a fresh session, assurance, a role, permissions, membership of an organization.

Pure data and one check; each framework's decorator or dependency makes a :class:`Requirement` once, where it is declared, and
checks it for each request. What is answered, in this order:

====================================================================  ======  ==============================
the caller                                                            status  code
====================================================================  ======  ==============================
has no session                                                        401     ``UNAUTHORIZED``
has one that is too old, where ``fresh`` is asked for                 403     ``SESSION_NOT_FRESH``
proves too little of its user, where ``assurance`` is asked for       403     ``STEP_UP_REQUIRED``
names no organization                                                 400     ``NO_ACTIVE_ORGANIZATION``
names one that does not exist, or that the caller is not a member of  404     ``ORGANIZATION_NOT_FOUND``
has not the role, or may not do what is asked                         403     ``FORBIDDEN``
====================================================================  ======  ==============================

Outsiders are not told which organizations exist. Source: contract, ``endpoints.json`` ``conventions.auth_levels``,
``/admin/has-permission`` and ``/organization/has-permission``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal, TypeAlias

from typing_extensions import TypedDict

from gatewright.access.assurance import Needed
from gatewright.access.check import names_in
from gatewright.access.statements import Statements
from gatewright.auth import Auth
from gatewright.contract.faults import SessionNotFresh
from gatewright.contract.results import SessionData
from gatewright.http.headers import Headers
from gatewright.plugins.admin import Admin
from gatewright.plugins.assurance import Assurance
from gatewright.plugins.organization import Organization
from gatewright.plugins.organization.asking import Standing, find_organization, membership, standing
from gatewright.plugins.organization.faults import NoActiveOrganization, OrganizationNotFound
from gatewright.plugins.organization.model import Member
from gatewright.wire.faults import ApiError, ConfigError

__all__ = (
    "ACTIVE",
    "Asked",
    "AskedOfMember",
    "Forbidden",
    "FromHeader",
    "FromPath",
    "FromSession",
    "OrganizationSource",
    "Requirement",
)

By: TypeAlias = Literal["id", "slug"]


class Forbidden(ApiError):
    """The session is valid, but its user may not do this."""

    def __init__(self) -> None:
        super().__init__(403, code="FORBIDDEN", message="Forbidden")


@dataclass(frozen=True, slots=True)
class FromPath:
    """The organization that a parameter of the route's path names, by identifier or by slug."""

    name: str
    by: By = "id"


@dataclass(frozen=True, slots=True)
class FromHeader:
    """The organization that a header names, by identifier or by slug."""

    name: str
    by: By = "id"


@dataclass(frozen=True, slots=True)
class FromSession:
    """The organization that the session works in."""


ACTIVE: Final = FromSession()
"""The organization that the session works in."""

OrganizationSource: TypeAlias = str | FromPath | FromHeader | FromSession
"""Where a route finds its organization; a text is the identifier itself."""


class AskedOfMember(TypedDict, total=False):
    """What a route may ask of whoever is a member anyway.

    Attributes:
        fresh: The session must have begun within ``session.fresh_age``, and still be in the store.
        assurance: What must have proven the session's user, and how long ago; with the assurance plugin. What the user's
            policy asks is asked as well.
        role: The user must have this role, or one of several; with an organization, as a member of it.
        permission: Actions by resource, all of which the user's role must allow; with an organization, the member's.
    """

    fresh: bool
    assurance: Needed
    role: str | Sequence[str]
    permission: Statements


class Asked(AskedOfMember, total=False):
    """What a route may ask of its caller: what :class:`AskedOfMember` says, and an organization.

    Attributes:
        organization: The user must be a member of it.
        instance: The instance of the organization plugin that keeps it; the first one where none is given.
    """

    organization: OrganizationSource
    instance: Organization


class Requirement:
    """What one route asks.

    Args:
        auth: The instance.
        asked: See :class:`Asked`.

    Attributes:
        stored: The session is read as the store knows it now, because what is decided depends on more than its existence.

    Raises:
        ConfigError: Assurance without the assurance plugin, a permission without the plugin that knows about
            permissions, or an organization without the organization plugin.
    """

    __slots__ = (
        "_admin",
        "_assurance",
        "_assured",
        "_auth",
        "_fresh",
        "_organization",
        "_permission",
        "_plugin",
        "_roles",
        "stored",
    )

    def __init__(self, auth: Auth[Any], asked: Asked) -> None:
        role = asked.get("role")
        plan = auth.blueprint.plan
        self._auth = auth
        self._fresh = asked.get("fresh", False)
        self._assurance = asked.get("assurance")
        self._assured = plan.plugin(Assurance) if plan.has(Assurance) else None
        self._roles = frozenset((role,) if isinstance(role, str) else role) if role is not None else None
        self._permission = asked.get("permission")
        self._organization = asked.get("organization")
        self._admin = plan.plugin(Admin) if plan.has(Admin) else None
        first = plan.plugin(Organization) if plan.has(Organization) else None
        self._plugin = asked.get("instance", first)
        if self._assurance is not None and self._assured is None:
            raise ConfigError("assurance= needs the assurance plugin")
        if self._organization is not None and self._plugin is None:
            raise ConfigError("organization= needs the organization plugin")
        if self._permission is not None and self._organization is None and self._admin is None:
            raise ConfigError("permission= needs the admin plugin, or an organization")
        # A cached session may tell of a role that its user has lost.
        of_user = self._organization is None and (self._roles is not None or self._permission is not None)
        self.stored = self._fresh or of_user or self._assurance is not None

    async def check(self, data: SessionData, headers: Headers, path: Mapping[str, object]) -> Member | None:
        """Whether a caller with a session gets in.

        Args:
            data: The session.
            headers: Of the request.
            path: The parameters of the route's path.

        Returns:
            The caller as a member, where an organization is asked for.

        Raises:
            ApiError: The caller does not; see the table above.
        """
        if self._fresh:
            age = self._auth.blueprint.settings.session.fresh_age
            now = self._auth.services.clock.now()
            if age and now - data.session.created_at >= timedelta(seconds=age):
                raise SessionNotFresh
        if self._assurance is not None and self._assured is not None:
            services = self._auth.services
            await self._assured.check(services, services.database, data, self._assurance)
        if self._organization is not None and self._plugin is not None:
            return await self._member(self._organization, self._plugin, data, headers, path)
        if self._roles is not None and self._roles.isdisjoint(names_in(self._role_of(data))):
            raise Forbidden
        if self._permission is not None and (
            self._admin is None or not self._admin.allows(data.user, self._permission)
        ):
            raise Forbidden
        return None

    async def _member(
        self,
        source: OrganizationSource,
        plugin: Organization,
        data: SessionData,
        headers: Headers,
        path: Mapping[str, object],
    ) -> Member:
        db = plugin.seen(self._auth.services.database)
        found = _named(source, plugin, data, headers, path)
        if not found:
            raise NoActiveOrganization
        if isinstance(source, (FromPath, FromHeader)) and source.by == "slug":
            organization = await find_organization(db, None, found)
            if organization is None:
                raise OrganizationNotFound(status=404)
            found = organization.id
        own: Standing | None = None
        if self._permission is None:
            member = await membership(db, found, data.user.id)
        else:
            own = await standing(db, plugin.options, found, data.user.id)
            member = None if own is None else own.member
        if member is None:
            raise OrganizationNotFound(status=404)
        if self._roles is not None and self._roles.isdisjoint(names_in(member.role)):
            raise Forbidden
        if self._permission is not None and (own is None or not own.may(self._permission)):
            raise Forbidden
        return member

    def _role_of(self, data: SessionData) -> str | None:
        role = data.user.get("role")
        if isinstance(role, str) and role:
            return role
        return None if self._admin is None else self._admin.options.default_role


def _named(
    source: OrganizationSource,
    plugin: Organization,
    data: SessionData,
    headers: Headers,
    path: Mapping[str, object],
) -> str | None:
    match source:
        case str():
            return source
        case FromPath():
            value = path.get(source.name)
            if value is None:
                raise ConfigError(f"the route has no parameter {source.name!r} in its path")
            return str(value)
        case FromHeader():
            return headers.get(source.name.lower())
        case FromSession():
            return plugin.active_organization(data.session)
