"""``hooks.before`` and ``hooks.after``: what they see, and what their answers do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gatewright.contract.faults import InvalidEmailOrPassword
from gatewright.http.response import Response
from gatewright.plugins import Bearer
from gatewright.settings.hooks import HookAnswer, HookContext
from gatewright.testing.app import TestApp, make_app
from gatewright.wire.faults import ApiError

pytestmark = pytest.mark.anyio

Hook = Callable[[HookContext], Awaitable[HookAnswer | None]]


class Watcher:
    """Remembers what it is shown and answers by path."""

    def __init__(self, **answers: HookAnswer | Exception) -> None:
        self.seen: list[HookContext] = []
        self._answers = {f"/{path.replace('__', '/').replace('_', '-')}": answer for path, answer in answers.items()}

    async def __call__(self, context: HookContext) -> HookAnswer | None:
        self.seen.append(context)
        answer = self._answers.get(context.path)
        if isinstance(answer, Exception):
            raise answer
        return answer


def app_with(**hooks: Hook) -> TestApp:
    return make_app({"hooks": hooks})


ADA = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}


async def test_a_hook_before_sees_the_request_before_it_is_validated() -> None:
    before = Watcher()
    answer = await app_with(before=before).browser().post("/sign-up/email?a=1&a=2", {"email": 1, "more": True})
    assert answer.status == 400
    (seen,) = before.seen
    assert (seen.path, seen.method, seen.body) == ("/sign-up/email", "POST", {"email": 1, "more": True})
    assert (seen.query, seen.params, seen.session, seen.returned) == ({"a": ["1", "2"]}, {}, None, None)


async def test_what_a_hook_before_changes_is_validated_and_used() -> None:
    change = HookAnswer(body={"name": "Renamed"}, headers={"User-Agent": "changed"}, response_headers=(("x-own", "1"),))
    app = app_with(before=Watcher(sign_up__email=change))
    browser = app.browser()
    answer = await browser.post("/sign-up/email", ADA)
    assert (answer.status, answer.json["user"]["name"], answer.header("x-own")) == (200, "Renamed", "1")
    assert (await browser.get("/get-session")).json["session"]["userAgent"] == "changed"
    wrong = app_with(before=Watcher(sign_up__email=HookAnswer(body={"name": 5.5, "email": None})))
    refused = await wrong.browser().post("/sign-up/email", ADA)
    assert (refused.status, refused.json["code"]) == (400, "VALIDATION_ERROR")


async def test_a_hook_before_may_answer_or_refuse_and_nothing_else_runs() -> None:
    after = Watcher()
    app = app_with(
        before=Watcher(ok=HookAnswer(response={"stopped": True}), sign_up__email=ApiError(403, message="Not you")),
        after=after,
    )
    stopped = await app.browser().get("/ok")
    assert (stopped.status, stopped.json) == (200, {"stopped": True})
    refused = await app.browser().post("/sign-up/email", ADA)
    assert (refused.status, refused.json, refused.cookies) == (403, {"message": "Not you"}, [])
    assert after.seen == []


async def test_a_body_that_cannot_be_read_reaches_no_hook() -> None:
    before = Watcher()
    browser = app_with(before=before).browser()
    assert (
        await browser.send("POST", "/sign-up/email", b"{", headers={"content-type": "application/json"})
    ).status == 400
    assert (await browser.send("POST", "/sign-up/email", b"x", headers={"content-type": "text/plain"})).status == 415
    assert before.seen == []


async def test_a_hook_after_sees_the_result_and_who_was_signed_in() -> None:
    after = Watcher()
    app = app_with(after=after)
    browser = await app.signed_up()
    await browser.get("/get-session")
    signed_up, read = after.seen
    assert signed_up.new_user is not None
    assert signed_up.new_session is not None
    assert signed_up.new_user.email == "ada@example.com"
    assert [name for name, _ in signed_up.response_headers] == ["set-cookie"]
    assert (read.session, read.new_session) == (signed_up.new_session, None)
    assert getattr(read.returned, "session", None) == read.session


async def test_a_hook_after_replaces_the_body_and_adds_headers_but_a_failure_stays_one() -> None:
    swap = HookAnswer(response={"swapped": 1}, response_headers=(("x-own", "1"),))
    after = Watcher(sign_in__email=swap)
    app = app_with(after=after)
    await app.signed_up()
    good = await app.browser().post("/sign-in/email", ADA)
    bad = await app.browser().post("/sign-in/email", {**ADA, "password": "wrong-password"})
    invalid = await app.browser().post("/sign-in/email", {})
    assert [(each.status, each.json, each.header("x-own")) for each in (good, bad, invalid)] == [
        (200, {"swapped": 1}, "1"),
        (401, {"swapped": 1}, "1"),
        (400, {"swapped": 1}, "1"),
    ]
    assert (len(good.cookies), bad.cookies) == (1, [])
    assert isinstance(after.seen[-2].returned, InvalidEmailOrPassword)


async def test_a_hook_after_may_refuse_a_success_and_answer_with_a_response_of_its_own() -> None:
    after = Watcher(
        get_session=ApiError(403, message="no"), ok=HookAnswer(response=Response(418, (("x-tea", "1"),), b"tea"))
    )
    browser = await app_with(after=after).signed_up()
    refused = await browser.get("/get-session")
    assert (refused.status, refused.json) == (403, {"message": "no"})
    tea = await browser.get("/ok")
    assert (tea.status, tea.body, tea.header("x-tea")) == (418, b"tea", "1")


async def test_a_hook_that_fails_is_a_bare_500() -> None:
    for hooks in ({"before": Watcher(ok=RuntimeError("a secret"))}, {"after": Watcher(ok=RuntimeError("a secret"))}):
        answer = await app_with(**hooks).browser().get("/ok")
        assert (answer.status, answer.json) == (
            500,
            {"message": "Internal Server Error", "code": "INTERNAL_SERVER_ERROR"},
        )


async def test_the_servers_own_calls_go_through_the_same_hooks() -> None:
    before = Watcher(sign_up__email=HookAnswer(body={"name": "Renamed"}), ok=HookAnswer(response={"stopped": True}))
    after = Watcher()
    app = app_with(before=before, after=after)
    api: Any = app.auth.api
    signed_up = await api.sign_up_email(**ADA)
    assert signed_up.user.name == "Renamed"
    assert await api.ok() == {"stopped": True}
    assert (before.seen[0].body, before.seen[0].request) == (ADA, None)
    assert [seen.path for seen in after.seen] == ["/sign-up/email"]
    with pytest.raises(InvalidEmailOrPassword):
        await api.sign_in_email(email=ADA["email"], password="wrong-password")


async def test_an_instance_without_hooks_has_nothing_to_run() -> None:
    assert make_app().auth.blueprint.raw_hooks is None


async def test_a_hook_after_comes_before_those_of_plugins() -> None:
    watcher = Watcher()
    app = make_app({"hooks": {"after": watcher}}, plugins=[Bearer()])
    answer = await app.browser().post("/sign-up/email", ADA)
    assert answer.header("set-auth-token") is not None
    [context] = watcher.seen
    names = [name for name, _ in context.response_headers]
    assert "set-cookie" in names
    assert "set-auth-token" not in names
