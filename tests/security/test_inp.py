"""INP: what bodies, queries and headers may hold. Nothing that a stranger sends is a server error."""

from __future__ import annotations

import json
import time

import pytest
from tests.security.attacker import SIGN_IN, SIGN_UP, app_with_fields, post, refused

from gatewright.model.user import User
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp

pytestmark = pytest.mark.anyio

JSON = (("content-type", "application/json"),)
POSTS = (
    "/sign-up/email",
    "/sign-in/email",
    "/revoke-session",
    "/update-user",
    "/update-session",
    "/change-password",
    "/verify-password",
)


@pytest.fixture
async def app(store: Adapter) -> TestApp:
    return await app_with_fields(store)


async def users(app: TestApp) -> list[User]:
    return await app.auth.services.database.find_many(User)


def encoded(body: object) -> bytes:
    return json.dumps(body).encode()


@pytest.mark.parametrize("path", POSTS)
async def test_inp_01_truncated_json_is_refused(app: TestApp, path: str) -> None:
    whole = encoded(SIGN_UP)
    for end in (1, 2, len(whole) // 2, len(whole) - 1):
        answer = await post(app, path, whole[:end])
        assert answer.status == 400
        refused(answer)
    assert await users(app) == []


@pytest.mark.parametrize("path", ["/sign-up/email", "/sign-in/email", "/revoke-session", "/change-password"])
async def test_inp_02_an_empty_body_is_refused(app: TestApp, path: str) -> None:
    answer = await post(app, path, b"")
    assert answer.status == 400
    refused(answer)


@pytest.mark.parametrize("path", ["/sign-up/email", "/sign-in/email", "/revoke-session", "/change-password"])
@pytest.mark.parametrize("body", [b"null", b"[]", b'"x"', b"true", b"1", b"1.5"])
async def test_inp_03_a_body_that_is_no_object_is_refused(app: TestApp, path: str, body: bytes) -> None:
    answer = await post(app, path, body)
    refused(answer)
    assert (answer.status, answer.json["code"]) == (400, "VALIDATION_ERROR")


async def test_inp_03_a_number_that_no_float_holds_is_refused(app: TestApp) -> None:
    answer = await post(app, "/sign-in/email", b"1e999")
    assert answer.status == 400
    refused(answer)


async def test_inp_04_a_body_without_content_type_does_nothing(app: TestApp) -> None:
    answer = await post(app, "/sign-up/email", encoded(SIGN_UP), media=None)
    assert answer.status in (400, 415)
    refused(answer)
    assert await users(app) == []


@pytest.mark.parametrize(
    "media",
    [
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/ld+json",
        "application/jsonp",
        "x",
    ],
)
async def test_inp_05_other_media_types_are_refused(app: TestApp, media: str) -> None:
    answer = await post(app, "/sign-up/email", encoded(SIGN_UP), media)
    assert answer.status == 415
    refused(answer)
    assert await users(app) == []


@pytest.mark.parametrize("path", ["/update-user", "/change-password", "/verify-password", "/revoke-session"])
async def test_inp_06_forms_are_refused_where_they_are_not_read(app: TestApp, path: str) -> None:
    browser = await app.signed_up()
    answer = await post(
        app, path, b"name=x&password=y", "application/x-www-form-urlencoded", cookie=browser.cookie_header()
    )
    assert answer.status == 415
    refused(answer)


@pytest.mark.parametrize("charset", ["utf-16", "nonsense", "utf-8", '"', ""])
async def test_inp_07_a_charset_changes_nothing(app: TestApp, charset: str) -> None:
    answer = await post(app, "/sign-up/email", encoded(SIGN_UP), f"application/json; charset={charset}")
    assert answer.status in (200, 415)


@pytest.mark.parametrize(
    "name", [b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xe2\x82", b"\x80"]
)
async def test_inp_08_bytes_that_are_no_utf8_are_refused(app: TestApp, name: bytes) -> None:
    body = b'{"name":"' + name + b'","email":"ada@example.com","password":"password-1234"}'
    answer = await post(app, "/sign-up/email", body)
    refused(answer)
    form = b"name=" + name + b"&email=ada@example.com&password=password-1234"
    answer = await post(app, "/sign-up/email", form, "application/x-www-form-urlencoded")
    refused(answer)
    percent = b"name=" + b"".join(b"%%%02x" % byte for byte in name) + b"&email=ada@example.com&password=password-1234"
    answer = await post(app, "/sign-up/email", percent, "application/x-www-form-urlencoded")
    refused(answer)
    assert await users(app) == []


async def test_inp_09_a_byte_order_mark_is_no_json(app: TestApp) -> None:
    answer = await post(app, "/sign-in/email", b"\xef\xbb\xbf" + encoded(SIGN_IN))
    assert answer.status == 400
    refused(answer)


DEEP = {
    "arrays": b"[" * 100_000 + b"]" * 100_000,
    "objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "open arrays": b"[" * 200_000,
    "200 levels": b"[" * 200 + b"]" * 200,
    "900 levels": b"[" * 900 + b"]" * 900,
}


@pytest.mark.parametrize("nesting", DEEP)
@pytest.mark.parametrize("path", ["/sign-up/email", "/sign-in/email", "/update-user"])
async def test_inp_10_deep_nesting_is_refused_quickly(app: TestApp, path: str, nesting: str) -> None:
    browser = await app.signed_up("grace@example.com")
    for member in ("email", "name", "unknown", "metadata"):
        await _refuses_deep(app, path, member, DEEP[nesting], browser.cookie_header())
    assert (await browser.get("/get-session")).status == 200


async def _refuses_deep(app: TestApp, path: str, member: str, value: bytes, cookie: str) -> None:
    members = {name: encoded(value) for name, value in SIGN_UP.items()} | {member: value}
    body = b"{" + b",".join(b'"%s":%s' % (name.encode(), each) for name, each in members.items()) + b"}"
    began = time.thread_time()
    answer = await post(app, path, body, cookie=cookie)
    assert time.thread_time() - began < 0.5
    refused(answer)


@pytest.mark.parametrize("mebibytes", [1, 10, 50])
async def test_inp_11_a_body_over_the_limit_is_refused_before_it_is_read(app: TestApp, mebibytes: int) -> None:
    began = time.thread_time()
    answer = await post(app, "/sign-up/email", b" " * (mebibytes * 1_048_576) + encoded(SIGN_UP))
    assert answer.status == 413
    assert time.thread_time() - began < 0.5
    refused(answer)


async def test_inp_11_a_body_within_the_limit_is_read(app: TestApp) -> None:
    body = encoded(SIGN_UP)
    answer = await post(app, "/sign-up/email", b" " * (1_048_576 - len(body)) + body)
    assert answer.status == 200


@pytest.mark.parametrize(
    "number", [b"1e400", b"9223372036854775808", b"-0", b"NaN", b"Infinity", b"-", b"01", b"9" * 10_000, b"0x10"]
)
@pytest.mark.parametrize("path", ["/sign-up/email", "/sign-in/email", "/change-password"])
async def test_inp_14_numbers_in_the_place_of_text_are_refused(app: TestApp, path: str, number: bytes) -> None:
    browser = await app.signed_up("grace@example.com")
    for member in (b"email", b"password", b"newPassword", b"rememberMe", b"unknown"):
        body = b'{"name":"Ada","currentPassword":"x","%s":%s}' % (member, number)
        began = time.thread_time()
        answer = await post(app, path, body, cookie=browser.cookie_header())
        assert time.thread_time() - began < 0.05
        refused(answer)


async def test_inp_15_of_a_repeated_key_one_value_is_checked_and_used(app: TestApp) -> None:
    await app.signed_up()
    twice = b'{"email":"nobody@example.com","email":"ada@example.com","password":"wrong","password":"password-1234"}'
    answer = await post(app, "/sign-in/email", twice)
    assert (answer.status, answer.json["user"]["email"]) == (200, "ada@example.com")
    other = b'{"email":"ada@example.com","email":"nobody@example.com","password":"password-1234"}'
    assert (await post(app, "/sign-in/email", other)).status == 401


NAMES = (
    "__proto__",
    "constructor",
    "prototype",
    "__class__",
    "__init__",
    "__globals__",
    "{0.__class__}",
    "extra",
    "self",
)


@pytest.mark.parametrize("name", NAMES)
async def test_inp_16_names_of_the_language_mean_nothing(app: TestApp, name: str) -> None:
    body = {**SIGN_UP, name: {"isAdmin": True, "email": "root@example.com"}, "name": name}
    answer = await post(app, "/sign-up/email", encoded(body))
    assert answer.status == 200
    assert (answer.json["user"]["name"], answer.json["user"]["email"]) == (name, "ada@example.com")
    assert set(answer.json["user"]) == {
        "id", "name", "email", "emailVerified", "image", "createdAt", "updatedAt", "role", "nickname", "metadata",
    }  # fmt: skip


@pytest.mark.parametrize("member", ["name", "email", "password", "image", "nickname"])
async def test_inp_17_nul_is_refused_in_every_text(app: TestApp, member: str) -> None:
    value = {"email": "a\0da@example.com"}.get(member, "before\0after-1234")
    answer = await post(app, "/sign-up/email", encoded({**SIGN_UP, member: value}))
    refused(answer)
    assert await users(app) == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sign-in/email", {"email": "ada@example.com", "password": "a\0b"}),
        ("/revoke-session", {"token": "a\0b"}),
        ("/verify-password", {"password": "a\0b"}),
        ("/change-password", {"currentPassword": "a\0b", "newPassword": "password-9999"}),
        ("/change-password", {"currentPassword": "password-1234", "newPassword": "password\0-9999"}),
        ("/update-user", {"name": "a\0b"}),
        ("/update-user", {"nickname": "a\0b"}),
        ("/update-user", {"metadata": {"deep": ["a\0b"]}}),
        ("/update-session", {"theme": "a\0b"}),
    ],
)
async def test_inp_18_nul_is_refused_in_tokens_and_fields(app: TestApp, path: str, body: dict[str, object]) -> None:
    browser = await app.signed_up()
    refused(await browser.post(path, body))


@pytest.mark.parametrize("text", [rb"\ud800", rb"\udc00x", rb"\ud800\ud800", rb"a\udfffb"])
async def test_inp_19_lone_surrogates_are_refused_the_same_way_everywhere(app: TestApp, text: bytes) -> None:
    for member in (b"name", b"password"):
        values = {b"name": b"Ada", b"password": b"password-1234"} | {member: text + b"-password-1234"}
        body = b'{"email":"ada@example.com",%s}' % b",".join(b'"%s":"%s"' % each for each in values.items())
        refused(await post(app, "/sign-up/email", body))
    refused(await post(app, "/sign-in/email", b'{"email":"ada@example.com","password":"%s"}' % text))
    assert await users(app) == []
