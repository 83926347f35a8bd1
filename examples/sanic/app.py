"""Sanic: ``python examples/sanic/app.py``, then http://127.0.0.1:8000/me.

Needs ``pip install "gatewright-integrations[sanic]" gatewright-adapters``. Users are kept in memory only, so there is one
worker; with a database there can be as many as you like.
"""

import os
import secrets
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.response import json

from gatewright import Auth, Settings
from gatewright_adapters.memory import MemoryAdapter
from gatewright_integrations.sanic import Gatewright

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
app: Sanic[Any, Any] = Sanic("GatewrightExample")
gatewright = Gatewright(auth)
gatewright.init_app(app)


@app.get("/me")
@gatewright.require_session()
async def me(request: Request[Any, Any]) -> HTTPResponse:
    """Who is signed in."""
    user = request.ctx.session.user
    return json({"name": user.name, "email": user.email})


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=PORT, single_process=True)  # pyright: ignore[reportUnknownMemberType] (Sanic's own types)
