"""The pages of the documentation: which there are, their Python blocks, and what a reader of each has already.

A block runs in the order of its page, in the namespace of those before it, on asyncio. A page that says of its blocks that
each runs as it stands gets a namespace for each. A block that cannot run says why, where a reader of the source sees it:
``python not run: the reason``; it is compiled, and what it imports from this project has to be there.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any

import anyio
from tests.unit.documented_given import GIVEN

if TYPE_CHECKING:
    from gatewright.auth import Auth

__all__ = ("PAGES", "ROOT", "Block", "blocks_of", "name_of", "run_page")

ROOT = Path(__file__).parents[2]

PAGES = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "packages").glob("*/README.md")),
    ROOT / "packages" / "core" / "contract" / "README.md",
)
"""Every page with something to run or to follow."""

OURS = ("gatewright", "gatewright_adapters", "gatewright_client", "gatewright_integrations")
"""The packages of this project."""

ALONE = "runs as it stands"
"""What a page says whose blocks do not build upon each other."""

_BLOCK = re.compile(r"^```python(?P<said>[^\n]*)\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)
_NOT_RUN = re.compile(r" not run: \S.*")


@dataclass(frozen=True, slots=True)
class Block:
    """A Python block of a page.

    Attributes:
        name: The page and the line of its first statement.
        text: What it says.
        line: Where it begins in the page.
        said: What stands behind ``python`` on its first line.
    """

    name: str
    text: str
    line: int
    said: str

    @property
    def runs(self) -> bool:
        """Whether it is run; otherwise it says why not."""
        return not self.said

    def compiled(self) -> CodeType:
        """The block, which may await at its top level; lines are those of the page."""
        return _compiled("\n" * self.line + self.text, self.name)

    def imports(self) -> str:
        """What it imports from this project, and nothing else that it does."""
        found = [
            node
            for node in ast.walk(ast.parse(self.text))
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in OURS
        ]
        return "\n".join(map(ast.unparse, found))


def name_of(page: Path) -> str:
    """A page by its path below the repository."""
    return page.relative_to(ROOT).as_posix()


def blocks_of(page: Path) -> list[Block]:
    """The Python blocks of a page, in order.

    Raises:
        ValueError: A block says something else than that it does not run, and why.
    """
    text = page.read_text(encoding="utf-8")
    found: list[Block] = []
    for match in _BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("text"))
        said = match["said"]
        if said and not _NOT_RUN.fullmatch(said):
            raise ValueError(f"{name_of(page)}:{line}: a block says `python` alone, or `python not run: why`")
        found.append(Block(f"{name_of(page)}:{line + 1}", match["text"], line, said))
    return found


def run_page(page: Path, served: dict[str, Auth[Any]]) -> None:
    """Run the blocks of a page that run.

    Args:
        page: Which.
        served: Instances that the page can talk to, by host; what a reader has already puts them there.
    """
    alone = ALONE in page.read_text(encoding="utf-8")
    steps: list[tuple[CodeType | None, CodeType | None]] = []
    for number, block in enumerate(blocks_of(page)):
        given = GIVEN.get(name_of(page), {}).get(number)
        steps.append((None if given is None else _compiled(given, "given"), block.compiled() if block.runs else None))

    async def everything() -> None:
        # Under another name than __main__: what an application does when it is started stays undone.
        namespace: dict[str, Any] = {"__name__": "documented", "served": served}
        for given, code in steps:
            await _run(given, namespace)
            await _run(code, dict(namespace) if alone else namespace)

    anyio.run(everything)


def _compiled(text: str, name: str) -> CodeType:
    code: Any = compile(text, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    return code


async def _run(code: CodeType | None, namespace: dict[str, Any]) -> None:
    waiting: Any = None if code is None else eval(code, namespace)
    if waiting is not None:
        await waiting
