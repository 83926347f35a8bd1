"""Processes that are killed: one that forks at each line it reads, and children that write users until they die.

Run with the address of a database and the name of the work. Each child tells the address of a user before it writes it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import anyio
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from tests.security.attacker import SIGN_UP, QuickPasswords

from gatewright.auth import Auth
from gatewright.plugins import Organization, TwoFactor
from gatewright.ports.clock import SystemClock
from gatewright.ports.workers import InlineWorkers
from gatewright.settings.settings import Settings
from gatewright.testing.app import SECRET
from gatewright.testing.browser import Browser
from gatewright.testing.egress import ScriptedEgress
from gatewright.testing.identity_provider import FakeGoogle, query_of
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

__all__ = ("PASSWORD", "auth_on", "opened", "social_sign_in")

PASSWORD = str(SIGN_UP["password"])
GOOGLE = FakeGoogle(ScriptedEgress(), SystemClock())


@asynccontextmanager
async def opened(address: str) -> AsyncGenerator[SQLAlchemyAdapter]:
    """The adapter for a path of a SQLite file, or for an engine's address; ``search_path`` is PostgreSQL's schema."""
    if "://" not in address:
        adapter = SQLAlchemyAdapter.sqlite(address)
        yield adapter
        await adapter.close()
        return
    url = make_url(address)
    schema = url.query.get("search_path")
    arguments: dict[str, Any] = {"server_settings": {"search_path": schema}} if schema else {}
    engine = create_async_engine(url.set(query={}), connect_args=arguments)
    yield SQLAlchemyAdapter(engine)
    await engine.dispose()


def auth_on(adapter: SQLAlchemyAdapter) -> Auth[Any]:
    """An instance with everything that the work below needs, and passwords that cost nothing."""
    settings = Settings.load(
        {
            "secret": SECRET,
            "base_url": "http://localhost:3000",
            "email_and_password": QuickPasswords.options(),
            "user": {"delete_user": {"enabled": True}},
            "social_providers": {"google": {"client_id": "google-id", "client_secret": "google-secret"}},
            "rate_limit": {"enabled": False},
        }
    )
    plugins = [Organization(), TwoFactor()]
    return Auth[Any](settings, adapter, plugins=plugins, workers=InlineWorkers(), egress=GOOGLE.egress)


async def sign_up(browser: Browser, email: str) -> None:
    """Nothing more."""


async def create_organization(browser: Browser, email: str) -> None:
    """An organization of the user's own."""
    await browser.post("/organization/create", {"name": email, "slug": email.replace("@", "-at-")})


async def accept_invitation(browser: Browser, email: str) -> None:
    """Somebody else joins the user's organization."""
    made = await browser.post("/organization/create", {"name": email, "slug": email.replace("@", "-at-")})
    guest = await browser.post(
        "/organization/invite-member",
        {"organizationId": made.json["id"], "email": f"guest-{email}", "role": "member"},
    )
    browser.jar.clear()
    await browser.post("/sign-up/email", {**SIGN_UP, "email": f"guest-{email}"})
    await browser.post("/organization/accept-invitation", {"invitationId": guest.json["id"]})


async def enable_two_factor(browser: Browser, email: str) -> None:
    """A second factor, not yet proven."""
    await browser.post("/two-factor/enable", {"password": PASSWORD})


async def delete_user(browser: Browser, email: str) -> None:
    """The user goes again."""
    await browser.post("/delete-user", {"password": PASSWORD})


async def social_sign_in(browser: Browser, email: str) -> None:
    """Somebody else comes from a provider for the first time."""
    GOOGLE.claims |= {"sub": email, "email": f"social-{email}"}
    browser.jar.clear()
    answer = await browser.post("/sign-in/social", {"provider": "google", "callbackURL": "/home"})
    await browser.get(f"/callback/google?code=c&state={query_of(answer.json['url'])['state']}")


WORK: Mapping[str, Callable[[Browser, str], Awaitable[None]]] = {
    each.__name__: each
    for each in (sign_up, create_organization, accept_invitation, enable_two_factor, delete_user, social_sign_in)
}


async def work_until_killed(address: str, work: str, round_: str) -> None:
    """Write users, one after the other."""
    async with opened(address) as adapter:
        auth = auth_on(adapter)
        for number in range(100_000):
            email = f"user-{round_}-{number}@example.com"
            os.write(1, f"{email}\n".encode())
            browser = Browser(auth)
            await browser.post("/sign-up/email", {**SIGN_UP, "email": email})
            await WORK[work](browser, email)


def main(address: str, work: str) -> None:
    """Fork for each line; a dead child is told as an empty line."""
    os.write(1, b"ready\n")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.write(1, f"{os.getpid()}\n".encode())
            anyio.run(work_until_killed, address, work, line.strip())
            os._exit(1)
        os.waitpid(child, 0)
        os.write(1, b"\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
