"""Enabling, showing, replacing and disabling a second factor."""

import pytest
from tests.unit.plugins.two_factor.factor import (
    PASSWORD,
    app_with,
    challenged,
    code_of,
    enrolled,
    is_signed_in,
    secret_of,
    signing_in,
)

from gatewright.model.account import Account
from gatewright.plugins.two_factor import TwoFactorRow
from gatewright.wire.faults import ApiError

pytestmark = pytest.mark.anyio


async def test_enabling_answers_what_an_app_needs_and_ten_codes() -> None:
    app = app_with(settings={"app_name": "Gate App"})
    browser = await app.signed_up("user+1@example.com")
    answer = await browser.post("/two-factor/enable", {"password": PASSWORD})
    assert answer.status == 200
    assert set(answer.json) == {"method", "totpURI", "backupCodes"}
    assert answer.json["totpURI"].startswith("otpauth://totp/Gate%20App:user%2B1%40example.com?secret=")
    assert answer.json["totpURI"].endswith("&issuer=Gate+App&digits=6&period=30")
    assert [(len(code), code[5]) for code in answer.json["backupCodes"]] == [(11, "-")] * 10
    assert len(secret_of(answer.json["totpURI"])) == 32


async def test_an_enrolment_counts_from_its_first_code_on() -> None:
    app = app_with()
    browser = await app.signed_up()
    uri = (await browser.post("/two-factor/enable", {"password": PASSWORD})).json["totpURI"]
    assert (await signing_in(app.browser())).json["redirect"] is False
    old = browser.cookie("better-auth.session_token")
    assert (await browser.post("/two-factor/verify-totp", {"code": code_of(app, uri)})).status == 200
    assert browser.cookie("better-auth.session_token") != old
    assert (await browser.get("/get-session")).json["user"]["twoFactorEnabled"] is True
    assert (await signing_in(app.browser())).json == {
        "twoFactorRedirect": True,
        "twoFactorMethods": ["totp", "otp"],
    }


async def test_skipping_verification_makes_it_count_at_once() -> None:
    app = app_with({"skip_verification_on_enable": True, "otp_options": {}})
    browser = await app.signed_up()
    assert (await browser.post("/two-factor/enable", {"password": PASSWORD})).status == 200
    assert (await signing_in(app.browser())).json == {"twoFactorRedirect": True, "twoFactorMethods": ["totp"]}
    assert await is_signed_in(browser)


async def test_messages_alone_can_be_the_second_factor() -> None:
    app = app_with()
    browser = await app.signed_up()
    answer = await browser.post("/two-factor/enable", {"password": PASSWORD, "method": "otp"})
    assert answer.json == {"method": "otp"}
    assert (await signing_in(app.browser())).json == {"twoFactorRedirect": True, "twoFactorMethods": ["otp"]}


@pytest.mark.parametrize(
    ("options", "body", "code"),
    [
        ({"otp_options": {}}, {"method": "otp"}, "OTP_NOT_CONFIGURED"),
        ({"totp_options": {"disable": True}}, {}, "TOTP_NOT_CONFIGURED"),
    ],
)
async def test_a_method_that_is_not_there_is_refused(
    options: dict[str, object], body: dict[str, object], code: str
) -> None:
    browser = await app_with(options).signed_up()
    answer = await browser.post("/two-factor/enable", {"password": PASSWORD, **body})
    assert (answer.status, answer.json["code"]) == (400, code)


async def test_the_issuer_can_be_given() -> None:
    browser = await app_with().signed_up()
    answer = await browser.post("/two-factor/enable", {"password": PASSWORD, "issuer": "Other: Co"})
    assert answer.json["totpURI"].startswith("otpauth://totp/Other%3A%20Co:ada%40example.com?secret=")
    assert "&issuer=Other%3A+Co&" in answer.json["totpURI"]


async def test_replacing_the_app_voids_the_old_secret_and_the_old_codes() -> None:
    app = app_with()
    browser, old = await enrolled(app)
    new = (await browser.post("/two-factor/enable", {"password": PASSWORD})).json
    asking = await challenged(app)
    refused = await asking.post("/two-factor/verify-totp", {"code": code_of(app, old["totpURI"])})
    assert refused.json["code"] == "INVALID_CODE"
    refused = await asking.post("/two-factor/verify-backup-code", {"code": old["backupCodes"][0]})
    assert refused.json["code"] == "INVALID_BACKUP_CODE"
    assert (await asking.post("/two-factor/verify-totp", {"code": code_of(app, new["totpURI"])})).status == 200


async def test_the_address_for_another_app_is_shown_for_the_password() -> None:
    app = app_with()
    browser, given = await enrolled(app)
    answer = await browser.post("/two-factor/get-totp-uri", {"password": PASSWORD})
    assert answer.json == {"totpURI": given["totpURI"]}
    answer = await browser.post("/two-factor/get-totp-uri", {"password": "another-one"})
    assert (answer.status, answer.json["code"]) == (400, "INVALID_PASSWORD")
    answer = await browser.post("/two-factor/get-totp-uri", {})
    assert answer.json["message"] == "[body.password] Invalid input: expected string, received undefined"


async def test_without_a_password_what_is_shown_is_shown_to_fresh_sessions_only() -> None:
    app = app_with({"allow_passwordless": True})
    browser = await app.signed_up()
    await app.auth.services.database.delete(Account)
    given = (await browser.post("/two-factor/enable", {})).json
    assert (await browser.get("/two-factor/get-totp-uri")).json == {"totpURI": given["totpURI"]}
    assert (await browser.get("/two-factor/view-backup-codes")).json["backupCodes"] == given["backupCodes"]
    app.clock.advance(hours=25)
    assert (await browser.get("/two-factor/get-totp-uri")).json["code"] == "SESSION_NOT_FRESH"
    assert (await browser.get("/two-factor/view-backup-codes")).json["code"] == "SESSION_NOT_FRESH"


async def test_disabling_removes_everything() -> None:
    app = app_with()
    browser, _ = await enrolled(app)
    assert (await browser.post("/two-factor/disable", {"password": PASSWORD})).json == {"status": True}
    assert await app.auth.services.database.count(TwoFactorRow) == 0
    assert (await signing_in(app.browser())).json["redirect"] is False
    answer = await browser.post("/two-factor/get-totp-uri", {"password": PASSWORD})
    assert answer.json["code"] == "TOTP_NOT_ENABLED"


async def test_backup_codes_are_replaced_for_the_password_and_seen_by_the_application() -> None:
    app = app_with()
    browser, given = await enrolled(app)
    user_id = (await browser.get("/get-session")).json["user"]["id"]
    plugin = app.auth.blueprint.plugins[-1]
    api = plugin.api(app.auth)
    seen = await api.view_backup_codes(user_id=user_id)
    assert list(seen.backup_codes) == given["backupCodes"]
    new = (await browser.post("/two-factor/generate-backup-codes", {"password": PASSWORD})).json
    assert new["status"] is True
    assert set(new["backupCodes"]).isdisjoint(given["backupCodes"])
    with pytest.raises(ApiError) as refused:
        await api.view_backup_codes(user_id="unknown")
    assert refused.value.code == "BACKUP_CODES_NOT_ENABLED"


async def test_codes_of_a_user_without_a_second_factor_are_not_replaced() -> None:
    browser = await app_with().signed_up()
    answer = await browser.post("/two-factor/generate-backup-codes", {"password": PASSWORD})
    assert (answer.status, answer.json["code"]) == (400, "TWO_FACTOR_NOT_ENABLED")
    answer = await browser.post("/two-factor/verify-backup-code", {"code": "x"})
    assert answer.json["code"] == "BACKUP_CODES_NOT_ENABLED"


async def test_the_application_can_name_the_table_and_its_columns() -> None:
    app = app_with({"two_factor_table": "factors", "schema": {"twoFactor": {"fields": {"userId": "user_ref"}}}})
    table = app.auth.blueprint.plan.schema["twoFactor"]
    assert (table.db_name, table.columns["userId"].stored_as) == ("factors", "user_ref")
    assert (await enrolled(app))[0].cookie("better-auth.session_token")
