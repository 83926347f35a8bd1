"""The source tree as the architecture tests see it: files, modules and what they import, read without running them."""

from __future__ import annotations

import ast
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ("ROOT", "Import", "Module", "modules", "tracked")

ROOT = Path(__file__).resolve().parents[2]
SOURCES = tuple(ROOT / "packages" / name / "src" for name in ("core", "adapters", "integrations", "client"))


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module, and where."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Module:
    """One source file."""

    name: str
    path: Path
    imports: tuple[Import, ...]

    @property
    def package(self) -> str:
        """Its import package, such as ``gatewright_adapters``."""
        return self.name.partition(".")[0]

    @property
    def where(self) -> str:
        """Its path from the root of the repository."""
        return self.path.relative_to(ROOT).as_posix()


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the four packages."""
    return tuple(_module(source, path) for source in SOURCES for path in sorted(source.rglob("*.py")))


def _module(source: Path, path: Path) -> Module:
    parts = path.relative_to(source).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    return Module(name, path, tuple(_imports(tree)))


def _imports(tree: ast.AST) -> list[Import]:
    """Every import statement, also those inside functions and for the type checker only."""
    found: list[Import] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [Import(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute"
            name = node.module or ""
            # ``from gatewright import wire`` imports a room by another spelling.
            found += [Import(f"{name}.{alias.name}", node.lineno) for alias in node.names]
    return found


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is in the repository, or would be with the next commit."""
    git = shutil.which("git")
    assert git is not None, "these tests ask git which files belong to the repository"
    listed = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(path for path in paths if path.is_file())
