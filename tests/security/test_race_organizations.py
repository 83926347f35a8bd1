"""Organizations under many callers at once. Named after the cases."""

from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.mailing import all_at_once, statuses

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins.organization import Organization, OrganizationOptions
from gatewright.plugins.organization.model import Invitation, Member, OrgRow, TeamMember
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy.adapter import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str) -> AsyncGenerator[Adapter]:
    """A database, open."""
    if request.param == "memory":
        yield MemoryAdapter()
        return
    adapter = SQLAlchemyAdapter.sqlite(tmp_path / "store.db")
    await adapter.open()
    yield adapter
    await adapter.close()


async def founded(store: Adapter, options: Mapping[str, Any] | None = None) -> tuple[TestApp, Browser, str]:
    """An instance, an owner, and the organization."""
    app = make_app(adapter=store, plugins=[Organization(OrganizationOptions.model_validate(options or {}))])
    await app.auth.create_tables()
    owner = await app.signed_up("owner@example.com")
    made = await owner.post("/organization/create", {"name": "Acme", "slug": "acme"})
    return app, owner, made.json["id"]


async def invited(app: TestApp, owner: Browser, email: str, role: str = "member") -> tuple[Browser, str]:
    browser = await app.signed_up(email)
    answer = await owner.post("/organization/invite-member", {"email": email, "role": role})
    return browser, answer.json["id"]


async def joined(app: TestApp, owner: Browser, email: str, role: str = "member") -> Browser:
    browser, invitation = await invited(app, owner, email, role)
    answer = await browser.post("/organization/accept-invitation", {"invitationId": invitation})
    assert answer.status == 200
    return browser


async def member_of(app: TestApp, email: str) -> Member:
    db = app.auth.services.database
    user = await db.find_one(User, User.email.eq(email))
    assert user is not None
    member = await db.find_one(Member, Member.user_id.eq(user.id))
    assert member is not None
    return member


async def test_race_06_a_slug_is_given_once(store: Adapter) -> None:
    app, owner, _ = await founded(store)
    body = {"name": "Beta", "slug": "beta"}
    answers = await all_at_once([lambda: owner.post("/organization/create", body) for _ in range(10)])
    assert statuses(answers) == {200: 1, 400: 9}
    assert await app.auth.services.database.count(OrgRow, OrgRow.slug.eq("beta")) == 1


async def test_race_07_an_address_has_one_open_invitation(store: Adapter) -> None:
    app, owner, _ = await founded(store)
    body = {"email": "bob@example.com", "role": "member"}
    answers = await all_at_once([lambda: owner.post("/organization/invite-member", body) for _ in range(10)])
    assert statuses(answers) == {200: 1, 400: 9}
    assert await app.auth.services.database.count(Invitation) == 1


async def test_race_08_an_invitation_is_accepted_once(store: Adapter) -> None:
    app, owner, organization_id = await founded(store)
    bob, invitation = await invited(app, owner, "bob@example.com")
    body = {"invitationId": invitation}
    answers = await all_at_once([lambda: bob.post("/organization/accept-invitation", body) for _ in range(10)])
    assert statuses(answers) == {200: 1, 400: 9}
    assert await app.auth.services.database.count(Member, Member.organization_id.eq(organization_id)) == 2


async def test_race_09_accepted_or_cancelled_but_never_both(store: Adapter) -> None:
    app, owner, organization_id = await founded(store)
    db = app.auth.services.database
    for number in range(5):
        bob, invitation = await invited(app, owner, f"bob{number}@example.com")
        body = {"invitationId": invitation}
        before = await db.count(Member, Member.organization_id.eq(organization_id))
        await all_at_once(
            [
                lambda bob=bob, body=body: bob.post("/organization/accept-invitation", body),
                lambda body=body: owner.post("/organization/cancel-invitation", body),
            ]
        )
        row = await db.find_one(Invitation, Invitation.id.eq(invitation))
        assert row is not None
        after = await db.count(Member, Member.organization_id.eq(organization_id))
        assert (row.status, after - before) in {("accepted", 1), ("canceled", 0)}


async def test_race_10_the_limit_of_members_is_exact(store: Adapter) -> None:
    app, owner, organization_id = await founded(store, {"membership_limit": 3})
    guests = [await invited(app, owner, f"bob{number}@example.com") for number in range(6)]
    await all_at_once(
        [
            lambda bob=bob, one=one: bob.post("/organization/accept-invitation", {"invitationId": one})
            for bob, one in guests
        ]
    )
    assert await app.auth.services.database.count(Member, Member.organization_id.eq(organization_id)) == 3


async def test_race_11_the_limit_of_a_team_is_exact(store: Adapter) -> None:
    app, owner, _ = await founded(store, {"teams": {"enabled": True, "maximum_members_per_team": 3}})
    team = (await owner.post("/organization/create-team", {"name": "Red"})).json["id"]
    for number in range(6):
        await joined(app, owner, f"bob{number}@example.com")
    ids = [(await member_of(app, f"bob{number}@example.com")).user_id for number in range(6)]
    answers = await all_at_once(
        [lambda one=one: owner.post("/organization/add-team-member", {"teamId": team, "userId": one}) for one in ids]
    )
    assert statuses(answers) == {200: 3, 403: 3}
    assert await app.auth.services.database.count(TeamMember, TeamMember.team_id.eq(team)) == 3


async def test_race_12_a_user_is_a_member_once(store: Adapter) -> None:
    app, owner, organization_id = await founded(store)
    await app.signed_up("bob@example.com")
    user = await app.auth.services.users.by_email(app.auth.services.database, "bob@example.com")
    assert user is not None
    body = {"userId": user.id, "role": "member"}
    answers = await all_at_once([lambda: owner.post("/organization/add-member", body) for _ in range(20)])
    assert statuses(answers) == {200: 1, 400: 19}
    assert await app.auth.services.database.count(Member, Member.organization_id.eq(organization_id)) == 2


async def test_race_13_an_organization_that_every_owner_leaves_has_one(store: Adapter) -> None:
    await _owners_race(store, "leave")


@pytest.mark.parametrize("way", ["demote", "remove"])
async def test_race_14_an_organization_whose_owners_turn_on_each_other_has_one(store: Adapter, way: str) -> None:
    await _owners_race(store, way)


async def _owners_race(store: Adapter, way: str) -> None:
    app, owner, organization_id = await founded(store)
    second = await joined(app, owner, "second@example.com", "owner")
    first_id = (await member_of(app, "owner@example.com")).id
    second_id = (await member_of(app, "second@example.com")).id
    paths = {
        "leave": ("/organization/leave", {"organizationId": organization_id}, {"organizationId": organization_id}),
        "demote": (
            "/organization/update-member-role",
            {"memberId": first_id, "role": "member"},
            {"memberId": second_id, "role": "member"},
        ),
        "remove": (
            "/organization/remove-member",
            {"memberIdOrEmail": second_id},
            {"memberIdOrEmail": first_id},
        ),
    }
    path, own, other = paths[way]
    await all_at_once([lambda: owner.post(path, own), lambda: second.post(path, other)])
    members = await app.auth.services.database.find_many(Member, Member.organization_id.eq(organization_id))
    assert sum(member.role == "owner" for member in members) == 1


async def test_race_26_nothing_of_a_deleted_user_is_written_behind_the_deletion(store: Adapter) -> None:
    app = make_app(
        {"user": {"delete_user": {"enabled": True}}, "session": {"update_age": 0}},
        adapter=store,
        plugins=[Organization(OrganizationOptions.model_validate({"teams": {"enabled": True}}))],
    )
    await app.auth.create_tables()
    owner = await app.signed_up("owner@example.com")
    await owner.post("/organization/create", {"name": "Acme", "slug": "acme"})
    bob, invitation = await invited(app, owner, "bob@example.com")
    user = await app.auth.services.database.find_one(User, User.email.eq("bob@example.com"))
    assert user is not None
    await all_at_once(
        [
            lambda: bob.post("/update-user", {"name": "Bob"}),
            lambda: bob.get("/get-session"),
            lambda: bob.post("/organization/accept-invitation", {"invitationId": invitation}),
            lambda: bob.post("/organization/create", {"name": "Bobs", "slug": "bobs"}),
            lambda: bob.post("/delete-user", {"password": "password-1234"}),
        ]
    )
    db = app.auth.services.database
    assert await db.find_one(User, User.id.eq(user.id)) is None
    assert await db.count(Session, Session.user_id.eq(user.id)) == 0
    assert await db.count(Account, Account.user_id.eq(user.id)) == 0
    assert await db.count(Member, Member.user_id.eq(user.id)) == 0
    assert await db.count(TeamMember, TeamMember.user_id.eq(user.id)) == 0
    assert await db.count(OrgRow) == 1
    assert (await bob.get("/get-session")).json is None
