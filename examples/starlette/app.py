"""Starlette, and any other ASGI application: ``python examples/starlette/app.py``, then http://127.0.0.1:8000/me.

Needs ``pip install gatewright-integrations gatewright-adapters starlette granian``. Users are kept in memory only.
"""

import asyncio
import os
import secrets

from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from gatewright import ApiError, Auth, Settings
from gatewright_adapters.memory import MemoryAdapter
from gatewright_integrations.middleware import GatewrightMiddleware, caller_of

PORT = int(os.environ.get("PORT", "8000"))

auth = Auth(
    Settings.load(
        {
            "secret": os.environ.get("BETTER_AUTH_SECRET") or secrets.token_urlsafe(32),
            "base_url": f"http://127.0.0.1:{PORT}",
            "email_and_password": {"enabled": True},
        }
    ),
    MemoryAdapter(),
)


async def me(request: Request) -> JSONResponse:
    """Who is signed in."""
    try:
        current = await caller_of(request.scope).require()
    except ApiError as error:
        return JSONResponse(dict(error.body or {}), error.status)
    return JSONResponse({"name": current.user.name, "email": current.user.email})


app = GatewrightMiddleware(Starlette(routes=[Route("/me", me)]), auth)

if __name__ == "__main__":
    server = Server(app, address="127.0.0.1", port=PORT, interface=Interfaces.ASGI)
    asyncio.run(server.serve())
