"""Every flow that hands out a one-time value: how it is made, used rightly, and put to a wrong use.

Not the tests: ``tests/security`` presents each flow's values to all others, ``tests/contract`` uses each fifty times at
once on every store.
"""

from __future__ import annotations

from urllib.parse import quote

from tests.one_time_house import (
    ADA,
    FACTOR,
    NUMBER,
    OTHER_NUMBER,
    PASSKEY,
    PASSWORD,
    STATE,
    Flow,
    House,
    Minted,
    house_on,
    ok,
    succeeded,
)
from tests.unit.plugins.device_authorization.devices import GRANT
from tests.unit.plugins.siwe.wallets import message

from gatewright.testing.authenticator import Authenticator
from gatewright.testing.browser import Answer
from gatewright.testing.identity_provider import query_of

__all__ = ("FLOWS", "Flow", "House", "Minted", "house_on", "succeeded")

# Links ---------------------------------------------------------------------------------------------------------------


async def _state(house: House) -> Minted:
    browser = house.browser()
    asked = {"provider": "google", "callbackURL": "/home", "errorCallbackURL": "/oops"}
    answer = await ok(browser.post("/sign-in/social", asked))
    return Minted(query_of(answer.json["url"])["state"], browser)


async def _come_back(_house: House, minted: Minted) -> Answer:
    return await minted.browser.get(f"/callback/google?code=c&state={quote(minted.secret, safe='')}")


async def _come_back_with(house: House, text: str) -> list[Answer]:
    browser = house.browser()
    browser.jar[STATE] = text
    return [await browser.get(f"/callback/google?code=c&state={quote(each, safe='')}") for each in _readings(text)]


async def _link(house: House) -> Minted:
    await ok(house.browser().post("/sign-in/magic-link", {"email": ADA}))
    return Minted(house.box.last("link").token, house.browser())


async def _follow(_house: House, minted: Minted) -> Answer:
    return await minted.browser.get(f"/magic-link/verify?token={quote(minted.secret, safe='')}")


async def _follow_with(house: House, text: str) -> list[Answer]:
    return [await house.browser().get(f"/magic-link/verify?token={quote(text, safe='')}")]


async def _verification(house: House) -> Minted:
    await ok(house.browser().post("/send-verification-email", {"email": ADA}))
    return Minted(house.box.last("verify").token, house.browser())


async def _verify(_house: House, minted: Minted) -> Answer:
    return await minted.browser.get(f"/verify-email?token={quote(minted.secret, safe='')}")


async def _verify_with(house: House, text: str) -> list[Answer]:
    return [await house.browser().get(f"/verify-email?token={quote(text, safe='')}")]


async def _reset(house: House) -> Minted:
    await ok(house.browser().post("/request-password-reset", {"email": ADA, "redirectTo": "/reset"}))
    return Minted(house.box.last("reset").token, house.browser())


async def _set_password(_house: House, minted: Minted) -> Answer:
    return await minted.browser.post("/reset-password", {"token": minted.secret, "newPassword": "password-5678"})


async def _set_password_with(house: House, text: str) -> list[Answer]:
    browser = house.browser()
    return [
        await browser.post("/reset-password", {"token": text, "newPassword": "password-5678"}),
        await browser.get(f"/reset-password/{quote(text, safe='')}?callbackURL=/reset"),
    ]


async def _deletion(house: House) -> Minted:
    await ok(house.owner.post("/delete-user"))
    return Minted(house.box.last("delete").token, house.owner)


async def _delete(_house: House, minted: Minted) -> Answer:
    return await minted.browser.post("/delete-user", {"token": minted.secret})


async def _delete_with(house: House, text: str) -> list[Answer]:
    return [
        await house.owner.post("/delete-user", {"token": text}) if text else await house.owner.get("/delete-user"),
        await house.owner.get(f"/delete-user/callback?token={quote(text, safe='')}"),
    ]


async def _one_time_token(house: House) -> Minted:
    answer = await ok(house.owner.get("/one-time-token/generate"))
    return Minted(answer.json["token"], house.browser())


async def _take_over(_house: House, minted: Minted) -> Answer:
    return await minted.browser.post("/one-time-token/verify", {"token": minted.secret})


async def _take_over_with(house: House, text: str) -> list[Answer]:
    return [await house.browser().post("/one-time-token/verify", {"token": text})]


# Codes ---------------------------------------------------------------------------------------------------------------

MAILED = {
    "sign-in": "/sign-in/email-otp",
    "email-verification": "/email-otp/verify-email",
    "forget-password": "/email-otp/reset-password",
}


def _mailed(kind: str) -> Flow:
    path = MAILED[kind]

    async def mint(house: House) -> Minted:
        await ok(house.browser().post("/email-otp/send-verification-otp", {"email": ADA, "type": kind}))
        return Minted(house.box.last("mail").otp, house.browser())

    async def use(_house: House, minted: Minted) -> Answer:
        return await minted.browser.post(path, {"email": ADA, "otp": minted.secret, "password": "password-5678"})

    async def misuse(house: House, text: str) -> list[Answer]:
        browser = house.browser()
        return [
            await browser.post(path, {"email": ADA, "otp": text, "password": "password-5678"}),
            await browser.post(path, {"email": text, "otp": "123456", "password": "password-5678"}),
        ]

    return Flow(f"mailed code for {kind}", mint, use, misuse)


async def _phone_code(house: House) -> Minted:
    # A number of nobody: whoever proves it signs up.
    await ok(house.browser().post("/phone-number/send-otp", {"phoneNumber": OTHER_NUMBER}))
    return Minted(house.box.last("code").code, house.browser())


async def _prove_number(_house: House, minted: Minted) -> Answer:
    return await minted.browser.post("/phone-number/verify", {"phoneNumber": OTHER_NUMBER, "code": minted.secret})


async def _prove_number_with(house: House, text: str) -> list[Answer]:
    browser = house.browser()
    pairs = [(OTHER_NUMBER, text), (NUMBER, text), (text, "123456"), (text, text)]
    return [await browser.post("/phone-number/verify", {"phoneNumber": number, "code": code}) for number, code in pairs]


async def _phone_reset(house: House) -> Minted:
    await ok(house.browser().post("/phone-number/request-password-reset", {"phoneNumber": NUMBER}))
    return Minted(house.box.last("phone reset").code, house.browser())


async def _reset_by_phone(_house: House, minted: Minted) -> Answer:
    body = {"phoneNumber": NUMBER, "otp": minted.secret, "newPassword": "password-5678"}
    return await minted.browser.post("/phone-number/reset-password", body)


async def _reset_by_phone_with(house: House, text: str) -> list[Answer]:
    browser = house.browser()
    return [
        await browser.post(
            "/phone-number/reset-password", {"phoneNumber": number, "otp": code, "newPassword": "password-5678"}
        )
        for number, code in ((NUMBER, text), (text, "123456"))
    ]


# Challenges ----------------------------------------------------------------------------------------------------------


async def _nonce(house: House) -> Minted:
    answer = await ok(house.browser().post("/siwe/nonce"))
    return Minted(answer.json["nonce"], house.browser())


async def _send_message(_house: House, minted: Minted) -> Answer:
    return await minted.browser.post("/siwe/verify", {"message": message(minted.secret), "signature": "0x"})


async def _send_message_with(house: House, text: str) -> list[Answer]:
    return [await house.browser().post("/siwe/verify", {"message": message(text), "signature": "0x"})]


async def _assertion(house: House) -> Minted:
    browser = house.browser()
    begun = await ok(browser.get("/passkey/generate-authenticate-options"))
    return Minted(begun.json["challenge"], browser, house.key.get(begun.json))


async def _assert(_house: House, minted: Minted) -> Answer:
    return await minted.browser.post("/passkey/verify-authentication", {"response": minted.more})


async def _assert_with(house: House, text: str) -> list[Answer]:
    browser = house.browser()
    begun = await browser.get("/passkey/generate-authenticate-options")
    answers: list[Answer] = []
    for challenge in (begun.json["challenge"], text):
        browser.jar[PASSKEY] = text
        response = house.key.get({**begun.json, "challenge": challenge})
        answers.append(await browser.post("/passkey/verify-authentication", {"response": response}))
    return answers


async def _registration(house: House) -> Minted:
    begun = await ok(house.owner.get("/passkey/generate-register-options"))
    return Minted(begun.json["challenge"], house.owner, Authenticator().create(begun.json))


async def _register(_house: House, minted: Minted) -> Answer:
    return await minted.browser.post("/passkey/verify-registration", {"response": minted.more})


async def _register_with(house: House, text: str) -> list[Answer]:
    kept = house.owner.jar.get(PASSKEY)
    browser = house.browser()
    browser.jar.update(house.owner.jar)
    begun = await house.browser().get("/passkey/generate-authenticate-options")
    asked = {
        "challenge": text,
        "rp": {"id": "localhost", "name": "x"},
        "user": {"id": "AAAA", "name": "a", "displayName": "a"},
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
    }
    answers: list[Answer] = []
    for challenge in (begun.json["challenge"], text):
        browser.jar[PASSKEY] = text
        response = Authenticator().create({**asked, "challenge": challenge})
        answers.append(await browser.post("/passkey/verify-registration", {"response": response}))
    if kept is not None:
        house.owner.jar[PASSKEY] = kept
    return answers


async def _second_factor(house: House) -> Minted:
    browser = house.browser()
    owed = await ok(browser.post("/sign-in/email", {"email": ADA, "password": PASSWORD}))
    assert owed.json["twoFactorRedirect"] is True
    await ok(browser.post("/two-factor/send-otp"))
    return Minted(house.box.last("otp").otp, browser)


async def _give_factor(_house: House, minted: Minted) -> Answer:
    return await minted.browser.post("/two-factor/verify-otp", {"code": minted.secret})


async def _give_factor_with(house: House, text: str) -> list[Answer]:
    browser = house.browser()
    browser.jar[FACTOR] = text
    return [
        await browser.post(f"/two-factor/{path}", {"code": text})
        for path in ("verify-otp", "verify-totp", "verify-backup-code")
    ]


# Devices -------------------------------------------------------------------------------------------------------------


async def _device(house: House) -> Minted:
    given = (await ok(house.browser().post("/device/code", {"client_id": "tv"}))).json
    await ok(house.owner.get(f"/device?user_code={given['user_code']}"))
    await ok(house.owner.post("/device/approve", {"userCode": given["user_code"]}))
    return Minted(given["device_code"], house.browser(), given["user_code"], [given["user_code"]])


async def _poll(_house: House, minted: Minted) -> Answer:
    body = {"grant_type": GRANT, "device_code": minted.secret, "client_id": "tv"}
    return await minted.browser.post("/device/token", body)


async def _poll_with(house: House, text: str) -> list[Answer]:
    body = {"grant_type": GRANT, "device_code": text, "client_id": "tv"}
    return [
        await house.browser().post("/device/token", body),
        await house.owner.get(f"/device?user_code={quote(text, safe='')}"),
        await house.owner.post("/device/approve", {"userCode": text}),
    ]


def _readings(text: str) -> tuple[str, ...]:
    """A signed text as it is, and what it says."""
    said = text.partition(".")[0]
    return (text, said) if said != text else (text,)


FLOWS: tuple[Flow, ...] = (
    Flow("state", _state, _come_back, _come_back_with, STATE),
    Flow("magic link", _link, _follow, _follow_with),
    Flow("verification link", _verification, _verify, _verify_with),
    Flow("password reset", _reset, _set_password, _set_password_with),
    Flow("deletion", _deletion, _delete, _delete_with),
    Flow("one-time token", _one_time_token, _take_over, _take_over_with),
    *(_mailed(kind) for kind in MAILED),
    Flow("phone code", _phone_code, _prove_number, _prove_number_with),
    Flow("password reset by phone", _phone_reset, _reset_by_phone, _reset_by_phone_with),
    Flow("wallet nonce", _nonce, _send_message, _send_message_with),
    Flow("passkey sign-in", _assertion, _assert, _assert_with, PASSKEY),
    Flow("passkey registration", _registration, _register, _register_with, PASSKEY),
    Flow("second factor", _second_factor, _give_factor, _give_factor_with, FACTOR),
    Flow("device", _device, _poll, _poll_with),
)
