"""The instance that generated requests are sent to: ``python -m tests.fuzz.server PORT``.

Every plugin, no rate limits, codes and links delivered nowhere, nobody outside to be reached. ``FUZZ_DB`` is where it
stores: a path of an SQLite file, or the URL of another database, empty at first.
"""

from __future__ import annotations

import asyncio
import os
import sys

import uvicorn
from sqlalchemy.ext.asyncio import create_async_engine
from tests.everything import OPTIONS, every_plugin

from gatewright.blueprint import Blueprint
from gatewright.crypto.passwords import Argon2id, Passwords
from gatewright.ports.egress import EgressError, Outbound, Reply
from gatewright.settings.settings import Settings
from gatewright.testing.app import SECRET
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from gatewright_integrations.asgi import AuthApp


class Outside:
    """The list of breached passwords is empty; everybody else cannot be reached."""

    async def send(self, request: Outbound, /) -> Reply:
        """The answer.

        Raises:
            EgressError: Anything but a question about passwords.
        """
        if request.url.startswith("https://api.pwnedpasswords.com/"):
            return Reply(200, {}, b"")
        raise EgressError("nobody can be reached from here")


def _adapter() -> SQLAlchemyAdapter:
    place = os.environ["FUZZ_DB"]
    return SQLAlchemyAdapter(create_async_engine(place)) if "://" in place else SQLAlchemyAdapter.sqlite(place)


async def main(port: int) -> None:
    """Serve."""
    settings = Settings.load(
        {
            **OPTIONS,
            "secret": SECRET,
            "base_url": f"http://127.0.0.1:{port}",
            "rate_limit": {"enabled": False, "per_account": False},
        }
    )
    blueprint = Blueprint(settings, plugins=every_plugin())
    # What is hashed here is no secret, and must not take the time of what is looked for.
    blueprint.schemes = Passwords(Argon2id(memory_kib=64, passes=1))
    auth = blueprint.bind(_adapter(), egress=Outside())
    async with auth:
        await auth.create_tables()
        config = uvicorn.Config(
            AuthApp(auth), host="127.0.0.1", port=port, access_log=False, log_level="warning", lifespan="off"
        )
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[-1])))
