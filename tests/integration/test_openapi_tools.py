"""The complete document with every plugin, in the hands of tools that others have made: a linter, a generator of clients."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.everything import OPTIONS, every_plugin
from tests.npm import FOLDER, node

from gatewright.testing.app import make_app

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """Once is enough: the document is the same."""
    return "asyncio"


@pytest.fixture
async def folder(tmp_path: Path, anyio_backend: str) -> Path:
    """A folder with the document in it."""
    answer = await make_app(OPTIONS, plugins=every_plugin()).browser().get("/openapi.json")
    (tmp_path / "openapi.json").write_text(json.dumps(answer.json), encoding="utf-8")
    return tmp_path


def linted(folder: Path) -> list[str]:
    """The rules that the document breaks."""
    shutil.copy(FOLDER / "spectral.yaml", folder)
    spectral = "node_modules/@stoplight/spectral-cli/dist/index.js"
    options = ("--ruleset", "spectral.yaml", "--format", "json", "--output", "found.json")
    done = node(folder, spectral, "lint", "openapi.json", *options)
    assert (folder / "found.json").exists(), done.stderr
    return [each["code"] for each in json.loads((folder / "found.json").read_text(encoding="utf-8"))]


async def test_a_linter_finds_nothing(folder: Path) -> None:
    assert linted(folder) == []


async def test_a_linter_would_find_what_is_wrong(folder: Path) -> None:
    document = json.loads((folder / "openapi.json").read_text(encoding="utf-8"))
    described = document["paths"]["/sign-in/email"]["post"]
    del described["description"]
    described["requestBody"]["content"]["application/json"]["example"] = {"email": 1}
    (folder / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    assert set(linted(folder)) == {"operation-description", "oas3-valid-media-example"}


async def test_a_generated_client_has_the_types_that_the_operations_have(folder: Path) -> None:
    made = node(folder, "node_modules/openapi-typescript/bin/cli.js", "openapi.json", "-o", "api.d.ts")
    assert made.returncode == 0, made.stderr
    shutil.copy(FOLDER / "client.ts", folder)
    compiled = node(folder, "node_modules/typescript/bin/tsc", "--noEmit", "--strict", "client.ts")
    assert (compiled.returncode, compiled.stdout) == (0, "")
