"""The cookies of a test's browser, taken over by Playwright, against an instance that listens on a socket."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator

import pytest
import uvicorn

from gatewright.testing.app import make_app
from gatewright.testing.browser import StorageState
from gatewright_integrations.asgi import AuthApp

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")


@pytest.fixture
def served() -> Generator[tuple[str, StorageState]]:
    """Where the instance listens, and the cookies of somebody who is signed in."""
    server = uvicorn.Server(uvicorn.Config(lambda: None, port=0, log_level="error", factory=True, lifespan="off"))
    bound = server.config.bind_socket()
    origin = f"http://127.0.0.1:{bound.getsockname()[1]}"
    app = make_app({"base_url": origin})
    browser = asyncio.run(app.as_user("ada@example.com"))
    server.config = uvicorn.Config(AuthApp(app.auth), log_level="error", lifespan="off")
    running = threading.Thread(target=lambda: server.run(sockets=[bound]))
    running.start()
    try:
        yield origin, browser.storage_state()
    finally:
        server.should_exit = True
        running.join()


def test_playwright_is_signed_in_with_them(served: tuple[str, StorageState]) -> None:
    origin, state = served
    with sync_api.sync_playwright() as playwright:
        ada = playwright.request.new_context(base_url=origin, storage_state=state)
        nobody = playwright.request.new_context(base_url=origin)
        found = [each.get("/api/auth/get-session").json() for each in (ada, nobody)]
        for each in (ada, nobody):
            each.dispose()
    assert found[0]["user"]["email"] == "ada@example.com"
    assert found[1] is None
