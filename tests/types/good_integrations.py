"""What the type checkers must accept of the integrations' requirements. Never run."""

from __future__ import annotations

from typing import Annotated, assert_type

from fastapi import Depends
from quart import Quart

from gatewright import Auth, SessionData, Settings
from gatewright.model.user import User
from gatewright.plugins import Organization
from gatewright.plugins.assurance import Needed
from gatewright.plugins.organization.model import Member
from gatewright_adapters.memory import MemoryAdapter
from gatewright_integrations.caller import Caller
from gatewright_integrations.fastapi import CurrentSession, CurrentUser, GatewrightFastAPI, OptionalSession
from gatewright_integrations.quart import Gatewright
from gatewright_integrations.requirement import ACTIVE, FromHeader, FromPath

auth = Auth(Settings(), MemoryAdapter(), plugins=[Organization()])
fastapi = GatewrightFastAPI(auth)
recent = fastapi.require(fresh=True, role=["admin", "support"])
owner = fastapi.member(FromPath("organization", by="slug"), role="owner")
quart = Gatewright(auth, Quart("application"))


async def route(
    current: CurrentSession,
    maybe: OptionalSession,
    user: CurrentUser,
    fresh: Annotated[SessionData, Depends(recent)],
    member: Annotated[Member, Depends(owner)],
) -> None:
    assert_type(current.user, User)
    assert_type(maybe, SessionData | None)
    assert_type(user.email, str)
    assert_type(member.role, str)


@quart.require_session(organization=FromHeader("x-organization"), permission={"member": ["create"]})
async def view(name: str) -> int:
    return len(name)


async def use(caller: Caller) -> None:
    assert_type(await view("a"), int)
    assert_type(await caller.require(organization=ACTIVE, role="owner"), SessionData)
    assert_type(await caller.require(assurance=Needed.of(level=2, max_age=300)), SessionData)
