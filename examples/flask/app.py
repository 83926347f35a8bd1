"""Flask, and any other WSGI application: ``python examples/flask/app.py``, then http://127.0.0.1:8000/me.

Needs ``pip install gatewright-integrations gatewright-adapters flask``. Users are kept in memory only.
"""

import os
import secrets

from flask import Flask, request

from gatewright import ApiError, Auth, Settings
from gatewright_adapters.memory import MemoryAdapter
from gatewright_integrations.wsgi import GatewrightWSGI, require_session

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
app = Flask(__name__)


@app.get("/me")
def me() -> tuple[dict[str, object], int]:
    """Who is signed in."""
    try:
        current = require_session(request.environ)
    except ApiError as error:
        return dict(error.body or {}), error.status
    return {"name": current.user.name, "email": current.user.email}, 200


app.wsgi_app = GatewrightWSGI(auth, app.wsgi_app)

if __name__ == "__main__":
    app.run(host="127.0.0.1", port=PORT)
