"""The reference that these tests ask: where it is installed. They are skipped, with the reason, where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conformance import run


@pytest.fixture(scope="session")
def kit() -> Path:
    """The folder of the reference, with its npm packages."""
    if (reason := run.node_missing()) is not None:
        pytest.skip(reason)
    found = run.installed_reference()
    if found is None:
        pytest.skip("no conformance kit with its npm packages: nox -s reference installs them")
    return found
