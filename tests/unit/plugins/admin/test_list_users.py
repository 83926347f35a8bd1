"""Finding users: search, filters, order and pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from tests.unit.plugins.admin.place import Office, opened

from gatewright.plugins.admin import AdminUser

pytestmark = pytest.mark.anyio

PEOPLE = ("ada@example.com", "bob@example.com", "carol_c@example.com", "root@example.com")


async def peopled() -> Office:
    office = await opened()
    for email, name in (("bob@example.com", "Bob 100%"), ("carol_c@example.com", "Carol\\")):
        office.app.clock.advance(seconds=1)
        await office.app.signed_up(email)
        await office.db.update_one(AdminUser, AdminUser.email.eq(email), set=[AdminUser.name.to(name)])
    return office


async def found(office: Office, **query: object) -> Sequence[str]:
    answer = await office.root.get(f"/admin/list-users?{urlencode(query)}")
    assert answer.status == 200, answer
    return sorted(user["email"] for user in answer.json["users"])


async def ordered(office: Office, **query: object) -> Sequence[str]:
    answer = await office.root.get(f"/admin/list-users?{urlencode(query)}")
    return [user["email"] for user in answer.json["users"]]


@pytest.mark.parametrize(
    ("query", "emails"),
    [
        ({}, PEOPLE),
        ({"searchValue": "CAROL"}, PEOPLE[2:3]),
        ({"searchValue": "example", "searchOperator": "ends_with"}, ()),
        ({"searchValue": "example.com", "searchOperator": "ends_with"}, PEOPLE),
        ({"searchValue": "b", "searchOperator": "starts_with"}, PEOPLE[1:2]),
        ({"searchValue": "100%", "searchField": "name"}, PEOPLE[1:2]),
        ({"searchValue": "%", "searchField": "name"}, PEOPLE[1:2]),
        ({"searchValue": "_", "searchField": "email"}, PEOPLE[2:3]),
        ({"searchValue": "\\", "searchField": "name"}, PEOPLE[2:3]),
        ({"searchValue": "*"}, ()),
        ({"searchValue": "' OR 1=1 --"}, ()),
    ],
)
async def test_a_search_is_literal(query: dict[str, object], emails: Sequence[str]) -> None:
    office = await peopled()
    assert await found(office, **query) == list(emails)


@pytest.mark.parametrize(
    ("field", "operator", "value", "emails"),
    [
        ("role", "eq", "admin", PEOPLE[3:]),
        ("role", "ne", "admin", PEOPLE[:3]),
        ("email", "in", "bob@example.com", PEOPLE[1:2]),
        ("email", "not_in", "bob@example.com", (PEOPLE[0], *PEOPLE[2:])),
        ("email", "contains", "_", PEOPLE[2:3]),
        ("email", "starts_with", "%", ()),
        ("banned", "eq", "true", PEOPLE[1:2]),
        ("banned", "eq", "false", (PEOPLE[0], *PEOPLE[2:])),
        ("createdAt", "gt", "2026-01-01T12:00:00.500Z", PEOPLE[1:3]),
        ("createdAt", "lte", "2026-01-01T12:00:00.500Z", (PEOPLE[0], PEOPLE[3])),
    ],
)
async def test_a_filter_compares_by_the_columns_type(
    field: str, operator: str, value: str, emails: Sequence[str]
) -> None:
    office = await peopled()
    await office.db.update_one(AdminUser, AdminUser.email.eq("bob@example.com"), set=[AdminUser.banned.to(True)])
    query = {"filterField": field, "filterOperator": operator, "filterValue": value}
    assert await found(office, **query) == list(emails)


async def test_search_and_filter_hold_together() -> None:
    office = await peopled()
    query = {"searchValue": "o", "filterField": "role", "filterValue": "user"}
    assert await found(office, **query) == list(PEOPLE[:3])
    assert await found(office, **{**query, "searchValue": "root"}) == []


async def test_users_are_ordered_by_a_column() -> None:
    office = await peopled()
    assert await ordered(office, sortBy="email") == list(PEOPLE)
    assert await ordered(office, sortBy="email", sortDirection="desc") == list(reversed(PEOPLE))
    assert (await ordered(office, sortBy="createdAt", sortDirection="desc"))[:2] == [PEOPLE[2], PEOPLE[1]]


@pytest.mark.parametrize(
    ("query", "emails", "limit", "offset"),
    [
        ({"limit": 2}, PEOPLE[:2], 2, None),
        ({"limit": 2, "offset": 2}, PEOPLE[2:], 2, 2),
        ({"limit": 9, "offset": 3}, PEOPLE[3:], 9, 3),
        ({"offset": 9}, (), None, 9),
        ({"limit": "x", "offset": "y"}, PEOPLE, None, None),
    ],
)
async def test_a_page_says_how_many_there_are(
    query: dict[str, object], emails: Sequence[str], limit: int | None, offset: int | None
) -> None:
    office = await peopled()
    page = (await office.root.get(f"/admin/list-users?sortBy=email&{urlencode(query)}")).json
    assert [user["email"] for user in page["users"]] == list(emails)
    assert (page["total"], page.get("limit"), page.get("offset")) == (4, limit, offset)


@pytest.mark.parametrize(
    "query",
    [
        "sortBy=password",
        "sortBy=email;drop",
        "filterField=password&filterValue=x",
        "filterField=__proto__&filterValue=x",
        "searchValue=x&searchField=role",
        "searchValue=x&searchOperator=regex",
        "filterField=email&filterOperator=like&filterValue=x",
        "sortDirection=up",
    ],
)
async def test_fields_and_operators_are_closed_lists(query: str) -> None:
    office = await peopled()
    answer = await office.root.get(f"/admin/list-users?{query}")
    assert (answer.status, answer.json["code"]) == (400, "VALIDATION_ERROR")


async def test_listing_takes_a_role_that_may() -> None:
    office = await opened()
    refused = await office.ada.get("/admin/list-users")
    assert (refused.status, refused.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_LIST_USERS")
    assert (await office.app.browser().get("/admin/list-users")).status == 401


async def test_one_user_is_read_by_who_may() -> None:
    office = await opened()
    shown = (await office.root.get(f"/admin/get-user?id={office.ada_id}")).json
    assert (shown["email"], shown["role"], shown["banned"]) == ("ada@example.com", "user", False)
    unknown = await office.root.get("/admin/get-user?id=unknown")
    assert (unknown.status, unknown.json["code"]) == (404, "USER_NOT_FOUND")
    refused = await office.ada.get(f"/admin/get-user?id={office.ada_id}")
    assert (refused.status, refused.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_GET_USER")


async def test_sessions_of_a_user_are_those_that_are_active() -> None:
    office = await opened()
    await office.sign_in()
    listed = (await office.ask("list-user-sessions", {"userId": office.ada_id})).json["sessions"]
    assert {session["userId"] for session in listed} == {office.ada_id}
    assert len(listed) == 2
    office.app.clock.advance(seconds=timedelta(days=7).total_seconds())
    fresh = (await office.sign_in("root@example.com")).json
    assert fresh["user"]["email"] == "root@example.com"
    refused = await office.ask("list-user-sessions", {"userId": office.ada_id}, by=office.ada)
    assert refused.status in (401, 403)
