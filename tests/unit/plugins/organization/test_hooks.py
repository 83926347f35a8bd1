"""The application's hooks: each is told before and after, may keep what was about to happen from happening, or change it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from tests.unit.plugins.organization.place import Place, founded

from gatewright.model.row import Row
from gatewright.plugins.organization.model import Invitation, Member, OrgRow, Team, TeamMember
from gatewright.plugins.organization.options import OrganizationHooks
from gatewright.testing.browser import Answer, Browser
from gatewright.wire.faults import ApiError

pytestmark = pytest.mark.anyio

Facts = Mapping[str, Any]


@dataclass
class Ear:
    """Hears every hook.

    Attributes:
        heard: Names of hooks with the names of their facts, since the last :meth:`forget`.
        refuses: The hook that keeps things from happening.
        answers: What a hook hands back, by name.
    """

    heard: list[tuple[str, set[str]]] = field(default_factory=list[tuple[str, set[str]]])
    refuses: str = ""
    answers: dict[str, Mapping[str, object]] = field(default_factory=dict[str, Mapping[str, object]])
    facts: dict[str, Facts] = field(default_factory=dict[str, Facts])

    def hooks(self) -> dict[str, Callable[[Facts], Awaitable[Mapping[str, object] | None]]]:
        """One function for each hook that there is."""
        return {name: self._hook(name) for name in OrganizationHooks.model_fields}

    def _hook(self, name: str) -> Callable[[Facts], Awaitable[Mapping[str, object] | None]]:
        async def hook(facts: Facts) -> Mapping[str, object] | None:
            self.heard.append((name, set(facts)))
            self.facts[name] = facts
            if name == self.refuses:
                raise ApiError(418, code="NOT_NOW", message="Not now")
            return self.answers.get(name)

        return hook


@dataclass
class Scene:
    """A place with a team, a member in it, an open invitation for somebody else, and an ear."""

    place: Place
    ear: Ear
    bob: Browser
    bob_id: str
    bob_user: str
    eve: Browser
    invitation: str
    team: str

    async def state(self) -> list[list[Mapping[str, Any]]]:
        """Every row of the plugin's tables."""
        tables: tuple[type[Row], ...] = (OrgRow, Member, Invitation, Team, TeamMember)
        return [[dict(row.raw) for row in await self.place.db.find_many(table)] for table in tables]


async def scene() -> Scene:
    ear = Ear()
    place = await founded({"organization_hooks": ear.hooks(), "teams": {"enabled": True}})
    bob, member = await place.joined("bob@example.com")
    eve = await place.app.signed_up("eve@example.com")
    invited = await place.ask("invite-member", {"email": "eve@example.com", "role": "member"})
    team = await place.ask("create-team", {"name": "Red"})
    await place.ask("add-team-member", {"teamId": team.json["id"], "userId": member.user_id})
    ear.heard.clear()
    return Scene(place, ear, bob, member.id, member.user_id, eve, invited.json["id"], team.json["id"])


async def _create(s: Scene) -> Answer:
    return await s.place.ask("create", {"name": "Beta", "slug": "beta"})


async def _update(s: Scene) -> Answer:
    return await s.place.ask("update", {"data": {"name": "Acme Ltd."}})


async def _delete(s: Scene) -> Answer:
    return await s.place.ask("delete", {"organizationId": s.place.id})


async def _add(s: Scene) -> Answer:
    return await s.place.ask("add-member", {"userId": await s.place.user_id("eve@example.com"), "role": "member"})


async def _remove(s: Scene) -> Answer:
    return await s.place.ask("remove-member", {"memberIdOrEmail": s.bob_id})


async def _role(s: Scene) -> Answer:
    return await s.place.ask("update-member-role", {"memberId": s.bob_id, "role": "admin"})


async def _invite(s: Scene) -> Answer:
    return await s.place.ask("invite-member", {"email": "new@example.com", "role": "member"})


async def _accept(s: Scene) -> Answer:
    return await s.place.ask("accept-invitation", {"invitationId": s.invitation}, by=s.eve)


async def _reject(s: Scene) -> Answer:
    return await s.place.ask("reject-invitation", {"invitationId": s.invitation}, by=s.eve)


async def _cancel(s: Scene) -> Answer:
    return await s.place.ask("cancel-invitation", {"invitationId": s.invitation})


async def _create_team(s: Scene) -> Answer:
    return await s.place.ask("create-team", {"name": "Blue"})


async def _update_team(s: Scene) -> Answer:
    return await s.place.ask("update-team", {"teamId": s.team, "data": {"name": "Blue"}})


async def _delete_team(s: Scene) -> Answer:
    return await s.place.ask("remove-team", {"teamId": s.team})


async def _add_to_team(s: Scene) -> Answer:
    owner = await s.place.user_id("owner@example.com")
    return await s.place.ask("add-team-member", {"teamId": s.team, "userId": owner})


async def _remove_from_team(s: Scene) -> Answer:
    return await s.place.ask("remove-team-member", {"teamId": s.team, "userId": s.bob_user})


Act = Callable[[Scene], Awaitable[Answer]]
ACTS: Mapping[str, tuple[Act, set[str], set[str]]] = {
    "update_organization": (_update, {"organization", "user", "member"}, {"organization", "user", "member"}),
    "delete_organization": (_delete, {"organization", "user"}, {"organization", "user"}),
    "add_member": (_add, {"member", "user", "organization"}, {"member", "user", "organization"}),
    "remove_member": (_remove, {"member", "user", "organization"}, {"member", "user", "organization"}),
    "update_member_role": (
        _role,
        {"member", "newRole", "user", "organization"},
        {"member", "previousRole", "user", "organization"},
    ),
    "create_invitation": (
        _invite,
        {"invitation", "inviter", "organization"},
        {"invitation", "inviter", "organization"},
    ),
    "accept_invitation": (
        _accept,
        {"invitation", "user", "organization"},
        {"invitation", "member", "user", "organization"},
    ),
    "reject_invitation": (_reject, {"invitation", "user", "organization"}, {"invitation", "user", "organization"}),
    "cancel_invitation": (
        _cancel,
        {"invitation", "cancelledBy", "organization"},
        {"invitation", "cancelledBy", "organization"},
    ),
    "create_team": (_create_team, {"team", "user", "organization"}, {"team", "user", "organization"}),
    "update_team": (
        _update_team,
        {"team", "updates", "user", "organization"},
        {"team", "user", "organization"},
    ),
    "delete_team": (_delete_team, {"team", "user", "organization"}, {"team", "user", "organization"}),
    "add_team_member": (
        _add_to_team,
        {"teamMember", "team", "user", "organization"},
        {"teamMember", "team", "user", "organization"},
    ),
    "remove_team_member": (
        _remove_from_team,
        {"teamMember", "team", "user", "organization"},
        {"teamMember", "team", "user", "organization"},
    ),
}
"""What happens, by the part of the hooks' names after ``before_``: how, and the facts before and after."""


def test_every_hook_is_heard_here() -> None:
    acts = {*ACTS, "create_organization"}
    assert set(OrganizationHooks.model_fields) == {f"{when}_{act}" for act in acts for when in ("before", "after")}


@pytest.mark.parametrize("act", ACTS)
async def test_a_hook_is_told_before_and_after(act: str) -> None:
    s = await scene()
    do, before, after = ACTS[act]
    assert (await do(s)).status == 200
    assert s.ear.heard == [(f"before_{act}", before), (f"after_{act}", after)]


@pytest.mark.parametrize("act", [*ACTS, "create_organization"])
async def test_what_a_hook_refuses_does_not_happen(act: str) -> None:
    s = await scene()
    do = _create if act == "create_organization" else ACTS[act][0]
    s.ear.refuses = f"before_{act}"
    state = await s.state()
    refused = await do(s)
    assert (refused.status, refused.json) == (418, {"code": "NOT_NOW", "message": "Not now"})
    assert [name for name, _ in s.ear.heard] == [f"before_{act}"]
    assert await s.state() == state
    s.ear.refuses = ""
    assert (await do(s)).status == 200


async def test_founding_tells_of_the_organization_its_founder_and_its_team() -> None:
    s = await scene()
    assert (await _create(s)).status == 200
    assert [name for name, _ in s.ear.heard] == [
        "before_create_organization",
        "before_add_member",
        "after_add_member",
        "before_create_team",
        "after_create_team",
        "after_create_organization",
    ]
    founder = s.ear.facts["after_create_organization"]
    assert (founder["organization"]["slug"], founder["member"]["role"]) == ("beta", "owner")
    assert founder["user"]["email"] == "owner@example.com"


@pytest.mark.parametrize(
    ("hook", "data", "act", "path", "expected"),
    [
        ("before_create_organization", {"slug": "gamma"}, _create, ("slug",), "gamma"),
        ("before_update_organization", {"name": "Other"}, _update, ("name",), "Other"),
        ("before_add_member", {"role": "admin"}, _add, ("role",), "admin"),
        ("before_update_member_role", {"role": "member,admin"}, _role, ("role",), "member,admin"),
        ("before_create_invitation", {"role": "admin"}, _invite, ("role",), "admin"),
        ("before_create_team", {"name": "Green"}, _create_team, ("name",), "Green"),
        ("before_update_team", {"name": "Green"}, _update_team, ("name",), "Green"),
    ],
)
async def test_a_hook_changes_what_is_written(
    hook: str, data: Mapping[str, object], act: Act, path: tuple[str, ...], expected: str
) -> None:
    s = await scene()
    s.ear.answers[hook] = {"data": data}
    answer: Any = (await act(s)).json
    for name in path:
        answer = answer[name]
    assert answer == expected


async def test_a_hook_that_hands_back_nothing_changes_nothing() -> None:
    s = await scene()
    s.ear.answers = {name: cast("Mapping[str, object]", {}) for name in OrganizationHooks.model_fields}
    assert (await _create(s)).json["slug"] == "beta"
    assert (await _invite(s)).json["role"] == "member"


async def test_leaving_is_told_to_nobody() -> None:
    # The contract has no hook for it.
    s = await scene()
    await s.place.ask("leave", {"organizationId": s.place.id}, by=s.bob)
    assert s.ear.heard == []


async def test_what_is_refused_is_told_to_nobody() -> None:
    s = await scene()
    for do in (_update, _delete, _add, _remove, _role, _invite, _cancel, _create_team, _update_team, _delete_team):
        taken = s.place.owner
        s.place.owner = s.eve
        assert (await do(s)).status >= 400
        s.place.owner = taken
    assert s.ear.heard == []
