"""An instance where wallets sign in, and wallets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatewright.plugins.siwe import Siwe, SiweOptions
from gatewright.plugins.siwe.wallets import Account, encode_defunct
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser

KEY = "0x" + "46" * 32
OTHER_KEY = "0x" + "47" * 32


def app_with(
    options: Mapping[str, Any] | None = None,
    *,
    settings: Mapping[str, Any] | None = None,
    adapter: Adapter | None = None,
) -> TestApp:
    """An instance; ``options`` are the plugin's."""
    given = {"domain": "localhost:3000", "emailDomainName": "wallets.example.com", **(options or {})}
    return make_app(settings, plugins=[Siwe(SiweOptions.model_validate(given))], adapter=adapter)


def address_of(key: str = KEY) -> str:
    """The address of a key."""
    return str(Account.from_key(key).address)


def message(nonce: str, *, key: str = KEY, **changed: object) -> str:
    """A message as a wallet shows it."""
    said: dict[str, object] = {
        "domain": "localhost:3000",
        "address": address_of(key),
        "statement": "\nSign in.\n",
        "uri": "http://localhost:3000",
        "version": 1,
        "chain": 1,
        "tail": "",
        **changed,
    }
    return (
        f"{said['domain']} wants you to sign in with your Ethereum account:\n{said['address']}\n{said['statement']}\n"
        f"URI: {said['uri']}\nVersion: {said['version']}\nChain ID: {said['chain']}\nNonce: {nonce}\n"
        f"Issued At: 2026-01-01T12:00:00.000Z{said['tail']}"
    )


def signed(text: str, key: str = KEY) -> str:
    """The signature of a message."""
    return "0x" + Account.sign_message(encode_defunct(text=text), private_key=key).signature.hex().removeprefix("0x")


async def nonce_of(browser: Browser) -> str:
    """A new nonce."""
    answer = await browser.post("/siwe/nonce")
    assert answer.status == 200, answer
    nonce: str = answer.json["nonce"]
    return nonce


async def sign_in(
    browser: Browser, *, key: str = KEY, body: Mapping[str, object] | None = None, **said: object
) -> Answer:
    """Sign in with a wallet."""
    text = message(await nonce_of(browser), key=key, **said)
    return await browser.post("/siwe/verify", {"message": text, "signature": signed(text, key), **(body or {})})
