"""Passwords: their bounds, that all of one counts, what is stored of them, and what ends when one changes. Rows PWD."""

from __future__ import annotations

import hashlib
import json
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from tests.mailing import mailing_app, requested_reset, signed_in
from tests.unit.plugins.two_factor.factor import app_with as app_with_two_factor
from tests.unit.plugins.two_factor.factor import enrolled, is_signed_in

from gatewright.contract.faults import PasswordAlreadySet, PasswordTooLong, PasswordTooShort
from gatewright.crypto.passwords import Passwords, Scrypt
from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.verification import Verification
from gatewright.plugins import HaveIBeenPwned
from gatewright.settings.hooks import HookContext
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.mailbox import Mailbox
from gatewright_adapters.memory_cache import MemoryCache

pytestmark = pytest.mark.anyio

EMAIL = "ada@example.com"
VECTORS: list[dict[str, str]] = json.loads(
    (Path(__file__).parents[1] / "data" / "crypto_vectors.json").read_text(encoding="utf-8")
)["password"]


async def sign_up(app: TestApp, password: str, email: str = EMAIL) -> Answer:
    return await app.browser().post("/sign-up/email", {"name": "Ada", "email": email, "password": password})


async def sign_in(app: TestApp, password: str, email: str = EMAIL) -> Answer:
    return await app.browser().post("/sign-in/email", {"email": email, "password": password})


async def stored(app: TestApp) -> Account:
    (account,) = await app.auth.services.database.find_many(Account, Account.provider_id.eq("credential"))
    return account


async def store(app: TestApp, hashed: str) -> None:
    db = app.auth.services.database
    await db.update_one(Account, Account.provider_id.eq("credential"), set=[Account.password.to(hashed)])


def verdict(answer: Answer) -> str | int:
    return answer.status if answer.status == 200 else answer.json["code"]


BOUNDS = [
    ("x" * 7, "PASSWORD_TOO_SHORT"),
    ("x" * 8, 200),
    ("x" * 128, 200),
    ("x" * 129, "PASSWORD_TOO_LONG"),
    ("\U0001f510" * 4, 200),
    ("\U0001f510" * 64, 200),
    ("\U0001f510" * 65, "PASSWORD_TOO_LONG"),
]


@pytest.mark.parametrize(("password", "expected"), BOUNDS)
async def test_pwd_01_a_password_has_8_to_128_characters_wherever_it_is_set(password: str, expected: str | int) -> None:
    app = mailing_app()
    assert verdict(await sign_up(app, password)) == expected
    owner = await app.signed_up("owner@example.com")
    change = {"currentPassword": "password-1234", "newPassword": password}
    assert verdict(await owner.post("/change-password", change)) == expected
    token = await requested_reset(app, "owner@example.com")
    reset = {"token": token, "newPassword": password}
    assert verdict(await app.browser().post("/reset-password", reset)) == expected
    other = await app.signed_up("other@example.com")
    user_id = (await other.get("/get-session")).json["user"]["id"]
    await app.auth.services.database.delete(Account, Account.user_id.eq(user_id))
    setting = app.auth.api.on({"cookie": other.cookie_header()}).set_password(new_password=password)
    if expected == 200:
        assert (await setting).status is True
    else:
        with pytest.raises((PasswordTooShort, PasswordTooLong)) as refusal:
            await setting
        assert refusal.value.code == expected


async def test_pwd_02_a_password_beyond_the_bound_is_not_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app()
    await app.signed_up()
    hashed: list[int] = []
    verify = Passwords.verify

    def counting(self: Passwords, password: str, target: str) -> bool:
        hashed.append(len(password))
        return verify(self, password, target)

    monkeypatch.setattr(Passwords, "verify", counting)
    wrong = await sign_in(app, "wrong-password")
    for length in (129, 4096, 1_000_000):
        long = await sign_in(app, "x" * length)
        assert (long.status, long.json) == (wrong.status, wrong.json) == (401, long.json)
        assert long.json["code"] == "INVALID_EMAIL_OR_PASSWORD"
    # The work that an unknown address costs is done for nothing, not for a megabyte.
    assert hashed == [14, 0, 0, 0]


async def test_pwd_02_nor_by_functions_of_the_application() -> None:
    seen: list[int] = []

    async def hash_it(password: str) -> str:
        seen.append(len(password))
        return f"hashed:{password}"

    async def verify_it(given: Any) -> bool:
        seen.append(len(given["password"]))
        return bool(given["hash"] == f"hashed:{given['password']}")

    app = make_app({"email_and_password": {"enabled": True, "password": {"hash": hash_it, "verify": verify_it}}})
    await app.signed_up()
    seen.clear()
    assert (await sign_in(app, "x" * 100_000)).status == 401
    assert all(length <= 128 for length in seen)


@pytest.mark.parametrize("scheme", ["argon2id", "scrypt"])
async def test_pwd_03_every_byte_of_a_long_password_counts(scheme: str) -> None:
    app = make_app({"email_and_password": {"enabled": True, "password_hash": scheme}})
    assert (await sign_up(app, "x" * 79 + "a")).status == 200
    assert (await sign_in(app, "x" * 79 + "b")).status == 401
    assert (await sign_in(app, "x" * 79)).status == 401
    assert (await sign_in(app, "x" * 79 + "a")).status == 200


@pytest.mark.parametrize(
    "password",
    ["\U0001f510\U0001f5dd\ufe0f\U0001f469\u200d\U0001f4bb", "correct horse battery staple", "\u0633\u0644\u0627\u0645 \u0639\u0644\u06cc\u06a9\u0645", "e\u0301a\u0300o\u0302u\u0308n\u0303", "\t\u00a0 8 8 \u2003"],
)  # fmt: skip
async def test_pwd_04_any_characters_make_a_password(password: str) -> None:
    app = make_app()
    assert (await sign_up(app, password)).status == 200
    assert (await sign_in(app, password)).status == 200
    assert (await sign_in(app, password + "x")).status == 401


async def test_pwd_05_composed_and_decomposed_spellings_are_one_password() -> None:
    app = make_app()
    password = "p\u00e4ssw\u00f6rd-\u00dcnic\u00f6de"
    assert (await sign_up(app, password)).status == 200
    assert (await sign_in(app, unicodedata.normalize("NFD", password))).status == 200
    assert (await sign_in(app, "passwo\u0308rd-Unicode")).status == 401


@pytest.mark.parametrize(
    "other", [" password-1234", "password-1234 ", "Password-1234", "PASSWORD-1234", "password-123"]
)
async def test_pwd_06_spaces_and_case_are_part_of_a_password(other: str) -> None:
    app = make_app()
    assert (await sign_up(app, "password-1234")).status == 200
    assert (await sign_in(app, other)).status == 401


async def test_pwd_07_a_nul_cuts_nothing_off() -> None:
    app = make_app()
    answer = await sign_up(app, "password\0-1234")
    if answer.status == 200:
        assert (await sign_in(app, "password\0-9999")).status == 401
        assert (await sign_in(app, "password")).status == 401
        assert (await sign_in(app, "password\0-1234")).status == 200
    else:
        assert answer.status == 400
    assert (await sign_up(app, "password-1234", "bob@example.com")).status == 200
    assert (await sign_in(app, "password-1234\0", "bob@example.com")).status in {400, 401}


@pytest.mark.parametrize("vector", VECTORS, ids=[each["hash"][:8] for each in VECTORS])
async def test_pwd_08_a_hash_of_the_contract_lets_its_owner_in(vector: dict[str, str]) -> None:
    app = make_app({"email_and_password": {"enabled": True, "password_hash": "scrypt", "min_password_length": 1}})
    await app.signed_up()
    await store(app, vector["hash"])
    assert (await sign_in(app, vector["password"])).status == 200
    assert (await sign_in(app, vector["password"] + "x")).status == 401
    assert (await stored(app)).password == vector["hash"]


async def test_pwd_08_a_new_hash_has_the_form_of_the_contract() -> None:
    app = make_app({"email_and_password": {"enabled": True, "password_hash": "scrypt"}})
    await app.signed_up()
    hashed = (await stored(app)).password or ""
    salt, _, key = hashed.partition(":")
    assert (len(salt), len(key), len(bytes.fromhex(salt + key))) == (32, 128, 80)
    assert Scrypt().verify("password-1234", hashed)


CORRUPT = [
    "",
    ":",
    "::",
    "deadbeef:",
    ":deadbeef",
    "0" * 32 + ":" + "z" * 128,
    "0" * 32 + ":" + "0" * 127,
    "0" * 1_000_000 + ":" + "0" * 128,
    "$2b$12$C6UzMDM.H6dfI/f/IKcEe.4Ff0i4x1C8m2u6hjZLV0O3tF2dXPsOe",
    "$2b$31$C6UzMDM.H6dfI/f/IKcEe.4Ff0i4x1C8m2u6hjZLV0O3tF2dXPsOe",
    "$argon2id$v=19$m=4194304,t=200,p=1$c29tZXNhbHRzYWx0$" + "A" * 43,
    "$argon2id$v=19$m=64,t=999,p=64$c29tZXNhbHRzYWx0$" + "A" * 43,
    "pbkdf2_sha256$2000000000$salt$" + "A" * 43 + "=",
    "scrypt:1073741824:8:1$salt$" + "0" * 128,
    "\x00",
]


@pytest.mark.parametrize("hashed", CORRUPT, ids=[each[:24] or "empty" for each in CORRUPT])
async def test_pwd_08_and_09_a_corrupt_or_costly_hash_is_a_wrong_password_in_bounded_time(hashed: str) -> None:
    app = make_app()
    await app.signed_up()
    await store(app, hashed)
    began = time.process_time()
    answer = await sign_in(app, "password-1234")
    assert (answer.status, answer.json["code"]) == (401, "INVALID_EMAIL_OR_PASSWORD")
    assert time.process_time() - began < 3


async def test_pwd_10_a_change_needs_the_password_and_a_session_that_is_live() -> None:
    app = mailing_app(options={"session": {"cookie_cache": {"enabled": True}}})
    browser = await app.signed_up()
    new = "password-5678"
    wrong = await browser.post("/change-password", {"currentPassword": "wrong-password", "newPassword": new})
    missing = await browser.post("/change-password", {"newPassword": new})
    empty = await browser.post("/change-password", {"currentPassword": "", "newPassword": new})
    assert [(each.status, each.json["code"]) for each in (wrong, missing, empty)] == [
        (400, "INVALID_PASSWORD"),
        (400, "VALIDATION_ERROR"),
        (400, "INVALID_PASSWORD"),
    ]
    body = {"currentPassword": "password-1234", "newPassword": new}
    assert (await app.browser().post("/change-password", body)).status == 401
    # The copy of the session in the cookie still says that somebody is signed in; the store does not.
    await app.auth.services.database.delete(Session)
    assert (await browser.post("/change-password", body)).status == 401
    assert (await signed_in(app, "password-1234"))[0] == 200


PLACES = pytest.mark.parametrize("place", ["database", "cookie cache", "secondary storage", "both"])


def app_in(place: str) -> TestApp:
    options: dict[str, Any] = {}
    if place == "cookie cache":
        options["session"] = {"cookie_cache": {"enabled": True}}
    if place == "both":
        options["session"] = {"store_session_in_database": True}
    return mailing_app(
        passwords={"revoke_sessions_on_password_reset": True},
        options=options,
        cache=MemoryCache() if place in {"secondary storage", "both"} else None,
    )


async def live(browser: Browser) -> bool:
    return (await browser.get("/get-session?disableCookieCache=true")).json is not None


@PLACES
async def test_pwd_11_a_change_ends_every_other_session_at_once_if_it_is_asked_to(place: str) -> None:
    app = app_in(place)
    browser = await app.signed_up()
    _, other = await signed_in(app, "password-1234")
    body = {"currentPassword": "password-1234", "newPassword": "password-5678"}
    answer = await browser.post("/change-password", {**body, "revokeOtherSessions": True})
    assert answer.status == 200
    assert (await live(browser), await live(other)) == (True, False)
    # Whatever a copy in a cookie still says: it opens nothing that matters.
    assert (await other.post("/update-session", {"theme": "dark"})).status in {400, 401}
    assert (await other.post("/change-password", {**body, "currentPassword": "password-5678"})).status == 401


@PLACES
async def test_pwd_11_a_reset_ends_every_session_at_once_if_so_configured(place: str) -> None:
    app = app_in(place)
    browser = await app.signed_up()
    _, other = await signed_in(app, "password-1234")
    token = await requested_reset(app)
    answer = await app.browser().post("/reset-password", {"token": token, "newPassword": "password-5678"})
    assert answer.status == 200
    assert (await live(browser), await live(other)) == (False, False)


async def test_pwd_12_a_password_that_is_there_is_not_set_and_setting_has_no_path() -> None:
    app = mailing_app()
    browser = await app.signed_up()
    acting = app.auth.api.on({"cookie": browser.cookie_header()})
    with pytest.raises(PasswordAlreadySet):
        await acting.set_password(new_password="password-5678")
    assert (await signed_in(app, "password-1234"))[0] == 200
    for method in ("GET", "POST"):
        headers = {"content-type": "application/json"}
        answer = await browser.send(method, "/set-password", b'{"newPassword":"password-5678"}', headers=headers)
        assert answer.status == 404


async def test_pwd_13_no_more_than_five_characters_of_a_digest_leave_the_process() -> None:
    app = make_app(plugins=[HaveIBeenPwned()])
    password = "password-1234"
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    app.egress.on("GET", f"https://api.pwnedpasswords.com/range/{digest[:5]}", b"")
    assert (await sign_up(app, password)).status == 200
    (sent,) = app.egress.requests
    assert sent.url == f"https://api.pwnedpasswords.com/range/{digest[:5]}"
    assert (sent.body, dict(sent.headers)["add-padding"]) == (None, "true")
    assert digest[5:10] not in repr(sent.headers)


async def test_pwd_14_a_reset_does_not_replace_the_second_factor() -> None:
    box = Mailbox()
    app = app_with_two_factor(
        settings={"email_and_password": {"enabled": True, "send_reset_password": box.sender("reset")}}
    )
    browser, _ = await enrolled(app)
    await browser.post("/sign-out")
    await app.browser().post("/request-password-reset", {"email": EMAIL})
    reset = {"token": box.last("reset").token, "newPassword": "password-5678"}
    assert (await app.browser().post("/reset-password", reset)).status == 200
    asking = app.browser()
    answer = await asking.post("/sign-in/email", {"email": EMAIL, "password": "password-5678"})
    assert answer.json["twoFactorRedirect"] is True
    assert not await is_signed_in(asking)


async def test_pwd_15_no_sink_holds_a_password() -> None:
    secrets = ("password-1234", "wrong-password", "password-5678", "password-9999")
    printed: list[str] = []

    async def before(context: HookContext) -> None:
        printed.append(repr(context) + str(context))

    async def created(values: Any, context: Any) -> None:
        printed.append(repr(context))
        raise RuntimeError("a hook that fails")

    app = mailing_app(
        options={
            "hooks": {"before": before},
            "database_hooks": {"account": {"update": {"before": created}}},
        }
    )
    browser = await app.signed_up()
    answers = [
        await sign_in(app, "wrong-password"),
        await sign_up(app, "password-9999"),
        await browser.post("/change-password", {"currentPassword": "wrong-password", "newPassword": "password-5678"}),
        await browser.post("/change-password", {"currentPassword": "password-1234", "newPassword": "password-5678"}),
        await browser.send("POST", "/sign-in/email", b'{"password": "password-1234"', headers={"content-type": "application/json"}),
        await browser.post("/sign-in/email", {"email": 1, "password": "password-1234"}),
    ]  # fmt: skip
    assert answers[3].status == 500
    everything = [app.log.text(), *printed, *(str(answer.body) + repr(answer.headers) for answer in answers)]
    everything += [repr(app.auth.blueprint.settings), repr(await stored(app))]
    everything += [repr(row) for row in await app.auth.services.database.find_many(Verification)]
    for text in everything:
        assert not [secret for secret in secrets if secret in text], text
