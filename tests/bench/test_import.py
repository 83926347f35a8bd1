"""What importing the client costs, next to importing ``httpx``, each in new interpreters of one run."""

from __future__ import annotations

import os
import subprocess
import sys
from statistics import median

import pytest
from tests.architecture.source import SOURCES

MOST = 1.5
"""Times the import of ``httpx``."""

ROUNDS = 7

ALL_GROUPS = "from gatewright_client.calls import actions_of; from gatewright_client.core import CoreCalls; list(actions_of(CoreCalls))"


def seconds(statement: str) -> float:
    """The CPU time that a new interpreter spends on ``statement``."""
    code = f"import time; begun = time.process_time(); {statement}; print(time.process_time() - begun)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, SOURCES))}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return float(run.stdout)


def test_importing_the_client_costs_no_more_than_one_and_a_half_times_httpx(
    capsys: pytest.CaptureFixture[str],
) -> None:
    statements = ("import httpx", "import gatewright_client", f"import gatewright_client; {ALL_GROUPS}")
    for statement in statements:
        # Byte code and the disk's cache are there before anything is measured.
        seconds(statement)
    # In turns, so that a busy moment of the machine concerns all of them.
    rounds = [tuple(map(seconds, statements)) for _ in range(ROUNDS)]
    floor, client, every = (median(each) for each in zip(*rounds, strict=True))
    with capsys.disabled():
        sys.stdout.write(
            f"\n  import httpx {floor * 1e3:.0f} ms, gatewright_client {client * 1e3:.0f} ms ({client / floor:.2f} times), "
            f"with every group {every * 1e3:.0f} ms ({every / floor:.2f} times)\n"
        )
    assert client < MOST * floor
    assert every < MOST * floor
