"""What the D1 adapter sends, what it sends twice, and what it makes of D1's refusals."""

from __future__ import annotations

import json
from typing import Any

import anyio
import pytest

from gatewright.model.query import Select
from gatewright.ports.adapter import Conflict, InvalidValue, StoreUnavailable
from gatewright.ports.egress import EgressError, Outbound, Reply
from gatewright.testing.adapter_tables import BADGE, Person, add_person, found, how_many
from gatewright.wire.faults import ConfigError
from gatewright_adapters.d1 import D1Adapter
from gatewright_adapters.d1.transport import as_document

pytestmark = pytest.mark.anyio

COUNT: dict[str, Any] = {
    "success": True,
    "errors": [],
    "result": [{"results": {"columns": ["n"], "rows": [[3]]}, "meta": {}}],
}


def refusal(code: int, message: str) -> dict[str, Any]:
    return {"success": False, "errors": [{"code": code, "message": message}], "result": []}


class Api:
    """Answers with each of ``replies`` in turn; ``None`` is no answer."""

    def __init__(self, *replies: tuple[int, object] | None) -> None:
        self.replies = list(replies)
        self.sent: list[Outbound] = []

    async def send(self, request: Outbound, /) -> Reply:
        self.sent.append(request)
        reply = self.replies.pop(0)
        if reply is None:
            raise EgressError("api.cloudflare.com does not answer")
        status, body = reply
        return Reply(status, {}, body if isinstance(body, bytes) else json.dumps(body).encode())


def over(api: Api) -> D1Adapter:
    return D1Adapter(account_id="a/b", database_id="d", token="secret-token", egress=api)


async def test_a_statement_is_one_request_with_the_token() -> None:
    api = Api((200, COUNT))
    assert await how_many(over(api), Person.name.eq("Ada")) == 3
    (request,) = api.sent
    assert (request.method, request.url) == (
        "POST",
        "https://api.cloudflare.com/client/v4/accounts/a%2Fb/d1/database/d/raw",
    )
    assert request.headers["authorization"] == "Bearer secret-token"
    assert json.loads(request.body or b"") == {
        "sql": 'SELECT count(*) AS count_1 \nFROM "suitePerson" \nWHERE "suitePerson".name = ?',
        "params": ["Ada"],
    }


@pytest.mark.parametrize("first", [None, (429, refusal(7429, "overloaded")), (503, b"<html>")])
async def test_a_read_is_sent_again(first: tuple[int, object] | None) -> None:
    api = Api(first, (200, COUNT))
    assert await how_many(over(api)) == 3
    assert len(api.sent) == 2


async def test_a_read_is_sent_three_times_at_most() -> None:
    api = Api(None, None, None)
    with pytest.raises(StoreUnavailable):
        await how_many(over(api))
    assert len(api.sent) == 3


@pytest.mark.parametrize("first", [None, (503, b""), (500, refusal(7500, "Network connection lost."))])
async def test_a_write_is_sent_once(first: tuple[int, object] | None) -> None:
    api = Api(first)
    with pytest.raises(StoreUnavailable):
        await add_person(over(api), 1)
    assert len(api.sent) == 1


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (401, refusal(10000, "Authentication error"), r"refuses the token \(10000\)"),
        (403, refusal(7403, "not authorized"), r"refuses the token \(7403\)"),
        (404, refusal(7404, "not found"), r"no such account or database \(7404\)"),
        (400, refusal(7404, "not found"), r"no such account or database \(7404\)"),
    ],
)
async def test_a_database_that_d1_does_not_know_is_told_when_opening(status: int, body: object, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        await over(Api((status, body))).open()
    with pytest.raises(StoreUnavailable, match=reason) as refused:
        await add_person(over(Api((status, body))), 1)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (429, refusal(7429, "secret"), "overloaded"),
        (400, refusal(7500, "no such table: suitePerson: SQLITE_ERROR"), "tables created"),
        (400, b"no json", "does not understand"),
        (200, b"[]", "status 200"),
        (418, {}, "status 418"),
    ],
)
async def test_every_other_refusal_is_an_unavailable_store(status: int, body: object, reason: str) -> None:
    with pytest.raises(StoreUnavailable, match=reason) as refused:
        await add_person(over(Api((status, body))), 1)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "tail", ["", ": SQLITE_CONSTRAINT", ": SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_UNIQUE)"]
)
async def test_a_taken_key_is_a_conflict_with_its_columns(tail: str) -> None:
    api = Api((400, refusal(7500, f"UNIQUE constraint failed: suitePerson.email{tail}")))
    with pytest.raises(Conflict) as taken:
        await add_person(over(api), 1)
    assert (taken.value.table, taken.value.columns) == ("suitePerson", ("email",))


async def test_a_reference_to_nobody_is_an_invalid_value() -> None:
    with pytest.raises(InvalidValue):
        await add_person(over(Api((400, refusal(7500, "FOREIGN KEY constraint failed: SQLITE_CONSTRAINT")))), 1)


async def test_numbers_that_javascript_would_round_go_as_text() -> None:
    nothing: dict[str, Any] = {"success": True, "result": [{"results": {"columns": [], "rows": []}, "meta": {}}]}
    api = Api((200, nothing))
    assert await found(over(api), Person.last_seen.eq(2**53 + 1)) == []
    assert json.loads(api.sent[0].body or b"")["params"] == [str(2**53 + 1)]
    with pytest.raises(InvalidValue, match="53 bits"):
        await found(over(Api()), Person.age.eq(2**53 + 1))


async def test_there_are_no_transactions() -> None:
    adapter = over(Api((200, COUNT)))
    assert not adapter.features.transactions
    async with adapter.transaction() as inside:
        assert await how_many(inside, table=BADGE) == 3


@pytest.mark.parametrize("missing", ["account_id", "database_id", "token"])
async def test_what_names_the_database_must_be_there(missing: str) -> None:
    given = {"account_id": "a", "database_id": "d", "token": "t"} | {missing: ""}
    with pytest.raises(ConfigError, match=missing):
        D1Adapter(account_id=given["account_id"], database_id=given["database_id"], token=given["token"])


async def test_a_document_stands_for_placeholders_only() -> None:
    text, document = as_document("SELECT '?', \"a?\" FROM t WHERE x = ? AND y = ?", (1, None))
    assert text == "SELECT '?', \"a?\" FROM t WHERE x = (?1 ->> '$[0]') AND y = (?1 ->> '$[1]')"
    assert document == "[1,null]"


async def test_select_pair_asks_for_one_row() -> None:
    with pytest.raises(ValueError, match="join"):
        await over(Api()).select_pair(Select(BADGE))


async def test_an_answer_is_waited_for_no_longer_than_is_said() -> None:
    class Silent:
        async def send(self, request: Outbound) -> Reply:
            await anyio.sleep_forever()
            raise AssertionError("never")

    adapter = D1Adapter(account_id="a", database_id="d", token="t", egress=Silent(), statement_timeout=0)
    with pytest.raises(StoreUnavailable, match="D1 takes too long"):
        await adapter.open()
