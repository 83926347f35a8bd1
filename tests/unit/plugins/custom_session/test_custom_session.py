"""The application's own answer to the question who is calling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from gatewright import CoreApi
from gatewright.contract.results import SessionData
from gatewright.contract.session import GetSession
from gatewright.contract.user import UpdateUser
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.plugins.custom_session import CustomSession, CustomSessionOptions, custom_get_session
from gatewright.plugins.jwt import Jwt
from gatewright.plugins.multi_session import MultiSession
from gatewright.testing.app import TestApp, make_app
from gatewright.wire.calls import method
from gatewright.wire.faults import ConfigError
from gatewright.wire.operation import Operation, get
from gatewright.wire.result import Result

pytestmark = pytest.mark.anyio


async def shouted(data: SessionData, call: Call[Any]) -> Mapping[str, object]:
    return {"user": data.user, "shout": data.user.name.upper(), "since": data.session.created_at}


class AppSession(Result):
    """Who is calling, and what they may do."""

    user: User
    session: Session
    roles: list[str]


@custom_get_session
class GetAppSession(Operation[AppSession | None]):
    """The application's own."""

    disable_cookie_cache: bool = False


class AppApi(CoreApi):
    """With the application's own session."""

    get_session = method(GetAppSession)


def with_roles(data: SessionData, call: Call[Any]) -> AppSession:
    return AppSession(user=data.user, session=data.session, roles=["reader"])


async def test_the_answer_is_the_applications_own_and_null_for_nobody() -> None:
    app = make_app(plugins=[CustomSession(shouted)])
    nobody = await app.browser().get("/get-session")
    assert (nobody.status, nobody.json) == (200, None)
    browser = await app.signed_up()
    answer = await browser.get("/get-session")
    assert (answer.json["shout"], answer.json["user"]["email"]) == ("ADA", "ada@example.com")
    assert answer.json["since"] == answer.json["user"]["createdAt"]
    assert [answer.header(name) for name in ("cache-control", "pragma")] == ["no-store", "no-cache"]
    assert "token" not in answer.json


async def test_only_reading_is_replaced() -> None:
    app = make_app(plugins=[CustomSession(shouted)])
    browser = await app.signed_up()
    assert (await browser.post("/get-session")).status == 404
    assert len((await browser.get("/list-sessions")).json) == 1
    assert (await browser.post("/update-user", {"name": "Bob"})).status == 200
    assert (await browser.get("/get-session")).json["shout"] == "BOB"


async def test_a_cached_session_is_told_in_the_same_words() -> None:
    app = make_app({"session": {"cookieCache": {"enabled": True}}}, plugins=[CustomSession(shouted)])
    browser = await app.signed_up()
    cached = (await browser.get("/get-session")).json
    await app.auth.services.database.update_one(User, User.email.eq("ada@example.com"), set=[User.name.to("Eve")])
    assert (cached["shout"], (await browser.get("/get-session")).json["shout"]) == ("ADA", "ADA")
    assert (await browser.get("/get-session?disableCookieCache=true")).json["shout"] == "EVE"


async def test_a_typed_answer_is_typed_for_the_server_too() -> None:
    app = make_app(plugins=[CustomSession(with_roles, operation=GetAppSession)], api=AppApi)
    browser = await app.signed_up()
    assert (await browser.get("/get-session")).json["roles"] == ["reader"]
    told = await app.auth.api.on({"cookie": browser.cookie_header()}).get_session()
    assert (told.roles, told.user.email) == (["reader"], "ada@example.com")
    plain = await app.auth.reply(GetSession(), {"cookie": browser.cookie_header()})
    assert isinstance(plain.value, AppSession)


async def test_an_operation_for_another_path_is_refused() -> None:
    @get("/who")
    class Who(Operation[AppSession | None]):
        """At another place."""

    with pytest.raises(ConfigError, match="custom-session: Who must be declared with custom_get_session"):
        CustomSession(with_roles, operation=Who)
    with pytest.raises(ConfigError, match="UpdateUser must be declared"):
        CustomSession(with_roles, operation=UpdateUser)


def listing(*, changed: bool) -> TestApp:
    options = CustomSessionOptions(should_mutate_list_device_sessions_endpoint=changed)
    return make_app(plugins=[MultiSession(), CustomSession(shouted, options)])


@pytest.mark.parametrize("changed", [True, False])
async def test_the_sessions_of_a_browser_take_the_shape_where_they_should(changed: bool) -> None:
    browser = await listing(changed=changed).signed_up()
    (told,) = (await browser.get("/multi-session/list-device-sessions")).json
    assert ("shout" in told, "session" in told) == (changed, not changed)
    if changed:
        assert (told["shout"], told["since"]) == ("ADA", told["user"]["createdAt"])


async def test_hooks_of_other_plugins_around_reading_still_run() -> None:
    app = make_app(plugins=[CustomSession(shouted), Jwt()])
    browser = await app.signed_up()
    answer = await browser.get("/get-session")
    assert answer.json["shout"] == "ADA"
    assert (answer.header("set-auth-jwt") or "").count(".") == 2
    assert (await app.browser().get("/get-session")).header("set-auth-jwt") is None


async def test_a_function_that_fails_fails_the_reading_only() -> None:
    def fail(data: SessionData, call: Call[Any]) -> object:
        raise OSError("no roles today")

    browser = await make_app(plugins=[CustomSession(fail)]).signed_up()
    assert (await browser.get("/get-session")).status == 500
    assert (await browser.post("/update-user", {"name": "B"})).status == 200
