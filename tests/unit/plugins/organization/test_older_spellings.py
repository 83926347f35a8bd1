"""Every path and method under which organizations and administration are known, with the same guards."""

import json
from pathlib import Path
from typing import Any

import pytest

from gatewright.access.defaults import ORGANIZATION_ACCESS
from gatewright.plugins.admin import Admin, AdminApi, AdminOptions
from gatewright.plugins.organization import Organization, OrganizationApi, OrganizationOptions
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser
from gatewright.wire.calls import methods_of
from gatewright.wire.json import encode
from gatewright.wire.names import camel

pytestmark = pytest.mark.anyio

TABLE: list[dict[str, str]] = json.loads(
    (Path(__file__).parents[3] / "data" / "access_spellings.json").read_text(encoding="utf-8")
)
"""Method and path as the documentation of better-auth spells them, and the server method that they stand for."""
SPELLINGS = [(row["method"], row["path"]) for row in TABLE]
WRITES = [spelling for spelling in SPELLINGS if spelling[0] != "GET"]

COMPLETE: dict[str, object] = {
    "name": "Acme",
    "slug": "acme",
    "organizationId": "o",
    "memberId": "m",
    "memberIdOrEmail": "m",
    "invitationId": "i",
    "userId": "u",
    "teamId": "t",
    "email": "x@example.com",
    "password": "password-1234",
    "newPassword": "password-1234",
    "role": "member",
    "roleName": "r",
    "sessionToken": "s",
    "data": {"name": "x"},
}
"""A body that every operation understands."""


def _app() -> TestApp:
    options = OrganizationOptions.model_validate(
        {"teams": {"enabled": True}, "dynamic_access_control": {"enabled": True}, "ac": ORGANIZATION_ACCESS}
    )
    return make_app(plugins=[Organization(options), Admin(AdminOptions())])


def _body(path: str) -> dict[str, object]:
    extra: dict[str, object] = {"permissions": {"member": ["create"]}}
    if path.endswith("create-role"):
        extra = {"permission": {"member": ["create"]}}
    return COMPLETE | extra if path.endswith(("has-permission", "create-role")) else COMPLETE


async def _ask(browser: Browser, method: str, path: str, body: dict[str, Any]) -> Answer:
    if method == "GET":
        return await browser.get(f"{path}?slug=acme&id=i&userId=u&roleName=r&organizationId=o")
    if path.endswith("has-permission"):
        body = {"permissions": body["permissions"]}
    return await browser.send(method, path, encode(body), headers={"content-type": "application/json"})


CALLS = {camel(name): operation for api in (OrganizationApi, AdminApi) for name, operation, _ in methods_of(api)}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['method']} {row['path']}")
async def test_every_spelling_leads_to_its_operation(row: dict[str, str]) -> None:
    found = _app().auth.blueprint.router.find(row["method"], row["path"])
    assert found is not None
    assert found[0].operation is CALLS[row["call"]]


@pytest.mark.parametrize(("method", "path"), SPELLINGS)
async def test_every_spelling_leads_to_an_operation_that_knows_its_callers(method: str, path: str) -> None:
    answer = await _ask(_app().browser(), method, path, _body(path))
    # The contract asks this one for an address where there is no session.
    assert answer.status == (400 if path.endswith("list-user-invitations") else 401)


@pytest.mark.parametrize(("method", "path"), WRITES)
async def test_no_spelling_is_open_to_other_sites(method: str, path: str) -> None:
    app = _app()
    ada = await app.signed_up()
    ada.origin = "https://evil.example"
    answer = await _ask(ada, method, path, _body(path))
    assert (answer.status, answer.json["code"]) == (403, "INVALID_ORIGIN")


@pytest.mark.parametrize(("method", "path"), SPELLINGS)
async def test_an_outsider_gets_no_further_by_any_spelling(method: str, path: str) -> None:
    app = _app()
    owner = await app.signed_up("owner@example.com")
    made = (await owner.post("/organization/create", {"name": "Acme", "slug": "taken"})).json
    eve = await app.signed_up("eve@example.com")
    body = _body(path) | {"organizationId": made["id"], "data": {"name": "x", "organizationId": made["id"]}}
    answer = await _ask(eve, method, path, body)
    own = ("create", "list", "get-full", "list-user-invitations", "check-slug", "set-active-team", "list-team-members")
    if path.startswith("/admin/") or path.rpartition("/")[2] not in own:
        assert 400 <= answer.status < 405
    assert (await owner.get("/organization/get-full")).json["name"] == "Acme"


async def test_older_methods_do_what_the_newer_ones_do() -> None:
    app = _app()
    owner = await app.signed_up("owner@example.com")
    made = (await owner.post("/organization/create", {"name": "Acme", "slug": "acme"})).json
    await app.signed_up("bob@example.com")
    db = app.auth.services.database
    bob = await app.auth.services.users.by_email(db, "bob@example.com")
    assert bob is not None

    async def ask(method: str, path: str, body: dict[str, Any]) -> Any:
        answer = await owner.send(method, path, encode(body), headers={"content-type": "application/json"})
        assert answer.status == 200, answer
        return answer.json

    added = await ask("POST", "/organization/add-member", {"userId": bob.id, "role": "member"})
    assert added["userId"] == bob.id
    changed = await ask("PUT", "/organization/update-member-role", {"memberId": added["id"], "role": "admin"})
    assert changed["role"] == "admin"
    team = await ask("POST", "/organization/create-team", {"name": "Red"})
    renamed = await ask("PUT", "/organization/update-team", {"teamId": team["id"], "data": {"name": "Blue"}})
    assert renamed["name"] == "Blue"
    await ask("POST", "/organization/add-team-member", {"teamId": team["id"], "userId": bob.id})
    gone = await ask("DELETE", "/organization/remove-team-member", {"teamId": team["id"], "userId": bob.id})
    assert gone == {"message": "Team member removed successfully."}
    assert (await ask("DELETE", "/organization/remove-team", {"teamId": team["id"]}))["message"]
    assert (await ask("DELETE", "/organization/remove-member", {"memberIdOrEmail": "bob@example.com"}))["member"]
    assert (await ask("PUT", "/organization/update", {"data": {"name": "Beta"}}))["name"] == "Beta"
    assert (await owner.get("/organization/get-full")).json["name"] == "Beta"
    assert (await owner.get("/organization/check-slug?slug=free")).json == {"status": True}
    assert (await owner.get("/organization/check-slug?slug=acme")).json["code"] == "ORGANIZATION_SLUG_ALREADY_TAKEN"
    assert (await ask("DELETE", "/organization/delete", {"organizationId": made["id"]}))["id"] == made["id"]


@pytest.mark.parametrize(
    ("role", "status", "code"),
    [("member", 200, None), ("owner", 403, "YOU_ARE_NOT_ALLOWED_TO_INVITE_USER_WITH_THIS_ROLE"), ("boss", 400, None)],
)
async def test_an_admin_adds_members_but_no_owners(role: str, status: int, code: str | None) -> None:
    app = _app()
    owner = await app.signed_up("owner@example.com")
    await owner.post("/organization/create", {"name": "Acme", "slug": "acme"})
    admin = await app.signed_up("admin@example.com")
    await app.signed_up("bob@example.com")
    users, db = app.auth.services.users, app.auth.services.database
    admin_user, bob = await users.by_email(db, "admin@example.com"), await users.by_email(db, "bob@example.com")
    assert admin_user is not None
    assert bob is not None
    added = (await owner.post("/organization/add-member", {"userId": admin_user.id, "role": "admin"})).json
    body = {"userId": bob.id, "role": role, "organizationId": added["organizationId"]}
    answer = await admin.post("/organization/add-member", body)
    assert answer.status == status
    if code is not None:
        assert answer.json["code"] == code


async def test_a_plain_member_adds_nobody() -> None:
    app = _app()
    owner = await app.signed_up("owner@example.com")
    await owner.post("/organization/create", {"name": "Acme", "slug": "acme"})
    bob, eve = await app.signed_up("bob@example.com"), "eve@example.com"
    await app.signed_up(eve)
    users, db = app.auth.services.users, app.auth.services.database
    bob_user, eve_user = await users.by_email(db, "bob@example.com"), await users.by_email(db, eve)
    assert bob_user is not None
    assert eve_user is not None
    added = (await owner.post("/organization/add-member", {"userId": bob_user.id, "role": "member"})).json
    body = {"userId": eve_user.id, "role": "member", "organizationId": added["organizationId"]}
    assert (await bob.post("/organization/add-member", body)).status == 403
