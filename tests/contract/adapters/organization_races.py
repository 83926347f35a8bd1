"""What holds of organizations when fifty callers do the same thing at once, on every store; not the stores' own suite."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import pytest
from tests.mailing import CountingPasswords, all_at_once

from gatewright.access.defaults import ORGANIZATION_ACCESS
from gatewright.model.user import User
from gatewright.plugins.organization import Organization, OrganizationOptions
from gatewright.plugins.organization.model import Invitation, Member, OrgRow, RoleRow, Team, TeamMember
from gatewright.ports.adapter import Adapter
from gatewright.services.database import Database
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser

__all__ = ("OrganizationRaces",)

CALLERS = 50
OPTIONS: Mapping[str, Any] = {"teams": {"enabled": True}, "dynamic_access_control": {"enabled": True}}


class Place:
    """An instance over the store, its owner and the organization."""

    def __init__(self, app: TestApp, owner: Browser, organization_id: str) -> None:
        self.app, self.owner, self.id = app, owner, organization_id

    @property
    def db(self) -> Database:
        return self.app.auth.services.database

    async def users(self, count: int) -> list[tuple[Browser, str]]:
        """Signed-in strangers with their identifiers."""
        found: list[tuple[Browser, str]] = []
        for number in range(count):
            email = f"user{number}@example.com"
            browser = await self.app.signed_up(email)
            user = await self.db.find_one(User, User.email.eq(email))
            assert user is not None
            found.append((browser, user.id))
        return found

    async def members(self, count: int, role: str = "member") -> list[tuple[Browser, Member]]:
        """Members with their browsers."""
        return [
            (browser, await self.db.insert(Member(organization_id=self.id, user_id=user, role=role)))
            for browser, user in await self.users(count)
        ]

    async def owners(self) -> int:
        """How many own the organization."""
        return await self.db.count(Member, Member.organization_id.eq(self.id), Member.role.eq("owner"))


async def founded(adapter: Adapter, options: Mapping[str, Any] | None = None) -> Place:
    scheme = CountingPasswords()
    own = {"hash": scheme.hash, "verify": scheme.verify}
    app = make_app(
        {
            "email_and_password": {"enabled": True, "password": own},
            "rate_limit": {"enabled": False},
            "user": {"delete_user": {"enabled": True}},
            # How long they wait for each other is not what is tested.
            "advanced": {"database": {"statement_timeout": 60}},
        },
        adapter=adapter,
        plugins=[Organization(OrganizationOptions.model_validate({**OPTIONS, **(options or {})}))],
    )
    await app.auth.create_tables()
    owner = await app.signed_up("owner@example.com")
    made = await owner.post("/organization/create", {"name": "Acme", "slug": "acme"})
    assert made.status == 200
    return Place(app, owner, made.json["id"])


def won(answers: list[Answer]) -> int:
    """How many succeeded; nobody met a failure of ours."""
    assert all(answer.status in {200, 503} or 400 <= answer.status < 500 for answer in answers)
    return sum(answer.status == 200 for answer in answers)


@pytest.mark.anyio
class OrganizationRaces:
    """Every promise, limit and count. A subclass provides the fixture ``adapter``, open and empty."""

    async def test_a_slug_is_given_once(self, adapter: Adapter) -> None:
        place = await founded(adapter)
        body = {"name": "Beta", "slug": "beta"}
        answers = await all_at_once([lambda: place.owner.post("/organization/create", body)] * CALLERS)
        assert won(answers) == await place.db.count(OrgRow, OrgRow.slug.eq("beta")) == 1
        assert await place.db.count(Member) == 2

    async def test_a_user_is_a_member_once(self, adapter: Adapter) -> None:
        place = await founded(adapter)
        ((_, user),) = await place.users(1)
        body = {"userId": user, "role": "member"}
        answers = await all_at_once([lambda: place.owner.post("/organization/add-member", body)] * CALLERS)
        assert won(answers) == await place.db.count(Member, Member.user_id.eq(user)) == 1

    @pytest.mark.parametrize("cancels", [False, True])
    async def test_an_address_has_one_open_invitation(self, adapter: Adapter, cancels: bool) -> None:
        place = await founded(adapter, {"cancel_pending_invitations_on_re_invite": cancels})
        body = {"email": "bob@example.com", "role": "member"}
        answers = await all_at_once([lambda: place.owner.post("/organization/invite-member", body)] * CALLERS)
        assert won(answers) == await place.db.count(Invitation)
        assert await place.db.count(Invitation, Invitation.status.eq("pending")) == 1

    async def test_the_limit_of_members_is_exact(self, adapter: Adapter) -> None:
        place = await founded(adapter, {"membership_limit": 5})
        bodies = [{"userId": user, "role": "member"} for _, user in await place.users(CALLERS)]
        answers = await all_at_once(
            [lambda body=body: place.owner.post("/organization/add-member", body) for body in bodies]
        )
        assert won(answers) == 4
        assert await place.db.count(Member, Member.organization_id.eq(place.id)) == 5

    async def test_when_every_owner_leaves_one_stays(self, adapter: Adapter) -> None:
        place = await founded(adapter)
        owners = [place.owner, *(browser for browser, _ in await place.members(CALLERS - 1, "owner"))]
        body = {"organizationId": place.id}
        answers = await all_at_once([lambda one=one: one.post("/organization/leave", body) for one in owners])
        assert await place.owners() == CALLERS - won(answers) >= 1
        assert await place.db.count(Member, Member.organization_id.eq(place.id)) == CALLERS - won(answers)

    @pytest.mark.parametrize("way", ["demote", "remove"])
    async def test_when_owners_turn_on_each_other_one_stays(self, adapter: Adapter, way: str) -> None:
        place = await founded(adapter)
        owners = await place.members(CALLERS, "owner")
        await place.owner.post("/organization/leave", {"organizationId": place.id})

        async def turn(number: int) -> Answer:
            browser, _ = owners[number]
            _, other = owners[(number + 1) % CALLERS]
            if way == "demote":
                body = {"memberId": other.id, "role": "member", "organizationId": place.id}
                return await browser.post("/organization/update-member-role", body)
            body = {"memberIdOrEmail": other.id, "organizationId": place.id}
            return await browser.post("/organization/remove-member", body)

        answers = await all_at_once([lambda number=number: turn(number) for number in range(CALLERS)])
        assert await place.owners() == CALLERS - won(answers) >= 1

    async def test_when_every_owner_is_deleted_one_stays(self, adapter: Adapter) -> None:
        place = await founded(adapter)
        await place.members(1)
        owners = [place.owner]
        for number in range(1, CALLERS):
            browser = await place.app.signed_up(f"user{number}@example.com")
            user = await place.db.find_one(User, User.email.eq(f"user{number}@example.com"))
            assert user is not None
            await place.db.insert(Member(organization_id=place.id, user_id=user.id, role="owner"))
            owners.append(browser)
        body = {"password": "password-1234"}
        answers = await all_at_once([lambda one=one: one.post("/delete-user", body) for one in owners])
        assert await place.owners() == CALLERS - won(answers) >= 1
        assert await place.db.count(User) == await place.db.count(Member) == CALLERS + 1 - won(answers)

    async def test_nobody_founds_or_joins_behind_their_deletion(self, adapter: Adapter) -> None:
        place = await founded(adapter, {"membership_limit": 1000})
        jobs: list[Callable[[], Awaitable[Answer]]] = []
        for number, (browser, user) in enumerate(await place.users(CALLERS // 2)):
            found = {"name": "Beta", "slug": f"beta-{number}"}
            add = {"userId": user, "role": "owner"}
            jobs += [
                partial(browser.post, "/organization/create", found),
                partial(place.owner.post, "/organization/add-member", add),
                partial(browser.post, "/delete-user", {"password": "password-1234"}),
            ]
        won(await all_at_once(jobs))
        organizations = {row.id for row in await place.db.find_many(OrgRow)}
        owned = {row.organization_id for row in await place.db.find_many(Member) if row.role == "owner"}
        assert organizations == owned
        users = {row.id for row in await place.db.find_many(User)}
        assert {row.user_id for row in await place.db.find_many(Member)} <= users

    async def test_a_kept_count_is_exact(self, adapter: Adapter) -> None:
        place = await founded(adapter, {"keep_member_count": True, "membership_limit": 1000})
        leaving = [browser for browser, _ in await place.members(CALLERS // 2)]
        assert (await place.owner.get("/organization/list-members?limit=1")).json["total"] == CALLERS // 2 + 1
        coming: list[str] = []
        for number in range(CALLERS // 2):
            await place.app.signed_up(f"new{number}@example.com")
            user = await place.db.find_one(User, User.email.eq(f"new{number}@example.com"))
            assert user is not None
            coming.append(user.id)
        jobs = [lambda one=one: one.post("/organization/leave", {"organizationId": place.id}) for one in leaving]
        jobs += [
            lambda one=one: place.owner.post("/organization/add-member", {"userId": one, "role": "member"})
            for one in coming
        ]
        won(await all_at_once(jobs))
        total = (await place.owner.get("/organization/list-members?limit=1")).json["total"]
        assert total == await place.db.count(Member, Member.organization_id.eq(place.id))

    async def test_an_invitation_is_accepted_or_cancelled_once(self, adapter: Adapter) -> None:
        place = await founded(adapter)
        ((bob, user),) = await place.users(1)
        invited = await place.owner.post(
            "/organization/invite-member", {"email": "user0@example.com", "role": "member"}
        )
        body = {"invitationId": invited.json["id"]}
        answers = await all_at_once(
            [
                lambda: bob.post("/organization/accept-invitation", body),
                lambda: place.owner.post("/organization/cancel-invitation", body),
            ]
            * (CALLERS // 2)
        )
        # Who cancels what is cancelled already is told so; it is accepted at most once.
        accepted = won(answers[::2])
        row = await place.db.find_one(Invitation, Invitation.id.eq(invited.json["id"]))
        assert row is not None
        members = await place.db.count(Member, Member.user_id.eq(user))
        assert (row.status, members, accepted) in {("accepted", 1, 1), ("canceled", 0, 0)}
        assert bool(won(answers[1::2])) is (row.status == "canceled")

    async def test_the_limit_of_members_is_exact_for_who_accepts(self, adapter: Adapter) -> None:
        place = await founded(adapter, {"membership_limit": 5})
        users = await place.users(CALLERS)
        jobs: list[tuple[Browser, str]] = []
        for number, (browser, _) in enumerate(users):
            body = {"email": f"user{number}@example.com", "role": "member"}
            jobs.append((browser, (await place.owner.post("/organization/invite-member", body)).json["id"]))
        answers = await all_at_once(
            [
                lambda browser=browser, one=one: browser.post("/organization/accept-invitation", {"invitationId": one})
                for browser, one in jobs
            ]
        )
        assert won(answers) == 4
        assert await place.db.count(Member, Member.organization_id.eq(place.id)) == 5
        assert await place.db.count(Invitation, Invitation.status.eq("accepted")) == 4

    async def test_the_limit_of_invitations_is_exact(self, adapter: Adapter) -> None:
        place = await founded(adapter, {"invitation_limit": 7})
        bodies = [{"email": f"bob{number}@example.com", "role": "member"} for number in range(CALLERS)]
        answers = await all_at_once(
            [lambda body=body: place.owner.post("/organization/invite-member", body) for body in bodies]
        )
        assert won(answers) == await place.db.count(Invitation) == 7

    async def test_the_limit_of_organizations_is_exact(self, adapter: Adapter) -> None:
        place = await founded(adapter, {"organization_limit": 4})
        bodies = [{"name": "Beta", "slug": f"beta-{number}"} for number in range(CALLERS)]
        answers = await all_at_once(
            [lambda body=body: place.owner.post("/organization/create", body) for body in bodies]
        )
        assert won(answers) <= 3
        rows = await place.db.find_many(OrgRow)
        assert len(rows) == await place.db.count(Member) <= 4

    async def test_the_limits_of_teams_and_roles_are_exact(self, adapter: Adapter) -> None:
        place = await founded(
            adapter,
            {
                "teams": {"enabled": True, "maximum_teams": 5},
                "ac": ORGANIZATION_ACCESS,
                "dynamic_access_control": {"enabled": True, "maximum_roles_per_organization": 3},
            },
        )
        teams = [{"name": f"team {number}"} for number in range(CALLERS)]
        answers = await all_at_once(
            [lambda body=body: place.owner.post("/organization/create-team", body) for body in teams]
        )
        assert won(answers) == 4
        assert await place.db.count(Team) == 5
        roles = [{"role": f"role{number}", "permission": {"ac": ["read"]}} for number in range(CALLERS)]
        answers = await all_at_once(
            [lambda body=body: place.owner.post("/organization/create-role", body) for body in roles]
        )
        assert won(answers) == await place.db.count(RoleRow) == 3

    async def test_a_team_is_filled_exactly_and_counted_exactly(self, adapter: Adapter) -> None:
        place = await founded(adapter, {"teams": {"enabled": True, "maximum_members_per_team": 3}})
        team = (await place.owner.post("/organization/create-team", {"name": "Red"})).json["id"]
        members = await place.members(CALLERS)
        bodies = [{"teamId": team, "userId": member.user_id} for _, member in members]
        answers = await all_at_once(
            [lambda body=body: place.owner.post("/organization/add-team-member", body) for body in bodies]
        )
        assert won(answers) == 3
        row = await place.db.find_one(Team, Team.id.eq(team))
        assert row is not None
        assert row.member_count == await place.db.count(TeamMember, TeamMember.team_id.eq(team)) == 3
        places = await place.db.find_many(TeamMember, TeamMember.team_id.eq(team))
        gone = [{"teamId": team, "userId": each.user_id} for each in places] * 10
        await all_at_once(
            [lambda body=body: place.owner.post("/organization/remove-team-member", body) for body in gone]
        )
        row = await place.db.find_one(Team, Team.id.eq(team))
        assert row is not None
        assert row.member_count == await place.db.count(TeamMember, TeamMember.team_id.eq(team)) == 0

    async def test_the_last_team_stays(self, adapter: Adapter) -> None:
        place = await founded(adapter)
        for number in range(3):
            await place.owner.post("/organization/create-team", {"name": f"team {number}"})
        ids = [team.id for team in await place.db.find_many(Team)]
        jobs = (ids * CALLERS)[:CALLERS]
        answers = await all_at_once(
            [lambda one=one: place.owner.post("/organization/remove-team", {"teamId": one}) for one in jobs]
        )
        assert won(answers) == 3
        assert await place.db.count(Team) == 1

    async def test_a_role_in_use_stays(self, adapter: Adapter) -> None:
        place = await founded(adapter, {"ac": ORGANIZATION_ACCESS})
        role = {"role": "clerk", "permission": {"ac": ["read"]}}
        assert (await place.owner.post("/organization/create-role", role)).status == 200
        members = await place.members(CALLERS // 2)
        jobs: list[tuple[str, dict[str, object]]] = []
        for _, member in members:
            jobs.append(("/organization/update-member-role", {"memberId": member.id, "role": "clerk"}))
            jobs.append(("/organization/delete-role", {"roleName": "clerk"}))
        won(await all_at_once([lambda path=path, body=body: place.owner.post(path, body) for path, body in jobs]))
        used = await place.db.count(Member, Member.role.eq("clerk"))
        assert await place.db.count(RoleRow) == (1 if used else 0)
