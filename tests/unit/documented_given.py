"""What a reader of each page has already: an instance, a request, a server to talk to. Code, by page and by block."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ("GIVEN",)

_AUTH = """
from gatewright import Auth, Settings
from gatewright_adapters.memory import MemoryAdapter

adapter = MemoryAdapter()
settings = Settings(
    secret="at-least-32-random-characters-here",
    base_url="http://localhost:3000",
    email_and_password={"enabled": True, "min_password_length": 1},
)
auth = Auth(settings, adapter)
"""

_ADA = """
from gatewright import Request
from gatewright.testing.browser import Browser

browser = Browser(auth)
ada = await auth.api.sign_up_email(name="Ada", email="ada@example.com", password="a-long-password")
await browser.post("/sign-in/email", {"email": "ada@example.com", "password": "a-long-password"})
request = Request.make("GET", "http://localhost:3000/here", {"cookie": browser.cookie_header()})
headers = request.headers
"""

_SERVED = """
from gatewright.pipeline.handles import handles
from gatewright.plugins import Organization
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.custom_session import CustomSession
from gatewright.wire.calls import Api
from gatewright.wire.operation import Operation, get
from gatewright.wire.result import Result

class Thing(Result):
    name: str

@get("/things/list")
class ListThings(Operation[list[Thing]]):
    kind: str | None = None

@get("/things/mine")
class ListMyThings(Operation[list[Thing]]): ...

@handles(ListThings)
async def list_things(call):
    return [Thing(name="kettle")]

class Things(Plugin[Api]):
    id = "things"
    api_type = Api

    def parts(self):
        return Parts(endpoints=[list_things])

async def with_user(data, call):
    return {"session": data.session, "user": data.user}

served["example.com"] = Auth(
    Settings(
        secret="at-least-32-random-characters-here",
        base_url="https://example.com",
        email_and_password={"enabled": True, "min_password_length": 1},
        user={"additional_fields": {"plan": {"type": "string", "required": False, "default_value": "free"}}},
    ),
    MemoryAdapter(),
    plugins=[Organization(), Things()],
)
await served["example.com"].api.sign_up_email(name="Ada", email="ada@example.com", password="...")
"""

GIVEN: Mapping[str, Mapping[int, str]] = {
    "README.md": {
        1: """
from gatewright import Request

await auth.create_tables()
await auth.api.sign_up_email(name="Ada", email="ada@example.com", password="a-long-password")
request = Request.make("GET", "http://localhost:8000/me")
"""
    },
    "CONTRIBUTING.md": {
        0: """
from contextlib import asynccontextmanager

@asynccontextmanager
async def open_empty_database(): ...
"""
    },
    "docs/assurance.md": {
        0: _AUTH,
        2: """
from fastapi import Depends, FastAPI

from gatewright.contract.results import Done
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import handles
from gatewright.wire.operation import Operation, post
from gatewright_integrations.fastapi import GatewrightFastAPI

@post("/close-account")
class CloseAccount(Operation[Done]): ...

gatewright = GatewrightFastAPI(auth)
""",
    },
    "docs/openapi.md": {0: _AUTH},
    "docs/testing.md": {
        0: _AUTH
        + """
import sys
from types import ModuleType

for name in ("myapp", "myapp.auth", "myapp.main"):
    sys.modules[name] = ModuleType(name)
sys.modules["myapp.auth"].auth = auth
sys.modules["myapp.main"].app = None
"""
    },
    "docs/tokens.md": {
        0: _AUTH,
        5: _ADA + "user = ada.user; header = 'gw_1'",
    },
    "packages/adapters/README.md": {
        0: _AUTH,
        1: "adapter = MemoryAdapter()",
        2: "engine = create_async_engine('sqlite+aiosqlite:///app.db')",
    },
    "packages/client/README.md": {
        0: _AUTH + _SERVED,
        1: "key = 'gw_0123456789'",
        5: "client = Client('https://example.com')",
        6: """
served["example.com"] = Auth(served["example.com"].blueprint.settings, MemoryAdapter(), plugins=[CustomSession(with_user)])
""",
    },
    "packages/integrations/README.md": {
        0: _AUTH
        + "from gatewright.plugins import Organization; auth = Auth(settings, adapter, plugins=[Organization()])",
        1: "from quart import Quart; app = Quart('documented')",
        2: """
asgi = FastAPI()

class flask:
    wsgi_app = None
""",
        3: """
app = FastAPI()
SECRET = "at-least-32-random-characters-here"
""",
    },
}
"""By the page's path, and by the number of the block that it comes before."""
