"""Signing in with a wallet."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.plugins.siwe.wallets import OTHER_KEY, address_of, app_with, message, nonce_of, sign_in, signed

from gatewright.crypto.libraries import MissingLibrary
from gatewright.model.account import Account
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.plugins.siwe import EnsName, SignedMessage, Siwe, SiweOptions, WalletQuestion
from gatewright.plugins.siwe import plugin as plugin_module
from gatewright.plugins.siwe.model import WalletAddress

pytestmark = pytest.mark.anyio

MISMATCH = "UNAUTHORIZED_SIWE_MESSAGE_MISMATCH"


async def test_a_wallet_signs_in_and_is_the_same_user_on_every_chain() -> None:
    app = app_with()
    browser = app.browser()
    first = await sign_in(browser)
    user = (await browser.get("/get-session")).json["user"]
    address = address_of()
    assert first.json == {
        "token": first.json["token"],
        "success": True,
        "user": {"id": user["id"], "walletAddress": address, "chainId": 1},
    }
    assert (user["name"], user["email"], user["emailVerified"], user["image"]) == (
        address,
        f"{address.lower()}@wallets.example.com",
        False,
        "",
    )
    again = [await sign_in(app.browser(), chain=chain) for chain in (137, 1, 137)]
    assert {answer.json["user"]["id"] for answer in again} == {user["id"]}
    wallets = await app.auth.services.database.find_many(WalletAddress)
    assert [(row.address, row.chain_id, row.is_primary) for row in wallets] == [
        (address, 1, True),
        (address, 137, False),
    ]
    accounts = await app.auth.services.database.find_many(Account)
    assert [(row.issuer, row.account_id, row.provider_id) for row in accounts] == [
        ("local:siwe", f"{address}:1", "siwe"),
        ("local:siwe", f"{address}:137", "siwe"),
    ]


async def test_an_address_may_be_written_in_any_case() -> None:
    app = app_with()
    ids = {
        (await sign_in(app.browser(), address=written)).json["user"]["id"]
        for written in (address_of(), address_of().lower(), "0x" + address_of()[2:].upper())
    }
    assert len(ids) == 1


async def test_a_nonce_is_stored_for_fifteen_minutes() -> None:
    app = app_with()
    nonce = await nonce_of(app.browser())
    assert (len(nonce), nonce.isalnum()) == (17, True)
    (row,) = await app.auth.services.database.find_many(Verification)
    assert (row.identifier, row.value) == (f"siwe:{nonce}", nonce)
    assert (row.expires_at - row.created_at).total_seconds() == 900
    assert (await app.browser().post("/siwe/get-nonce")).status == 200
    refused = await app.browser().post("/siwe/nonce", {"walletAddress": "0x"})
    assert (refused.status, refused.json["message"]) == (400, '[body] Unrecognized key: "walletAddress"')


@pytest.mark.parametrize(
    "said",
    [
        {"domain": "https://localhost:3000"},
        {"domain": "LOCALHOST:3000"},
        {"statement": ""},
        {"statement": "\n"},
        {"statement": "\nChain ID: 5\n"},
        {"tail": "\nExpiration Time: 2026-01-01T12:00:01Z"},
        {"tail": "\nNot Before: 2026-01-01T12:00:00+00:00"},
        {"tail": "\nRequest ID: 7\nResources:\n- https://example.com\n- ipfs://x"},
    ],
)
async def test_a_message_as_the_standard_has_it_is_read(said: dict[str, Any]) -> None:
    answer = await sign_in(app_with().browser(), **said)
    assert (answer.status, answer.json.get("user", {}).get("chainId")) == (200, 1)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"domain": "evil.test"}, MISMATCH),
        ({"domain": "localhost"}, MISMATCH),
        ({"domain": "localhost:3000.evil.test"}, MISMATCH),
        ({"address": "0x123"}, MISMATCH),
        ({"version": 2}, MISMATCH),
        ({"chain": 0}, MISMATCH),
        ({"chain": "1.5"}, MISMATCH),
        ({"chain": 2**31}, MISMATCH),
        ({"tail": "\nNonce: other0000"}, MISMATCH),
        ({"tail": "\nExpiration Time: 2026-01-01T12:00:00Z"}, "UNAUTHORIZED_SIWE_MESSAGE_EXPIRED"),
        ({"tail": "\nExpiration Time: whenever"}, "UNAUTHORIZED_SIWE_MESSAGE_EXPIRED"),
        ({"tail": "\nNot Before: 2026-01-01T12:00:01Z"}, "UNAUTHORIZED_SIWE_MESSAGE_NOT_YET_VALID"),
        ({"tail": "\nNot Before: 2026-01-01T12:00:00"}, "UNAUTHORIZED_SIWE_MESSAGE_NOT_YET_VALID"),
    ],
)
async def test_a_message_that_says_something_else_is_refused(said: dict[str, Any], code: str) -> None:
    answer = await sign_in(app_with().browser(), **said)
    assert (answer.status, answer.json["code"], answer.json["status"]) == (401, code, 401)
    assert answer.cookies == []


@pytest.mark.parametrize(
    "text", ["nonsense", "\n" * 10_000, "a wants you to sign in with your Ethereum account:\n", "\u00e9"]
)
async def test_a_text_that_is_no_message_is_refused(text: str) -> None:
    answer = await app_with().browser().post("/siwe/verify", {"message": text, "signature": "0x"})
    assert (answer.status, answer.json["code"]) == (401, MISMATCH)


@pytest.mark.parametrize(
    "signature", ["0x", "nonsense", "0x" + "00" * 65, "0x" + "ff" * 65, "\u00e9", "0x" + "11" * 5000]
)
async def test_a_signature_that_is_none_is_refused(signature: str) -> None:
    browser = app_with().browser()
    text = message(await nonce_of(browser))
    answer = await browser.post("/siwe/verify", {"message": text, "signature": signature})
    assert (answer.status, answer.json) == (401, {"message": "Unauthorized: Invalid SIWE signature", "status": 401})


async def test_a_name_is_looked_up_for_new_users_only() -> None:
    asked: list[str] = []

    async def lookup(question: WalletQuestion) -> EnsName:
        asked.append(question.wallet_address)
        return EnsName("ada.eth", "https://example.com/ada.png")

    app = app_with({"ensLookup": lookup})
    await sign_in(app.browser())
    await sign_in(app.browser(), chain=2)
    (user,) = await app.auth.services.database.find_many(User)
    assert (user.name, user.image, asked) == ("ada.eth", "https://example.com/ada.png", [address_of()])


@pytest.mark.parametrize(
    ("found", "name"), [(None, None), ({"name": "x.eth", "avatar": "y"}, "x.eth"), ({"name": 5}, None)]
)
async def test_a_wallet_without_a_name_is_called_by_its_address(found: Any, name: str | None) -> None:
    def lookup(question: WalletQuestion) -> Any:
        return found

    app = app_with({"ensLookup": lookup})
    await sign_in(app.browser())
    (user,) = await app.auth.services.database.find_many(User)
    assert user.name == (name or address_of())


async def test_an_application_verifies_signatures_its_own_way() -> None:
    seen: list[SignedMessage] = []

    def verify(given: SignedMessage) -> bool:
        seen.append(given)
        return given.signature == "0xgood"

    app = app_with({"verifyMessage": verify})
    for signature, status in (("0xgood", 200), ("0xbad", 401)):
        browser = app.browser()
        nonce = await nonce_of(browser)
        body = {"message": message(nonce), "signature": signature}
        assert (await browser.post("/siwe/verify", body)).status == status
        assert (seen[-1].address, seen[-1].chain_id, seen[-1].cacao.payload.nonce) == (address_of(), 1, nonce)


@pytest.mark.parametrize("option", ["verifyMessage", "ensLookup"])
async def test_a_function_that_fails_tells_the_log_alone(option: str) -> None:
    def fail(given: object) -> bool:
        raise OSError("the node at 10.0.0.1 is down")

    answer = await sign_in(app_with({option: fail}).browser())
    assert (answer.status, answer.json) == (
        401,
        {"message": "Something went wrong. Please try again later.", "status": 401},
    )


@pytest.mark.parametrize("nonce", ["short", "with-a-dash-1", "a" * 251, "\u00e9" * 10])
async def test_a_nonce_that_no_message_can_carry_is_a_mistake_of_the_application(nonce: str) -> None:
    def make() -> str:
        return nonce

    answer = await app_with({"getNonce": make}).browser().post("/siwe/nonce")
    assert (answer.status, answer.json["code"]) == (500, "SIWE_INVALID_NONCE")


async def test_an_application_makes_its_own_nonces() -> None:
    async def make() -> str:
        return "nonce0001"

    app = app_with({"getNonce": make})
    assert await nonce_of(app.browser()) == "nonce0001"
    assert (await sign_in(app.browser())).status == 200


async def test_wallets_that_are_not_enough_bring_an_address() -> None:
    app = app_with({"anonymous": False})
    refused = await sign_in(app.browser())
    assert (refused.status, refused.json["message"]) == (
        400,
        "[body.email] Email is required when the anonymous plugin option is disabled.",
    )
    assert (await sign_in(app.browser(), body={"email": "Ada@Example.com"})).status == 200
    assert (await sign_in(app.browser(), key=OTHER_KEY, body={"email": "ada@example.com"})).status == 200
    assert (await sign_in(app.browser(), body={"email": "bad"})).status == 400
    users = await app.auth.services.database.find_many(User)
    assert [user.email for user in users] == [
        "ada@example.com",
        f"{address_of(OTHER_KEY).lower()}@wallets.example.com",
    ]


async def test_an_address_is_of_no_consequence_where_wallets_are_enough() -> None:
    app = app_with()
    await sign_in(app.browser(), body={"email": "ada@example.com"})
    (user,) = await app.auth.services.database.find_many(User)
    assert user.email == f"{address_of().lower()}@wallets.example.com"


async def test_the_made_up_address_is_at_the_instance_by_default() -> None:
    app = app_with({"emailDomainName": None})
    await sign_in(app.browser())
    (user,) = await app.auth.services.database.find_many(User)
    assert user.email == f"{address_of().lower()}@http://localhost:3000"


async def test_a_signature_of_another_message_is_refused() -> None:
    browser = app_with().browser()
    first, second = message(await nonce_of(browser)), message(await nonce_of(browser))
    answer = await browser.post("/siwe/verify", {"message": first, "signature": signed(second)})
    assert answer.status == 401


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> None:
        return None

    monkeypatch.setattr(plugin_module, "find_spec", nothing)
    with pytest.raises(MissingLibrary, match=r"gatewright\[siwe\]"):
        Siwe(SiweOptions(domain="example.com"))
