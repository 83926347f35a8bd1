"""The application's gate: what it is shown, and what its answers lead to."""

from typing import Any

import pytest

from gatewright.model.user import User
from gatewright.settings.callbacks import UserInfoCheck, UserInfoRefusal
from gatewright.settings.hooks import HookContext
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer

pytestmark = pytest.mark.anyio

SIGN_UP = {"name": "Ada", "email": "Ada@example.com", "password": "password-1234"}


class Gate:
    """Answers what it is told to, and keeps what it was shown."""

    def __init__(self, answer: object = None) -> None:
        self.answer = answer
        self.shown: list[tuple[UserInfoCheck, HookContext | None]] = []

    async def __call__(self, check: UserInfoCheck, context: HookContext | None) -> Any:
        self.shown.append((check, context))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def gated(gate: Gate, **passwords: object) -> TestApp:
    return make_app({"user": {"validate_user_info": gate}, "email_and_password": {"enabled": True, **passwords}})


async def users(app: TestApp) -> int:
    return await app.auth.services.database.count(User)


async def test_the_gate_sees_who_comes_and_lets_them_in() -> None:
    gate = Gate()
    app = gated(gate)
    await app.browser().post("/sign-up/email", SIGN_UP)
    [(check, context)] = gate.shown
    assert check.source.method == "email-password"
    assert check.source.action == "create-user"
    assert check.user["email"] == "ada@example.com"
    assert "password" not in check.user
    assert context is not None
    assert context.path == "/sign-up/email"
    assert await users(app) == 1


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (UserInfoRefusal("NOT_INVITED", "Ask for an invitation"), ("NOT_INVITED", "Ask for an invitation")),
        (UserInfoRefusal("NOT_INVITED"), ("NOT_INVITED", "NOT_INVITED")),
        ({"error": "no", "errorDescription": "because"}, ("no", "because")),
        (False, ("validation_failed", "User validation failed")),
        (RuntimeError("the directory is down"), ("validation_failed", "User validation failed")),
    ],
)
async def test_who_is_not_welcome_is_told_and_nothing_is_written(answer: object, body: tuple[str, str]) -> None:
    app = gated(Gate(answer))
    refused = await app.browser().post("/sign-up/email", SIGN_UP)
    assert (refused.status, refused.json) == (403, {"code": body[0], "message": body[1]})
    assert await users(app) == 0
    assert "the directory is down" not in repr(refused)


@pytest.mark.parametrize("answer", [None, {}, {"error": ""}, {"message": "hm"}, True])
async def test_whatever_is_no_refusal_lets_them_in(answer: object) -> None:
    app = gated(Gate(answer))
    assert (await app.browser().post("/sign-up/email", SIGN_UP)).status == 200


async def test_a_gate_that_fails_is_in_the_log() -> None:
    app = gated(Gate(RuntimeError("the directory is down")))
    await app.browser().post("/sign-up/email", SIGN_UP)
    assert "user.validate_user_info failed" in [message for _, message, _, _ in app.log.lines]


async def test_enu_where_known_addresses_are_hidden_the_unwelcome_look_the_same() -> None:
    gate = Gate()
    app = gated(gate, auto_sign_in=False)
    await app.browser().post("/sign-up/email", SIGN_UP)
    gate.answer = UserInfoRefusal("NO")
    known = await app.browser().post("/sign-up/email", SIGN_UP)
    unwelcome = await app.browser().post("/sign-up/email", {**SIGN_UP, "email": "eve@example.com"})
    assert (known.status, unwelcome.status) == (200, 200)
    assert _shape(known) == _shape(unwelcome)
    assert await users(app) == 1


def _shape(answer: Answer) -> object:
    user: dict[str, object] = answer.json["user"]
    return sorted(answer.json), [(name, type(value).__name__) for name, value in user.items()], len(str(user["id"]))
