"""Options of the assurance plugin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from pydantic import Field

from gatewright.access.assurance import Needed
from gatewright.settings.base import Called, Flag, Options, Seconds, Texts, default

__all__ = ("AssuranceOptions", "AssurancePolicy", "OrganizationPolicy")


class AssurancePolicy(Options):
    """What is asked of somebody.

    Attributes:
        second_factor: They must have one. It is asked for in every way of signing in; who has none sets one up at the next
            sign-in, and has no session until that is done. ``require_assurance`` asks for it as well.
        max_age: Seconds for which ``require_assurance`` takes a proof: of the second factor where one is asked for, else of
            anything.
    """

    second_factor: Flag = False
    max_age: Seconds | None = Field(default=None, ge=1)

    def stricter(self, other: AssurancePolicy) -> AssurancePolicy:
        """Whatever either of two asks."""
        ages = [each for each in (self.max_age, other.max_age) if each is not None]
        return AssurancePolicy(
            second_factor=self.second_factor or other.second_factor, max_age=min(ages) if ages else None
        )

    @property
    def needed(self) -> Needed:
        """The same as ``require_assurance`` asks for it."""
        return Needed.of(level=2 if self.second_factor else 0, max_age=self.max_age)


OrganizationPolicy: TypeAlias = Callable[[str], Awaitable[AssurancePolicy | None] | AssurancePolicy | None]
"""What an organization, by its identifier, asks of its members."""


class AssuranceOptions(Options):
    """Who has to prove how much. Whoever several policies are about has to meet them all.

    Attributes:
        policy: For everybody.
        roles: For whoever has a role (admin plugin), by its name.
        organizations: For the members of an organization (organization plugin), by its identifier.
        organization_policy: The same as a function of the identifier, for policies that the application stores.
        trusted_providers: Identity providers whose ``amr`` and ``auth_time`` are believed.
        enrolment_page: Where a browser is sent that comes by a link or from a provider and has to set up a second factor: a
            path, or an address of the application's own; it is told ``callbackURL``, where to go in the end.
        enrolment_max_age: Seconds for setting it up.
    """

    policy: AssurancePolicy = Field(default_factory=AssurancePolicy)
    roles: Mapping[str, AssurancePolicy] = Field(default_factory=dict[str, AssurancePolicy])
    organizations: Mapping[str, AssurancePolicy] = Field(default_factory=dict[str, AssurancePolicy])
    organization_policy: Called[OrganizationPolicy] | None = None
    trusted_providers: Texts = default(())
    enrolment_page: str | None = Field(default=None, pattern=r"^(/|/[^/\\\s][^\\\s]*|https?://[^\\\s]+)$")
    enrolment_max_age: Seconds = Field(default=3600, ge=60)

    @property
    def obliges(self) -> bool:
        """Whether anybody may have to have a second factor."""
        named = (self.policy, *self.roles.values(), *self.organizations.values())
        return self.organization_policy is not None or any(each.second_factor for each in named)

    @property
    def asks_organizations(self) -> bool:
        """Whether memberships matter."""
        return bool(self.organizations) or self.organization_policy is not None
