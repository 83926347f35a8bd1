"""Attacks on the second factor: skipping it, guessing it, using it twice. Named after the cases."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from tests.mailing import all_at_once, statuses
from tests.unit.plugins.two_factor.factor import (
    PASSWORD,
    app_with,
    challenged,
    code_of,
    enrolled,
    is_signed_in,
    signing_in,
)

from gatewright.model.session import Session
from gatewright.model.verification import Verification
from gatewright.pipeline.hooks import updating
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.bearer import Bearer
from gatewright.plugins.two_factor import TwoFactorRow
from gatewright.plugins.two_factor.gate import PASSWORD_PATHS
from gatewright.plugins.two_factor.model import TwoFactorUser
from gatewright.ports.adapter import Adapter
from gatewright.services.database import RowChange
from gatewright.settings.hooks import HookAnswer, HookContext
from gatewright.wire.calls import Api
from gatewright.wire.faults import ApiError
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy.adapter import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str) -> AsyncGenerator[Adapter]:
    """A database, open."""
    if request.param == "memory":
        yield MemoryAdapter()
        return
    adapter = SQLAlchemyAdapter.sqlite(tmp_path / "store.db")
    await adapter.open()
    yield adapter
    await adapter.close()


async def totp(browser: Any, code: object, **more: object) -> Any:
    return await browser.post("/two-factor/verify-totp", {"code": code, **more})


async def test_mfa_01_before_the_second_factor_there_is_no_session_in_any_form() -> None:
    app = app_with(before=(Bearer(),), settings={"session": {"cookie_cache": {"enabled": True}}})
    browser, _ = await enrolled(app)
    await browser.post("/sign-out", {})
    before = await app.auth.services.database.count(Session)
    asking = app.browser()
    answer = await signing_in(asking)
    assert answer.header("set-auth-token") is None
    assert [line.split("=", 1)[0] for line in answer.cookies if "Max-Age=0" not in line] == ["better-auth.two_factor"]
    assert "token" not in answer.json
    assert "user" not in answer.json
    assert await app.auth.services.database.count(Session) == before
    assert not await is_signed_in(asking)


@pytest.mark.parametrize(
    "said", [None, HookAnswer(response={"hello": "world"}), ApiError(403, code="NO"), ApiError(200, message="yes")]
)
async def test_mfa_01_and_ses_12_no_hook_lets_the_session_out(said: HookAnswer | ApiError | None) -> None:
    async def after(context: HookContext) -> HookAnswer | None:
        if context.path != "/sign-in/email" or context.new_session is None:
            return None
        if isinstance(said, ApiError):
            raise said
        return said

    settings = {"session": {"cookie_cache": {"enabled": True}}, "hooks": {"after": after}}
    app = app_with(before=(Bearer(),), settings=settings)
    browser, _ = await enrolled(app)
    await browser.post("/sign-out", {})
    before = await app.auth.services.database.count(Session)
    asking = app.browser()
    answer = await signing_in(asking)
    assert answer.header("set-auth-token") is None
    assert [line.split("=", 1)[0] for line in answer.cookies if "Max-Age=0" not in line] == ["better-auth.two_factor"]
    assert answer.json == {"twoFactorRedirect": True, "twoFactorMethods": ["totp", "otp"]}
    assert await app.auth.services.database.count(Session) == before
    assert not await is_signed_in(asking)


async def test_mfa_02_a_code_is_refused_in_a_new_challenge_within_its_step() -> None:
    app = app_with()
    _, given = await enrolled(app)
    code = code_of(app, given["totpURI"])
    assert (await totp(await challenged(app), code)).status == 200
    again = await totp(await challenged(app), code)
    assert (again.status, again.json["code"]) == (401, "INVALID_CODE")
    app.clock.advance(seconds=30)
    assert (await totp(await challenged(app), code)).json["code"] == "INVALID_CODE"
    assert (await totp(await challenged(app), code_of(app, given["totpURI"]))).status == 200


@pytest.mark.parametrize("many", [False, True])
async def test_mfa_03_a_code_at_the_same_moment_works_once(store: Adapter, many: bool) -> None:
    app = app_with(adapter=store, options={"account_lockout": {"enabled": False}})
    await app.auth.create_tables()
    _, given = await enrolled(app)
    one = await challenged(app)
    browsers = [await challenged(app) if many else one for _ in range(8)]
    code = code_of(app, given["totpURI"])
    answers = await all_at_once([lambda browser=browser: totp(browser, code) for browser in browsers])
    assert statuses(answers)[200] == 1


async def test_mfa_04_the_neighbouring_steps_are_taken_and_no_others() -> None:
    app = app_with({"account_lockout": {"enabled": False}})
    _, given = await enrolled(app)
    for offset, status in ((-2, 401), (2, 401), (-1, 200), (0, 200), (1, 200)):
        assert (await totp(await challenged(app), code_of(app, given["totpURI"], offset=offset))).status == status


async def test_mfa_05_a_backup_code_at_the_same_moment_works_once(store: Adapter) -> None:
    app = app_with(adapter=store, options={"account_lockout": {"enabled": False}})
    await app.auth.create_tables()
    _, given = await enrolled(app)
    browsers = [await challenged(app) for _ in range(8)]
    code = given["backupCodes"][0]
    answers = await all_at_once(
        [lambda browser=browser: browser.post("/two-factor/verify-backup-code", {"code": code}) for browser in browsers]
    )
    assert statuses(answers)[200] == 1


async def test_mfa_06_a_backup_code_works_once_and_only_as_it_is_written() -> None:
    app = app_with()
    _, given = await enrolled(app)
    code = given["backupCodes"][0]
    browser = await challenged(app)
    for variant in (code.swapcase(), code.replace("-", ""), f" {code}"):
        answer = await browser.post("/two-factor/verify-backup-code", {"code": variant})
        assert (answer.status, answer.json["code"]) == (401, "INVALID_BACKUP_CODE")
    assert (await browser.post("/two-factor/verify-backup-code", {"code": code})).status == 200
    again = await (await challenged(app)).post("/two-factor/verify-backup-code", {"code": code})
    assert (again.status, again.json["code"]) == (401, "INVALID_BACKUP_CODE")


async def test_mfa_07_a_challenge_belongs_to_one_user_and_ends() -> None:
    app = app_with()
    _, ada = await enrolled(app)
    await enrolled(app, "bob@example.com")
    bob = await challenged(app, "bob@example.com")
    assert (await totp(bob, code_of(app, ada["totpURI"]))).json["code"] == "INVALID_CODE"
    name = "better-auth.two_factor"
    tampered, expired = await challenged(app), await challenged(app)
    tampered.jar[name] = tampered.jar[name][:-6] + "AAAA%3D"
    assert (await totp(tampered, code_of(app, ada["totpURI"]))).json["code"] == "INVALID_TWO_FACTOR_COOKIE"
    done = await challenged(app)
    kept = done.jar[name]
    assert (await totp(done, code_of(app, ada["totpURI"]))).status == 200
    replayed = app.browser()
    replayed.jar[name] = kept
    app.clock.advance(seconds=30)
    assert (await totp(replayed, code_of(app, ada["totpURI"]))).json["code"] == "INVALID_TWO_FACTOR_COOKIE"
    app.clock.advance(minutes=10)
    assert (await totp(expired, code_of(app, ada["totpURI"]))).json["code"] == "INVALID_TWO_FACTOR_COOKIE"


async def trusted(app: Any, given: Any) -> Any:
    browser = await challenged(app)
    assert (await totp(browser, code_of(app, given["totpURI"]), trustDevice=True)).status == 200
    await browser.post("/sign-out", {})
    return browser


async def test_mfa_08_a_trusted_device_is_not_asked_and_its_cookie_works_once() -> None:
    app = app_with()
    _, given = await enrolled(app)
    browser = await trusted(app, given)
    kept = browser.jar["better-auth.trust_device"]
    assert (await signing_in(browser)).json["redirect"] is False
    copied = app.browser()
    copied.jar["better-auth.trust_device"] = kept
    assert (await signing_in(copied)).json["twoFactorRedirect"] is True


@pytest.mark.parametrize("hashed", [False, True])
@pytest.mark.parametrize("what", ["another user", "password", "disabled", "tampered", "too old"])
async def test_mfa_08_trust_ends(what: str, hashed: bool) -> None:
    app = app_with(settings={"verification": {"store_identifier": "hashed" if hashed else "plain"}})
    owner, given = await enrolled(app)
    browser = await trusted(app, given)
    email, password = "ada@example.com", PASSWORD
    if what == "another user":
        email = "bob@example.com"
        await enrolled(app, email)
    elif what == "password":
        password = "another-password"
        app.clock.advance(seconds=1)
        body = {"currentPassword": PASSWORD, "newPassword": password}
        assert (await owner.post("/change-password", body)).status == 200
    elif what == "disabled":
        assert (await owner.post("/two-factor/disable", {"password": PASSWORD})).status == 200
        new = (await owner.post("/two-factor/enable", {"password": PASSWORD})).json
        assert (await totp(owner, code_of(app, new["totpURI"]))).status == 200
    elif what == "tampered":
        browser.jar["better-auth.trust_device"] = browser.jar["better-auth.trust_device"][:-6] + "AAAA%3D"
    else:
        app.clock.advance(days=30)
    answer = await browser.post("/sign-in/email", {"email": email, "password": password})
    assert answer.json["twoFactorRedirect"] is True


@pytest.mark.parametrize("path", ["enable", "disable", "generate-backup-codes", "get-totp-uri"])
async def test_mfa_09_changing_it_needs_the_password_and_a_session(path: str) -> None:
    app = app_with()
    browser, _ = await enrolled(app)
    wrong = await browser.post(f"/two-factor/{path}", {"password": "another-one"})
    assert (wrong.status, wrong.json["code"]) == (400, "INVALID_PASSWORD")
    none = await browser.post(f"/two-factor/{path}", {})
    assert (none.status, none.json["code"]) == (400, "VALIDATION_ERROR")
    nobody = await (await challenged(app)).post(f"/two-factor/{path}", {"password": PASSWORD})
    assert (nobody.status, nobody.json["code"]) == (401, "UNAUTHORIZED")


async def test_mfa_10_an_unfinished_enrolment_is_no_way_to_sign_in() -> None:
    app = app_with()
    browser = await app.signed_up()
    await browser.post("/two-factor/enable", {"password": PASSWORD, "method": "otp"})
    uri = (await browser.post("/two-factor/enable", {"password": PASSWORD})).json["totpURI"]
    asking = await challenged(app)
    answer = await totp(asking, code_of(app, uri))
    assert (answer.status, answer.json["code"]) == (400, "TOTP_NOT_ENABLED")


async def test_mfa_12_disabling_forgets_trusted_devices() -> None:
    app = app_with()
    browser, given = await enrolled(app)
    await trusted(app, given)
    await browser.post("/two-factor/disable", {"password": PASSWORD})
    rows = await app.auth.services.database.find_many(Verification)
    assert [row.identifier for row in rows if row.identifier.startswith("trust-device-")] == []


async def test_mfa_13_secrets_at_rest_are_encrypted() -> None:
    app = app_with()
    _, given = await enrolled(app)
    (row,) = await app.auth.services.database.find_many(TwoFactorRow)
    uri = given["totpURI"]
    assert not any(code in row.backup_codes for code in given["backupCodes"])
    assert row.secret not in uri
    assert "secret" not in repr(row)


@pytest.mark.parametrize("code", ["", "１２３４５６", "12 34 56", "1" * 1_000_000, "\x00", "\udfff"])
async def test_mfa_14_codes_of_any_form_are_refused(code: str) -> None:
    app = app_with()
    await enrolled(app)
    browser = await challenged(app)
    body = json.dumps({"code": code})
    for path in ("verify-totp", "verify-backup-code", "verify-otp"):
        answer = await browser.send(
            "POST", f"/two-factor/{path}", body.encode(), headers={"content-type": "application/json"}
        )
        assert 400 <= answer.status < 500
    others: list[object] = [["123456"], 123456, None, {}]
    for wrong in others:
        assert (await totp(browser, wrong)).json["code"] == "VALIDATION_ERROR"


def test_mfa_15_passwords_are_what_is_asked_after() -> None:
    assert {"/sign-in/email", "/sign-in/username", "/sign-in/phone-number"} == PASSWORD_PATHS


async def test_mfa_16_what_is_secret_is_not_shown_without_the_password() -> None:
    app = app_with()
    browser, _ = await enrolled(app)
    for path in ("get-totp-uri", "view-backup-codes"):
        answer = await browser.get(f"/two-factor/{path}?password={PASSWORD}")
        assert (answer.status, answer.json["code"]) == (400, "INVALID_PASSWORD")
    assert (await browser.post("/two-factor/view-backup-codes", {})).status == 404


async def test_mfa_17_the_code_before_the_last_is_refused_and_asking_is_limited() -> None:
    app = app_with(settings={"rate_limit": {"enabled": True}})
    await enrolled(app)
    browser = await challenged(app)
    app.clock.advance(seconds=10)
    await browser.post("/two-factor/send-otp", {})
    old = app.mailbox.last("otp").otp
    await browser.post("/two-factor/send-otp", {})
    assert (await browser.post("/two-factor/verify-otp", {"code": old})).json["code"] == "INVALID_CODE"
    answers = [(await browser.post("/two-factor/send-otp", {})).status for _ in range(2)]
    assert answers == [200, 429]


async def test_rlm_11_a_challenge_takes_five_wrong_codes_of_all_kinds() -> None:
    app = app_with()
    _, given = await enrolled(app)
    browser = await challenged(app)
    for number in range(5):
        path = "verify-totp" if number % 2 else "verify-backup-code"
        assert (await browser.post(f"/two-factor/{path}", {"code": "wrong"})).status == 401
    answer = await totp(browser, code_of(app, given["totpURI"]))
    assert (answer.status, answer.json["code"]) == (400, "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE")
    assert (await totp(browser, code_of(app, given["totpURI"]))).json["code"] == "INVALID_TWO_FACTOR_COOKIE"


async def test_rlm_11_ten_wrong_codes_lock_the_account_for_a_quarter_of_an_hour() -> None:
    app = app_with()
    _, given = await enrolled(app)
    for _ in range(2):
        browser = await challenged(app)
        assert {(await totp(browser, "wrong")).status for _ in range(5)} == {401}
    browser = await challenged(app)
    for seconds in (0, 899):
        app.clock.advance(seconds=seconds)
        browser = await challenged(app)
        answer = await totp(browser, code_of(app, given["totpURI"]))
        assert (answer.status, answer.json["code"]) == (429, "ACCOUNT_TEMPORARILY_LOCKED")
    app.clock.advance(seconds=1)
    assert (await totp(browser, code_of(app, given["totpURI"]))).status == 200


async def test_rlm_12_a_right_code_forgets_the_wrong_ones() -> None:
    app = app_with({"account_lockout": {"max_failed_attempts": 3}})
    _, given = await enrolled(app)
    for _ in range(3):
        browser = await challenged(app)
        assert [(await totp(browser, "wrong")).status for _ in range(2)] == [401, 401]
        app.clock.advance(seconds=30)
        assert (await totp(browser, code_of(app, given["totpURI"]))).status == 200


async def test_rlm_12_guesses_at_the_same_moment_cannot_exceed_the_limit(store: Adapter) -> None:
    app = app_with(adapter=store, options={"account_lockout": {"max_failed_attempts": 4}})
    await app.auth.create_tables()
    await enrolled(app)
    browsers = [await challenged(app) for _ in range(10)]
    answers = await all_at_once([lambda browser=browser: totp(browser, "wrong") for browser in browsers])
    assert statuses(answers) == {401: 4, 429: 6}


async def test_rlm_12_one_challenge_at_the_same_moment_takes_five() -> None:
    app = app_with({"account_lockout": {"enabled": False}})
    await enrolled(app)
    browser = await challenged(app)
    answers = await all_at_once([lambda: totp(browser, "wrong") for _ in range(12)])
    assert sum(answer.json["code"] == "INVALID_CODE" for answer in answers) == 5


async def test_race_29_an_old_code_never_works_after_the_new_ones_are_there(store: Adapter) -> None:
    app = app_with(adapter=store)
    await app.auth.create_tables()
    owner, given = await enrolled(app)
    browser = await challenged(app)
    made, _ = await all_at_once(
        [
            lambda: owner.post("/two-factor/generate-backup-codes", {"password": PASSWORD}),
            lambda: browser.post("/two-factor/verify-backup-code", {"code": given["backupCodes"][0]}),
        ]
    )
    assert made.status == 200
    for code in given["backupCodes"][:3]:
        answer = await (await challenged(app)).post("/two-factor/verify-backup-code", {"code": code})
        assert answer.json["code"] == "INVALID_BACKUP_CODE"
    fresh = made.json["backupCodes"][0]
    assert (await (await challenged(app)).post("/two-factor/verify-backup-code", {"code": fresh})).status == 200


class Breaks(Plugin[Api]):
    """Stops at the write that would make the second factor count."""

    id = "breaks"
    api_type = Api
    broken = False

    def parts(self) -> Parts:
        @updating(TwoFactorUser)
        async def stop(change: RowChange[TwoFactorUser], call: object) -> None:
            if self.broken and "twoFactorEnabled" in change.values:
                raise ConnectionError("gone")

        return Parts(row_hooks=(stop,))


async def test_flt_05_when_enabling_breaks_off_the_user_can_still_sign_in(store: Adapter) -> None:
    breaks = Breaks()
    app = app_with({"skip_verification_on_enable": True}, adapter=store, before=(breaks,))
    await app.auth.create_tables()
    browser = await app.signed_up()
    breaks.broken = True
    assert (await browser.post("/two-factor/enable", {"password": PASSWORD})).status >= 500
    breaks.broken = False
    assert (await signing_in(app.browser())).json["redirect"] is False
    user = await app.auth.services.database.find_one(TwoFactorUser)
    assert user is not None
    assert not user.two_factor_enabled
    assert await app.auth.services.database.count(TwoFactorRow) == 0
