"""Every documented method and path of keys, tokens and documents leads to its operation, and so does the contract's own.

The table holds the plugins ``jwt``, ``api-key``, ``one-time-token`` and ``open-api``; an operation without a path is the
server's alone. ``bearer`` and ``i18n`` have no paths.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from gatewright.plugins import ApiKey, Bearer, I18n, I18nOptions, Jwt, OneTimeToken, OpenApi, Plugin
from gatewright.testing.app import TestApp, make_app

pytestmark = pytest.mark.anyio


class Row(msgspec.Struct, rename="camel", frozen=True):
    """A documented method and path, the operation that it names, and where the contract serves that."""

    method: str
    path: str | None
    operation: str
    canonical_method: str
    canonical_path: str | None


class Table(msgspec.Struct, frozen=True):
    """All of them."""

    rows: tuple[Row, ...]


DATA = Path(__file__).parents[2] / "data" / "token_endpoints.json"
ROWS = msgspec.json.decode(DATA.read_bytes(), type=Table).rows
SERVED = [row for row in ROWS if row.path is not None]
SERVER_ONLY = [row for row in ROWS if row.path is None]


def whole() -> TestApp:
    plugins: list[Plugin[Any]] = [
        ApiKey(),
        Bearer(),
        I18n(I18nOptions.model_validate({"translations": {"en": {}}})),
        Jwt(),
        OneTimeToken(),
        OpenApi(),
    ]
    return make_app(plugins=plugins)


def found(app: TestApp, method: str, path: str) -> str | None:
    match = app.auth.blueprint.router.find(method, path)
    return None if match is None else match[0].name


@pytest.mark.parametrize("row", SERVED, ids=lambda row: f"{row.method} {row.path}")
async def test_a_documented_path_leads_where_the_contract_s_does(row: Row) -> None:
    app, path = whole(), (row.path or "").removeprefix("/api/auth")
    assert found(app, row.method, path) == row.operation
    assert found(app, row.canonical_method, row.canonical_path or "") == row.operation
    asked = [(row.method, path), (row.canonical_method, row.canonical_path or "")]
    answers = [await app.browser().send(*each, b"{}", headers={"content-type": "application/json"}) for each in asked]
    for answer in answers:
        # Not what an unknown path is answered with: nothing at all.
        assert (answer.status, answer.body) != (404, b"")
        assert answer.status < 500
    assert answers[0].status == answers[1].status
    other = "POST" if row.method == "GET" else "GET"
    assert found(app, other, path) is None


@pytest.mark.parametrize("row", SERVER_ONLY, ids=lambda row: row.operation)
async def test_what_is_the_servers_alone_has_a_method_and_no_path(row: Row) -> None:
    app = whole()
    assert row.operation in {program.name for program in app.auth.blueprint.programs.values()}
    for path in (f"/{row.operation}", f"/api-key/{row.operation}"):
        answer = await app.browser().send(row.method, path, b"{}", headers={"content-type": "application/json"})
        assert (answer.status, answer.body) == (404, b"")
