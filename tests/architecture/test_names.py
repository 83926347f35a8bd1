"""Names say what a thing is: no drawers for what has no room, and tests that mirror the source."""

from __future__ import annotations

from tests.architecture.source import ROOT, SOURCES, modules, tracked

DRAWERS = frozenset({"utils", "util", "helpers", "helper", "misc", "common", "manager", "managers", "shared"})


def test_no_module_is_a_drawer() -> None:
    assert [module.where for module in modules() if DRAWERS & set(module.name.split("."))] == []


def test_unit_tests_of_the_core_mirror_its_rooms() -> None:
    core = SOURCES[0] / "gatewright"
    unit = ROOT / "tests" / "unit" / "core"
    tests = [path.relative_to(unit) for path in tracked() if path.is_relative_to(unit) and path.suffix == ".py"]
    lost = [path.as_posix() for path in tests if len(path.parts) > 1 and not (core / path.parent).is_dir()]
    assert lost == []
