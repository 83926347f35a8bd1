"""An application's own columns in the tables of the plugin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.unit.plugins.organization.place import Place, founded

from gatewright.access.defaults import ORGANIZATION_ACCESS

pytestmark = pytest.mark.anyio

FIELDS: Mapping[str, Any] = {
    "tier": {"type": "number", "required": True},
    "note": {"type": "string", "required": False},
    "open": {"type": "boolean", "required": False, "default_value": True},
    "secret": {"type": "string", "required": False, "returned": False},
    "internal": {"type": "string", "required": False, "input": False, "default_value": "x"},
}
OPTIONAL = {name: field for name, field in FIELDS.items() if name != "tier"}


def options(model: str, fields: Mapping[str, Any] = FIELDS) -> dict[str, Any]:
    return {
        "schema": {model: {"additional_fields": fields}},
        "teams": {"enabled": True, "default_team": {"enabled": False}},
        "dynamic_access_control": {"enabled": True},
        "ac": ORGANIZATION_ACCESS,
    }


async def organization(place: Place, more: Mapping[str, object]) -> Any:
    return await place.ask("create", {"name": "B", "slug": "b", "keepCurrentActiveOrganization": True, **more})


async def member(place: Place, more: Mapping[str, object]) -> Any:
    await place.app.signed_up("bob@example.com")
    return await place.ask("add-member", {"userId": await place.user_id("bob@example.com"), "role": "member", **more})


async def invitation(place: Place, more: Mapping[str, object]) -> Any:
    return await place.ask("invite-member", {"email": "x@example.com", "role": "member", **more})


async def team(place: Place, more: Mapping[str, object]) -> Any:
    return await place.ask("create-team", {"name": "Red", **more})


MAKES = {"organization": organization, "member": member, "invitation": invitation, "team": team}


async def founders_tier(facts: Mapping[str, Any]) -> Mapping[str, object] | None:
    return None if "tier" in facts["member"] else {"data": {"tier": 0}}


async def place_with(model: str) -> Place:
    if model == "member":
        return await founded({**options(model), "organization_hooks": {"before_add_member": founders_tier}})
    # The organization that a place begins with has no columns that must be given.
    return await founded(options(model, OPTIONAL if model == "organization" else FIELDS))


@pytest.mark.parametrize("model", MAKES)
async def test_a_column_is_written_and_comes_back(model: str) -> None:
    place = await place_with(model)
    given: dict[str, object] = {"note": "hello", "open": False, "secret": "s"}
    if model != "organization":
        given["tier"] = 3
    answer = await MAKES[model](place, given)
    assert answer.status == 200, answer
    found = answer.json
    shown = {name: found.get(name) for name in ("note", "open", "internal")}
    assert shown == {"note": "hello", "open": False, "internal": "x"}
    assert "secret" not in found


@pytest.mark.parametrize("model", MAKES)
async def test_a_request_does_not_set_what_it_may_not(model: str) -> None:
    place = await place_with(model)
    answer = await MAKES[model](place, {"tier": 3, "internal": "mine"})
    assert (answer.status, answer.json["internal"]) == (200, "x")


@pytest.mark.parametrize("model", [name for name in MAKES if name != "organization"])
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "[body.tier] Invalid input: expected number, received undefined"),
        ({"tier": None}, "[body.tier] Invalid input: expected number, received null"),
        ({"tier": "3"}, "[body.tier] Invalid input: expected number, received string"),
        ({"tier": 3, "open": 1}, "[body.open] Invalid input: expected boolean, received number"),
        ({"tier": True}, "[body.tier] Invalid input: expected number, received boolean"),
    ],
)
async def test_a_column_is_of_its_type(model: str, given: Mapping[str, object], message: str) -> None:
    place = await place_with(model)
    answer = await MAKES[model](place, given)
    assert (answer.status, answer.json) == (400, {"code": "VALIDATION_ERROR", "message": message})


async def test_an_update_changes_what_it_may() -> None:
    place = await founded(options("organization", OPTIONAL))
    changed = await place.ask("update", {"data": {"note": "n", "internal": "mine", "secret": "t"}})
    assert (changed.status, changed.json["note"], changed.json["internal"]) == (200, "n", "x")
    wrong = await place.ask("update", {"data": {"note": 1}})
    assert wrong.json["message"] == "[body.data.note] Invalid input: expected string, received number"
    place = await founded(options("team"))
    made = (await team(place, {"tier": 1})).json
    changed = await place.ask("update-team", {"teamId": made["id"], "data": {"note": "n", "internal": "mine"}})
    assert (changed.json["note"], changed.json["internal"]) == ("n", "x")


async def test_a_role_takes_its_columns_beside_its_members() -> None:
    place = await founded(options("organizationRole"))
    body: dict[str, object] = {"role": "clerk", "permission": {"ac": ["read"]}}
    missing = await place.ask("create-role", body)
    assert missing.json["code"] == "VALIDATION_ERROR"
    made = await place.ask("create-role", {**body, "additionalFields": {"tier": 2, "note": "n", "secret": "s"}})
    role = made.json["roleData"]
    assert (role["tier"], role["note"], "secret" in role) == (2, "n", False)


async def test_a_mail_holds_no_column_that_never_leaves_the_server() -> None:
    mails: list[Mapping[str, Any]] = []

    async def send(mail: Mapping[str, Any], _: object) -> None:
        mails.append(mail)

    place = await founded({**options("organization", OPTIONAL), "send_invitation_email": send})
    await place.ask("update", {"data": {"secret": "s", "note": "n"}})
    await invitation(place, {})
    (mail,) = mails
    assert (mail["organization"]["note"], "secret" in mail["organization"]) == ("n", False)
