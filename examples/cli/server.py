"""What ``account.py`` talks to: tokens, signing in devices, a protected API at ``/me``. Users are kept in memory only.

``python examples/cli/server.py``; needs ``pip install "gatewright-integrations[fastapi]" gatewright-adapters uvicorn``.
"""

import os
import secrets
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI

from gatewright import Auth, SessionData, Settings
from gatewright.plugins import Bearer, DeviceAuthorization, DeviceAuthorizationOptions
from gatewright_adapters.memory import MemoryAdapter
from gatewright_integrations.fastapi import GatewrightFastAPI

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
    plugins=[
        Bearer(),
        DeviceAuthorization(
            DeviceAuthorizationOptions.model_validate({"verificationUri": "/device", "interval": "2s"})
        ),
    ],
)
gatewright = GatewrightFastAPI(auth)
app = FastAPI(title="The server of the example of a command line")
gatewright.init_app(app)

CurrentSession = Annotated[SessionData, Depends(gatewright.session)]


@app.get("/me")
async def me(current: CurrentSession) -> dict[str, str]:
    """Who is signed in."""
    return {"name": current.user.name, "email": current.user.email}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="warning")
