"""Sessions in somebody else's name: how they begin and end, and what cannot be forged about them. Row SES-22."""

from __future__ import annotations

import pytest

from gatewright.http.cookies import encode_uri_component
from gatewright.model.session import Session
from gatewright.plugins.admin import Admin, AdminOptions, AdminUser
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser

pytestmark = pytest.mark.anyio

ACTIVE, BEHIND = "better-auth.session_token", "better-auth.admin_session"


async def administered(store: Adapter) -> tuple[TestApp, Browser, Browser]:
    """An administrator, and a user."""
    app = make_app(adapter=store, plugins=[Admin()])
    await app.auth.create_tables()
    root = await app.signed_up("root@example.com")
    role = [AdminUser.role.to("admin")]
    await app.auth.services.database.update_one(AdminUser, AdminUser.email.eq("root@example.com"), set=role)
    return app, root, await app.signed_up()


async def who(browser: Browser) -> str | None:
    session = (await browser.get("/get-session")).json
    return None if session is None else session["user"]["email"]


async def acting(root: Browser, user: Browser) -> None:
    user_id = (await user.get("/get-session")).json["user"]["id"]
    assert (await root.post("/admin/impersonate-user", {"userId": user_id})).status == 200
    assert await who(root) == "ada@example.com"


async def test_ses_22_stopping_restores_the_administrator_and_ends_the_session(store: Adapter) -> None:
    app, root, ada = await administered(store)
    mine = root.jar[ACTIVE]
    await acting(root, ada)
    theirs = root.jar[ACTIVE]
    assert (await root.post("/admin/stop-impersonating")).status == 200
    assert (await who(root), root.jar[ACTIVE]) == ("root@example.com", mine)
    assert BEHIND not in root.jar
    other = app.browser()
    other.jar[ACTIVE] = theirs
    assert await who(other) is None
    assert await who(ada) == "ada@example.com"


async def test_ses_22_it_ends_with_its_time_and_no_use_extends_it(store: Adapter) -> None:
    app, root, ada = await administered(store)
    await acting(root, ada)
    for _ in range(11):
        app.clock.advance(minutes=5)
        assert await who(root) == "ada@example.com"
    app.clock.advance(minutes=5)
    assert await who(root) is None
    assert await app.auth.services.database.count(Session) == 2


@pytest.mark.parametrize("how", ["absent", "unsigned", "of the user", "of another administrator", "ended"])
async def test_ses_22_the_way_back_cannot_be_forged(store: Adapter, how: str) -> None:
    app, root, ada = await administered(store)
    second = await app.signed_up("second@example.com")
    await app.auth.services.database.update_one(
        AdminUser, AdminUser.email.eq("second@example.com"), set=[AdminUser.role.to("admin")]
    )
    tokens = {
        name: (await browser.get("/get-session")).json["session"]["token"]
        for name, browser in (("root", root), ("ada", ada), ("second", second))
    }
    sign = app.auth.blueprint.plan.signer.sign
    await acting(root, ada)
    match how:
        case "absent":
            del root.jar[BEHIND]
        case "unsigned":
            root.jar[BEHIND] = encode_uri_component(f"{tokens['root']}:")
        case "of the user":
            root.jar[BEHIND] = encode_uri_component(sign(f"{tokens['ada']}:"))
        case "of another administrator":
            root.jar[BEHIND] = encode_uri_component(sign(f"{tokens['second']}:"))
        case _:
            await app.auth.services.database.delete(Session, Session.token.eq(tokens["root"]))
    answer = await root.post("/admin/stop-impersonating")
    assert (answer.status, answer.json["message"]) == (500, "Failed to find admin session")
    assert not [line for line in answer.cookies if line.startswith(ACTIVE) and "Max-Age=0" not in line]
    assert await who(root) in {"ada@example.com", None}


async def test_ses_22_nobody_acts_through_somebody_else(store: Adapter) -> None:
    app, root, _ = await administered(store)
    eve = await app.signed_up("eve@example.com")
    root_id = (await root.get("/get-session")).json["user"]["id"]
    await app.auth.services.database.update_one(
        AdminUser, AdminUser.email.eq("eve@example.com"), set=[AdminUser.role.to("admin")]
    )
    app = make_app(adapter=store, plugins=[Admin(AdminOptions(allow_impersonating_admins=True))])
    begun = Browser(app.auth)
    begun.jar = dict(root.jar)
    eve_id = (await eve.get("/get-session")).json["user"]["id"]
    assert (await begun.post("/admin/impersonate-user", {"userId": eve_id})).status == 200
    nested = await begun.post("/admin/impersonate-user", {"userId": root_id})
    assert (nested.status, nested.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS")
    assert await who(begun) == "eve@example.com"
