"""Who is registered: answers and work that must not tell. Work is counted, not timed. Named after the cases."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from tests.mailing import ADA, CountingPasswords, mailing_app

from gatewright.model.account import Account
from gatewright.model.query import Delete, Insert, Select, Update, Values
from gatewright.model.user import User
from gatewright.ports.tasks import Job
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio


class CountingStore(MemoryAdapter):
    """Counts visits."""

    def __init__(self) -> None:
        super().__init__()
        self.visits = 0

    async def insert(self, query: Insert) -> Values:
        self.visits += 1
        return await super().insert(query)

    async def select(self, query: Select) -> Sequence[Values]:
        self.visits += 1
        return await super().select(query)

    async def update_one(self, query: Update) -> Values | None:
        self.visits += 1
        return await super().update_one(query)

    async def take(self, query: Delete) -> Values | None:
        self.visits += 1
        return await super().take(query)


class LaterTasks:
    """Keeps jobs for when the answer is out."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    async def spawn(self, job: Job, /, *, name: str) -> None:
        self.jobs.append(job)


class Watched:
    """An instance whose work per request is known."""

    def __init__(self, **more: Any) -> None:
        self.scheme, self.store, self.later = CountingPasswords(), CountingStore(), LaterTasks()
        self.app: TestApp = mailing_app(scheme=self.scheme, adapter=self.store, **more)
        self.app.auth.services.tasks = self.later

    async def post(self, path: str, body: object) -> tuple[Answer, tuple[int, int, int]]:
        """The answer, and what it cost: hashes, visits to the store, jobs for later."""
        self.scheme.work, self.store.visits = 0, 0
        self.later.jobs.clear()
        answer = await self.app.browser().post(path, body)
        return answer, (self.scheme.work, self.store.visits, len(self.later.jobs))


def seen(answer: Answer) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    """All that the caller sees."""
    return answer.status, answer.body, answer.headers


@pytest.mark.parametrize("verified", [False, True])
async def test_enu_01_a_sign_in_that_fails_does_not_tell_why(verified: bool) -> None:
    watched = Watched(passwords={"require_email_verification": verified})
    await watched.app.browser().post("/sign-up/email", ADA)
    await watched.app.browser().post("/sign-up/email", {**ADA, "email": "nopassword@example.com"})
    db = watched.app.auth.services.database
    user = await watched.app.auth.services.users.by_email(db, "nopassword@example.com")
    assert user is not None
    await db.delete(Account, Account.user_id.eq(user.id))
    found = [
        await watched.post("/sign-in/email", {"email": email, "password": "password-9999"})
        for email in ("ada@example.com", "nopassword@example.com", "nobody@example.com")
    ]
    assert {answer.status for answer, _ in found} == {401}
    assert len({seen(answer) for answer, _ in found}) == 1
    assert {hashes for _, (hashes, _, _) in found} == {1}
    assert {jobs for _, (_, _, jobs) in found} == {0}


async def test_enu_03_a_reset_does_not_tell_whether_the_address_is_known() -> None:
    watched = Watched()
    await watched.app.signed_up()
    known, known_cost = await watched.post("/request-password-reset", {"email": "ada@example.com"})
    known_jobs = list(watched.later.jobs)
    unknown, unknown_cost = await watched.post("/request-password-reset", {"email": "nobody@example.com"})
    unknown_jobs = list(watched.later.jobs)
    assert known.status == 200
    assert seen(known) == seen(unknown)
    assert known_cost == unknown_cost == (0, 1, 1)
    # What comes after the answer visits the store as often, for where nothing can come after it.
    visits: list[int] = []
    for (job,) in (known_jobs, unknown_jobs):
        watched.store.visits = 0
        await job()
        visits.append(watched.store.visits)
    assert visits == [1, 1]
    assert [mail.user.email for mail in watched.app.mailbox.all("reset")] == ["ada@example.com"]


@pytest.mark.parametrize("passwords", [{"require_email_verification": True}, {"auto_sign_in": False}])
async def test_enu_04_signing_up_does_not_tell_whether_the_address_is_known(passwords: dict[str, object]) -> None:
    watched = Watched(passwords=passwords)
    new, (new_hashes, _, _) = await watched.post("/sign-up/email", ADA)
    known, (known_hashes, _, _) = await watched.post("/sign-up/email", {**ADA, "password": "password-5678"})
    assert (new.status, known.status) == (200, 200)
    assert new.headers == known.headers
    real, made_up = new.json, known.json
    assert list(real["user"]) == list(made_up["user"])
    assert len(real["user"].pop("id")) == len(made_up["user"].pop("id"))
    assert real == made_up
    assert new_hashes == known_hashes == 1
    assert await watched.app.auth.services.database.count(User) == 1
    for job in watched.later.jobs:
        await job()
    assert [told.user.email for told in watched.app.mailbox.all("known")] == ["ada@example.com"]


async def test_enu_04_a_made_up_number_follows_the_last_one() -> None:
    numbers = iter(["1", "2", None])

    def number_of(model: str) -> str | None:
        return next(numbers)

    app = make_app(
        {
            "email_and_password": {"enabled": True, "auto_sign_in": False},
            "advanced": {"database": {"generate_id": number_of}},
        }
    )
    real = await app.browser().post("/sign-up/email", ADA)
    made_up = await app.browser().post("/sign-up/email", ADA)
    assert (real.json["user"]["id"], made_up.json["user"]["id"]) == ("1", "2")


async def test_enu_05_a_verification_mail_does_not_tell_whether_the_address_is_known() -> None:
    watched = Watched()
    await watched.app.signed_up()
    await watched.app.signed_up("done@example.com")
    db = watched.app.auth.services.database
    await db.update_many(User, User.email.eq("done@example.com"), set=[User.email_verified.to(True)])
    found = [
        await watched.post("/send-verification-email", {"email": email})
        for email in ("ada@example.com", "done@example.com", "nobody@example.com")
    ]
    assert len({seen(answer) for answer, _ in found}) == 1
    assert [cost for _, cost in found] == [(0, 1, 1)] * 3


async def test_enu_07_changing_to_a_taken_address_looks_like_a_free_one() -> None:
    watched = Watched()
    browser = await watched.app.signed_up()
    await watched.app.signed_up("taken@example.com")
    found: list[tuple[object, int, int]] = []
    for email in ("taken@example.com", "free@example.com"):
        watched.store.visits = 0
        watched.later.jobs.clear()
        answer = await browser.post("/change-email", {"newEmail": email})
        found.append((seen(answer), watched.store.visits, len(watched.later.jobs)))
    assert found[0] == found[1]
    for job in watched.later.jobs:
        await job()
    assert [mail.user.email for mail in watched.app.mailbox.all("verify")] == ["free@example.com"]


SENDS: dict[str, Callable[[], dict[str, object]]] = {
    "/request-password-reset": lambda: {"email": "ada@example.com"},
    "/send-verification-email": lambda: {"email": "ada@example.com"},
    "/sign-up/email": lambda: dict(ADA),
}


@pytest.mark.parametrize("path", SENDS)
async def test_enu_14_nobody_waits_for_a_mail(path: str) -> None:
    watched = Watched(passwords={"require_email_verification": True})
    await watched.app.browser().post("/sign-up/email", ADA)
    watched.app.mailbox.sent.clear()
    answer, (_, _, jobs) = await watched.post(path, SENDS[path]())
    assert (answer.status, jobs, watched.app.mailbox.sent) == (200, 1, [])
    for job in watched.later.jobs:
        await job()
    assert len(watched.app.mailbox.sent) == 1
