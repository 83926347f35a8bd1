"""Kills processes that work on organizations in one SQLite file, at any moment; reports what they left behind as JSON.

Run with a database file and a number of rounds. Each process is forked from this one, which has loaded everything.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import sqlite3
import sys
import time
from pathlib import Path

import anyio
from tests.mailing import CountingPasswords, all_at_once

from gatewright.api import CoreApi
from gatewright.blueprint import Blueprint
from gatewright.plugins.organization import Organization, OrganizationOptions
from gatewright.settings.settings import Settings
from gatewright.testing.app import SECRET
from gatewright.testing.browser import ORIGIN, Browser
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

OWNERLESS = """
SELECT count(*) FROM organization
WHERE NOT EXISTS (SELECT 1 FROM member WHERE "organizationId" = organization.id AND role = 'owner')
"""
STRAY = 'SELECT count(*) FROM member WHERE "organizationId" NOT IN (SELECT id FROM organization)'
UNEVEN = """
SELECT count(*) FROM team
WHERE "memberCount" <> (SELECT count(*) FROM "teamMember" WHERE "teamId" = team.id)
"""


def blueprint() -> Blueprint[CoreApi]:
    """Everything that is worked out once, before the forks."""
    scheme = CountingPasswords()
    settings = Settings.load(
        {
            "secret": SECRET,
            "base_url": ORIGIN,
            "email_and_password": {"enabled": True, "password": {"hash": scheme.hash, "verify": scheme.verify}},
            "rate_limit": {"enabled": False},
        }
    )
    options = OrganizationOptions.model_validate({"teams": {"enabled": True}})
    return Blueprint(settings, plugins=[Organization(options)])


async def prepared(plan: Blueprint[CoreApi], path: Path) -> list[tuple[dict[str, str], str]]:
    """Two users: their cookies and identifiers."""
    found: list[tuple[dict[str, str], str]] = []
    async with plan.bind(SQLAlchemyAdapter.sqlite(path)) as auth:
        await auth.create_tables()
        for email in ("one@example.com", "two@example.com"):
            browser = Browser(auth)
            body = {"name": "Ada", "email": email, "password": "password-1234"}
            user = (await browser.post("/sign-up/email", body)).json["user"]
            found.append((browser.jar, user["id"]))
    return found


async def work(
    plan: Blueprint[CoreApi], path: Path, users: list[tuple[dict[str, str], str]], started: int, number: int
) -> None:
    """Found organizations, fill them, leave them and dissolve them until somebody ends it."""
    auth = plan.bind(SQLAlchemyAdapter.sqlite(path))
    one, two = Browser(auth), Browser(auth)
    (one.jar, _), (two.jar, other) = users
    for count in itertools.count():
        made = await one.post("/organization/create", {"name": "Acme", "slug": f"acme-{number}-{count}"})
        if count == 0:
            os.write(started, b".")
        here = made.json["id"]
        body = {"organizationId": here, "userId": other, "role": "owner"}
        member = (await one.post("/organization/add-member", body)).json
        teams = (await one.get(f"/organization/list-teams?organizationId={here}")).json
        place = {"teamId": teams[0]["id"], "userId": other, "organizationId": here}
        await one.post("/organization/add-team-member", place)
        demoted = {"memberId": member["id"], "role": "member", "organizationId": here}
        await all_at_once(
            [
                lambda here=here: one.post("/organization/leave", {"organizationId": here}),
                lambda here=here: two.post("/organization/leave", {"organizationId": here}),
                lambda demoted=demoted: one.post("/organization/update-member-role", demoted),
            ]
        )
        if count % 3 == 2:
            await one.post("/organization/delete", {"organizationId": here})
            await two.post("/organization/delete", {"organizationId": here})


def main(path: Path, rounds: int) -> None:
    plan = blueprint()
    users = anyio.run(prepared, plan, path)
    chance = random.Random(7)
    killed = 0
    for number in range(rounds):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            anyio.run(work, plan, path, users, writing, number)
            os._exit(1)
        os.close(writing)
        os.read(reading, 1)
        time.sleep(chance.random() * 0.03)
        os.kill(child, signal.SIGKILL)
        killed += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        os.close(reading)
    with sqlite3.connect(path) as connection:
        counts = {
            name: connection.execute(text).fetchone()[0]
            for name, text in (
                ("ownerless", OWNERLESS),
                ("stray", STRAY),
                ("uneven", UNEVEN),
                ("organizations", "SELECT count(*) FROM organization"),
            )
        }
    sys.stdout.write(json.dumps({"killed": killed, **counts}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
