"""What the tests of stores share: Cloudflare's own D1 engine (miniflare), started once; needs Node.js and npm."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

BRIDGE = Path(__file__).with_name("d1_bridge")


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Of a bridge to the engine that lives as long as the session."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("no Node.js with npm for Cloudflare's engine")
    if not (BRIDGE / "node_modules" / "miniflare").is_dir():
        made = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=BRIDGE, capture_output=True, check=False
        )
        if made.returncode != 0:
            pytest.skip("npm cannot install Cloudflare's engine")
    bridge = subprocess.Popen(
        [node, "bridge.mjs"], cwd=BRIDGE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ)
    )
    assert bridge.stdout is not None
    assert bridge.stdin is not None
    port = json.loads(bridge.stdout.readline())["port"]
    yield f"http://127.0.0.1:{port}/client/v4"
    bridge.stdin.close()
    bridge.wait(10)
    bridge.stdout.close()
