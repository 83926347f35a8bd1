"""``database_hooks``: what they are given, and what their answers do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import pytest

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.settings.hooks import HookContext
from gatewright.testing.app import TestApp, make_app
from gatewright.wire.faults import ApiError

pytestmark = pytest.mark.anyio


class Seen:
    """Remembers what it is given; answers, or raises, the same every time."""

    def __init__(self, answer: Any = None) -> None:
        self.values: list[Mapping[str, object]] = []
        self.contexts: list[HookContext | None] = []
        self._answer = answer

    async def __call__(self, values: Mapping[str, object], context: HookContext | None) -> Any:
        self.values.append(dict(values))
        self.contexts.append(context)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer(values) if callable(self._answer) else self._answer


def app_with(model: str, verb: str, more: Mapping[str, Any] | None = None, **stages: Seen) -> TestApp:
    return make_app({"database_hooks": {model: {verb: stages}}, **(more or {})})


def unless(user_agent: str) -> Callable[[Mapping[str, object]], Literal[False] | None]:
    """Refuse sessions of one browser."""
    return lambda values: False if values["userAgent"] == user_agent else None


async def count(app: TestApp, row: Any) -> int:
    return await app.auth.services.database.count(row)


ADA = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}


async def test_a_new_user_is_seen_before_and_after_it_is_stored() -> None:
    before, after = Seen({"data": {"name": "Ada!"}}), Seen()
    app = app_with("user", "create", before=before, after=after)
    browser = await app.signed_up()
    now = app.clock.now()
    given = {"name": "Ada", "email": "ada@example.com", "emailVerified": False, "createdAt": now, "updatedAt": now}
    assert before.values == [given]
    (stored,) = after.values
    assert stored == {**given, "name": "Ada!", "image": None, "id": stored["id"]}
    context = before.contexts[0]
    assert context is not None
    assert (context.path, context.method) == ("/sign-up/email", "POST")
    assert context.body == ADA
    assert (await browser.get("/get-session")).json["user"]["name"] == "Ada!"


async def test_a_hook_may_answer_with_the_values_themselves() -> None:
    app = app_with("session", "create", before=Seen({"userAgent": "hooked"}))
    browser = await app.signed_up()
    assert (await browser.get("/get-session")).json["session"]["userAgent"] == "hooked"


async def test_an_update_hook_sees_what_changes_and_changes_it() -> None:
    before, after = Seen({"data": {"image": "https://example.com/a.png"}}), Seen()
    app = app_with("user", "update", before=before, after=after)
    browser = await app.signed_up()
    await browser.post("/update-user", {"name": "B"})
    user = (await browser.get("/get-session")).json["user"]
    assert before.values == [{"name": "B"}]
    assert (after.values[0]["name"], user["name"], user["image"]) == ("B", "B", "https://example.com/a.png")


async def test_a_refused_user_is_not_created() -> None:
    app = app_with("user", "create", before=Seen(False))
    answer = await app.browser().post("/sign-up/email", ADA)
    assert (answer.status, answer.json) == (
        400,
        {"message": "Failed to create user", "code": "FAILED_TO_CREATE_USER"},
    )
    assert (await count(app, User), await count(app, Account)) == (0, 0)


async def test_a_refused_account_leaves_no_user_without_a_way_in() -> None:
    app = app_with("account", "create", before=Seen(False))
    assert (await app.browser().post("/sign-up/email", ADA)).status == 400
    assert await count(app, User) == 0


async def test_a_refused_session_signs_nobody_in() -> None:
    refusing = Seen(unless("old"))
    app = app_with("session", "create", before=refusing)
    await app.signed_up()
    answer = await app.browser().post("/sign-in/email", ADA, headers={"user-agent": "old"})
    assert (answer.status, answer.json, answer.cookies) == (
        400,
        {"message": "Failed to create session", "code": "FAILED_TO_CREATE_SESSION"},
        [],
    )
    assert await count(app, Session) == 1


async def test_a_refused_change_of_a_user_is_not_made_and_not_an_error() -> None:
    app = app_with("user", "update", before=Seen(False))
    browser = await app.signed_up()
    assert (await browser.post("/update-user", {"name": "B"})).json == {"status": True}
    assert (await browser.get("/get-session")).json["user"]["name"] == "Ada"


async def test_a_refused_change_of_a_session_ends_it_for_the_caller() -> None:
    more = {"session": {"additional_fields": {"theme": {"type": "string", "required": False}}}}
    app = app_with("session", "update", more, before=Seen(False))
    browser = await app.signed_up()
    assert (await browser.post("/update-session", {"theme": "dark"})).status == 401
    assert browser.jar == {}


async def test_a_session_that_a_hook_keeps_stays_and_the_others_go() -> None:
    after = Seen()
    keeping = Seen(unless("kept"))
    app = app_with("session", "delete", before=keeping, after=after)
    first = await app.signed_up()
    await app.browser().post("/sign-in/email", ADA, headers={"user-agent": "kept"})
    assert (await first.post("/revoke-sessions")).json == {"status": True}
    assert (await count(app, Session), len(keeping.values), len(after.values)) == (1, 2, 1)


async def test_a_hook_that_raises_an_error_of_the_contract_answers_with_it() -> None:
    app = app_with("user", "create", before=Seen(ApiError(403, code="NO_EVES", message="No Eves")))
    answer = await app.browser().post("/sign-up/email", ADA)
    assert (answer.status, answer.json) == (403, {"message": "No Eves", "code": "NO_EVES"})
    assert await count(app, User) == 0


async def test_a_hook_before_that_fails_is_a_bare_500_and_undoes_the_transaction() -> None:
    app = app_with("account", "create", before=Seen(RuntimeError("a secret")))
    answer = await app.browser().post("/sign-up/email", ADA)
    assert (answer.status, answer.json) == (
        500,
        {"message": "Internal Server Error", "code": "INTERNAL_SERVER_ERROR"},
    )
    assert await count(app, User) == 0


async def test_a_hook_after_that_fails_is_a_bare_500_and_what_is_stored_stays() -> None:
    app = app_with("user", "create", after=Seen(RuntimeError("a secret")))
    answer = await app.browser().post("/sign-up/email", ADA)
    assert (answer.status, b"secret" in answer.body) == (500, False)
    assert (await count(app, User), await count(app, Account)) == (1, 1)


async def test_a_user_that_a_hook_keeps_stays_whole() -> None:
    app = app_with("user", "delete", before=Seen(False))
    await app.signed_up()
    services = app.auth.services
    user = await services.users.by_email(services.database, "ada@example.com")
    assert user is not None
    with pytest.raises(Exception, match="does not want to delete this user"):
        await services.users.delete(services.database, user.id)
    assert (await count(app, User), await count(app, Account), await count(app, Session)) == (1, 1, 1)
