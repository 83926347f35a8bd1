"""The Python blocks of the documentation run, and its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.unit.documented import PAGES, ROOT, blocks_of, name_of, run_page
from tests.unit.documented_given import GIVEN
from tests.unit.provider_table import provider_rows
from tests.unit.settings_tables import Row, groups

from gatewright.auth import Auth
from gatewright.http.request import Request

EXTRAS = {"aiosqlite", "alembic", "email_validator", "fastapi", "quart", "sanic", "redis", "sqlalchemy", "rich"}
"""What a page may need that is not installed everywhere."""


@pytest.mark.parametrize("page", [pytest.param(page, id=name_of(page)) for page in PAGES if blocks_of(page)])
def test_the_blocks_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTH_SECRET", "kW9-xJ2mQ7vT4bN8sL5pR3cY6hF1gD0z")
    served: dict[str, Auth[Any]] = {}

    async def answered(_: httpx.AsyncHTTPTransport, asked: httpx.Request) -> httpx.Response:
        body, headers = await asked.aread(), dict(asked.headers)
        answer = await served[asked.url.host].handle(Request.make(asked.method, str(asked.url), headers, body))
        return httpx.Response(answer.status, headers=list(answer.headers), content=answer.body)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", answered)
    try:
        run_page(page, served)
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.split(".")[0] not in EXTRAS:
            raise
        pytest.skip(f"{missing.name} is not installed")


@pytest.mark.parametrize("page", [pytest.param(page, id=name_of(page)) for page in PAGES if blocks_of(page)])
def test_a_block_that_does_not_run_is_python_and_imports_what_is_there(page: Path) -> None:
    for block in blocks_of(page):
        block.compiled()
        if not block.runs:
            exec(compile(block.imports(), block.name, "exec"), {})


def test_what_a_reader_has_already_is_said_for_pages_that_are_there() -> None:
    blocks = {name_of(page): len(blocks_of(page)) for page in PAGES}
    for page, given in GIVEN.items():
        assert set(given) <= set(range(blocks[page])), page


def test_every_link_leads_somewhere() -> None:
    for page in PAGES:
        for link in re.findall(r"\]\((?!https?:|<)([^)\s]+)\)", page.read_text(encoding="utf-8")):
            path, _, title = link.partition("#")
            target = page if not path else page.parent / path
            assert target.exists(), f"{name_of(page)}: {link}"
            if title:
                assert title in titles_of(target), f"{name_of(page)}: {link}"


def test_every_page_is_in_the_list_of_pages() -> None:
    listed = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert page.name == "README.md" or f"]({page.name})" in listed


def titles_of(page: Path) -> set[str]:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }


def test_the_page_of_settings_has_every_option_as_it_is() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    found: dict[str, list[Row]] = {}
    for section in page.split("\n## ")[1:]:
        name, _, text = section.partition("\n")
        lines = re.findall(r"^\| (`[^|]+`) \| (`[^|]+`) \| ([^|]*) \| ([^|]*) \| ([^|]+) \|$", text, re.MULTILINE)
        found[name] = [Row(wire, python, kind, default.strip()) for wire, python, kind, default, _ in lines]
    assert found == groups()


def test_the_page_of_social_providers_has_every_one_as_it_is() -> None:
    page = (ROOT / "docs" / "social.md").read_text(encoding="utf-8")
    section = page.split("## The providers", 1)[1].split("\n## ", 1)[0]
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:3] == "| `"
    ]
    assert [tuple(cells[:6]) for cells in lines] == provider_rows()
