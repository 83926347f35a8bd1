"""A guard for an application's own operations: the caller as a member of the organization that the request is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, signed_in
from gatewright.plugins.organization.asking import meant, membership, plugin_of
from gatewright.plugins.organization.faults import NoActiveOrganization, UserIsNotAMemberOfTheOrganization
from gatewright.plugins.organization.model import Member
from gatewright.plugins.organization.plugin import Organization

__all__ = ("MemberOf", "Membership", "NamesOrganization", "member")


class NamesOrganization(Protocol):
    """An input that may name an organization."""

    @property
    def organization_id(self) -> str | None:
        """Which; where there is none, the request's path, its header or the session says it."""
        ...


@dataclass(frozen=True, slots=True)
class Membership:
    """Proof that the caller is a member of the organization that the request is about."""

    signed: Signed
    member: Member


class MemberOf:
    """The guard of one instance of the plugin: ``@handles(ShowDoor, MemberOf(households))``.

    Args:
        instance: Which; the first one where none is given.
    """

    def __init__(self, instance: Organization | None = None) -> None:
        self._instance = instance

    async def __call__(self, call: Call[NamesOrganization], /) -> Membership:
        """The caller as a member.

        Raises:
            Unauthorized: Nobody is signed in.
            NoActiveOrganization: The request is about none.
            UserIsNotAMemberOfTheOrganization: The caller is no member of it.
        """
        me = await signed_in(call)
        plugin = self._instance or plugin_of(call)
        organization_id = meant(call, me, call.input.organization_id, plugin=plugin)
        if not organization_id:
            raise NoActiveOrganization
        found = await membership(plugin.seen(call.db), organization_id, me.user.id)
        if found is None:
            raise UserIsNotAMemberOfTheOrganization(status=403)
        return Membership(me, found)


member = MemberOf()
"""The guard of the first instance."""
