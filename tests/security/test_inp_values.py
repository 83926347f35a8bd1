"""INP: what members, headers and queries may hold, and what a request may not set."""

from __future__ import annotations

import json
import time

import pytest
from tests.security.attacker import SIGN_IN, SIGN_UP, app_with_fields, post, refused, send

from gatewright.contract.sign_up import MAX_NAME
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp

pytestmark = pytest.mark.anyio

JSON = (("content-type", "application/json"),)


@pytest.fixture
async def app(store: Adapter) -> TestApp:
    return await app_with_fields(store)


async def users(app: TestApp) -> list[User]:
    return await app.auth.services.database.find_many(User)


def encoded(body: object) -> bytes:
    return json.dumps(body).encode()


@pytest.mark.parametrize(
    "email",
    [
        "ada@example.com\r\nBcc: eve@evil.test",
        "ada@example.com\n",
        "\nada@example.com",
        "ada@example.com,eve@evil.test",
        "ada@example.com;eve@evil.test",
        "ada@example.com eve@evil.test",
        '"ada eve"@example.com',
        " ada@example.com",
        "ada@example.com ",
        "ad\u200ba@example.com",
        "ada\uff20example.com",
        "ada@example.com\u2028",
        "ada@@example.com",
        "ada@evil.test@example.com",
        "<ada@example.com>",
        "ada@[127.0.0.1]",
        "ada@localhost",
        ".@example.com",
        "",
    ],
)
async def test_inp_20_what_is_no_single_address_is_refused(app: TestApp, email: str) -> None:
    answer = await post(app, "/sign-up/email", encoded({**SIGN_UP, "email": email}))
    assert answer.status == 400
    refused(answer)
    answer = await post(app, "/sign-in/email", encoded({**SIGN_IN, "email": email}))
    assert answer.status == 400
    assert await users(app) == []


@pytest.mark.parametrize("email", ["ıda@example.com", "\u212ada@example.com", "ſda@example.com", "ａda@example.com"])
async def test_inp_21_letters_that_fold_to_ascii_are_not_ascii(app: TestApp, email: str) -> None:
    refused(await post(app, "/sign-up/email", encoded({**SIGN_UP, "email": email})))
    refused(await post(app, "/sign-in/email", encoded({**SIGN_IN, "email": email})))


async def test_inp_21_an_address_is_stored_and_found_in_one_form(app: TestApp) -> None:
    assert (await post(app, "/sign-up/email", encoded({**SIGN_UP, "email": "ADA@Example.COM"}))).status == 200
    assert [user.email for user in await users(app)] == ["ada@example.com"]
    assert (await post(app, "/sign-in/email", encoded({**SIGN_IN, "email": "aDa@eXample.com"}))).status == 200


@pytest.mark.parametrize(
    ("email", "status"),
    [
        ("a" * 64 + "@example.com", 200),
        ("a" * 65 + "@example.com", 400),
        ("a@" + "b" * 63 + ".com", 200),
        ("a@" + "b" * 64 + ".com", 400),
        ("a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".co" + "m" * 3, 400 if 64 + 1 + 182 + 6 > 254 else 200),
        ("a" * 64 + "@" + ".".join(["b" * 62] * 3) + ".com", 400),
    ],
)
async def test_inp_22_addresses_keep_the_limits_of_mail(app: TestApp, email: str, status: int) -> None:
    assert (await post(app, "/sign-up/email", encoded({**SIGN_UP, "email": email}))).status == status


async def test_inp_23_a_name_has_a_longest_length(app: TestApp) -> None:
    refused(await post(app, "/sign-up/email", encoded({**SIGN_UP, "name": "x" * (MAX_NAME + 1)})))
    refused(await post(app, "/sign-up/email", encoded({**SIGN_UP, "name": "x" * 900_000})))
    assert (await post(app, "/sign-up/email", encoded({**SIGN_UP, "name": "x" * MAX_NAME}))).status == 200
    browser = await app.signed_up("grace@example.com")
    refused(await browser.post("/update-user", {"name": "x" * (MAX_NAME + 1)}))


@pytest.mark.parametrize(
    "image",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:x", "java\nscript:x", "\tdata:text/html,x", "data:image/svg+xml,<svg>",
     "vbscript:x", "blob:http://x", "file:///etc/passwd", "\x01javascript:x", "ftp://x/y"],
)  # fmt: skip
async def test_inp_24_an_image_that_could_run_is_refused(app: TestApp, image: str) -> None:
    refused(await post(app, "/sign-up/email", encoded({**SIGN_UP, "image": image})))
    browser = await app.signed_up()
    refused(await browser.post("/update-user", {"image": image}))


@pytest.mark.parametrize("image", ["https://example.com/a.png", "http://example.com/a.png", "/a.png", "a.png", ""])
async def test_inp_24_other_images_are_kept(app: TestApp, image: str) -> None:
    answer = await post(app, "/sign-up/email", encoded({**SIGN_UP, "image": image}))
    assert (answer.status, answer.json["user"]["image"]) == (200, image)


async def test_inp_26_what_a_user_may_not_set_keeps_its_default(app: TestApp) -> None:
    body = {
        **SIGN_UP,
        "id": "chosen",
        "createdAt": "2000-01-01T00:00:00.000Z",
        "updatedAt": "2000-01-01T00:00:00.000Z",
        "emailVerified": True,
        "email_verified": True,
        "role": "admin",
        "banned": False,
        "twoFactorEnabled": True,
        "isAnonymous": True,
        "stripeCustomerId": "cus_1",
    }
    answer = await post(app, "/sign-up/email", encoded(body))
    refused_outright = answer.status == 400 and answer.json["code"] == "FIELD_NOT_ALLOWED"
    if not refused_outright:
        assert answer.status == 200
        (user,) = await users(app)
        assert user.id != "chosen"
        assert user.created_at == app.clock.now()
        assert (user.email_verified, user.raw["role"]) == (False, None)
        assert not {"banned", "twoFactorEnabled", "isAnonymous", "stripeCustomerId"} & set(user.raw)


@pytest.mark.parametrize(
    "name",
    ["role", "banned", "twoFactorEnabled", "isAnonymous", "email", "phoneNumber", "id", "emailVerified", "createdAt",
     "two_factor_enabled", "is_anonymous", "phone_number", "email_verified", "created_at"],
)  # fmt: skip
async def test_inp_27_a_user_changes_only_what_is_theirs_to_change(app: TestApp, name: str) -> None:
    browser = await app.signed_up()
    (before,) = await users(app)
    app.clock.advance(seconds=5)
    value = True if name.startswith(("is", "banned", "two")) or "erified" in name else "changed@example.com"
    refused(await browser.post("/update-user", {name: value}))
    (after,) = await users(app)
    assert after.raw == before.raw


@pytest.mark.parametrize("name", ["userId", "impersonatedBy", "expiresAt", "token", "id", "user_id", "ipAddress"])
async def test_inp_28_a_session_changes_only_in_the_fields_of_the_application(app: TestApp, name: str) -> None:
    browser = await app.signed_up()
    before = await app.auth.services.database.find_many(Session)
    refused(await browser.post("/update-session", {name: "2099-01-01T00:00:00.000Z"}))
    answer = await browser.post("/update-session", {name: "2099-01-01T00:00:00.000Z", "theme": "dark"})
    (after,) = await app.auth.services.database.find_many(Session)
    assert answer.status in (200, 400)
    kept = {key: value for key, value in after.raw.items() if key not in ("theme", "updatedAt")}
    assert kept == {key: value for key, value in before[0].raw.items() if key not in ("theme", "updatedAt")}


OPERATORS: tuple[object, ...] = ({"$ne": None}, {"contains": ""}, ["a"], {"eq": "a"}, [], {}, True, 1)


@pytest.mark.parametrize("value", OPERATORS)
async def test_inp_30_operators_are_no_values(app: TestApp, value: object) -> None:
    browser = await app.signed_up()
    for path, body in (
        ("/sign-in/email", {"email": value, "password": "password-1234"}),
        ("/sign-in/email", {"email": "ada@example.com", "password": value}),
        ("/revoke-session", {"token": value}),
        ("/verify-password", {"password": value}),
        ("/change-password", {"currentPassword": value, "newPassword": "password-9999"}),
    ):
        refused(await browser.post(path, body))
    assert (await browser.get("/get-session")).json is not None


@pytest.mark.parametrize(
    "email",
    ["a" * 100_000, "a." * 50_000 + "@", "a@" + "a." * 50_000, "'" * 100_000 + "@", "a@" + "-" * 100_000,
     "a@" + "a-" * 50_000 + "!"],
)  # fmt: skip
async def test_inp_34_the_worst_address_for_the_pattern_is_refused_at_once(app: TestApp, email: str) -> None:
    body = encoded({**SIGN_UP, "email": email})
    began = time.thread_time()
    answer = await post(app, "/sign-up/email", body)
    assert time.thread_time() - began < 0.05
    refused(answer)


@pytest.mark.parametrize(
    "headers",
    [
        [(f"x-header-{number}", "value") for number in range(500)],
        [("x-large", "a" * 65_536)],
        [("x-nul", "a\0b")],
        [("", "")],
        [("cookie", "\xff\xfe=\0")],
        [("authorization", "\xff" * 1000)],
        [("user-agent", "\xff\0" * 100)],
        [("x-forwarded-for", "," * 65_536)],
    ],
)
async def test_inp_35_strange_headers_are_answered(app: TestApp, headers: list[tuple[str, str]]) -> None:
    answer = await send(app.auth, "GET", "/api/auth/get-session", headers=headers)
    assert (answer.status, answer.json) == (200, None)
    answer = await send(app.auth, "POST", "/api/auth/sign-up/email", encoded(SIGN_UP), [*JSON, *headers])
    assert answer.status in (200, 400, 403)


async def test_inp_36_a_name_with_underscores_is_another_name(app: TestApp) -> None:
    browser = await app.signed_up()
    answer = await send(
        app.auth,
        "POST",
        "/api/auth/sign-in/email",
        encoded(SIGN_IN),
        [*JSON, ("sec_fetch_site", "cross-site"), ("sec_fetch_mode", "navigate"), ("x_forwarded_for", "6.6.6.6")],
    )
    assert answer.status == 200
    rows = await app.auth.services.database.find_many(Session)
    assert "6.6.6.6" not in [row.ip_address for row in rows]
    answer = await send(app.auth, "GET", "/api/auth/list-sessions", headers=[("Cookie_", browser.cookie_header())])
    assert answer.status == 401


@pytest.mark.parametrize(
    "query", ["error[]=x", "error=a&error=b", "error[$gt]=", "error=%ff", "error=%00", "%zz", "&=&&=="]
)
async def test_inp_37_strange_queries_are_no_server_errors(app: TestApp, query: str) -> None:
    answer = await send(app.auth, "GET", "/api/auth/error", query=query, headers=())
    assert answer.status in (200, 400)
    if query == "error=a&error=b":
        refused(answer)


async def test_inp_37_too_many_parameters_are_refused(app: TestApp) -> None:
    refused(await send(app.auth, "GET", "/api/auth/error", query="&".join(["a=b"] * 10_000), headers=()))


async def test_inp_38_markup_in_a_name_stays_json(app: TestApp) -> None:
    answer = await post(app, "/sign-up/email", encoded({**SIGN_UP, "name": "<script>alert(1)</script>"}))
    assert answer.json["user"]["name"] == "<script>alert(1)</script>"
    assert answer.header("content-type") == "application/json"
    assert answer.header("x-content-type-options") == "nosniff"


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "javascript:alert(1)"]
)
async def test_inp_39_the_error_page_shows_text_and_runs_nothing(app: TestApp, text: str) -> None:
    answer = await app.browser().get(f"/error?error={_quoted(text)}&error_description={_quoted(text)}")
    page = answer.body.decode()
    assert answer.status == 200
    assert "<script" not in page
    assert "<img" not in page
    assert "default-src 'none'" in (answer.header("content-security-policy") or "")
    assert answer.header("x-content-type-options") == "nosniff"


async def test_inp_40_a_large_deep_document_is_refused(app: TestApp) -> None:
    browser = await app.signed_up()
    levels = 100_000
    document = b'{"metadata":' + b'{"a":' * levels + b"1" + b"}" * levels + b"}"
    answer = await post(app, "/update-user", document, cookie=browser.cookie_header())
    refused(answer)
    text = b'{"metadata":' + encoded("[" * 5_000 + "]" * 5_000) + b"}"
    answer = await post(app, "/update-user", text, cookie=browser.cookie_header())
    assert answer.status < 500
    assert (await browser.get("/get-session")).status == 200


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())
