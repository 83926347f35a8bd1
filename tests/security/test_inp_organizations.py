"""What an organization's members may write into it, and what a list of users may be asked for. Rows INP-29, INP-31 to 33."""

from __future__ import annotations

from typing import Any

import pytest
from tests.security.test_adm import administered
from tests.unit.plugins.organization.place import founded

from gatewright.plugins.organization.model import OrgRow

pytestmark = pytest.mark.anyio

FIELDS: dict[str, Any] = {
    "schema": {"organization": {"additional_fields": {"tier": {"type": "string", "required": False, "input": False}}}}
}
HOSTILE: list[dict[str, object]] = [
    {"id": "an-identifier-of-my-own"},
    {"createdAt": "1999-01-01T00:00:00.000Z"},
    {"tier": "gold"},
    {"members": [{"userId": "x", "role": "owner"}]},
]


@pytest.mark.parametrize("extra", HOSTILE, ids=lambda extra: next(iter(extra)))
async def test_inp_29_an_organization_takes_only_what_its_members_may_give(extra: dict[str, object]) -> None:
    place = await founded(FIELDS)
    made = await place.ask("create", {"name": "Evil", "slug": "evil", **extra})
    changed = await place.ask("update", {"organizationId": place.id, "data": {"name": "Renamed", **extra}})
    for answer in (made, changed):
        assert answer.status == 200 or 400 <= answer.status < 500
    for row in await place.db.find_many(OrgRow):
        assert row.id != "an-identifier-of-my-own"
        assert row.created_at == place.app.clock.now()
        assert row.raw.get("tier") is None
    if made.status == 200:
        listed = await place.owner.get(f"/organization/list-members?organizationId={made.json['id']}")
        assert [member["role"] for member in listed.json["members"]] == ["owner"]


@pytest.mark.parametrize(
    "metadata",
    ["x" * 2_000_000, [1, 2], 7, {"a": "x" * 2_000_000}],
    ids=["text", "list", "number", "bomb"],
)
async def test_inp_29_metadata_is_a_document_of_some_size(metadata: object) -> None:
    place = await founded()
    for answer in (
        await place.ask("create", {"name": "Evil", "slug": "evil", "metadata": metadata}),
        await place.ask("update", {"organizationId": place.id, "data": {"metadata": metadata}}),
    ):
        assert 400 <= answer.status < 500
    assert await place.db.count(OrgRow) == 1


@pytest.mark.parametrize("operator", ["contains", "starts_with", "ends_with"])
@pytest.mark.parametrize("text", ["%25", "%25%25%25", "_", "%5C", "%5C%25"])
async def test_inp_31_what_is_searched_for_is_literal(text: str, operator: str) -> None:
    _, root, _, _, _ = await administered()
    found = await root.get(f"/admin/list-users?searchValue={text}&searchField=email&searchOperator={operator}")
    assert (found.status, found.json["users"], found.json["total"]) == (200, [], 0)


@pytest.mark.parametrize(
    "query",
    ["sortBy=id%3Bdrop%20table%20user", "sortBy=password", "sortBy=__class__", "filterField=unknown&filterValue=x"],
)
async def test_inp_32_an_unknown_field_is_bad_input(query: str) -> None:
    _, root, _, _, _ = await administered()
    answer = await root.get(f"/admin/list-users?{query}")
    assert (answer.status, answer.json["code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("query", ["limit=-1", "limit=0", "limit=1000000000", "limit=abc", "offset=-5", "limit=1e9"])
async def test_inp_33_an_odd_page_is_refused_or_a_page(query: str) -> None:
    _, root, _, _, _ = await administered()
    answer = await root.get(f"/admin/list-users?{query}")
    assert answer.status in {200, 400}
    if answer.status == 200:
        assert len(answer.json["users"]) <= 2
        assert answer.json["total"] == 2
