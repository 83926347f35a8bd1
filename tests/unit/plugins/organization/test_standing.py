"""A member with what its roles allow: one statement beside the session's, whatever kind of roles they are."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import create_async_engine
from tests.unit.plugins.organization.place import Place, founded

from gatewright.access.defaults import ORGANIZATION_ACCESS
from gatewright.http.headers import Headers
from gatewright.plugins.organization import Organization, OrganizationOptions
from gatewright.plugins.organization.model import Member, RoleRow
from gatewright.testing.app import make_app
from gatewright.testing.browser import Browser
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from gatewright_integrations.requirement import Forbidden, Requirement

pytestmark = pytest.mark.anyio

DYNAMIC: Mapping[str, Any] = {"ac": ORGANIZATION_ACCESS, "dynamic_access_control": {"enabled": True}}
JOINLESS: Mapping[str, Any] = {"advanced": {"database": {"joins": False}}}
INVITING: Mapping[str, object] = {"permissions": {"invitation": ["create"]}}


async def made(
    place: Place, name: str, permission: str = '{"invitation":["create"]}', *, of: str | None = None
) -> None:
    await place.db.insert(RoleRow(organization_id=of or place.id, role=name, permission=permission))


async def may(place: Place, browser: Browser) -> bool:
    answer = await place.ask("has-permission", INVITING, by=browser)
    assert answer.status == 200
    return answer.json["success"]


# What counts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [None, JOINLESS], ids=["joined", "in two reads"])
@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("owner", True),
        ("clerk", True),
        ("member,clerk", True),
        ("cook,member,clerk", True),
        ("cook , clerk", True),
        ("cook", False),
        ("member,cook", False),
        ("member", False),
        ("", False),
        (",", False),
        ("cler", False),
        ("clerks", False),
        ("Clerk", False),
        ("nobody", False),
    ],
)
async def test_each_of_a_members_roles_counts_and_no_other(
    role: str, allowed: bool, settings: Mapping[str, Any] | None
) -> None:
    place = await founded(DYNAMIC, settings=settings)
    await made(place, "clerk")
    await made(place, "cook", '{"ac":["read"]}')
    bob, _ = await place.joined("bob@example.com", role)
    assert await may(place, bob) is allowed


async def test_a_role_counts_in_the_organization_that_has_made_it() -> None:
    place = await founded(DYNAMIC)
    other = (await place.ask("create", {"name": "Beta", "slug": "beta", "keepCurrentActiveOrganization": True})).json
    bob, member = await place.joined("bob@example.com", "clerk")
    await made(place, "clerk", of=other["id"])
    assert await may(place, bob) is False
    there = Member(organization_id=other["id"], user_id=member.user_id, role="clerk")
    await place.db.insert(there)
    answer = await place.ask("has-permission", {**INVITING, "organizationId": other["id"]}, by=bob)
    assert answer.json["success"] is True


async def test_a_stored_role_is_not_put_in_the_place_of_a_configured_one() -> None:
    place = await founded(DYNAMIC)
    await made(place, "member")
    bob, _ = await place.joined("bob@example.com", "member")
    assert await may(place, bob) is False


async def test_without_dynamic_access_control_a_stored_role_is_nobodys() -> None:
    place = await founded({"ac": ORGANIZATION_ACCESS})
    bob, _ = await place.joined("bob@example.com", "clerk")
    assert await may(place, bob) is False


async def test_a_stranger_stays_one() -> None:
    place = await founded(DYNAMIC)
    await made(place, "clerk")
    eve = await place.app.signed_up("eve@example.com")
    answer = await place.ask("has-permission", {**INVITING, "organizationId": place.id}, by=eve)
    assert (answer.status, answer.json["code"]) == (401, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION")
    nowhere = await place.ask("has-permission", INVITING, by=eve)
    assert (nowhere.status, nowhere.json["code"]) == (400, "NO_ACTIVE_ORGANIZATION")


# What it costs -----------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def counted(
    options: Mapping[str, Any], settings: Mapping[str, Any] | None = None
) -> AsyncGenerator[tuple[Place, list[str]]]:
    """An organization in SQLite, and every statement from then on."""
    engine = create_async_engine("sqlite+aiosqlite://")
    own = Organization(OrganizationOptions.model_validate(options))
    app = make_app(settings, adapter=SQLAlchemyAdapter(engine), plugins=[own])
    await app.auth.create_tables()
    owner = await app.signed_up("owner@example.com")
    made = await owner.post("/organization/create", {"name": "Acme", "slug": "acme"})
    statements: list[str] = []

    def note(_: object, __: object, text: str, *___: object) -> None:
        statements.append(text)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield Place(app, owner, made.json["id"]), statements
    await engine.dispose()


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("settings", [None, JOINLESS], ids=["joined", "in two reads"])
@pytest.mark.parametrize(
    ("options", "role", "allowed", "apart"),
    [
        ({}, "admin", True, 0),
        ({}, "clerk", False, 0),
        (DYNAMIC, "admin", True, 1),
        (DYNAMIC, "clerk", True, 1),
        (DYNAMIC, "member,cook,clerk", True, 1),
        (DYNAMIC, "nobody", False, 1),
    ],
)
async def test_a_permission_is_one_statement_beside_the_sessions(
    options: Mapping[str, Any], role: str, allowed: bool, apart: int, settings: Mapping[str, Any] | None
) -> None:
    """The session with its user is read first, as for every request; then the member with its roles.

    An application that wants no joins has both apart: the session and its user, the member and its roles.
    """
    async with counted(options, settings) as (place, statements):
        if options:
            await made(place, "clerk")
            await made(place, "cook", '{"ac":["read"]}')
        bob, _ = await place.joined("bob@example.com", role)
        statements.clear()
        assert await may(place, bob) is allowed
        expected = ["FROM session JOIN user AS partner", "FROM member"]
        if settings is not None:
            expected = ["FROM session", "FROM user", "FROM member", *['FROM "organizationRole"'] * apart]
        assert len(statements) == len(expected), statements
        for text, part in zip(statements, expected, strict=True):
            assert part in text.replace("\n", " "), statements
        assert sum('"organizationRole"' in text for text in statements) == apart


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize(("role", "allowed"), [("clerk", True), ("member,clerk", True), ("cook", False)])
async def test_what_a_route_asks_of_a_member_is_one_statement(role: str, allowed: bool) -> None:
    async with counted(DYNAMIC) as (place, statements):
        await made(place, "clerk")
        await made(place, "cook", '{"ac":["read"]}')
        bob, member = await place.joined("bob@example.com", role)
        data = await place.app.auth.api.on({"cookie": bob.cookie_header()}).get_session()
        assert data is not None
        asked = Requirement(place.app.auth, {"organization": place.id, "permission": {"invitation": ["create"]}})
        statements.clear()
        if allowed:
            found = await asked.check(data, Headers(), {})
            assert found is not None
            assert found.raw == member.raw
        else:
            with pytest.raises(Forbidden):
                await asked.check(data, Headers(), {})
        assert len(statements) == 1, statements


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_role_text_with_spaces_costs_one_more() -> None:
    """As another library may have written it: what stands between commas is then no name of a stored role."""
    async with counted(DYNAMIC) as (place, statements):
        await made(place, "clerk")
        bob, _ = await place.joined("bob@example.com", "member, clerk")
        statements.clear()
        assert await may(place, bob) is True
        assert len(statements) == 3, statements
        plain, _ = await place.joined("eve@example.com", "member, admin")
        statements.clear()
        assert await may(place, plain) is True
        assert len(statements) == 2, statements


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_role_is_made_and_changed_with_the_makers_roles_read_once() -> None:
    async with counted(DYNAMIC) as (place, statements):
        await made(place, "maker", '{"ac":["create","update"],"invitation":["create","cancel"],"team":["create"]}')
        bob, _ = await place.joined("bob@example.com", "maker")
        permission = {"ac": ["create"], "invitation": ["create", "cancel"], "team": ["create"]}
        for path, body in (
            ("create-role", {"role": "clerk", "permission": permission}),
            ("update-role", {"roleName": "clerk", "data": {"permission": permission}}),
        ):
            statements.clear()
            assert (await place.ask(path, body, by=bob)).status == 200
            assert sum("FROM member" in text.replace("\n", " ") for text in statements) == 1, statements
