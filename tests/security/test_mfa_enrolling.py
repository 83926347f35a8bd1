"""Attacks on the enrolment of second factors: what was replaced, what is stored, what the app reads. Named after the cases."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from tests.unit.plugins.two_factor.factor import PASSWORD, app_with, challenged, code_of, enrolled, signing_in

pytestmark = pytest.mark.anyio


async def totp(browser: Any, code: object) -> Any:
    return await browser.post("/two-factor/verify-totp", {"code": code})


async def test_mfa_11_enrolling_anew_makes_the_old_app_and_the_old_codes_worthless() -> None:
    app = app_with()
    owner, old = await enrolled(app)
    new = (await owner.post("/two-factor/enable", {"password": PASSWORD})).json
    app.clock.advance(minutes=2)
    browser = await challenged(app)
    assert (await totp(browser, code_of(app, old["totpURI"]))).json["code"] == "INVALID_CODE"
    for code in old["backupCodes"]:
        answer = await (await challenged(app)).post("/two-factor/verify-backup-code", {"code": code})
        assert answer.json["code"] in {"INVALID_BACKUP_CODE", "ACCOUNT_TEMPORARILY_LOCKED"}
    app.clock.advance(minutes=15)
    assert (await totp(await challenged(app), code_of(app, new["totpURI"]))).status == 200
    answer = await (await challenged(app)).post("/two-factor/verify-backup-code", {"code": new["backupCodes"][0]})
    assert answer.status == 200


async def test_mfa_12_disabling_needs_the_password() -> None:
    app = app_with()
    browser, _ = await enrolled(app)
    bodies: list[dict[str, object]] = [{}, {"password": "another-one"}]
    for body in bodies:
        assert (await browser.post("/two-factor/disable", body)).status == 400
    assert (await signing_in(app.browser())).json["twoFactorRedirect"] is True
    assert (await browser.post("/two-factor/disable", {"password": PASSWORD})).status == 200
    assert (await signing_in(app.browser())).json["redirect"] is False


async def test_mfa_13_secrets_are_usable_after_the_rotation_of_the_instances_own() -> None:
    app = app_with()
    _, given = await enrolled(app)
    secrets = [{"version": 2, "value": "another-secret-that-is-long-enough-for-this"}]
    rotated = app_with(adapter=app.adapter, settings={"secrets": secrets})
    for _ in range(10_000):
        rotated.auth.services.random.bytes(1)
    rotated.clock.advance(minutes=10)
    browser = await challenged(rotated)
    assert (await totp(browser, code_of(rotated, given["totpURI"]))).status == 200
    answer = await (await challenged(rotated)).post("/two-factor/verify-backup-code", {"code": given["backupCodes"][0]})
    assert answer.status == 200


@pytest.mark.parametrize("name", ["A:B", "A?B#C", "A\nB", "Ä & Ö", "a=b%20"])
async def test_mfa_18_names_are_encoded_in_what_the_app_reads(name: str) -> None:
    app = app_with({"issuer": name})
    browser = await app.signed_up("a+b_c@example.com")
    uri: str = (await browser.post("/two-factor/enable", {"password": PASSWORD})).json["totpURI"]
    parsed = urlsplit(uri)
    issuer, _, account = parsed.path.lstrip("/").partition(":")
    assert (parsed.scheme, parsed.netloc, parsed.fragment) == ("otpauth", "totp", "")
    assert (unquote(issuer), unquote(account)) == (name, "a+b_c@example.com")
    assert parse_qs(parsed.query)["issuer"] == [name]
    assert set(parse_qs(parsed.query)) == {"secret", "issuer", "digits", "period"}
