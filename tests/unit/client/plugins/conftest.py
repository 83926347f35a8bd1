"""The two servers with plugins: an instance in this process, and the Node reference, with the same options."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Iterator

import pytest
from tests.conformance.plugins import create_plugin
from tests.unit.client.plugins.world import OPTIONS, PLUGINS, World
from tests.unit.client.servers import KIT, Post, reference

from gatewright.testing.app import make_app
from gatewright_client import Client


@pytest.fixture(scope="session")
def node() -> Iterator[World]:
    if KIT not in os.environ:
        pytest.skip(f"the Node reference is not here: {KIT} names the conformance kit's folder")
    post = Post()
    with reference(OPTIONS, PLUGINS, post) as origin:
        yield World(post, origin)


@pytest.fixture(params=["gatewright", "reference"])
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "reference":
        found: World = request.getfixturevalue("node")
        return found
    post = Post()
    plugins = [create_plugin(each, post.function, index) for index, each in enumerate(PLUGINS)]
    return World(post, app=make_app({"rateLimit": {"enabled": False}}, plugins=plugins))


@pytest.fixture
async def client(world: World, anyio_backend: str) -> AsyncIterator[Client]:
    async with world.client() as client:
        yield client


@pytest.fixture
def email() -> str:
    return f"ada-{secrets.token_hex(6)}@example.com"
