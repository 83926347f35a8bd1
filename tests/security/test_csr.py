"""CSR: requests that another site makes a browser send."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.security.attacker import SIGN_IN, SIGN_UP, app_on, refused, send

from gatewright.model.user import User
from gatewright.plugins import DeviceAuthorization
from gatewright.plugins.bearer.plugin import Bearer
from gatewright.testing.app import TestApp
from gatewright.testing.browser import Answer
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

JSON = ("content-type", "application/json")
OWN = "http://localhost:3000"


async def app_with(options: dict[str, Any] | None = None, **more: Any) -> tuple[TestApp, tuple[str, str]]:
    """An instance, and the cookie of somebody who is signed in."""
    app = await app_on(
        MemoryAdapter(), {"trusted_origins": ["https://app.test", "https://*.t.test"], **(options or {})}, **more
    )
    browser = await app.signed_up("grace@example.com")
    return app, ("cookie", browser.cookie_header())


async def rename(app: TestApp, *headers: tuple[str, str]) -> Answer:
    return await send(app.auth, "POST", "/api/auth/update-user", b'{"name":"Mallory"}', [JSON, *headers])


async def names(app: TestApp) -> list[str]:
    return [user.name for user in await app.auth.services.database.find_many(User)]


def says(answer: Answer, code: str) -> None:
    refused(answer)
    assert (answer.status, answer.json["code"]) == (403, code)


async def test_csr_01_a_cookie_without_origin_is_refused() -> None:
    app, cookie = await app_with()
    says(await rename(app, cookie), "MISSING_OR_NULL_ORIGIN")
    assert await names(app) == ["Ada"]


async def test_csr_02_the_origin_null_is_refused() -> None:
    app, cookie = await app_with()
    says(await rename(app, cookie, ("origin", "null")), "MISSING_OR_NULL_ORIGIN")
    says(await rename(app, cookie, ("origin", "")), "MISSING_OR_NULL_ORIGIN")
    assert await names(app) == ["Ada"]


@pytest.mark.parametrize(
    "headers",
    [
        [("origin", "https://evil.test")],
        [("referer", "https://evil.test/app.test")],
        [("origin", "https://evil.test"), ("referer", f"{OWN}/")],
        [("referer", "https://evil.test/?http://localhost:3000/")],
        [("origin", "null"), ("referer", f"{OWN}/")],
    ],
)
async def test_csr_03_another_origin_is_refused(headers: list[tuple[str, str]]) -> None:
    app, cookie = await app_with()
    refused(await rename(app, cookie, *headers))
    assert await names(app) == ["Ada"]


@pytest.mark.parametrize(
    "headers", [[("origin", OWN)], [("referer", f"{OWN}/page?x=y")], [("origin", "https://a.t.test")]]
)
async def test_csr_03_its_own_origin_and_trusted_ones_are_accepted(headers: list[tuple[str, str]]) -> None:
    app, cookie = await app_with()
    assert (await rename(app, cookie, *headers)).status == 200
    assert await names(app) == ["Mallory"]


@pytest.mark.parametrize(
    "headers",
    [
        [("origin", "https://app.test.evil.test")],
        [("origin", "https://app.test https://evil.test")],
        [("origin", "https://evil.test, https://app.test")],
        [("origin", "https://app.test"), ("origin", "https://evil.test")],
        [("origin", "https://app.test"), ("origin", "https://app.test")],
        [("origin", "https://app.test@evil.test")],
        [("origin", "http://app.test")],
        [("origin", "https://app.test:444")],
        [("origin", "https://APP.test.")],
        [("origin", "file://")],
    ],
)
async def test_csr_04_what_only_resembles_a_trusted_origin_is_refused(headers: list[tuple[str, str]]) -> None:
    app, cookie = await app_with()
    says(await rename(app, cookie, *headers), "INVALID_ORIGIN")
    assert await names(app) == ["Ada"]


@pytest.mark.parametrize(("path", "body"), [("/sign-in/email", SIGN_IN), ("/sign-up/email", SIGN_UP)])
async def test_csr_05_another_site_signs_nobody_in(path: str, body: dict[str, object]) -> None:
    app, _ = await app_with()
    answer = await send(
        app.auth, "POST", f"/api/auth{path}", json.dumps(body).encode(), [JSON, ("origin", "https://evil.test")]
    )
    says(answer, "INVALID_ORIGIN")
    assert await names(app) == ["Ada"]


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ([("referer", "https://evil.test/page")], "INVALID_ORIGIN"),
        ([("origin", "null")], "MISSING_OR_NULL_ORIGIN"),
        (
            [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors"), ("origin", "https://evil.test")],
            "INVALID_ORIGIN",
        ),
        ([("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")], "MISSING_OR_NULL_ORIGIN"),
        (
            [("sec-fetch-site", "same-site"), ("sec-fetch-mode", "navigate"), ("origin", "null")],
            "MISSING_OR_NULL_ORIGIN",
        ),
        ([("sec-fetch-dest", "document"), ("referer", "https://evil.test/")], "INVALID_ORIGIN"),
    ],
)
@pytest.mark.parametrize(("path", "body"), [("/sign-in/email", SIGN_IN), ("/sign-up/email", SIGN_UP)])
async def test_csr_05_a_browser_on_another_page_signs_nobody_in_whatever_it_tells(
    path: str, body: dict[str, object], headers: list[tuple[str, str]], code: str
) -> None:
    app, _ = await app_with()
    says(await send(app.auth, "POST", f"/api/auth{path}", json.dumps(body).encode(), [JSON, *headers]), code)
    assert await names(app) == ["Ada"]


@pytest.mark.parametrize(("path", "body"), [("/sign-in/email", SIGN_IN), ("/sign-up/email", SIGN_UP)])
async def test_csr_06_a_navigation_from_another_site_signs_nobody_in(path: str, body: dict[str, object]) -> None:
    app, _ = await app_with()
    headers = [JSON, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("origin", OWN)]
    answer = await send(app.auth, "POST", f"/api/auth{path}", json.dumps(body).encode(), headers)
    says(answer, "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED")
    without = await send(app.auth, "POST", f"/api/auth{path}", json.dumps(body).encode(), headers[:-1])
    says(without, "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED")


async def test_csr_07_a_caller_that_is_no_browser_is_served() -> None:
    app, _ = await app_with()
    answer = await send(app.auth, "POST", "/api/auth/sign-up/email", json.dumps(SIGN_UP).encode(), [JSON])
    assert answer.status == 200


async def test_csr_08_a_form_of_another_site_is_refused() -> None:
    app, cookie = await app_with()
    headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", "https://evil.test")]
    for more in ([], [cookie]):
        answer = await send(
            app.auth, "POST", "/api/auth/sign-in/email", b"email=a%40example.com&password=x", [*headers, *more]
        )
        says(answer, "INVALID_ORIGIN")


async def test_csr_09_json_as_text_is_refused() -> None:
    app, cookie = await app_with()
    headers = [("content-type", "text/plain"), ("origin", OWN), cookie]
    answer = await send(app.auth, "POST", "/api/auth/update-user", b'{"name":"Mallory"}', headers)
    assert answer.status == 415
    assert await names(app) == ["Ada"]


async def test_csr_10_a_bearer_token_does_not_switch_the_check_off() -> None:
    app, cookie = await app_with(plugins=[Bearer()])
    token = cookie[1].partition("=")[2]
    headers = [("authorization", f"Bearer {token}"), cookie, ("origin", "https://evil.test")]
    says(await rename(app, *headers), "INVALID_ORIGIN")
    assert (await rename(app, headers[0])).status == 200


SWITCHES = [
    # disable_csrf_check, disable_origin_check, path; whether a foreign origin, and a foreign place, are refused
    (None, None, True, True),
    (True, None, False, True),
    (None, True, False, False),
    (False, True, True, False),
    (None, ["/sign-in"], False, False),
    (None, ["/sign-in/email"], False, False),
    (None, ["/sign-i"], True, True),
    (None, ["/update-user"], True, True),
    (None, False, True, True),
    (True, True, False, False),
]


@pytest.mark.parametrize(("csrf", "origin", "refuses_origin", "refuses_place"), SWITCHES)
async def test_csr_11_each_switch_turns_off_what_it_says(
    csrf: bool | None, origin: bool | list[str] | None, refuses_origin: bool, refuses_place: bool
) -> None:
    app, _ = await app_with({"advanced": {"disable_csrf_check": csrf, "disable_origin_check": origin}})
    body = {"email": "grace@example.com", "password": "password-1234"}
    foreign = await send(
        app.auth, "POST", "/api/auth/sign-in/email", json.dumps(body).encode(), [JSON, ("origin", "https://evil.test")]
    )
    place = await send(
        app.auth, "POST", "/api/auth/sign-in/email", json.dumps(body | {"callbackURL": "//evil.test"}).encode(), [JSON]
    )
    assert (foreign.status == 403, place.status == 403) == (refuses_origin, refuses_place)


async def test_csr_16_nothing_is_permitted_to_other_origins() -> None:
    app, cookie = await app_with()
    for method in ("OPTIONS", "GET", "POST"):
        answer = await send(
            app.auth,
            method,
            "/api/auth/get-session",
            headers=[("origin", "https://evil.test"), ("access-control-request-method", "POST"), cookie],
        )
        assert [name for name, _ in answer.headers if name.startswith("access-control-")] == []


@pytest.mark.parametrize("origin", ["https://t.test.evil.test", "https://xt.test", "https://t.test", "http://x.t.test"])
async def test_csr_17_a_wildcard_stands_for_subdomains_only(origin: str) -> None:
    app, cookie = await app_with()
    says(await rename(app, cookie, ("origin", origin)), "INVALID_ORIGIN")
    assert (await rename(app, cookie, ("origin", "https://x.t.test"))).status == 200


@pytest.mark.parametrize("what", ["approve", "deny"])
async def test_csr_15_no_other_site_decides_about_a_device(what: str) -> None:
    app, cookie = await app_with(plugins=[DeviceAuthorization()])
    made = await send(app.auth, "POST", "/api/auth/device/code", b'{"client_id":"tv"}', [JSON])
    code = made.json["user_code"]
    await send(app.auth, "GET", "/api/auth/device", headers=[cookie], query=f"user_code={code}")
    body = json.dumps({"userCode": code}).encode()
    for headers in ([], [("origin", "https://evil.test")], [("origin", "null")]):
        refused(await send(app.auth, "POST", f"/api/auth/device/{what}", body, [JSON, cookie, *headers]))
    shown = await send(app.auth, "GET", "/api/auth/device", headers=[cookie], query=f"user_code={code}")
    assert shown.json["status"] == "pending"
    own = await send(app.auth, "POST", f"/api/auth/device/{what}", body, [JSON, cookie, ("origin", OWN)])
    assert own.status == 200


@pytest.mark.parametrize("name", ["expo-origin", "electron-origin", "x-origin", "x-forwarded-origin"])
async def test_csr_18_no_other_header_stands_for_the_origin(name: str) -> None:
    app, cookie = await app_with({"trusted_origins": ["myapp://", "https://app.test"]})
    for value in ("myapp://", OWN, "https://app.test"):
        refused(await rename(app, cookie, (name, value)))
        refused(await rename(app, cookie, ("origin", "https://evil.test"), (name, value)))
    assert await names(app) == ["Ada"]
