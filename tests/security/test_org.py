"""Attacks on organizations. Named after the cases."""

from typing import Any

import pytest

from gatewright.access.defaults import ORGANIZATION_ACCESS
from gatewright.model.user import User
from gatewright.plugins.organization import Organization, OrganizationOptions
from gatewright.plugins.organization.model import (
    Invitation,
    Member,
    OrgRow,
    Team,
    TeamInvitation,
    TeamMember,
)
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser

pytestmark = pytest.mark.anyio


async def founded(options: dict[str, Any] | None = None) -> tuple[TestApp, Browser, str]:
    app = make_app(plugins=[Organization(OrganizationOptions.model_validate(options or {}))])
    owner = await app.signed_up("owner@example.com")
    made = await owner.post("/organization/create", {"name": "Acme", "slug": "acme"})
    return app, owner, made.json["id"]


async def joined(app: TestApp, owner: Browser, email: str, role: str) -> Browser:
    browser = await app.signed_up(email)
    invited = await owner.post("/organization/invite-member", {"email": email, "role": role})
    await browser.post("/organization/accept-invitation", {"invitationId": invited.json["id"]})
    return browser


async def user_id(app: TestApp, email: str) -> str:
    user = await app.auth.services.database.find_one(User, User.email.eq(email))
    assert user is not None
    return user.id


async def member_id(app: TestApp, email: str) -> str:
    db = app.auth.services.database
    user = await db.find_one(User, User.email.eq(email))
    assert user is not None
    member = await db.find_one(Member, Member.user_id.eq(user.id))
    assert member is not None
    return member.id


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/organization/update", {"data": {"name": "Mine"}}),
        ("/organization/delete", {}),
        ("/organization/set-active", {}),
        ("/organization/invite-member", {"email": "x@example.com", "role": "member"}),
        ("/organization/remove-member", {"memberIdOrEmail": "owner@example.com"}),
        ("/organization/leave", {}),
        ("/organization/has-permission", {"permissions": {"member": ["create"]}}),
    ],
)
async def test_org_01_an_outsider_changes_nothing(path: str, body: dict[str, Any]) -> None:
    app, owner, organization_id = await founded()
    eve = await app.signed_up("eve@example.com")
    answer = await eve.post(path, {**body, "organizationId": organization_id})
    assert 400 <= answer.status < 404
    assert (await owner.get("/organization/get-organization")).json["name"] == "Acme"


@pytest.mark.parametrize("path", ["get-full-organization", "get-organization", "list-members", "list-invitations"])
async def test_org_01_an_outsider_reads_nothing(path: str) -> None:
    app, _, organization_id = await founded()
    eve = await app.signed_up("eve@example.com")
    assert (await eve.get(f"/organization/{path}?organizationId={organization_id}")).status == 403


@pytest.mark.parametrize("role", ["owner", ["member", "owner"], "member,owner", " owner ", "OWNER"])
async def test_org_02_only_owners_make_owners(role: object) -> None:
    app, owner, _ = await founded()
    admin = await joined(app, owner, "admin@example.com", "admin")
    member = await joined(app, owner, "bob@example.com", "member")
    for browser, email in ((admin, "admin"), (admin, "bob"), (member, "bob")):
        body = {"memberId": await member_id(app, f"{email}@example.com"), "role": role}
        assert (await browser.post("/organization/update-member-role", body)).status in (400, 403)
    owners = await app.auth.services.database.count(Member, Member.role.contains("owner"))
    assert owners == 1


@pytest.mark.parametrize("role", ["owner", ["member", "owner"], "member,owner", " owner ", "OWNER"])
async def test_org_04_only_owners_invite_owners(role: object) -> None:
    app, owner, _ = await founded()
    admin = await joined(app, owner, "admin@example.com", "admin")
    invited = await admin.post("/organization/invite-member", {"email": "x@example.com", "role": role})
    assert invited.status in (400, 403)
    assert await app.auth.services.database.count(Invitation, Invitation.email.eq("x@example.com")) == 0


async def test_org_03_an_admin_does_not_touch_an_owner() -> None:
    app, owner, _ = await founded()
    admin = await joined(app, owner, "admin@example.com", "admin")
    await joined(app, owner, "second@example.com", "owner")
    second = await member_id(app, "second@example.com")
    assert (await admin.post("/organization/update-member-role", {"memberId": second, "role": "member"})).status == 403
    assert (await admin.post("/organization/remove-member", {"memberIdOrEmail": second})).status == 401


async def test_org_07_an_invitation_is_for_its_recipient() -> None:
    app, owner, _ = await founded()
    invited = await owner.post("/organization/invite-member", {"email": "Bob@example.com", "role": "member"})
    eve = await app.signed_up("eve@example.com")
    for path in ("accept-invitation", "reject-invitation"):
        assert (await eve.post(f"/organization/{path}", {"invitationId": invited.json["id"]})).status == 403
    bob = await app.signed_up("bob@example.com")
    assert (await bob.post("/organization/accept-invitation", {"invitationId": invited.json["id"]})).status == 200
    assert (await bob.post("/organization/accept-invitation", {"invitationId": invited.json["id"]})).status == 400


async def test_enu_10_a_stranger_learns_of_an_invitation_that_it_is_anothers_and_nothing_more() -> None:
    app, owner, _ = await founded()
    eve = await app.signed_up("eve@example.com")
    told: set[tuple[int, str]] = set()
    for email, role in (("bob@example.com", "member"), ("eve2@example.com", "admin")):
        invited = await owner.post("/organization/invite-member", {"email": email, "role": role})
        body = {"invitationId": invited.json["id"]}
        for answer in (
            await eve.get(f"/organization/get-invitation?id={invited.json['id']}"),
            await eve.post("/organization/accept-invitation", body),
            await eve.post("/organization/reject-invitation", body),
        ):
            assert set(answer.json) == {"code", "message"}
            told.add((answer.status, answer.json["code"]))
    assert told == {(403, "YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION")}
    # Whoever is not signed in is not even told that.
    path = f"/organization/get-invitation?id={'x' * 32}"
    assert (await app.browser().get(path)).status == 401
    assert (await eve.get(path)).status == 400


async def test_org_08_an_invitation_expires() -> None:
    app, owner, _ = await founded({"invitation_expires_in": 60})
    bob = await app.signed_up("bob@example.com")
    invited = await owner.post("/organization/invite-member", {"email": "bob@example.com", "role": "member"})
    app.clock.advance(seconds=60)
    answer = await bob.post("/organization/accept-invitation", {"invitationId": invited.json["id"]})
    assert (answer.status, answer.json["code"]) == (400, "INVITATION_NOT_FOUND")


async def test_org_09_nobody_becomes_an_owner_by_the_word_of_a_former_owner() -> None:
    app, owner, _ = await founded()
    second = await joined(app, owner, "second@example.com", "owner")
    bob = await app.signed_up("bob@example.com")
    invited = await second.post("/organization/invite-member", {"email": "bob@example.com", "role": "owner"})
    await owner.post("/organization/remove-member", {"memberIdOrEmail": "second@example.com"})
    answer = await bob.post("/organization/accept-invitation", {"invitationId": invited.json["id"]})
    assert answer.status == 403


async def test_org_16_nothing_of_a_dissolved_organization_stays() -> None:
    app, owner, organization_id = await founded(
        {"teams": {"enabled": True}, "dynamic_access_control": {"enabled": True}}
    )
    await owner.post("/organization/invite-member", {"email": "bob@example.com", "role": "member"})
    assert (await owner.post("/organization/delete", {"organizationId": organization_id})).status == 200
    db = app.auth.services.database
    assert (await db.count(Member), await db.count(Invitation)) == (0, 0)


async def test_the_seed_spellings_are_answered() -> None:
    _, owner, _ = await founded()
    assert (await owner.get("/organization/get-full")).json["slug"] == "acme"
    assert (await owner.get("/organization/check-slug?slug=free")).json == {"status": True}


DYNAMIC: dict[str, Any] = {"dynamic_access_control": {"enabled": True}, "ac": ORGANIZATION_ACCESS}


@pytest.mark.parametrize("role", ["boss", "", [], [{"a": 1}], ["x"] * 10_000, "constructor", "__proto__", "toString"])
async def test_org_05_an_unknown_role_is_bad_input(role: object) -> None:
    app, owner, _ = await founded()
    await joined(app, owner, "bob@example.com", "member")
    bob = await member_id(app, "bob@example.com")
    for path, body in (
        ("invite-member", {"email": "x@example.com", "role": role}),
        ("update-member-role", {"memberId": bob, "role": role}),
    ):
        answer = await owner.post(f"/organization/{path}", body)
        if role in ("", []) and path == "invite-member":
            continue  # Names nothing, so it grants nothing.
        assert answer.status == 400


async def test_org_06_identifiers_of_another_organization_are_refused_both_ways() -> None:
    app, owner, first = await founded({"teams": {"enabled": True}, **DYNAMIC})
    bob = await joined(app, owner, "bob@example.com", "member")
    del bob
    role = {"role": "clerk", "permission": {"ac": ["read"]}}
    made = (await owner.post("/organization/create-role", role)).json["roleData"]["id"]
    team = (await owner.get("/organization/list-teams")).json[0]["id"]
    invited = await owner.post("/organization/invite-member", {"email": "x@example.com", "role": "member"})
    member = await member_id(app, "bob@example.com")
    eve = await app.signed_up("eve@example.com")
    second = (await eve.post("/organization/create", {"name": "Evil", "slug": "evil"})).json["id"]
    attacks: list[tuple[str, dict[str, Any]]] = [
        ("remove-member", {"memberIdOrEmail": member}),
        ("update-member-role", {"memberId": member, "role": "admin"}),
        ("transfer-ownership", {"memberId": member}),
        ("update-team", {"teamId": team, "data": {"name": "Mine"}}),
        ("remove-team", {"teamId": team}),
        ("add-team-member", {"teamId": team, "userId": "u"}),
        ("remove-team-member", {"teamId": team, "userId": "u"}),
        ("set-active-team", {"teamId": team}),
        ("cancel-invitation", {"invitationId": invited.json["id"]}),
        ("delete-role", {"roleId": made}),
        ("update-role", {"roleId": made, "data": {"permission": {"ac": ["read"]}}}),
        ("invite-member", {"email": "y@example.com", "role": "member", "teamId": team}),
        ("add-member", {"userId": "u", "role": "member", "teamId": team}),
    ]
    for path, body in attacks:
        for organization_id in (first, second):
            answer = await eve.post(f"/organization/{path}", {**body, "organizationId": organization_id})
            assert 400 <= answer.status < 405, path
    assert (await eve.get(f"/organization/get-role?roleId={made}")).status == 400
    assert (await eve.get(f"/organization/list-team-members?teamId={team}")).status == 400
    db = app.auth.services.database
    still = await db.find_one(Member, Member.id.eq(member))
    assert still is not None
    assert still.role == "member"
    assert await db.count(Team, Team.organization_id.eq(first)) == 1


async def test_org_10_teams_of_another_organization_are_refused_when_accepting_as_well() -> None:
    app, owner, first = await founded({"teams": {"enabled": True}})
    eve = await app.signed_up("eve@example.com")
    await eve.post("/organization/create", {"name": "Evil", "slug": "evil"})
    team = (await owner.get("/organization/list-teams")).json[0]["id"]
    db = app.auth.services.database
    bob = await app.signed_up("bob@example.com")
    invited = await eve.post("/organization/invite-member", {"email": "bob@example.com", "role": "member"})
    await db.update_one(TeamInvitation, TeamInvitation.id.eq(invited.json["id"]), set=[TeamInvitation.team_id.to(team)])
    answer = await bob.post("/organization/accept-invitation", {"invitationId": invited.json["id"]})
    assert (answer.status, answer.json["code"]) == (400, "TEAM_NOT_FOUND")
    assert await db.count(TeamMember, TeamMember.team_id.eq(team)) == 1
    assert await db.count(Member, Member.organization_id.eq(first)) == 1
    row = await db.find_one(Invitation, Invitation.id.eq(invited.json["id"]))
    assert row is not None
    assert row.status == "pending"


@pytest.mark.parametrize(
    ("permissions", "success"),
    [
        ({"member": ["create"]}, True),
        ({"__proto__": ["x"]}, False),
        ({"constructor": ["create"]}, False),
        ({"bill": ["pay"]}, False),
        ({"member": ["create", "fly"]}, False),
        ({}, False),
    ],
)
async def test_org_12_an_unknown_permission_is_not_held(permissions: dict[str, list[str]], success: bool) -> None:
    _, owner, _ = await founded()
    answer = await owner.post("/organization/has-permission", {"permissions": permissions})
    assert answer.json["success"] is success


async def test_org_12_no_other_organization_is_asked_instead() -> None:
    app, _, first = await founded()
    eve = await app.signed_up("eve@example.com")
    asked = {"permissions": {"member": ["create"]}}
    nowhere = await eve.post("/organization/has-permission", asked)
    assert (nowhere.status, nowhere.json["code"]) == (400, "NO_ACTIVE_ORGANIZATION")
    await eve.post("/organization/create", {"name": "Evil", "slug": "evil"})
    for organization_id, status in ((first, 401), ([first], 400), ({"id": first}, 400), ("none", 401)):
        answer = await eve.post("/organization/has-permission", {**asked, "organizationId": organization_id})
        assert answer.status == status


async def test_org_13_nobody_makes_a_role_beyond_their_own() -> None:
    app, owner, _ = await founded(DYNAMIC)
    admin = await joined(app, owner, "admin@example.com", "admin")
    beyond = {"role": "boss", "permission": {"organization": ["delete"]}}
    assert (await admin.post("/organization/create-role", beyond)).status == 403
    assert (await owner.post("/organization/create-role", beyond)).status == 200
    for name in ("owner", "admin", "member", "Owner", "ADMIN"):
        answer = await owner.post("/organization/create-role", {"role": name, "permission": {"ac": ["read"]}})
        assert (answer.status, answer.json["code"]) == (400, "ROLE_NAME_IS_ALREADY_TAKEN")
    clerk = {"role": "clerk", "permission": {"ac": ["read", "update"]}}
    assert (await owner.post("/organization/create-role", clerk)).status == 200
    bob = await joined(app, owner, "bob@example.com", "clerk")
    own = {"roleName": "clerk", "data": {"permission": {"ac": ["read", "update", "delete"]}}}
    assert (await bob.post("/organization/update-role", own)).status == 403
    used = await owner.post("/organization/delete-role", {"roleName": "clerk"})
    assert (used.status, used.json["code"]) == (400, "ROLE_IS_ASSIGNED_TO_MEMBERS")


async def test_org_14_a_role_belongs_to_its_organization() -> None:
    app, owner, first = await founded(DYNAMIC)
    role = {"role": "boss", "permission": {"organization": ["update"]}}
    assert (await owner.post("/organization/create-role", role)).status == 200
    eve = await app.signed_up("eve@example.com")
    second = (await eve.post("/organization/create", {"name": "Evil", "slug": "evil"})).json["id"]
    for path, body in (
        ("invite-member", {"email": "x@example.com", "role": "boss"}),
        ("update-member-role", {"memberId": "m", "role": "boss"}),
        ("add-member", {"userId": await user_id(app, "owner@example.com"), "role": "boss"}),
    ):
        answer = await eve.post(f"/organization/{path}", {**body, "organizationId": second})
        assert answer.status == 400
    # Written past us, it still means nothing there.
    db = app.auth.services.database
    mallory = await app.signed_up("mallory@example.com")
    mallory_id = await user_id(app, "mallory@example.com")
    await db.insert(Member(organization_id=second, user_id=mallory_id, role="boss"))
    asked = {"permissions": {"organization": ["update"]}, "organizationId": second}
    assert (await mallory.post("/organization/has-permission", asked)).json["success"] is False
    assert first != second


@pytest.mark.parametrize("slug", ["../../etc", "admin", "а" + "cme", "x" * 1_048_576, "acme\x00", "acme "])
async def test_org_17_an_odd_slug_is_kept_as_it_is_or_refused(slug: str) -> None:
    app, owner, _ = await founded()
    answer = await owner.post("/organization/create", {"name": "X", "slug": slug})
    assert answer.status in (200, 400, 413)
    if answer.status == 200:
        assert answer.json["slug"] == slug
        assert (await owner.post("/organization/create", {"name": "X", "slug": slug})).status == 400
    assert await app.auth.services.database.count(OrgRow, OrgRow.slug.eq("acme")) == 1


@pytest.mark.parametrize("worked_out", [False, True])
async def test_org_18_limits_are_exact_as_numbers_and_as_functions(worked_out: bool) -> None:
    async def two(*_: object) -> int:
        return 2

    founded_by_them: list[str] = []

    async def enough(user: User) -> bool:
        founded_by_them.append(user.id)
        return founded_by_them.count(user.id) > 2

    limit: object = two if worked_out else 2
    app, owner, _ = await founded(
        {
            "membership_limit": limit,
            "invitation_limit": limit,
            "organization_limit": enough if worked_out else 2,
            "teams": {"enabled": True, "maximum_teams": limit, "maximum_members_per_team": limit},
            "ac": ORGANIZATION_ACCESS,
            "dynamic_access_control": {"enabled": True, "maximum_roles_per_organization": limit},
        }
    )
    bodies: list[tuple[str, list[dict[str, Any]], int]] = [
        ("invite-member", [{"email": f"x{n}@example.com", "role": "member"} for n in range(3)], 2),
        ("create-team", [{"name": f"t{n}"} for n in range(3)], 1),
        ("create-role", [{"role": f"r{n}", "permission": {"ac": ["read"]}} for n in range(3)], 2),
    ]
    for path, attempts, expected in bodies:
        answers = [await owner.post(f"/organization/{path}", body) for body in attempts]
        assert sum(answer.status == 200 for answer in answers) == expected, path
        assert answers[-1].status in (400, 403)
    added: list[Answer] = []
    for number in range(2):
        await app.signed_up(f"m{number}@example.com")
        body = {"userId": await user_id(app, f"m{number}@example.com"), "role": "member"}
        added.append(await owner.post("/organization/add-member", body))
    assert [answer.status for answer in added] == [200, 403]
    assert added[1].json["code"] == "ORGANIZATION_MEMBERSHIP_LIMIT_REACHED"
    founding = [await owner.post("/organization/create", {"name": "X", "slug": f"s{number}"}) for number in range(2)]
    assert [answer.status for answer in founding] == [200, 403]


@pytest.mark.parametrize(
    "query",
    [
        "limit=-1",
        "limit=1e99",
        "limit=abc",
        "offset=-5",
        "limit=1&limit=2",
        "sortBy=password",
        "sortBy=role;DROP TABLE member",
        "filterField=__proto__&filterValue=x",
        "filterField=role&filterValue=%00",
        "filterField=role&filterOperator=regex&filterValue=x",
        "filterField=createdAt&filterValue=never",
        "filterField=role&filterOperator=in&filterValue=owner",
        "sortBy=role&sortDirection=sideways",
    ],
)
async def test_org_19_a_hostile_list_is_bad_input_or_a_page(query: str) -> None:
    _, owner, _ = await founded()
    answer = await owner.get(f"/organization/list-members?{query.replace(' ', '%20')}")
    assert answer.status in (200, 400)
    if answer.status == 200:
        assert len(answer.json["members"]) <= 1
    assert (await owner.get(f"/organization/page-members?{query.replace(' ', '%20')}")).status in (200, 400)


async def test_org_19_a_filter_is_literal() -> None:
    _, owner, _ = await founded()
    path = "/organization/list-members?filterField=role&filterOperator=contains&filterValue="
    assert (await owner.get(f"{path}%25")).json["total"] == 0
    assert (await owner.get(f"{path}wne")).json["total"] == 1


async def test_org_20_metadata_is_for_members_and_hidden_fields_are_for_nobody() -> None:
    fields = {
        "secret": {"type": "string", "required": False, "returned": False},
        "tier": {"type": "string", "required": False, "input": False},
    }
    app, owner, _ = await founded({"schema": {"organization": {"additional_fields": fields}}})
    body = {"name": "X", "slug": "x", "metadata": {"plan": "gold"}, "secret": "s"}
    made = (await owner.post("/organization/create", body)).json
    assert made["metadata"] == {"plan": "gold"}
    assert "secret" not in made
    refused = await owner.post("/organization/create", {"name": "Y", "slug": "y", "tier": "gold"})
    assert refused.status == 400 or refused.json["tier"] is None
    updated = await owner.post("/organization/update", {"data": {"tier": "gold"}, "organizationId": made["id"]})
    assert updated.json["tier"] is None
    for path in ("get-organization", "get-full-organization"):
        assert "secret" not in (await owner.get(f"/organization/{path}?organizationId={made['id']}")).json
        eve = await app.signed_up(f"eve-{path}@example.com")
        outside = await eve.get(f"/organization/{path}?organizationId={made['id']}")
        assert outside.status == 403
        assert b"gold" not in outside.body


async def test_org_21_who_is_no_member_joins_no_team() -> None:
    app, owner, _ = await founded({"teams": {"enabled": True}})
    team = (await owner.get("/organization/list-teams")).json[0]["id"]
    await app.signed_up("eve@example.com")
    body = {"teamId": team, "userId": await user_id(app, "eve@example.com")}
    answer = await owner.post("/organization/add-team-member", body)
    assert (answer.status, answer.json["code"]) == (400, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION")
    assert await app.auth.services.database.count(TeamMember, TeamMember.team_id.eq(team)) == 1


@pytest.mark.parametrize(("role", "status"), [("member", 200), ("owner", 403), ("boss", 400), ("", 400)])
async def test_adding_over_http_gives_what_the_caller_may_give(role: str, status: int) -> None:
    app, owner, organization_id = await founded()
    admin = await joined(app, owner, "admin@example.com", "admin")
    await app.signed_up("bob@example.com")
    body = {"userId": await user_id(app, "bob@example.com"), "role": role, "organizationId": organization_id}
    assert (await admin.post("/organization/add-member", body)).status == status
