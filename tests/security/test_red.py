"""Places that a browser may be sent to, on every operation that mails links or follows them. Named after the cases."""

from collections.abc import Mapping
from urllib.parse import quote

import pytest
from tests.mailing import ADA, mailing_app, requested_reset
from tests.security.places import CASES, OPTIONS, leads_nowhere

from gatewright.settings.callbacks import Mail
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser
from gatewright.wire.json import encode

pytestmark = pytest.mark.anyio

POSTS: Mapping[str, tuple[str, dict[str, object]]] = {
    "/sign-up/email": ("callbackURL", {**ADA, "email": "new@example.com"}),
    "/sign-in/email": ("callbackURL", {"email": "ada@example.com", "password": "password-1234"}),
    "/request-password-reset": ("redirectTo", {"email": "ada@example.com"}),
    "/send-verification-email": ("callbackURL", {"email": "ada@example.com"}),
    "/change-email": ("callbackURL", {"newEmail": "new@example.com"}),
    "/delete-user": ("callbackURL", {}),
}
GETS = ("/reset-password/{reset}", "/verify-email?token={verify}", "/delete-user/callback?token={delete}")

HARMLESS = ("/ok", "/ok?a=b", "http://localhost:3000/ok", "https://x.t.test/ok", "myapp://ok", "exp://10.0.0.7:80/ok")


async def ready() -> tuple[TestApp, Browser, dict[str, str]]:
    """A user with every kind of token."""
    tokens: dict[str, str] = {}

    async def keep(mail: Mail, request: object) -> None:
        tokens["delete"] = mail.token

    app = mailing_app(delete_user={"send_delete_account_verification": keep}, options=OPTIONS)
    browser = await app.signed_up()
    await browser.post("/delete-user")
    await browser.post("/send-verification-email", {"email": "ada@example.com"})
    tokens["verify"] = app.mailbox.last("verify").token
    tokens["reset"] = await requested_reset(app)
    app.mailbox.sent.clear()
    return app, browser, tokens


def target(template: str, tokens: Mapping[str, str], place: str) -> str:
    path = template.format(**tokens)
    return f"{path}{'&' if '?' in path else '?'}callbackURL={quote(place, safe='')}"


@pytest.mark.parametrize("place", CASES)
async def test_red_01_to_28_no_body_leads_elsewhere_and_nothing_is_mailed(place: str) -> None:
    app, browser, _ = await ready()
    for path, (member, body) in POSTS.items():
        leads_nowhere(await browser.post(path, {**body, member: place}))
    assert app.mailbox.sent == []


@pytest.mark.parametrize("place", CASES)
async def test_red_01_to_27_no_link_leads_elsewhere_and_nothing_is_used_up(place: str) -> None:
    _, browser, tokens = await ready()
    for template in GETS:
        leads_nowhere(await browser.get(target(template, tokens, place)))
    for template in GETS:
        answer = await browser.get(target(template, tokens, "/ok"))
        assert answer.status == 302
        assert "error=" not in (answer.header("location") or "")


@pytest.mark.parametrize("template", GETS)
@pytest.mark.parametrize("place", HARMLESS)
async def test_trusted_places_are_led_to(template: str, place: str) -> None:
    _, browser, tokens = await ready()
    answer = await browser.get(target(template, tokens, place))
    location = answer.header("location") or ""
    assert answer.status == 302
    assert location.startswith((place, f"http://localhost:3000{place}"))


@pytest.mark.parametrize("template", GETS)
@pytest.mark.parametrize("place", ["/%2f%2fevil.test", "/%5cevil.test", "/%252f%252fevil.test"])
async def test_red_15_encoded_slashes_never_become_a_host(template: str, place: str) -> None:
    _, browser, tokens = await ready()
    answer = await browser.get(target(template, tokens, place))
    if answer.status != 302:
        leads_nowhere(answer)
        return
    location = answer.header("location") or ""
    assert location.removeprefix("http://localhost:3000").startswith(place)


@pytest.mark.parametrize("template", GETS)
@pytest.mark.parametrize("place", ["/..//evil.test", "/x/..//evil.test", "/.//evil.test"])
async def test_red_17_dot_segments_never_leave_a_host_behind(template: str, place: str) -> None:
    _, browser, tokens = await ready()
    leads_nowhere(await browser.get(target(template, tokens, place)))


@pytest.mark.parametrize("template", GETS)
@pytest.mark.parametrize(
    "place", ["http://l\u043ecalhost:3000", "http://local\u00adhost.evil.test", "https://x\uff0et.evil"]
)
async def test_red_18_lookalikes_are_compared_as_a_browser_reads_them(template: str, place: str) -> None:
    _, browser, tokens = await ready()
    leads_nowhere(await browser.get(target(template, tokens, place)))


@pytest.mark.parametrize("template", GETS)
async def test_red_18_a_trusted_host_in_other_letters_is_written_in_ascii(template: str) -> None:
    _, browser, tokens = await ready()
    answer = await browser.get(target(template, tokens, "https://x\u3002t\uff0etest/\u00e9"))
    location = answer.header("location") or ""
    assert answer.status == 302
    assert location.startswith("https://x.t.test/%C3%A9")


@pytest.mark.parametrize("template", GETS)
@pytest.mark.parametrize("raw", ["%zz", "%E0%A4%A", "%25zz", "/a%00b", "%ED%A0%80", "/%F0%9F%98%80"])
async def test_red_19_and_20_odd_escapes_are_no_server_error(template: str, raw: str) -> None:
    _, browser, tokens = await ready()
    path = template.format(**tokens)
    answer = await browser.get(f"{path}{'&' if '?' in path else '?'}callbackURL={raw}")
    leads_nowhere(answer)


@pytest.mark.parametrize("template", GETS)
@pytest.mark.parametrize("order", [("/ok", "//evil.test"), ("//evil.test", "/ok")])
async def test_red_21_of_two_places_neither_may_lead_elsewhere(template: str, order: tuple[str, str]) -> None:
    _, browser, tokens = await ready()
    first, second = order
    leads_nowhere(await browser.get(target(template, tokens, first) + "&callbackURL=" + quote(second, safe="")))


@pytest.mark.parametrize("value", [["/ok"], {"a": "/ok"}, 7, None])
async def test_red_22_a_place_is_a_text(value: object) -> None:
    app, browser, _ = await ready()
    for path, (member, body) in POSTS.items():
        leads_nowhere(await browser.post(path, {**body, member: value}))
    assert app.mailbox.sent == []


@pytest.mark.parametrize("path", POSTS)
async def test_red_23_of_a_repeated_member_the_one_that_is_used_is_checked(path: str) -> None:
    app, browser, _ = await ready()
    member, body = POSTS[path]
    text = encode({**body, member: "/ok"})[:-1] + f',"{member}":"//evil.test"}}'.encode()
    leads_nowhere(await browser.send("POST", path, text, headers={"content-type": "application/json"}))
    assert app.mailbox.sent == []


async def test_red_29_an_origin_that_is_not_trusted_any_more_is_not_led_to() -> None:
    trusted = ["https://old.test"]

    def ask(request: object) -> list[str]:
        return trusted

    app = mailing_app(options={"trusted_origins": ask})
    browser = await app.signed_up()
    answer = await browser.post(
        "/request-password-reset", {"email": "ada@example.com", "redirectTo": "https://old.test/x"}
    )
    assert answer.status == 200
    mail = app.mailbox.last("reset")
    assert (await browser.get(mail.url)).header("location") == f"https://old.test/x?token={mail.token}"
    trusted.clear()
    refused = await browser.get(mail.url)
    leads_nowhere(refused)
    assert mail.token.encode() not in refused.body


@pytest.mark.parametrize("template", GETS)
async def test_red_31_a_link_leaves_no_traces(template: str) -> None:
    _, browser, tokens = await ready()
    answer = await browser.get(target(template, tokens, "/ok"))
    assert answer.status == 302
    assert answer.header("referrer-policy") == "no-referrer"
    assert answer.header("cache-control") == "no-store"


@pytest.mark.parametrize("place", ["/a\r\nset-cookie: x=1", "/a\nx", "https://app.test/\r\n\r\n<p>", "/\x7f"])
async def test_red_14_no_place_splits_a_header_even_where_places_are_not_checked(place: str) -> None:
    app = make_app({"advanced": {"disable_origin_check": True}})
    answer = await app.browser().get(f"/verify-email?token=x&callbackURL={quote(place, safe='')}")
    location = answer.header("location") or ""
    assert answer.status == 302
    assert location.isascii()
    assert location.isprintable()
