"""Imports go one way: down the rooms of the core, and from the other packages into the core."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib

import pytest
from tests.architecture.source import ROOT, SOURCES, Module, modules

ROOMS = {
    "wire": 0,
    "model": 0,
    "contract": 1,
    "http": 2,
    "crypto": 2,
    "protocols": 2,
    "access": 2,
    "providers": 2,
    "ports": 3,
    "settings": 3,
    "verify": 3,
    "flows": 4,
    "services": 4,
    "pipeline": 5,
    "endpoints": 6,
    "plugins": 7,
    "auth": 8,
    "binding": 8,
    "blueprint": 8,
    "door": 8,
    "api": 8,
    "testing": 10,
    "cli": 10,
}
"""Each room of the core with its height; a room imports its own height and what is below."""

SEAM = "gatewright.plugins.base"
"""What a plugin is stands as high as the pipeline, which runs plugins and hands them to handlers."""

FACADE = 9
"""``gatewright`` itself, which exports the public names."""

PURE_ROOMS = frozenset({"wire", "model", "contract"})
PURE_FILES = frozenset({"contract", "model", "faults"})
"""What a client needs of a plugin."""
CLIENT_ROOMS = frozenset({"access"})
"""What a client may also use of the core: checking roles needs nothing but the standard library."""

PURE_LIBRARIES = frozenset({"msgspec", "typing_extensions"})

MAY_IMPORT = {
    "gatewright": {"gatewright"},
    "gatewright_adapters": {"gatewright", "gatewright_adapters"},
    "gatewright_integrations": {"gatewright", "gatewright_integrations"},
    "gatewright_client": {"gatewright", "gatewright_client"},
}
OUTWARD = frozenset({"cli", "testing"})
"""Rooms of the core that put the packages together, for the demo and for tests."""

SERVER_ONLY = ("argon2", "cryptography", "pydantic", "jwt", "nacl")


def _room(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def _height(name: str) -> int:
    if name == SEAM or name.startswith(f"{SEAM}."):
        return ROOMS["pipeline"]
    return ROOMS.get(_room(name), FACADE)


def _is_pure(name: str) -> bool:
    parts = name.split(".")
    if parts[0] != "gatewright":
        return False
    if _room(name) in PURE_ROOMS:
        return True
    return len(parts) > 3 and parts[1] == "plugins" and parts[3] in PURE_FILES


def _told(module: Module, line: int, name: str) -> str:
    return f"{module.where}:{line} imports {name}"


def test_every_room_of_the_core_has_a_place() -> None:
    rooms = {_room(module.name) for module in modules() if module.package == "gatewright"} - {""}
    assert rooms - ROOMS.keys() == set()


def test_the_core_imports_downwards_only() -> None:
    wrong = [
        _told(module, each.line, each.name)
        for module in modules()
        if module.package == "gatewright"
        for each in module.imports
        if each.name.partition(".")[0] == "gatewright" and _height(each.name) > _height(module.name)
    ]
    assert wrong == []


def test_plugins_do_not_reach_into_what_is_above_them_by_another_plugin() -> None:
    """A plugin knows another one by its public class, its contract or its rows, not by its handlers and flows."""
    private = {"endpoints", "hooks", "flows"}
    wrong = [
        _told(module, each.line, each.name)
        for module in modules()
        if module.name.startswith("gatewright.plugins.")
        for each in module.imports
        if each.name.startswith("gatewright.plugins.")
        and each.name.split(".")[2] != module.name.split(".")[2]
        and private & set(each.name.split(".")[3:4])
    ]
    assert wrong == []


def test_pure_rooms_import_msgspec_and_the_standard_library_only() -> None:
    allowed = PURE_LIBRARIES | sys.stdlib_module_names
    wrong = [
        _told(module, each.line, each.name)
        for module in modules()
        if _is_pure(module.name)
        for each in module.imports
        if not _is_pure(each.name) and each.name.partition(".")[0] not in allowed
    ]
    assert wrong == []


def test_the_contract_s_distribution_has_what_is_pure_and_the_core_s_leaves_it_out() -> None:
    packages = ROOT / "packages"
    contract, core = (
        tomllib.loads((packages / name / "pyproject.toml").read_text(encoding="utf-8"))
        for name in ("core/contract", "core")
    )
    listed: list[str] = contract["tool"]["hatch"]["build"]["hooks"]["custom"]["files"]
    wheel = core["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["exclude"] == [f"/src/gatewright/{each}" for each in listed]
    source = packages / "core" / "src" / "gatewright"
    shared = {path for pattern in listed for path in source.glob(pattern) if path.suffix == ".py"}
    pure = {module.path for module in modules() if _is_pure(module.name) or _room(module.name) in CLIENT_ROOMS}
    parents = {source / "__init__.py", source / "plugins" / "__init__.py", *source.glob("plugins/*/__init__.py")}
    assert shared == pure | parents


def test_packages_import_the_core_and_not_each_other() -> None:
    wrong = [
        _told(module, each.line, each.name)
        for module in modules()
        if not (module.package == "gatewright" and _room(module.name) in OUTWARD)
        for each in module.imports
        if each.name.partition(".")[0] in MAY_IMPORT and each.name.partition(".")[0] not in MAY_IMPORT[module.package]
    ]
    assert wrong == []


def test_the_client_imports_only_the_pure_rooms_of_the_core() -> None:
    wrong = [
        _told(module, each.line, each.name)
        for module in modules()
        if module.package == "gatewright_client"
        for each in module.imports
        if each.name.partition(".")[0] == "gatewright"
        and not _is_pure(each.name)
        and _room(each.name) not in CLIENT_ROOMS
    ]
    assert wrong == []


def _loaded_by(statement: str) -> set[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, SOURCES))}
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_the_client_loads_nothing_that_only_a_server_needs() -> None:
    loaded = _loaded_by("import gatewright_client")
    rooms = {f"gatewright.{room}" for room, height in ROOMS.items() if height > 1 and room != "plugins"}
    assert "gatewright_client" in loaded
    assert loaded & ({*SERVER_ONLY} | rooms) == set()


@pytest.mark.parametrize(
    "library", ["bcrypt", "fastapi", "joserfc", "pyotp", "rich", "sqlalchemy", "typer", "webauthn"]
)
def test_the_core_loads_no_optional_library_by_itself(library: str) -> None:
    assert library not in _loaded_by("import gatewright, gatewright.plugins")
