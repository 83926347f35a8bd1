"""npm packages that tests compare with: installed once, into a cache folder, for as long as the locked versions stay.

What is not there is skipped, with the reason: Node.js, npm, or the registry.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

__all__ = ("node", "npm_tools")

FOLDER = Path(__file__).parent / "tools"
SECONDS = 300


@functools.cache
def npm_tools() -> Path:
    """The folder in which ``node_modules`` is. Skips the test that asks where it cannot be."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node.js and npm are not installed")
    locked = (FOLDER / "package-lock.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gatewright" / "tools"
    home = cache / hashlib.sha256(locked).hexdigest()[:16]
    if home.is_dir():
        return home
    cache.mkdir(parents=True, exist_ok=True)
    # Made beside it and moved into place whole, so that several processes may do this at once.
    making = Path(tempfile.mkdtemp(dir=cache))
    for name in ("package.json", "package-lock.json"):
        shutil.copy(FOLDER / name, making)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(command, cwd=making, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode != 0:
        shutil.rmtree(making, ignore_errors=True)
        pytest.skip(f"npm could not install what is needed: {done.stderr[-300:]}")
    try:
        making.rename(home)
    except OSError:
        shutil.rmtree(making, ignore_errors=True)
    return home


def node(folder: Path, *command: str, sent: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command of Node's with the tools at hand, in ``folder``; its text and its code are for the caller."""
    tools = npm_tools()
    modules = folder / "node_modules"
    if not modules.exists():
        modules.symlink_to(tools / "node_modules", target_is_directory=True)
    return subprocess.run(
        ["node", *command], cwd=folder, input=sent, capture_output=True, text=True, timeout=SECONDS, check=False
    )
