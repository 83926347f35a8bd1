"""Attacks on device authorization. Named after the cases."""

from typing import Any

import pytest
from tests.mailing import all_at_once, statuses
from tests.unit.plugins.device_authorization.devices import GRANT, app_with, ask, codes, decided

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("what", ["approve", "deny"])
async def test_dev_01_only_who_has_looked_at_the_code_decides(what: str) -> None:
    app = app_with()
    ada, eve = await app.signed_up(), await app.signed_up("eve@example.com")
    given = await codes(app)
    body = {"userCode": given["user_code"]}
    answer = await ada.post(f"/device/{what}", body)
    assert answer.json["error_description"].startswith("Device code has not been claimed")
    assert (await ada.get(f"/device?user_code={given['user_code']}")).status == 200
    await eve.get(f"/device?user_code={given['user_code']}")
    answer = await eve.post(f"/device/{what}", body)
    assert (answer.status, answer.json["error"]) == (403, "access_denied")
    answer = await app.browser().post(f"/device/{what}", body)
    assert (answer.status, answer.json["error"]) == (401, "unauthorized")
    assert (await ada.post(f"/device/{what}", body)).status == 200


async def test_dev_02_the_device_is_told_where_it_stands() -> None:
    app = app_with()
    browser = await app.signed_up()
    given = await codes(app)
    assert (await ask(app, given)).json["error"] == "authorization_pending"
    assert (await ask(app, given)).json["error"] == "slow_down"
    app.clock.advance(seconds=5)
    assert (await decided(browser, given, "deny")).status == 200
    assert (await ask(app, given)).json["error"] == "access_denied"
    late = await codes(app)
    app.clock.advance(minutes=30)
    assert (await browser.get(f"/device?user_code={late['user_code']}")).json["error"] == "expired_token"
    assert (await ask(app, late)).json["error"] == "expired_token"
    assert (await ask(app, late)).json["error"] == "invalid_grant"


async def test_dev_03_an_approved_code_at_the_same_moment_works_once() -> None:
    app = app_with()
    browser = await app.signed_up()
    given = await codes(app)
    await decided(browser, given)
    answers = await all_at_once([lambda: ask(app, given) for _ in range(50)])
    assert statuses(answers) == {200: 1, 400: 49}


async def test_dev_04_a_code_of_another_client_is_refused() -> None:
    app = app_with()
    browser = await app.signed_up()
    given = await codes(app)
    await decided(browser, given)
    answer = await ask(app, given, "other")
    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")
    assert (await ask(app, given)).status == 200


async def test_dev_05_who_decides_is_shown_who_asks_and_for_what() -> None:
    app = app_with()
    browser = await app.signed_up()
    given = await codes(app, scope="openid")
    shown = {"user_code": given["user_code"], "status": "pending"}
    path = f"/device?user_code={given['user_code']}"
    assert (await app.browser().get(path)).json == shown
    assert (await browser.get(path)).json == {**shown, "client_id": "tv", "scope": "openid"}


async def test_dev_06_case_and_dashes_do_not_matter_and_guesses_are_limited() -> None:
    app = app_with(settings={"rate_limit": {"enabled": True}})
    code = (await codes(app))["user_code"]
    browser = app.browser()
    for variant in (code.lower(), f"{code[:4]}-{code[4:]}"):
        assert (await browser.get(f"/device?user_code={variant}")).status == 200
    guesses = [(await browser.get("/device?user_code=AAAAAAAA")).status for _ in range(4)]
    assert guesses == [400, 400, 400, 429]


async def test_dev_07_approving_and_denying_at_the_same_moment_has_one_outcome() -> None:
    app = app_with()
    browser = await app.signed_up()
    given = await codes(app)
    await browser.get(f"/device?user_code={given['user_code']}")
    body = {"userCode": given["user_code"]}
    jobs = [lambda what=what: browser.post(f"/device/{what}", body) for what in ("approve", "deny") * 5]
    assert statuses(await all_at_once(jobs)) == {200: 1, 400: 9}


async def test_dev_08_codes_that_collide_are_tried_again_and_then_given_up() -> None:
    made = iter(["SAME", "SAME", "OTHER"])
    app = app_with({"generate_user_code": lambda: next(made)})
    assert [(await codes(app))["user_code"] for _ in range(2)] == ["SAME", "OTHER"]
    stuck = app_with({"generate_user_code": lambda: "SAME"})
    await codes(stuck)
    answer = await stuck.browser().post("/device/code", {"client_id": "tv"})
    assert (answer.status, answer.json["error"]) == (500, "server_error")


async def test_dev_09_an_unknown_client_gets_no_code() -> None:
    app = app_with({"validate_client": lambda client_id: client_id == "tv"})  # pyright: ignore[reportUnknownLambdaType]
    given = await codes(app)
    answer = await app.browser().post("/device/code", {"client_id": "other"})
    assert (answer.status, answer.json["error"]) == (400, "invalid_client")
    assert (await ask(app, given, "other")).json["error"] == "invalid_grant"


async def test_dev_09_a_request_without_a_client_is_refused_and_not_cached() -> None:
    answer = await app_with().browser().post("/device/code", {})
    assert (answer.status, answer.json["error"]) == (400, "invalid_request")
    assert answer.header("cache-control") == "no-store"


async def test_dev_10_codes_that_no_store_could_hold_are_refused() -> None:
    app = app_with({"generate_device_code": lambda: "x" * 192})
    assert (await app.browser().post("/device/code", {"client_id": "tv"})).json["error"] == "server_error"
    browser = await app.signed_up()
    strange: list[Any] = ["x" * 10_000, "\x00", "é", ""]
    for code in strange:
        body = {"grant_type": GRANT, "device_code": code, "client_id": "tv"}
        assert (await app.browser().post("/device/token", body)).status == 400
        assert (await browser.post("/device/approve", {"userCode": code})).status == 400
