"""How somebody signed in last, told to the page and kept with the user."""

from __future__ import annotations

from typing import Any

import pydantic
import pytest

from gatewright.model.user import User
from gatewright.plugins.anonymous import Anonymous
from gatewright.plugins.last_login_method import LastLoginMethod, LastLoginMethodOptions
from gatewright.plugins.last_login_method.methods import method_of
from gatewright.plugins.magic_link import MagicLink, MagicLinkOptions
from gatewright.settings.hooks import HookContext
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio

NAME = "better-auth.last_used_login_method"
ADA = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}


def app_with(settings: dict[str, Any] | None = None, /, **options: object) -> TestApp:
    box = Mailbox()
    remembers = LastLoginMethod(LastLoginMethodOptions.model_validate(options))
    links = MagicLink(MagicLinkOptions(send_magic_link=box.sender("link")))
    return make_app(settings, plugins=[remembers, links, Anonymous()], mailbox=box)


async def stored(app: TestApp) -> list[object]:
    return [user.get("lastLoginMethod") for user in await app.auth.services.database.find_many(User)]


async def test_the_cookie_says_how_and_pages_can_read_it() -> None:
    app = app_with()
    browser = app.browser()
    answer = await browser.post("/sign-up/email", ADA)
    assert f"{NAME}=email; Max-Age=2592000; Path=/; SameSite=Lax" in answer.cookies
    assert "lastLoginMethod" not in answer.json["user"]
    await browser.post("/sign-in/magic-link", {"email": "ada@example.com"})
    await browser.get(app.mailbox.last("link").url)
    assert browser.cookie(NAME) == "magic-link"
    await browser.post("/sign-out")
    assert browser.cookie(NAME) == "magic-link"


async def test_ways_without_a_name_and_failures_leave_the_cookie_alone() -> None:
    app = app_with()
    browser = app.browser()
    await browser.post("/sign-in/anonymous")
    await browser.post("/sign-in/email", ADA)
    assert browser.cookie(NAME) is None


async def test_the_cookie_is_as_the_sessions_and_as_the_options_say() -> None:
    settings = {
        "base_url": "https://app.example.com",
        "advanced": {"cross_sub_domain_cookies": {"enabled": True, "domain": ".example.com"}},
    }
    app = app_with(settings, cookieName="last.way", maxAge=60)
    answer = await app.browser().post("/sign-up/email", ADA)
    assert "last.way=email; Max-Age=60; Domain=.example.com; Path=/; Secure; SameSite=Lax" in answer.cookies


async def own(context: HookContext) -> str | None:
    return "a password; Path=/evil" if context.path == "/sign-up/email" else None


async def test_the_application_has_its_own_words() -> None:
    app = app_with(customResolveMethod=own, storeInDatabase=True)
    browser = app.browser()
    await browser.post("/sign-up/email", ADA)
    assert (browser.cookie(NAME), await stored(app)) == ("a password; Path=/evil", ["a password; Path=/evil"])
    await browser.post("/sign-in/email", ADA)
    assert (browser.cookie(NAME), await stored(app)) == ("email", ["email"])


async def test_without_consent_there_is_no_cookie() -> None:
    asked: list[tuple[str, str]] = []

    def consent(context: HookContext, method: str) -> bool:
        asked.append((context.path, method))
        return len(asked) > 1

    app = app_with(beforeStoreCookie=consent, storeInDatabase=True)
    browser = app.browser()
    await browser.post("/sign-up/email", ADA)
    assert (browser.cookie(NAME), await stored(app)) == (None, ["email"])
    await browser.post("/sign-in/email", ADA)
    assert (browser.cookie(NAME), asked) == ("email", [("/sign-up/email", "email"), ("/sign-in/email", "email")])


async def test_the_database_keeps_the_last_way_under_the_name_that_is_wanted() -> None:
    app = app_with(storeInDatabase=True, schema={"user": {"lastLoginMethod": "last_way"}})
    assert app.auth.blueprint.plan.schema[User].columns["lastLoginMethod"].stored_as == "last_way"
    browser = app.browser()
    assert (await browser.post("/sign-up/email", ADA)).json["user"]["lastLoginMethod"] == "email"
    await browser.post("/sign-in/magic-link", {"email": "ada@example.com"})
    await browser.get(app.mailbox.last("link").url)
    assert await stored(app) == ["magic-link"]
    answer = await browser.post("/update-user", {"lastLoginMethod": "github"})
    assert (answer.status, answer.json["code"]) == (400, "FIELD_NOT_ALLOWED")


@pytest.mark.parametrize(
    ("path", "params", "expected"),
    [
        ("/callback/:id", {"id": "github"}, "github"),
        ("/oauth2/callback/:providerId", {"providerId": "okta"}, "okta"),
        ("/callback/:id", {}, None),
        ("/siwe/verify", {}, "siwe"),
        ("/passkey/verify-authentication", {}, "passkey"),
        ("/sign-in/username", {}, None),
        ("/sign-in/social", {}, None),
        ("/get-session", {}, None),
    ],
)
async def test_each_way_has_its_name(path: str, params: dict[str, str], expected: str | None) -> None:
    context = HookContext(path=path, method="POST", params=params)
    assert await method_of(LastLoginMethodOptions(), context) == expected


@pytest.mark.parametrize("name", ["", "a b", "a;b", "a=b", "a\r\nb"])
def test_a_name_that_is_none_of_a_cookie_is_refused(name: str) -> None:
    with pytest.raises(pydantic.ValidationError, match="pattern"):
        LastLoginMethodOptions(cookie_name=name)
