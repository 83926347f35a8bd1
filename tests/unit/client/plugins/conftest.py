"""The two servers with plugins: an instance in this process, and the Node reference, with the same options."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Iterator

import pytest
from tests.conformance.codec import decode
from tests.conformance.plugins import create_plugin
from tests.unit.client.plugins.world import EVERYDAY, Specification, World
from tests.unit.client.servers import KIT, Post, reference

from gatewright.testing.app import make_app
from gatewright.wire.names import snake
from gatewright_client import Client


@pytest.fixture(scope="module")
def specification() -> Specification:
    """What the servers are made with; a module says otherwise with a fixture of its own."""
    return EVERYDAY


@pytest.fixture(scope="module")
def node(specification: Specification) -> Iterator[World]:
    if KIT not in os.environ:
        pytest.skip(f"the Node reference is not here: {KIT} names the conformance kit's folder")
    world = World(Post())
    # The reference reads the metadata of its providers when it starts.
    world.corp()
    with reference(specification.every_option, specification.plugins, world.post) as world.origin:
        yield world


@pytest.fixture(params=["gatewright", "reference"])
def world(request: pytest.FixtureRequest, specification: Specification) -> World:
    if request.param == "reference":
        found: World = request.getfixturevalue("node")
        return found
    post = Post()
    plugins = [create_plugin(dict(each), post.function, index) for index, each in enumerate(specification.plugins)]
    options = {snake(name): value for name, value in decode(specification.every_option, post.function).items()}
    return World(post, app=make_app(options, plugins=plugins))


@pytest.fixture
async def client(world: World, anyio_backend: str) -> AsyncIterator[Client]:
    async with world.client() as client:
        yield client


@pytest.fixture
def email() -> str:
    return f"ada-{secrets.token_hex(6)}@example.com"
