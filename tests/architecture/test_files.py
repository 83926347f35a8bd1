"""Files hold one idea: past 450 lines a file names the reason why it is not two."""

from __future__ import annotations

from tests.architecture.source import ROOT, modules, tracked

LONGEST = 450
"""Lines; most files are between 100 and 400."""

LONGER: dict[str, str] = {}
"""Files that may be longer, each with its reason."""


def _lengths() -> dict[str, int]:
    files = {path for path in tracked() if path.suffix == ".py"} | {module.path for module in modules()}
    return {path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in files}


def test_no_file_is_too_long() -> None:
    too_long = {path: lines for path, lines in _lengths().items() if lines > LONGEST and path not in LONGER}
    assert too_long == {}


def test_no_exception_outlives_its_reason() -> None:
    lengths = _lengths()
    assert [path for path in LONGER if lengths.get(path, 0) <= LONGEST] == []


def test_every_module_says_what_it_is() -> None:
    """The first statement of each file is a docstring; ``ruff`` asks for more, this for the empty ones too."""
    silent = [
        module.where
        for module in modules()
        if not module.path.read_text(encoding="utf-8").lstrip().startswith(('"""', 'r"""'))
    ]
    assert silent == []


def test_every_package_is_marked_as_typed() -> None:
    packages = sorted({module.package for module in modules()})
    roots = [next(each.path for each in modules() if each.name == package).parent for package in packages]
    assert packages == ["gatewright", "gatewright_adapters", "gatewright_client", "gatewright_integrations"]
    assert [root.name for root in roots if not (root / "py.typed").is_file()] == []
