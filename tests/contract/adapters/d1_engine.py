"""Cloudflare's own D1 engine on this machine, and adapters over it; needs Node.js 18 or later and npm."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gatewright_adapters.d1 import D1Adapter

if sys.platform != "win32":
    import fcntl

__all__ = ("TOKEN", "bridge", "over_http")

BRIDGE = Path(__file__).with_name("d1_bridge")
TOKEN = "bridge-token"

importlib.import_module("httpx")  # on a busy machine the first statement would spend its time on it


@contextmanager
def bridge() -> Generator[str]:
    """The address of an engine behind the shape of D1's HTTP API; skips the test where it cannot be."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("no Node.js with npm for Cloudflare's engine")
    if not _installed(npm):
        pytest.skip("npm cannot install Cloudflare's engine")
    process = subprocess.Popen(
        [node, "bridge.mjs"], cwd=BRIDGE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ)
    )
    assert process.stdout is not None
    assert process.stdin is not None
    port = json.loads(process.stdout.readline())["port"]
    try:
        yield f"http://127.0.0.1:{port}/client/v4"
    finally:
        process.stdin.close()
        process.wait(60)
        process.stdout.close()


def _installed(npm: str) -> bool:
    """Whether the engine is there, or could be installed; of several processes one does it, and the others wait."""
    with (BRIDGE / "package.json").open("rb") as locked:
        if sys.platform != "win32":
            fcntl.flock(locked, fcntl.LOCK_EX)
        if (BRIDGE / "node_modules" / "miniflare").is_dir():
            return True
        made = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=BRIDGE, capture_output=True, check=False
        )
        return made.returncode == 0


def over_http(address: str, database: str, token: str = TOKEN) -> D1Adapter:
    """The adapter for a database of the engine at ``address``, which has it from the first time it is named.

    How long a busy machine takes is not what is tested: a statement that is given up may have been executed.
    """
    return D1Adapter(account_id="account", database_id=database, token=token, address=address, statement_timeout=60.0)
