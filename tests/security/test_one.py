"""Values that work once: mailed tokens of resets, deletions and proofs. Each test is named after its case."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.mailing import all_at_once, mailing_app, requested_reset, signed_in, statuses

from gatewright.crypto.jwt import sign_hs256
from gatewright.model.account import Account
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.settings.callbacks import ChangeEmailMail, Mail
from gatewright.testing.app import SECRET, TestApp
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio


def without_prefix(identifier: str) -> str:
    """A hash of the application's own under which two flows can mint the same identifier."""
    return identifier.replace("delete-account-", "").replace("reset-password:", "")


STORAGES: list[Any] = ["plain", "hashed", {"hash": without_prefix}]


def with_deletions(**more: Any) -> tuple[TestApp, Mailbox]:
    box = Mailbox()
    return mailing_app(delete_user={"send_delete_account_verification": box.sender("delete")}, **more), box


async def reset(app: TestApp, token: str, password: str = "password-5678") -> Answer:
    return await app.browser().post("/reset-password", {"newPassword": password, "token": token})


def is_invalid(answer: Answer, status: int = 400) -> bool:
    return (answer.status, answer.json["code"]) == (status, "INVALID_TOKEN")


async def test_one_06_one_of_fifty_resets_wins_and_its_password_is_stored() -> None:
    app = mailing_app()
    await app.signed_up()
    token = await requested_reset(app)
    passwords = [f"password-{number:04}" for number in range(50)]
    answers = await all_at_once([lambda password=password: reset(app, token, password) for password in passwords])
    assert statuses(answers) == {200: 1, 400: 49}
    winner = passwords[next(number for number, answer in enumerate(answers) if answer.status == 200)]
    (account,) = await app.auth.services.database.find_many(Account)
    assert account.password == f"hashed:{winner}"
    assert len(app.mailbox.all("was reset")) == 1


async def test_one_06_one_of_fifty_resets_gives_a_first_password() -> None:
    app = mailing_app()
    await app.signed_up()
    await app.auth.services.database.delete(Account, Account.provider_id.eq("credential"))
    token = await requested_reset(app)
    answers = await all_at_once([lambda: reset(app, token)] * 50)
    assert statuses(answers) == {200: 1, 400: 49}
    assert await app.auth.services.database.count(Account) == 1


async def test_one_07_one_of_fifty_deletions_takes_place() -> None:
    app, box = with_deletions()
    browser = await app.signed_up()
    await app.signed_up("bob@example.com")
    await browser.post("/delete-user")
    path = f"/delete-user/callback?token={box.last('delete').token}"

    async def follow() -> Answer:
        device = app.browser()
        device.jar.update(browser.jar)
        return await device.get(path)

    assert statuses(await all_at_once([follow] * 50)) == {200: 1, 404: 49}
    assert [user.email for user in await app.auth.services.database.find_many(User)] == ["bob@example.com"]
    assert len(app.mailbox.all("deleted")) == 1


async def test_one_07_another_user_does_not_use_up_a_deletion() -> None:
    app, box = with_deletions()
    browser, bob = await app.signed_up(), await app.signed_up("bob@example.com")
    await browser.post("/delete-user")
    token = box.last("delete").token
    assert is_invalid(await bob.post("/delete-user", {"token": token}), 404)
    assert is_invalid(await bob.get(f"/delete-user/callback?token={token}"), 404)
    assert (await browser.post("/delete-user", {"token": token})).status == 200


async def test_one_10_fifty_followers_verify_once() -> None:
    app = mailing_app()
    browser = await app.signed_up()
    await browser.post("/send-verification-email", {"email": "ada@example.com"})
    path = f"/verify-email?token={app.mailbox.last('verify').token}"
    answers = await all_at_once([lambda: app.browser().get(path)] * 50)
    assert statuses(answers) == {200: 50}
    assert len(app.mailbox.all("verified")) == 1


async def test_one_10_a_link_is_void_when_the_address_went_away_and_came_back() -> None:
    app = mailing_app()
    browser = await app.signed_up()

    async def change(to: str) -> str:
        app.clock.advance(seconds=5)
        await browser.post("/change-email", {"newEmail": to})
        token: str = app.mailbox.last("verify").token
        app.clock.advance(seconds=5)
        assert (await browser.get(f"/verify-email?token={token}")).status == 200
        return token

    there = await change("new@example.com")
    await change("ada@example.com")
    again = await browser.get(f"/verify-email?token={there}")
    assert (again.status, again.json["code"]) == (401, "INVALID_TOKEN")
    assert (await browser.get("/get-session")).json["user"]["email"] == "ada@example.com"


async def test_one_10_an_address_that_came_back_unproven_needs_a_new_link() -> None:
    app = mailing_app(change_email={"update_email_without_verification": True})
    browser = await app.signed_up()
    await browser.post("/send-verification-email", {"email": "ada@example.com"})
    old = app.mailbox.last("verify").token
    app.clock.advance(seconds=5)
    await browser.post("/change-email", {"newEmail": "new@example.com"})
    await browser.post("/change-email", {"newEmail": "ada@example.com"})
    assert is_invalid(await browser.get(f"/verify-email?token={old}"), 401)
    fresh = app.mailbox.last("verify").token
    assert (await browser.get(f"/verify-email?token={fresh}")).status == 200


async def test_one_10_one_of_fifty_changes_takes_place() -> None:
    app = mailing_app()
    browser = await app.signed_up()
    await browser.post("/change-email", {"newEmail": "new@example.com"})
    path = f"/verify-email?token={app.mailbox.last('verify').token}"
    answers = await all_at_once([lambda: app.browser().get(path)] * 50)
    assert statuses(answers) == {200: 1, 401: 49}
    assert len(app.mailbox.all("verified")) == 1


@pytest.mark.parametrize("storage", STORAGES)
async def test_one_15_and_16_no_flow_takes_what_another_has_minted(storage: object) -> None:
    app, box = with_deletions(store_identifier=storage)
    browser = await app.signed_up()
    await browser.post("/send-verification-email", {"email": "ada@example.com"})
    await browser.post("/delete-user")
    reset_token = await requested_reset(app)
    minted = {
        "reset": reset_token,
        "delete": box.last("delete").token,
        "verify": app.mailbox.last("verify").token,
    }
    takers: dict[str, Callable[[str], Any]] = {
        "reset": lambda token: reset(app, token),
        "delete": lambda token: browser.post("/delete-user", {"token": token}),
        "delete by link": lambda token: browser.get(f"/delete-user/callback?token={token}"),
        "verify": lambda token: app.browser().get(f"/verify-email?token={token}"),
    }
    for kind, token in minted.items():
        for taker, take in takers.items():
            if taker.startswith(kind):
                continue
            for presented in (token, f"reset-password:{token}", f"delete-account-{token}"):
                answer = await take(presented)
                assert 400 <= answer.status < 500, (kind, taker)
                assert answer.json["code"] == "INVALID_TOKEN"
    # Nothing was used up.
    assert (await takers["verify"](minted["verify"])).status == 200
    assert (await reset(app, minted["reset"])).status == 200
    assert (await takers["delete"](minted["delete"])).status == 200


async def test_one_15_a_step_of_a_change_is_not_another_step() -> None:
    confirmations = Mailbox()
    app = mailing_app(change_email={"send_change_email_confirmation": confirmations.sender("confirm")})
    browser = await app.signed_up()
    await browser.post("/send-verification-email", {"email": "ada@example.com"})
    await browser.get(f"/verify-email?token={app.mailbox.last('verify').token}")
    await browser.post("/change-email", {"newEmail": "new@example.com"})
    ask: ChangeEmailMail = confirmations.last("confirm")
    # Agreeing, however often, changes nothing: the new address has to prove itself.
    for _ in range(3):
        assert (await browser.get(f"/verify-email?token={ask.token}")).status == 200
    assert (await browser.get("/get-session")).json["user"]["email"] == "ada@example.com"


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "ada@example.com", "purpose": "magic-link"},
        {"email": "ada@example.com", "sub": "u1"},
        {"email": "ada@example.com", "session": {}, "user": {}},
        {"email": "ada@example.com", "updateTo": "eve@example.com"},
        {"email": "ada@example.com", "updateTo": "eve@example.com", "requestType": "sign-in"},
    ],
)
async def test_one_17_a_token_that_the_secret_signed_for_something_else_proves_no_address(
    claims: dict[str, object],
) -> None:
    app = mailing_app()
    await app.signed_up()
    now = int(app.clock.now().timestamp())
    token = sign_hs256({**claims, "iat": now, "exp": now + 60}, SECRET)
    assert is_invalid(await app.browser().get(f"/verify-email?token={token}"), 401)
    (user,) = await app.auth.services.database.find_many(User)
    assert (user.email, user.email_verified) == ("ada@example.com", False)


@pytest.mark.parametrize(("milliseconds", "status"), [(-1, 200), (0, 400), (1, 400)])
async def test_one_18_a_reset_is_over_at_its_expiry(milliseconds: int, status: int) -> None:
    app = mailing_app()
    await app.signed_up()
    token = await requested_reset(app)
    app.clock.advance(seconds=3600 + milliseconds / 1000)
    link = await app.browser().get(app.mailbox.last("reset").url)
    said = f"token={token}" if status == 200 else "error=INVALID_TOKEN"
    assert link.header("location") == f"http://localhost:3000/reset?{said}"
    assert (await reset(app, token)).status == status


@pytest.mark.parametrize(("milliseconds", "status"), [(-1, 200), (0, 404), (1, 404)])
async def test_one_18_a_deletion_is_over_at_its_expiry(milliseconds: int, status: int) -> None:
    app, box = with_deletions()
    browser = await app.signed_up()
    await browser.post("/delete-user")
    app.clock.advance(seconds=86400 + milliseconds / 1000)
    assert (await browser.post("/delete-user", {"token": box.last("delete").token})).status == status


async def test_one_20_another_user_cannot_follow_the_link_of_a_change() -> None:
    app = mailing_app()
    browser, bob = await app.signed_up(), await app.signed_up("bob@example.com")
    await browser.post("/change-email", {"newEmail": "new@example.com", "callbackURL": "/s"})
    mail: Mail = app.mailbox.last("verify")
    answer = await bob.get(f"/verify-email?token={mail.token}")
    assert (answer.status, answer.json) == (401, {"message": "Invalid user", "code": "INVALID_USER"})
    assert (await bob.get(mail.url)).header("location") == "/s?error=INVALID_USER"
    assert [user.email for user in await app.auth.services.database.find_many(User)] == [
        "ada@example.com",
        "bob@example.com",
    ]


async def test_one_20_an_address_that_was_taken_meanwhile_is_not_given_twice() -> None:
    app = mailing_app()
    browser = await app.signed_up()
    await browser.post("/change-email", {"newEmail": "new@example.com", "callbackURL": "/s"})
    mail: Mail = app.mailbox.last("verify")
    await app.signed_up("new@example.com")
    taken = await browser.get(f"/verify-email?token={mail.token}")
    assert (taken.status, taken.json["code"]) == (422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL")
    assert (await browser.get(mail.url)).header("location") == "/s?error=USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"


async def change_email(app: TestApp, browser: Browser) -> None:
    await browser.post("/change-email", {"newEmail": "new@example.com"})
    assert (await browser.get(f"/verify-email?token={app.mailbox.last('verify').token}")).status == 200


async def change_password(app: TestApp, browser: Browser) -> None:
    body = {"currentPassword": "password-1234", "newPassword": "password-9999"}
    assert (await browser.post("/change-password", body)).status == 200


async def reset_with_another_link(app: TestApp, browser: Browser) -> None:
    assert (await reset(app, await requested_reset(app), "password-9999")).status == 200


@pytest.mark.parametrize("change", [change_email, change_password, reset_with_another_link])
async def test_one_21_an_older_reset_link_is_void_after_a_change(change: Callable[..., Any]) -> None:
    app = mailing_app()
    browser = await app.signed_up()
    token = await requested_reset(app)
    app.clock.advance(seconds=5)
    await change(app, browser)
    assert is_invalid(await reset(app, token))
    assert (await signed_in(app, "password-5678"))[0] == 401


async def test_one_21_a_link_that_was_mailed_after_the_change_works() -> None:
    app = mailing_app()
    browser = await app.signed_up()
    await change_email(app, browser)
    await change_password(app, browser)
    app.clock.advance(seconds=1)
    assert (await reset(app, await requested_reset(app, "new@example.com"))).status == 200


async def test_one_21_other_changes_leave_a_link_valid() -> None:
    app = mailing_app()
    browser = await app.signed_up()
    token = await requested_reset(app)
    app.clock.advance(seconds=5)
    assert (await browser.post("/update-user", {"name": "Ada L."})).status == 200
    assert (await signed_in(app, "password-1234"))[0] == 200
    assert (await reset(app, token)).status == 200


@pytest.mark.parametrize("kind", ["reset", "verify", "delete"])
async def test_one_22_a_head_request_uses_up_nothing(kind: str) -> None:
    app, box = with_deletions()
    browser = await app.signed_up()
    await browser.post("/delete-user")
    await browser.post("/send-verification-email", {"email": "ada@example.com"})
    await requested_reset(app)
    url = box.last("delete").url if kind == "delete" else app.mailbox.last(kind).url
    assert (await browser.send("HEAD", url)).status == 404
    (user,) = await app.auth.services.database.find_many(User)
    assert user.email_verified is False
    followed = await browser.get(url)
    assert followed.status == 302
    assert "error=" not in (followed.header("location") or "")


async def test_one_22_a_scanner_that_follows_a_reset_link_does_not_use_it_up() -> None:
    app = mailing_app()
    await app.signed_up()
    token = await requested_reset(app)
    for headers in ({"purpose": "prefetch"}, {"sec-purpose": "prefetch"}, {}):
        assert (await app.browser().get(app.mailbox.last("reset").url, headers=headers)).status == 302
    assert (await reset(app, token)).status == 200


def spoilt(token: str, how: str) -> str:
    return {"newline": token + "\n", "nul": token + "\x00", "case": token.swapcase(), "long": token * 30000}[how]


@pytest.mark.parametrize("how", ["newline", "nul", "case", "long"])
async def test_one_24_a_spoilt_token_is_refused_and_the_right_one_still_works(how: str) -> None:
    app, box = with_deletions()
    browser = await app.signed_up()
    token = await requested_reset(app)
    await browser.post("/delete-user")
    deletion = box.last("delete").token
    for answer in (
        await reset(app, spoilt(token, how)),
        await browser.post("/delete-user", {"token": spoilt(deletion, how)}),
    ):
        assert 400 <= answer.status < 500
    good = {"newPassword": "password-5678", "token": token}
    assert (await browser.post("/reset-password", good)).status == 200
    assert (await browser.post("/delete-user", {"token": deletion})).status == 200


@pytest.mark.parametrize(
    "path", ["/verify-email?token=%00", "/reset-password/%00?callbackURL=/x", "/reset-password/%ff?callbackURL=/x"]
)
async def test_one_24_a_token_that_is_no_text_is_no_server_error(path: str) -> None:
    answer = await mailing_app().browser().get(path)
    assert answer.status < 500


async def test_one_25_a_dump_of_the_table_holds_nothing_usable_when_identifiers_are_hashed() -> None:
    app, box = with_deletions(store_identifier="hashed")
    browser = await app.signed_up()
    token = await requested_reset(app)
    await browser.post("/delete-user")
    dump = repr([dict(row.raw) for row in await app.auth.services.database.find_many(Verification)])
    assert token not in dump
    assert box.last("delete").token not in dump
    assert (await reset(app, token)).status == 200
