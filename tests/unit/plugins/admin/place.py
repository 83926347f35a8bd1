"""An instance with an administrator and a user; what the tests of the plugin start from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gatewright.model.user import User
from gatewright.plugins.admin import Admin, AdminOptions, AdminUser
from gatewright.plugins.base import Plugin
from gatewright.services.database import Database
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser

__all__ = ("Office", "opened")

CREDENTIALS = {"email": "ada@example.com", "password": "password-1234"}


class Office:
    """The instance, its administrator ``root@example.com`` and its user ``ada@example.com``.

    Attributes:
        app, root, ada, ada_id: What it was given.
    """

    def __init__(self, app: TestApp, root: Browser, ada: Browser, ada_id: str) -> None:
        self.app = app
        self.root = root
        self.ada = ada
        self.ada_id = ada_id

    @property
    def db(self) -> Database:
        """The instance's database."""
        return self.app.auth.services.database

    async def user(self, email: str = "ada@example.com") -> AdminUser:
        """A user as stored."""
        found = await self.db.find_one(AdminUser, AdminUser.email.eq(email))
        assert found is not None
        return found

    async def become(self, email: str, role: str) -> None:
        """Give a user a role, past the operations."""
        await self.db.update_one(AdminUser, AdminUser.email.eq(email), set=[AdminUser.role.to(role)])

    async def joined(self, email: str, role: str = "user") -> Browser:
        """Somebody new with a role."""
        browser = await self.app.signed_up(email)
        await self.become(email, role)
        return browser

    async def ask(self, path: str, body: Mapping[str, object] | None = None, *, by: Browser | None = None) -> Answer:
        """Post to an operation of the plugin, as the administrator where nobody is named."""
        return await (by or self.root).post(f"/admin/{path}", body)

    async def sign_in(self, email: str = "ada@example.com", password: str = "password-1234") -> Answer:
        """Somebody signs in with a password."""
        return await self.app.browser().post("/sign-in/email", {"email": email, "password": password})


async def opened(
    options: Mapping[str, Any] | None = None,
    *,
    settings: Mapping[str, Any] | None = None,
    plugins: Sequence[Plugin[Any]] = (),
) -> Office:
    """The office; ``options`` are the plugin's."""
    app = make_app(settings, plugins=[Admin(AdminOptions.model_validate(options or {})), *plugins])
    root = await app.signed_up("root@example.com")
    ada = await app.signed_up()
    user = await app.auth.services.database.find_one(User, User.email.eq("ada@example.com"))
    assert user is not None
    office = Office(app, root, ada, user.id)
    await office.become("root@example.com", "admin")
    return office
