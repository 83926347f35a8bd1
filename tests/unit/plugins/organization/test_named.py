"""Several instances of the plugin side by side."""

from typing import Any

import pytest
from tests.unit.plugins.organization.place import Place, founded

from gatewright.access.defaults import ORGANIZATION_ACCESS
from gatewright.http.headers import Headers
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import handles
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.organization import NamedOrganization, Organization, OrganizationOptions
from gatewright.plugins.organization.contract.instances import Names
from gatewright.plugins.organization.faults import OrganizationNotFound
from gatewright.plugins.organization.guards import MemberOf, Membership
from gatewright.plugins.organization.model import Member, OrgRow
from gatewright.testing.app import make_app
from gatewright.wire.calls import Api
from gatewright.wire.faults import ConfigError
from gatewright.wire.operation import Operation, get
from gatewright.wire.result import Result
from gatewright_integrations.requirement import ACTIVE, Asked, FromPath, Requirement

pytestmark = pytest.mark.anyio

EVERYTHING: dict[str, Any] = {
    "teams": {"enabled": True},
    "dynamic_access_control": {"enabled": True},
    "ac": ORGANIZATION_ACCESS,
    "request_scope": True,
}


def options(given: dict[str, Any] | None = None) -> OrganizationOptions:
    return OrganizationOptions.model_validate(EVERYTHING if given is None else given)


@pytest.fixture
async def households() -> NamedOrganization:
    return NamedOrganization("household", options())


@pytest.fixture
async def place(households: NamedOrganization) -> Place:
    """An organization ``acme``, and a household with the same slug, of the same owner."""
    place = await founded(plugins=[households])
    made = await place.owner.post("/household/create", {"name": "Home", "slug": "acme"})
    assert made.status == 200, made
    return place


async def session(place: Place) -> dict[str, Any]:
    return (await place.owner.get("/get-session")).json["session"]


async def test_each_kind_has_its_own_rows_and_its_own_place_in_the_session(place: Place) -> None:
    mine = await session(place)
    (home,) = (await place.owner.get("/household/list")).json
    (acme,) = (await place.owner.get("/organization/list")).json
    assert (home["name"], acme["name"]) == ("Home", "Acme")
    assert (mine["activeHouseholdId"], mine["activeOrganizationId"]) == (home["id"], acme["id"])
    assert mine["activeHouseholdTeamId"] is not None
    assert "activeTeamId" not in mine
    assert (await place.owner.get("/household/get-full-organization")).json["name"] == "Home"
    assert (await place.owner.get("/organization/get-full-organization")).json["name"] == "Acme"


async def test_identifiers_of_one_kind_mean_nothing_to_the_other(place: Place) -> None:
    home = (await session(place))["activeHouseholdId"]
    for path in ("list-members", "get-full-organization", "list-invitations"):
        answer = await place.owner.get(f"/organization/{path}?organizationId={home}")
        assert 400 <= answer.status < 404, path
        answer = await place.owner.get(f"/household/{path}?organizationId={place.id}")
        assert 400 <= answer.status < 404, path
    invited = (await place.owner.post("/household/invite-member", {"email": "b@example.com", "role": "member"})).json
    refused = await place.ask("cancel-invitation", {"invitationId": invited["id"]})
    assert (refused.status, refused.json["code"]) == (400, "INVITATION_NOT_FOUND")


async def test_a_household_lives_its_whole_life(place: Place, households: NamedOrganization) -> None:
    async def ask(path: str, body: dict[str, Any], by: Any = None) -> Any:
        answer = await (by or place.owner).post(f"/household/{path}", body)
        assert answer.status == 200, (path, answer)
        return answer.json

    home = (await session(place))["activeHouseholdId"]
    team = await ask("create-team", {"name": "Kitchen"})
    invited = await ask("invite-member", {"email": "bob@example.com", "role": "member", "teamId": team["id"]})
    bob = await place.app.signed_up("bob@example.com")
    joined = await ask("accept-invitation", {"invitationId": invited["id"]}, bob)
    his = (await bob.get("/get-session")).json["session"]
    assert (his["activeHouseholdId"], his["activeHouseholdTeamId"]) == (home, team["id"])
    assert his["activeOrganizationId"] is None
    assert [one["name"] for one in (await bob.get("/household/list-user-teams")).json] == ["Kitchen"]
    assert (await bob.get("/household/list-team-members")).json[0]["userId"] == joined["member"]["userId"]
    await ask("create-role", {"role": "guest", "permission": {"member": ["create"]}})
    await ask("update-member-role", {"memberId": joined["member"]["id"], "role": "guest"})
    can = await bob.post("/household/has-permission", {"permissions": {"member": ["create"]}})
    cannot = await bob.post("/household/has-permission", {"permissions": {"member": ["delete"]}})
    assert (can.json["success"], cannot.json["success"]) == (True, False)
    members = (await place.owner.get("/household/list-members")).json
    assert members["total"] == 2
    assert len((await place.owner.get("/household/page-members")).json["members"]) == 2
    await ask("transfer-ownership", {"memberId": joined["member"]["id"]})
    assert (await bob.get("/household/get-active-member-role")).json == {"role": "owner"}
    await ask("leave", {"organizationId": home})
    mine = await session(place)
    assert (mine["activeHouseholdId"], mine["activeHouseholdTeamId"]) == (None, None)
    assert mine["activeOrganizationId"] == place.id
    await ask("delete", {"organizationId": home}, bob)
    db = households.seen(place.db)
    assert (await db.count(OrgRow), await db.count(Member)) == (0, 0)
    assert (await place.db.count(OrgRow), await place.db.count(Member)) == (1, 1)


async def test_the_first_instance_is_on_the_wire_what_it_is_alone(place: Place) -> None:
    alone = await founded()
    for path in ("get-full-organization", "list", "list-members", "get-active-member"):
        beside = (await place.owner.get(f"/organization/{path}")).json
        single = (await alone.owner.get(f"/organization/{path}")).json
        assert shape(beside) == shape(single), path
    assert (await alone.owner.get("/household/list")).status == 404


def shape(value: Any) -> Any:
    """The members that a document has, all the way down."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return [shape(inner) for inner in value] if isinstance(value, list) else type(value)  # pyright: ignore[reportUnknownVariableType]


async def test_the_servers_methods_are_those_of_the_instance(place: Place, households: NamedOrganization) -> None:
    auth = place.app.auth
    home = (await session(place))["activeHouseholdId"]
    await place.app.signed_up("bob@example.com")
    added = await auth.of(households).add_member(
        user_id=await place.user_id("bob@example.com"), role="member", organization_id=home
    )
    assert added.organization_id == home
    assert await households.seen(place.db).count(Member) == 2
    assert await place.db.count(Member) == 1


async def test_what_an_instance_does_not_turn_on_is_not_there() -> None:
    plain = NamedOrganization("household")
    place = await founded(EVERYTHING, plugins=[plain])
    made = await place.owner.post("/household/create", {"name": "Home", "slug": "home"})
    assert (await place.owner.post("/household/create-team", {"name": "Kitchen"})).status == 404
    with pytest.raises(ConfigError, match="CreateTeam"):
        await place.app.auth.of(plain).create_team(name="Kitchen", organization_id=made.json["id"])


async def test_limits_hooks_and_names_of_tables_are_those_of_the_instance() -> None:
    told: list[object] = []

    async def after(facts: dict[str, Any]) -> None:
        told.append(facts["organization"]["name"])

    own = options(
        {
            "organization_limit": 1,
            "organization_hooks": {"after_create_organization": after},
            "schema": {
                "organization": {
                    "model_name": "homes",
                    "additional_fields": {"street": {"type": "string", "required": False}},
                },
                "member": {"model_name": "inhabitants"},
            },
        }
    )
    place = await founded(plugins=[NamedOrganization("household", own)])
    made = await place.owner.post("/household/create", {"name": "Home", "slug": "home", "street": "Main"})
    assert (made.status, made.json["street"]) == (200, "Main")
    again = await place.owner.post("/household/create", {"name": "Hut", "slug": "hut"})
    assert (again.status, again.json["code"]) == (403, "YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS")
    assert (await place.ask("create", {"name": "Beta", "slug": "beta"})).status == 200
    assert told == ["Home"]
    tables = {table.name: table.db_name for table in place.app.auth.tables}
    assert (tables["household"], tables["householdMember"]) == ("homes", "inhabitants")
    assert (tables["organization"], tables["member"]) == ("organization", "member")


async def test_references_stay_within_the_instance(place: Place) -> None:
    schema = place.app.auth.tables
    found = {
        (table.name, spec.name): spec.references.table
        for table in schema
        for spec in table.columns.values()
        if table.name.startswith("household") and spec.references is not None
    }
    assert found == {
        ("householdMember", "organizationId"): "household",
        ("householdMember", "userId"): "user",
        ("householdInvitation", "organizationId"): "household",
        ("householdInvitation", "inviterId"): "user",
        ("householdTeam", "organizationId"): "household",
        ("householdTeamMember", "teamId"): "householdTeam",
        ("householdTeamMember", "userId"): "user",
        ("householdRole", "organizationId"): "household",
    }


async def test_requests_say_which_household_they_are_about(place: Place) -> None:
    first = (await session(place))["activeHouseholdId"]
    await place.owner.post("/household/create", {"name": "Hut", "slug": "hut"})
    by_header = await place.owner.get("/household/get-organization", headers={"x-household-id": first})
    by_path = await place.owner.get(f"/household/{first}/get-organization")
    other = await place.owner.get("/household/get-organization", headers={"x-organization-id": first})
    assert (by_header.json["name"], by_path.json["name"], other.json["name"]) == ("Home", "Home", "Hut")


class Shown(Result):
    """Where somebody lives."""

    household: str


@get("/door")
class ShowDoor(Operation[Shown]):
    """An application's own operation."""

    organization_id: str | None = None


async def test_an_applications_own_operation_knows_the_inhabitant(households: NamedOrganization) -> None:
    @handles(ShowDoor, MemberOf(households))
    async def show_door(call: Call[ShowDoor], mine: Membership) -> Shown:
        return Shown(household=mine.member.organization_id)

    class Door(Plugin[Api]):
        """An application's own plugin."""

        id = "door"
        api_type = Api

        def parts(self) -> Parts:
            return Parts(endpoints=(show_door,))

    place = await founded(plugins=[households, Door()])
    assert (await place.owner.get("/door")).json["code"] == "NO_ACTIVE_ORGANIZATION"
    home = (await place.owner.post("/household/create", {"name": "Home", "slug": "home"})).json["id"]
    assert (await place.owner.get("/door")).json == {"household": home}
    eve = await place.app.signed_up("eve@example.com")
    assert (await eve.get(f"/door?organizationId={home}")).status == 403


async def test_a_route_asks_for_the_inhabitant(place: Place, households: NamedOrganization) -> None:
    home = (await session(place))["activeHouseholdId"]
    headers = Headers.of({"cookie": place.owner.cookie_header()})
    data = await place.app.auth.api.on({"cookie": place.owner.cookie_header()}).get_session()
    assert data is not None
    asked: Asked = {"organization": FromPath("home"), "permission": {"member": ["create"]}, "instance": households}
    member = await Requirement(place.app.auth, asked).check(data, headers, {"home": home})
    assert member is not None
    assert (member.organization_id, member.role) == (home, "owner")
    working = await Requirement(place.app.auth, {"organization": ACTIVE, "instance": households}).check(
        data, headers, {}
    )
    assert working == member
    with pytest.raises(OrganizationNotFound):
        await Requirement(place.app.auth, asked).check(data, headers, {"home": place.id})
    with pytest.raises(OrganizationNotFound):
        await Requirement(place.app.auth, {"organization": FromPath("home")}).check(data, headers, {"home": home})


async def test_an_instance_needs_no_first_one() -> None:
    app = make_app(plugins=[NamedOrganization("work-space")])
    owner = await app.signed_up()
    made = await owner.post("/work-space/create", {"name": "Desk", "slug": "desk"})
    assert made.status == 200
    mine = (await owner.get("/get-session")).json["session"]
    assert mine["activeWorkSpaceId"] == made.json["id"]
    assert {"workSpace", "workSpaceMember", "workSpaceInvitation"} <= {table.name for table in app.auth.tables}


@pytest.mark.parametrize("name", ["", "Household", "a b", "house--hold", "1x", "user", "team", "../x"])
async def test_a_name_is_words_that_no_table_has(name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be called"):
        NamedOrganization(name)


async def test_two_instances_have_two_names() -> None:
    pairs: tuple[list[Organization], ...] = (
        [NamedOrganization("household"), NamedOrganization("household")],
        [Organization(), NamedOrganization("organization")],
    )
    for pair in pairs:
        with pytest.raises(ConfigError, match="two plugins"):
            make_app(plugins=pair)


async def test_names_of_the_first_instance_are_the_contracts() -> None:
    names = Names()
    assert all(model == table for model, table in names.tables.items())
    assert (names.active, names.active_team, names.scope) == (
        "activeOrganizationId",
        "activeTeamId",
        "x-organization-id",
    )
