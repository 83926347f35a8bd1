"""What the type checkers must refuse of the integrations' requirements: each marked line, no other. Never run."""

from __future__ import annotations

from quart import Quart

from gatewright import Auth, Settings
from gatewright_adapters.memory import MemoryAdapter
from gatewright_integrations.fastapi import GatewrightFastAPI
from gatewright_integrations.quart import Gatewright
from gatewright_integrations.requirement import FromPath

auth = Auth(Settings(), MemoryAdapter())
fastapi = GatewrightFastAPI(auth)
fastapi.require(roles="admin")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
fastapi.require(fresh="yes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
fastapi.require(assurance=2)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
fastapi.require(permission=["user"])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
FromPath("organization", by="name")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
quart = Gatewright(auth, Quart("application"))


@quart.require_session(organization=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
async def view() -> None: ...
