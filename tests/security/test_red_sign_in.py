"""RED: places that a body or a query names, at sign-in and sign-up. Nobody is sent where the application did not say."""

from __future__ import annotations

import json
import time
from urllib.parse import quote

import pytest
from tests.security.attacker import SIGN_IN, SIGN_UP, app_on, refused, send

from gatewright.model.user import User
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp
from gatewright.testing.browser import Answer
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

PATHS = ("/sign-in/email", "/sign-up/email")
NAMES = {
    "callbackURL": "INVALID_CALLBACK_URL",
    "errorCallbackURL": "INVALID_ERROR_CALLBACK_URL",
    "newUserCallbackURL": "INVALID_NEW_USER_CALLBACK_URL",
    "redirectTo": "INVALID_REDIRECT_URL",
}

HOSTILE = {
    "RED-01": ["//evil.test"],
    "RED-02": ["/\\evil.test", "\\\\evil.test", "/\\/evil.test", "\\/evil.test"],
    "RED-03": ["///evil.test", "////evil.test"],
    "RED-04": ["https:evil.test", "https:/evil.test", "http:\\\\evil.test"],
    "RED-05": ["https://app.test@evil.test", "https://app.test:x@evil.test", "http://localhost:3000@evil.test"],
    "RED-06": ["https://app.test.evil.test", "http://localhost.evil.test:3000"],
    "RED-07": ["https://evilapp.test", "https://notapp.test"],
    "RED-08": ["http://localhost:30001", "http://localhost:300", "http://localhost"],
    "RED-09": ["https://evil.test#.t.test", "https://evil.test?.t.test", "https://evil.test/.t.test", "https://evil.test\\.t.test"],
    "RED-10": ["http://x.t.test"],
    "RED-11": ["https://t.test"],
    "RED-12": ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "\x01javascript:alert(1)", "\tjavascript:x"],
    "RED-13": ["data:text/html,x", "vbscript:x", "blob:https://app.test/x", "file:///etc/passwd", "mailto:a@b.c"],
    "RED-14": ["/\r\nSet-Cookie:x=1", "/%0d%0aSet-Cookie:x=1", "https://app.test/\r\nx: y", "/ok\n//evil.test"],
    "RED-15": ["/%2f%2fevil.test", "/%5cevil.test"],
    "RED-16": [" //evil.test", "\t//evil.test", "/\t/evil.test", "\n//evil.test", "/\n/evil.test"],
    "RED-17": ["/..//evil.test", "/x/..//evil.test", "/.//evil.test", "/%2e%2e//evil.test"],
    "RED-18": ["https://аpp.test", "https://evil。test", "https://ev\u00adil.test"],
    "RED-24": ["myapps://x", "myapp.evil://x", "my://x"],
    "RED-25": ["exp://10.0.0.1.evil.test/--/", "exp://evil.test/10.0.0.1", "exp://11.0.0.1:8081/x"],
}  # fmt: skip
CASES = [(name, url) for name, urls in HOSTILE.items() for url in urls]


@pytest.fixture
async def app(anyio_backend: str) -> TestApp:
    trusted = ["https://app.test", "https://*.t.test", "myapp://", "exp://10.0.0.*:*/**"]
    return await app_on(MemoryAdapter(), {"trusted_origins": trusted})


async def ask(app: TestApp, path: str, name: str, url: object) -> Answer:
    body = dict(SIGN_IN if path == "/sign-in/email" else SIGN_UP)
    return await send(app.auth, "POST", f"/api/auth{path}", json.dumps(body | {name: url}).encode())


def leads_nowhere(answer: Answer) -> None:
    refused(answer)
    assert answer.header("location") is None


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("case", "url"), CASES)
async def test_red_a_place_that_is_not_trusted_is_refused(app: TestApp, path: str, case: str, url: str) -> None:
    """Every row from RED-01 to RED-18, and RED-24 and RED-25, for every member that names a place."""
    for name, code in NAMES.items():
        answer = await ask(app, path, name, url)
        leads_nowhere(answer)
        assert (answer.status, answer.json["code"]) == (403, code), (case, name)
    assert await app.auth.services.database.count(User) == 0


@pytest.mark.parametrize(
    "url", ["/", "/dashboard", "/a/b?c=d", "https://app.test/x", "https://x.t.test/", "http://localhost:3000/y", "myapp://x",
            "exp://10.0.0.7:8081/--/x"]
)  # fmt: skip
async def test_red_a_trusted_place_is_accepted(app: TestApp, url: str) -> None:
    await app.signed_up()
    answer = await ask(app, "/sign-in/email", "callbackURL", url)
    assert (answer.status, answer.json["url"], answer.json["redirect"]) == (200, url, True)
    assert answer.header("location") == url


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("url", ["/a\0b", "/\u2028", "/\U0001f600", "https://app.test\0.evil.test"])
async def test_red_19_strange_characters_never_break_anything(app: TestApp, path: str, url: str) -> None:
    answer = await ask(app, path, "callbackURL", url)
    assert answer.status < 500
    location = answer.header("location")
    assert location is None or location.startswith("/")


async def test_red_19_a_lone_surrogate_is_refused(app: TestApp) -> None:
    body = b'{"email":"ada@example.com","password":"x","callbackURL":"/\\ud800"}'
    leads_nowhere(await send(app.auth, "POST", "/api/auth/sign-in/email", body))


@pytest.mark.parametrize(
    "query", ["callbackURL=%zz", "callbackURL=%E0%A4%A", "callbackURL=%ff", "callback%55RL=//evil.test"]
)
async def test_red_20_a_malformed_query_is_refused(app: TestApp, query: str) -> None:
    for method, path in (("GET", "/error"), ("POST", "/sign-in/email")):
        answer = await send(app.auth, method, f"/api/auth{path}", json.dumps(SIGN_IN).encode(), query=query)
        leads_nowhere(answer)


@pytest.mark.parametrize(
    "query", ["callbackURL=/ok&callbackURL=//evil.test", "callbackURL=//evil.test&callbackURL=/ok"]
)
async def test_red_21_of_a_repeated_parameter_every_value_is_checked(app: TestApp, query: str) -> None:
    answer = await send(app.auth, "GET", "/api/auth/error", query=query)
    leads_nowhere(answer)
    assert answer.json["code"] == "INVALID_CALLBACK_URL"


@pytest.mark.parametrize("value", [["/ok"], {"a": "b"}, 1, True, ["//evil.test"]])
async def test_red_22_a_place_is_text(app: TestApp, value: object) -> None:
    for path in PATHS:
        answer = await ask(app, path, "callbackURL", value)
        leads_nowhere(answer)
        assert answer.status == 400


@pytest.mark.parametrize("nowhere", [False, 0])
async def test_red_22_what_leads_nowhere_is_for_the_shape_to_refuse(app: TestApp, nowhere: object) -> None:
    answer = await ask(app, "/sign-in/email", "callbackURL", nowhere)
    leads_nowhere(answer)
    assert (answer.status, answer.json["code"]) == (400, "VALIDATION_ERROR")


async def test_red_22_null_is_refused_by_the_shape(app: TestApp) -> None:
    leads_nowhere(await ask(app, "/sign-in/email", "callbackURL", None))


@pytest.mark.parametrize("first_is_safe", [True, False])
async def test_red_23_of_a_repeated_key_one_value_is_checked_and_used(app: TestApp, first_is_safe: bool) -> None:
    await app.signed_up()
    places = ["/ok", "//evil.test"] if first_is_safe else ["//evil.test", "/ok"]
    body = '{{"email":"ada@example.com","password":"password-1234","callbackURL":"{}","callbackURL":"{}"}}'.format(
        *places
    )
    answer = await send(app.auth, "POST", "/api/auth/sign-in/email", body.encode())
    if first_is_safe:
        leads_nowhere(answer)
    else:
        assert (answer.status, answer.header("location")) == (200, "/ok")


@pytest.mark.parametrize("name", ["callbackURL", "callback\\u0055RL", "\\u0063allbackURL"])
async def test_red_23_an_escaped_name_is_the_same_name(app: TestApp, name: str) -> None:
    body = f'{{"email":"ada@example.com","password":"password-1234","{name}":"//evil.test"}}'
    answer = await send(app.auth, "POST", "/api/auth/sign-in/email", body.encode())
    leads_nowhere(answer)
    assert answer.json["code"] == "INVALID_CALLBACK_URL"


@pytest.mark.parametrize("name", ["callbackURL", "callback%55RL", "%63allback%55%52%4C"])
async def test_red_23_an_escaped_name_in_a_form_is_the_same_name(app: TestApp, name: str) -> None:
    await app.signed_up()
    body = f"email=ada%40example.com&password=password-1234&{name}={quote('//evil.test')}"
    headers = [("content-type", "application/x-www-form-urlencoded")]
    answer = await send(app.auth, "POST", "/api/auth/sign-in/email", body.encode(), headers)
    leads_nowhere(answer)
    assert answer.json["code"] == "INVALID_CALLBACK_URL"


async def test_red_27_a_very_long_place_is_refused_at_once(app: TestApp) -> None:
    for url in ("/" + "a" * 65_536, "https://app.test/" + "../" * 20_000, "https://" + "a." * 32_000 + "t.test"):
        began = time.thread_time()
        answer = await ask(app, "/sign-in/email", "callbackURL", url)
        assert time.thread_time() - began < 0.05
        leads_nowhere(answer)


async def test_red_of_an_application_that_switched_the_check_off_any_place_is_taken(store: Adapter) -> None:
    app = await app_on(store, {"advanced": {"disable_origin_check": True}})
    await app.signed_up()
    answer = await ask(app, "/sign-in/email", "callbackURL", "https://elsewhere.test/")
    assert (answer.status, answer.json["url"]) == (200, "https://elsewhere.test/")
