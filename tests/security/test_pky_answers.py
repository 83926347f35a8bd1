"""Attacks on passkeys: answers of authenticators that are forged, malformed, or for another page."""

from __future__ import annotations

import base64
import json
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from tests.unit.plugins.passkey.keys import app_with, asked, begun, finish, owner, refusal, register, sign_in

from gatewright.plugins.passkey.model import PasskeyRow
from gatewright.testing.authenticator import ATTESTED, BACKED_UP, PRESENT, VERIFIED, Authenticator, cbor

pytestmark = pytest.mark.anyio

FORGED = 401


@pytest.mark.parametrize(
    "client_data",
    [
        {"origin": "https://evil.test"},
        {"origin": "http://localhost:3001"},
        {"origin": "http://sub.localhost:3000"},
        {"origin": "null"},
        {"origin": None},
        {"crossOrigin": True},
        {"crossOrigin": "yes"},
        {"topOrigin": "https://evil.test"},
        {"challenge": "AAAA"},
        {"type": "webauthn.other"},
    ],
)
async def test_pky_04_06_what_the_browser_says_must_fit(client_data: dict[str, object]) -> None:
    app = app_with()
    browser, key = await owner(app)
    refused = await finish(browser, Authenticator().create(await begun(browser), client_data=client_data))
    assert refusal(refused) == (500, "FAILED_TO_VERIFY_REGISTRATION")
    assert refusal(await sign_in(app.browser(), key, client_data=client_data)) == (400, "AUTHENTICATION_FAILED")


async def test_pky_04_an_opaque_origin_proves_no_page() -> None:
    app = app_with(settings={"advanced": {"disable_csrf_check": True}})
    browser = await app.signed_up()
    options = await begun(browser)
    browser.origin = "null"
    refused = await finish(browser, Authenticator(origin="null").create(options))
    assert refusal(refused) == (400, "FAILED_TO_VERIFY_REGISTRATION")


async def test_pky_06_the_types_of_the_two_ceremonies_are_not_mixed_up() -> None:
    app = app_with()
    browser, key = await owner(app)
    refused = await finish(browser, Authenticator().create(await begun(browser), client_data={"type": "webauthn.get"}))
    assert refusal(refused) == (500, "FAILED_TO_VERIFY_REGISTRATION")
    wrong = await sign_in(app.browser(), key, client_data={"type": "webauthn.create"})
    assert refusal(wrong) == (400, "AUTHENTICATION_FAILED")


@pytest.mark.parametrize("rp_id", ["evil.test", "sub.localhost", "host"])
async def test_pky_05_a_credential_of_another_domain_is_refused(rp_id: str) -> None:
    app = app_with()
    browser, key = await owner(app)
    refused = await finish(browser, Authenticator().create(await begun(browser), rp_id=rp_id))
    assert refusal(refused) == (500, "FAILED_TO_VERIFY_REGISTRATION")
    assert refusal(await sign_in(app.browser(), key, rp_id=rp_id)) == (400, "AUTHENTICATION_FAILED")


@pytest.mark.parametrize("flags", [0, VERIFIED, PRESENT | BACKED_UP])
async def test_pky_07_the_user_is_there_and_flags_make_sense(flags: int) -> None:
    app = app_with()
    browser, key = await owner(app)
    refused = await finish(browser, Authenticator().create(await begun(browser), flags=flags | ATTESTED))
    assert refusal(refused) == (500, "FAILED_TO_VERIFY_REGISTRATION")
    assert refusal(await sign_in(app.browser(), key, flags=flags)) == (400, "AUTHENTICATION_FAILED")


async def test_pky_07_the_user_is_verified_where_it_is_required() -> None:
    app = app_with({"authenticatorSelection": {"userVerification": "required"}})
    browser, key = await owner(app)
    options = await begun(browser)
    refused = await finish(browser, Authenticator(user_verified=False).create(options))
    assert refusal(refused) == (500, "FAILED_TO_VERIFY_REGISTRATION")
    assert (await asked(browser))["userVerification"] == "required"
    assert refusal(await sign_in(app.browser(), key, flags=PRESENT)) == (400, "AUTHENTICATION_FAILED")
    assert (await sign_in(app.browser(), key)).status == 200


async def test_pky_07_without_the_requirement_presence_is_enough() -> None:
    app, key = app_with(), Authenticator(user_verified=False)
    assert (await register(await app.signed_up(), key)).status == 200
    assert (await sign_in(app.browser(), key)).status == 200


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
async def test_pky_08_what_is_signed_cannot_be_changed(part: str) -> None:
    app = app_with()
    _, key = await owner(app)
    browser = app.browser()
    answer: Any = key.get(await asked(browser))
    data = bytearray(base64.urlsafe_b64decode(answer["response"][part] + "=="))
    if part == "clientDataJSON":
        data = bytearray(json.dumps({**json.loads(bytes(data)), "more": 1}).encode())
    elif part == "authenticatorData":
        data[-1] += 1
    else:
        data[-1] ^= 1
    answer["response"][part] = base64.urlsafe_b64encode(bytes(data)).rstrip(b"=").decode()
    refused = await browser.post("/passkey/verify-authentication", {"response": answer})
    assert refusal(refused) == (FORGED, "AUTHENTICATION_FAILED")


async def test_pky_08_another_key_does_not_sign_for_this_one() -> None:
    app = app_with()
    browser, key = await owner(app)
    other = Authenticator()
    await register(browser, other)
    options = await asked(app.browser())
    visitor = app.browser()
    options = await asked(visitor)
    answer: Any = other.get(options, credential=other.credentials[0])
    answer["id"] = answer["rawId"] = key.credentials[0].name
    refused = await visitor.post("/passkey/verify-authentication", {"response": answer})
    assert refusal(refused) == (FORGED, "AUTHENTICATION_FAILED")


def _weak_keys() -> dict[str, bytes]:
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key().public_numbers()
    p384 = ec.generate_private_key(ec.SECP384R1()).public_key().public_numbers()
    p256 = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    x, y = p256.x.to_bytes(32), p256.y.to_bytes(32)
    return {
        "rsa 512": cbor({1: 3, 3: -257, -1: b"\xc1" + bytes(62) + b"\x01", -2: b"\x01\x00\x01"}),
        "rsa 1024": cbor({1: 3, 3: -257, -1: small.n.to_bytes(128), -2: small.e.to_bytes(3)}),
        "es384": cbor({1: 2, 3: -35, -1: 2, -2: p384.x.to_bytes(48), -3: p384.y.to_bytes(48)}),
        "p384 as es256": cbor({1: 2, 3: -7, -1: 2, -2: p384.x.to_bytes(48), -3: p384.y.to_bytes(48)}),
        "es256 as eddsa": cbor({1: 2, 3: -8, -1: 1, -2: x, -3: y}),
        "off the curve": cbor({1: 2, 3: -7, -1: 1, -2: x, -3: bytes(31) + b"\x05"}),
        "of no kind": cbor({1: 9, 3: -7}),
        "nothing": cbor({}),
        "no map": cbor(7),
    }


@pytest.mark.parametrize("name", list(_weak_keys()))
async def test_pky_08_keys_that_are_weak_or_not_offered_are_not_registered(name: str) -> None:
    app = app_with()
    browser = await app.signed_up()
    refused = await finish(browser, Authenticator().create(await begun(browser), public_key=_weak_keys()[name]))
    assert refusal(refused) == (500, "FAILED_TO_VERIFY_REGISTRATION")
    assert await app.auth.services.database.count(PasskeyRow) == 0


def _attested(key: Authenticator, options: Any, statement: dict[str, object], fmt: str) -> object:
    """An answer whose attestation says ``statement``; the authenticator data is the right one."""
    answer: Any = key.create(options, aaguid=b"\x07" * 16)
    whole = base64.urlsafe_b64decode(answer["response"]["attestationObject"] + "==")
    data = whole[whole.index(b"authData") + 10 :]
    made = cbor({"fmt": fmt, "attStmt": statement, "authData": data})
    answer["response"]["attestationObject"] = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
    return cast("object", answer)


@pytest.mark.parametrize(
    ("fmt", "statement"),
    [
        ("none", {"sig": b"x"}),
        ("packed", {"alg": -7, "sig": b"x"}),
        ("packed", {"alg": -257, "sig": b"x"}),
        ("packed", {"alg": -7, "sig": b"x", "x5c": [b"no certificate"]}),
        ("packed", {}),
        ("fido-u2f", {"sig": b"x", "x5c": [b"no certificate"]}),
        ("tpm", {}),
        ("apple", {"x5c": []}),
        ("android-key", {"x5c": [b"x"], "alg": -7, "sig": b"x"}),
        ("android-safetynet", {"ver": "1", "response": b"x.y.z"}),
        ("made-up", {}),
    ],
)
async def test_pky_12_an_attestation_that_is_given_is_verified(fmt: str, statement: dict[str, object]) -> None:
    app = app_with()
    browser = await app.signed_up()
    refused = await finish(browser, _attested(Authenticator(), await begun(browser), statement, fmt))
    assert refusal(refused) == (500, "FAILED_TO_VERIFY_REGISTRATION")


async def test_pky_12_without_an_attestation_the_model_is_only_a_claim() -> None:
    app = app_with()
    browser = await app.signed_up()
    answer = await finish(browser, _attested(Authenticator(), await begun(browser), {}, "none"))
    assert (answer.status, answer.json["aaguid"]) == (200, "07070707-0707-0707-0707-070707070707")


def _deep(levels: int) -> bytes:
    return b"\x81" * levels + b"\x00"


@pytest.mark.parametrize(
    "attestation",
    [
        _deep(5),
        _deep(100_000),
        b"\xbf\xff",
        b"\xa2\x61a\x01\x61a\x02",
        cbor({}) + b"\x00",
        cbor({"fmt": "none", "attStmt": {}, "authData": bytes(2**20)}),
        b"\xc0\x61a",
        b"\xff",
        b"",
        b"\xbb" + b"\xff" * 8,
        b"\x9b" + b"\xff" * 8,
        b"\x5b" + b"\xff" * 8,
    ],
    ids=["deep", "deeper", "indefinite", "twice", "trailing", "large", "tag", "break", "empty", "map", "list", "bytes"],
)
async def test_pky_13_hostile_cbor_is_bad_input(attestation: bytes) -> None:
    app = app_with()
    browser = await app.signed_up()
    answer: Any = Authenticator().create(await begun(browser))
    answer["response"]["attestationObject"] = base64.urlsafe_b64encode(attestation).rstrip(b"=").decode()
    refused = await finish(browser, answer)
    assert refused.status in {400, 413}
    assert await app.auth.services.database.count(PasskeyRow) == 0


@pytest.mark.parametrize("tail", [b"\x00", cbor({"x": 1}), b"\xbf"])
async def test_pky_13_nothing_hides_behind_authenticator_data(tail: bytes) -> None:
    app = app_with()
    browser, key = await owner(app)
    visitor = app.browser()
    answer: Any = key.get(await asked(visitor))
    data = base64.urlsafe_b64decode(answer["response"]["authenticatorData"] + "==") + tail
    answer["response"]["authenticatorData"] = base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    refused = await visitor.post("/passkey/verify-authentication", {"response": answer})
    assert refusal(refused) == (400, "AUTHENTICATION_FAILED")
    public_key = cbor({1: 2, 3: -7}) + tail
    wrong = await finish(browser, Authenticator().create(await begun(browser), public_key=public_key))
    assert refusal(wrong) == (400, "FAILED_TO_VERIFY_REGISTRATION")
