"""Quart: ``python examples/quart/app.py``, then http://127.0.0.1:8000/.

Needs ``pip install "gatewright-integrations[quart]" gatewright-adapters``. Users are kept in memory only.
"""

import os
import secrets

from quart import Quart, g, render_template_string

from gatewright import Auth, Settings
from gatewright_adapters.memory import MemoryAdapter
from gatewright_integrations.quart import Gatewright

PORT = int(os.environ.get("PORT", "8000"))
PAGE = """<!doctype html>
<title>Gatewright in Quart</title>
<p>{% set session = current_session() %}{% if session %}Hello {{ session.user.name }}{% else %}Nobody is signed in{% endif %}
"""

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
app = Quart(__name__)
gatewright = Gatewright(auth, app)


@app.get("/")
async def page() -> str:
    """A page that knows who is there."""
    return await render_template_string(PAGE)


@app.get("/me")
@gatewright.require_session()
async def me() -> dict[str, str]:
    """Who is signed in."""
    return {"name": g.session.user.name, "email": g.session.user.email}


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=PORT)  # with hypercorn, which Quart brings along
