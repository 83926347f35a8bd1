"""Places that a browser may be sent to, in the ways to sign in that plugins and providers add. Named after the cases."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode

import pytest
from tests.security.places import CASES, OPTIONS, leads_nowhere

from gatewright.model.verification import Verification
from gatewright.plugins.magic_link import MagicLink, MagicLinkOptions
from gatewright.plugins.oauth_popup import OAuthPopup
from gatewright.plugins.oauth_proxy import OAuthProxy
from gatewright.plugins.one_tap import OneTap
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio

SOCIAL = {"provider": "google"}
POSTS: Mapping[str, Mapping[str, object]] = {
    "/sign-in/social": SOCIAL,
    "/link-social": SOCIAL,
    "/sign-in/magic-link": {"email": "ada@example.com"},
    "/one-tap/callback": {"idToken": "x"},
}
MEMBERS = ("callbackURL", "errorCallbackURL", "newUserCallbackURL")


def made() -> TestApp:
    box = Mailbox()
    google = {"google": {"client_id": "google-id", "client_secret": "google-secret"}}
    plugins = [MagicLink(MagicLinkOptions(send_magic_link=box.sender("link"))), OAuthProxy(), OAuthPopup(), OneTap()]
    return make_app({**OPTIONS, "social_providers": google}, plugins=plugins, mailbox=box)


@pytest.mark.parametrize("place", CASES)
async def test_red_01_to_30_no_body_leads_elsewhere_and_nothing_begins(place: str) -> None:
    app = made()
    browser = await app.signed_up("owner@example.com")
    for path, body in POSTS.items():
        for member in MEMBERS:
            leads_nowhere(await browser.post(path, {**body, member: place}))
    # RED-30: where the page itself goes to the provider, no less.
    for member in MEMBERS:
        leads_nowhere(await browser.post("/sign-in/social", {**SOCIAL, "disableRedirect": True, member: place}))
    assert app.mailbox.sent == []
    assert await app.auth.services.database.count(Verification) == 0


@pytest.mark.parametrize("place", CASES)
async def test_red_01_to_27_no_link_leads_elsewhere_and_nothing_is_used_up(place: str) -> None:
    app = made()
    await app.browser().post("/sign-in/magic-link", {"email": "ada@example.com"})
    token = app.mailbox.last("link").token
    written = quote(place, safe="")
    for member in MEMBERS:
        leads_nowhere(await app.browser().get(f"/magic-link/verify?token={token}&{member}={written}"))
    leads_nowhere(await app.browser().get(f"/oauth-proxy-callback?callbackURL={written}&profile=x"))
    assert (await app.browser().get(f"/magic-link/verify?token={token}")).status == 200


@pytest.mark.parametrize("place", CASES)
async def test_red_01_to_27_a_popup_goes_nowhere_and_says_why(place: str) -> None:
    app = made()
    for member in MEMBERS:
        query = urlencode({**SOCIAL, "popupOrigin": "http://localhost:3000", member: place})
        answer = await app.browser().get(f"/oauth-popup/start?{query}")
        if answer.status != 200:
            leads_nowhere(answer)
            continue
        assert (answer.header("location"), answer.cookies) == (None, [])
        found = re.search(r'id="better-auth-oauth-popup">(.*?)</script>', answer.body.decode(), re.DOTALL)
        assert found is not None
        told = json.loads(found[1])
        assert told["message"]["error"]["code"].startswith("invalid_")
        assert told["place"] is None
    assert await app.auth.services.database.count(Verification) == 0


@pytest.mark.parametrize("place", CASES)
async def test_oac_22_a_popup_tells_only_a_trusted_opener(place: str) -> None:
    query = urlencode({**SOCIAL, "popupOrigin": place})
    leads_nowhere(await made().browser().get(f"/oauth-popup/start?{query}"))


async def test_oac_22_the_message_of_a_popup_is_for_one_origin() -> None:
    query = urlencode({"provider": "nope", "popupOrigin": "http://localhost:3000/a/page"})
    text = (await made().browser().get(f"/oauth-popup/start?{query}")).body.decode()
    assert '"targetOrigin":"http://localhost:3000"' in text
    assert re.findall(r"postMessage\(([^)]*)\)", text) == ["told.message, told.targetOrigin"]
