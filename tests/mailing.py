"""An instance that mails everything it can, and what tests of mailed links do with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeVar

import anyio
import anyio.lowlevel

from gatewright.ports.adapter import Adapter
from gatewright.ports.cache import Cache
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.mailbox import Mailbox

__all__ = ("ADA", "CountingPasswords", "all_at_once", "mailing_app", "requested_reset", "signed_in", "statuses")

T = TypeVar("T")

ADA: Mapping[str, object] = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}


class CountingPasswords:
    """An application's own password functions: they cost nothing, count, and let others run as real ones do."""

    def __init__(self) -> None:
        self.work = 0

    async def hash(self, password: str) -> str:
        self.work += 1
        await anyio.lowlevel.checkpoint()
        return f"hashed:{password}"

    async def verify(self, given: Any) -> bool:
        self.work += 1
        await anyio.lowlevel.checkpoint()
        return given["hash"] == f"hashed:{given['password']}"


def mailing_app(
    *,
    scheme: CountingPasswords | None = None,
    passwords: Mapping[str, object] | None = None,
    verification: Mapping[str, object] | None = None,
    change_email: Mapping[str, object] | None = None,
    delete_user: Mapping[str, object] | None = None,
    store_identifier: object = "plain",
    adapter: Adapter | None = None,
    cache: Cache | None = None,
    options: Mapping[str, object] | None = None,
) -> TestApp:
    """An instance whose mails land in ``app.mailbox`` as ``reset``, ``verify``, ``confirm`` and ``delete``."""
    box = Mailbox()
    scheme = scheme or CountingPasswords()
    own = {"hash": scheme.hash, "verify": scheme.verify}
    return make_app(
        {
            "email_and_password": {
                "enabled": True,
                "password": own,
                "send_reset_password": box.sender("reset"),
                "on_password_reset": box.sender("was reset"),
                "on_existing_user_sign_up": box.sender("known"),
                **(passwords or {}),
            },
            "email_verification": {
                "send_verification_email": box.sender("verify"),
                "after_email_verification": box.sender("verified"),
                **(verification or {}),
            },
            "user": {
                "change_email": {"enabled": True, **(change_email or {})},
                "delete_user": {"enabled": True, "after_delete": box.sender("deleted"), **(delete_user or {})},
            },
            "verification": {"store_identifier": store_identifier},
            **(options or {}),
        },
        adapter=adapter,
        cache=cache,
        mailbox=box,
    )


async def requested_reset(app: TestApp, email: str = "ada@example.com") -> str:
    """The token that was mailed for resetting a password."""
    answer = await app.browser().post("/request-password-reset", {"email": email, "redirectTo": "/reset"})
    assert answer.status == 200
    token: str = app.mailbox.last("reset").token
    return token


async def signed_in(app: TestApp, password: str, email: str = "ada@example.com") -> tuple[int, Browser]:
    """The status of signing in, and the browser that tried."""
    browser = app.browser()
    return (await browser.post("/sign-in/email", {"email": email, "password": password})).status, browser


async def all_at_once(jobs: Iterable[Callable[[], Awaitable[T]]]) -> list[T]:
    """The results of jobs that all start before any is waited for."""
    made = list(jobs)
    results: dict[int, T] = {}

    async def run(number: int, job: Callable[[], Awaitable[T]]) -> None:
        results[number] = await job()

    async with anyio.create_task_group() as group:
        for number, job in enumerate(made):
            group.start_soon(run, number, job)
    return [results[number] for number in range(len(made))]


def statuses(answers: Iterable[Answer]) -> dict[int, int]:
    """How many answers of each status."""
    found: dict[int, int] = {}
    for answer in answers:
        found[answer.status] = found.get(answer.status, 0) + 1
    return found
