"""Fixtures shared by every test: each asynchronous test runs on asyncio and on trio."""

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says more about the machine than about the code.
settings.register_profile("gatewright", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("gatewright")


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """The event loop under the test."""
    return str(request.param)
