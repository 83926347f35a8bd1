"""FastAPI: ``python examples/fastapi/app.py``, then http://127.0.0.1:8000/docs.

Needs ``pip install "gatewright-integrations[fastapi]" gatewright-adapters uvicorn``. Users are kept in memory only.
"""

import os
import secrets

import uvicorn
from fastapi import FastAPI

from gatewright import Auth, Settings
from gatewright_adapters.memory import MemoryAdapter
from gatewright_integrations.fastapi import CurrentSession, GatewrightFastAPI

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
gatewright = GatewrightFastAPI(auth)
app = FastAPI(title="Gatewright in FastAPI")
gatewright.init_app(app)


@app.get("/me")
async def me(current: CurrentSession) -> dict[str, str]:
    """Who is signed in."""
    return {"name": current.user.name, "email": current.user.email}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=PORT)
