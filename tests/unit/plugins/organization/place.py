"""An instance with an organization in it, and people who join it; what the tests of the plugin start from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gatewright.model.user import User
from gatewright.plugins.base import Plugin
from gatewright.plugins.organization import Organization, OrganizationOptions
from gatewright.plugins.organization.model import Member
from gatewright.services.database import Database
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser

__all__ = ("Place", "founded")


class Place:
    """The instance, its owner and the organization.

    Attributes:
        app, owner, id: What it was given.
    """

    def __init__(self, app: TestApp, owner: Browser, organization_id: str) -> None:
        self.app = app
        self.owner = owner
        self.id = organization_id

    @property
    def db(self) -> Database:
        """The instance's database."""
        return self.app.auth.services.database

    async def user_id(self, email: str) -> str:
        """Of a user by address."""
        user = await self.db.find_one(User, User.email.eq(email))
        assert user is not None
        return user.id

    async def joined(self, email: str, role: str = "member") -> tuple[Browser, Member]:
        """Somebody new who is a member."""
        browser = await self.app.signed_up(email)
        row = Member(
            organization_id=self.id, user_id=await self.user_id(email), role=role, created_at=self.app.clock.now()
        )
        member = await self.db.insert(row)
        await browser.post("/organization/set-active", {"organizationId": self.id})
        return browser, member

    async def member_of(self, email: str) -> Member | None:
        """The member with an address."""
        return await self.db.find_one(
            Member, Member.organization_id.eq(self.id), Member.user_id.eq(await self.user_id(email))
        )

    async def ask(self, path: str, body: Mapping[str, object] | None = None, *, by: Browser | None = None) -> Answer:
        """Post to an operation of the plugin, as the owner where nobody is named."""
        return await (by or self.owner).post(f"/organization/{path}", body)


async def founded(
    options: Mapping[str, Any] | None = None,
    *,
    settings: Mapping[str, Any] | None = None,
    plugins: Sequence[Plugin[Any]] = (),
) -> Place:
    """An organization ``acme`` with an owner ``owner@example.com``."""
    own = Organization(OrganizationOptions.model_validate(options or {}))
    app = make_app(settings, plugins=[own, *plugins])
    owner = await app.signed_up("owner@example.com")
    made = await owner.post("/organization/create", {"name": "Acme", "slug": "acme"})
    assert made.status == 200, made
    return Place(app, owner, made.json["id"])
