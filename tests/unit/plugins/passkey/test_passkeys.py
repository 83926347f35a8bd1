"""Registering passkeys, signing in with them, keeping house."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.plugins.passkey.keys import app_with, asked, register, sign_in

from gatewright.crypto.libraries import MissingLibrary
from gatewright.model.verification import Verification
from gatewright.plugins.passkey import AuthenticationVerified, Passkey, PasskeyUser, RegistrationVerified
from gatewright.plugins.passkey import plugin as plugin_module
from gatewright.plugins.passkey.model import PasskeyRow
from gatewright.testing.authenticator import Authenticator
from gatewright.wire.faults import ApiError
from gatewright.wire.json import decode

pytestmark = pytest.mark.anyio


async def test_a_passkey_is_registered_and_signs_in() -> None:
    app, key = app_with(), Authenticator()
    browser = await app.signed_up()
    answer = await register(browser, key, name="Laptop")
    (row,) = await app.auth.services.database.find_many(PasskeyRow)
    me = (await browser.get("/get-session")).json["user"]
    assert answer.json == {
        "name": "Laptop",
        "publicKey": row.public_key,
        "userId": me["id"],
        "credentialID": key.credentials[0].name,
        "counter": 1,
        "deviceType": "singleDevice",
        "backedUp": False,
        "transports": "internal",
        "createdAt": "2026-01-01T12:00:00.000Z",
        "aaguid": "00000000-0000-0000-0000-000000000000",
        "id": row.id,
    }
    stranger = app.browser()
    signed = await sign_in(stranger, key)
    assert (signed.status, signed.json["user"]) == (200, me)
    assert (await stranger.get("/get-session")).json["session"]["token"] == signed.json["session"]["token"]
    (row,) = await app.auth.services.database.find_many(PasskeyRow)
    assert row.counter == 2


@pytest.mark.parametrize("kind", ["ES256", "EdDSA", "RS256"])
async def test_every_offered_kind_of_key_works(kind: Any) -> None:
    app, key = app_with(), Authenticator(kind=kind, synced=True, counts=False)
    answer = await register(await app.signed_up(), key)
    assert (answer.json["deviceType"], answer.json["backedUp"], answer.json["counter"]) == ("multiDevice", True, 0)
    assert [(await sign_in(app.browser(), key)).status for _ in range(2)] == [200, 200]


async def test_options_say_what_a_browser_needs() -> None:
    app, key = app_with(), Authenticator()
    browser = await app.signed_up()
    await register(browser, key)
    begun = (await browser.get("/passkey/generate-register-options?name=Work&authenticatorAttachment=platform")).json
    assert len(begun.pop("challenge")) == 43
    assert len(begun["user"].pop("id")) == 43
    assert begun == {
        "rp": {"name": "Better Auth", "id": "localhost"},
        "user": {"name": "Work", "displayName": "ada@example.com"},
        "pubKeyCredParams": [
            {"alg": -8, "type": "public-key"},
            {"alg": -7, "type": "public-key"},
            {"alg": -257, "type": "public-key"},
        ],
        "timeout": 60000,
        "attestation": "none",
        "excludeCredentials": [
            {"id": key.credentials[0].name, "transports": ["internal"], "type": "public-key"},
        ],
        "authenticatorSelection": {
            "residentKey": "preferred",
            "userVerification": "preferred",
            "authenticatorAttachment": "platform",
            "requireResidentKey": False,
        },
        "extensions": {"credProps": True},
        "hints": [],
    }
    mine = await asked(browser)
    assert mine["allowCredentials"] == begun["excludeCredentials"]
    theirs = await asked(app.browser())
    assert set(theirs) == {"rpId", "challenge", "timeout", "userVerification"}
    assert (await browser.get("/passkey/generate-register-options?authenticatorAttachment=x")).status == 400


def extensions(asked: Any) -> dict[str, object]:
    return {"x": asked.ctx.request.method, "credProps": False}


def always(answer: object) -> Callable[[object], object]:
    """A function of the application's that always answers the same."""

    def function(given: object) -> object:
        return answer

    return function


async def test_the_relying_party_is_configured() -> None:
    app = app_with(
        {
            "rpID": "example.com",
            "rpName": "Example",
            "origin": ["https://a.example.com", "https://b.example.com"],
            "authenticatorSelection": {"residentKey": "required", "userVerification": "discouraged"},
            "advanced": {"webAuthnChallengeCookie": "chal"},
            "authentication": {"extensions": {"uvm": True}},
            "registration": {"extensions": extensions},
        }
    )
    browser = await app.signed_up()
    begun = (await browser.get("/passkey/generate-register-options")).json
    assert (begun["rp"], begun["extensions"]) == (
        {"name": "Example", "id": "example.com"},
        {"x": "GET", "credProps": True},
    )
    assert begun["authenticatorSelection"] == {
        "residentKey": "required",
        "userVerification": "discouraged",
        "requireResidentKey": True,
    }
    assert "better-auth.chal" in browser.jar
    other = Authenticator(origin="http://localhost:3000")
    refused = await browser.post("/passkey/verify-registration", {"response": other.create(begun)})
    assert (refused.status, refused.json["code"]) == (500, "FAILED_TO_VERIFY_REGISTRATION")
    key = Authenticator(origin="https://b.example.com")
    assert (await register(browser, key)).status == 200
    assert (await asked(browser))["extensions"] == {"uvm": True}
    assert (await sign_in(app.browser(), key)).status == 200


async def test_one_configured_origin_is_a_text() -> None:
    app = app_with({"origin": "https://a.example.com"})
    assert (await register(await app.signed_up(), Authenticator(origin="https://a.example.com"))).status == 200


async def test_a_passkey_is_listed_renamed_and_deleted_by_its_owner() -> None:
    app, key = app_with(), Authenticator()
    browser = await app.signed_up()
    made = (await register(browser, key)).json
    assert (await browser.get("/passkey/list-user-passkeys")).json == [made]
    renamed = await browser.post("/passkey/update-passkey", {"id": made["id"], "name": "Old"})
    assert renamed.json == {"passkey": {**made, "name": "Old"}}
    assert (await browser.post("/passkey/update-passkey", {"id": made["id"], "name": ""})).status == 400
    assert (await browser.post("/passkey/delete-passkey", {"id": made["id"]})).json == {"status": True}
    again = await browser.post("/passkey/delete-passkey", {"id": made["id"]})
    assert (again.status, again.json["code"]) == (404, "PASSKEY_NOT_FOUND")
    gone = await browser.post("/passkey/update-passkey", {"id": made["id"], "name": "x"})
    assert (gone.status, gone.json["code"]) == (404, "PASSKEY_NOT_FOUND")
    refused = await sign_in(app.browser(), key)
    assert (refused.status, refused.json["code"]) == (401, "PASSKEY_NOT_FOUND")


async def test_earlier_spellings_of_the_paths_answer_too() -> None:
    app, key = app_with(), Authenticator()
    browser = await app.signed_up()
    begun = await browser.get("/passkey/add")
    made = (await browser.post("/passkey/verify-registration", {"response": key.create(begun.json)})).json
    assert (await browser.get("/passkey/list")).json == [made]
    assert (await browser.post("/passkey/update", {"id": made["id"], "name": "x"})).status == 200
    assert (await browser.get("/sign-in/passkey")).json["rpId"] == "localhost"
    assert (await browser.post("/passkey/delete", {"id": made["id"]})).status == 200


async def test_an_answer_that_is_no_object_is_refused() -> None:
    app = app_with()
    browser = await app.signed_up()
    missing = await browser.post("/passkey/verify-registration", {})
    assert missing.json["message"] == "[body.response] Invalid input: expected nonoptional, received undefined"
    await browser.get("/passkey/generate-register-options")
    answer = await browser.post("/passkey/verify-registration", {"response": "x"})
    assert (answer.status, answer.json["code"]) == (500, "FAILED_TO_VERIFY_REGISTRATION")
    await asked(browser)
    wrong = await browser.post("/passkey/verify-authentication", {"response": "x"})
    assert (wrong.status, wrong.json["code"]) == (400, "VALIDATION_ERROR")
    for body in ({}, {"id": 5}, {"id": "unknown"}, {"id": "\U0001f511"}, {"id": "a" * 5000}, {"id": "a\x00"}):
        await asked(browser)
        unknown = await browser.post("/passkey/verify-authentication", {"response": body})
        assert (unknown.status, unknown.json["code"]) == (401, "PASSKEY_NOT_FOUND")


async def test_the_server_itself_must_say_from_which_page_an_answer_comes() -> None:
    app = app_with()
    api = app.auth.of(Passkey())
    with pytest.raises(ApiError, match="origin missing"):
        await api.verify_passkey_authentication(response={"id": "x"})
    browser = await app.signed_up()
    mine = api.on({"cookie": browser.cookie_header()})
    with pytest.raises(ApiError) as refused:
        await mine.verify_passkey_registration(response={})
    assert (refused.value.status, refused.value.code) == (400, "FAILED_TO_VERIFY_REGISTRATION")
    assert [row.name for row in await mine.list_passkeys()] == []


# Registering before signing up -----------------------------------------------------------------------------------------


async def test_without_a_session_the_application_says_for_whom() -> None:
    told: list[Any] = []

    def resolve(asked: Any) -> PasskeyUser:
        told.append(asked.context)
        return PasskeyUser(id=asked.context, name="ada", display_name="Ada")

    app = app_with({"registration": {"requireSession": False, "resolveUser": resolve}})
    owner = (await (await app.signed_up()).get("/get-session")).json["user"]
    browser, key = app.browser(), Authenticator()
    answer = await register(browser, key, f"?context={owner['id']}", createSession=True)
    assert (answer.status, told) == (200, [owner["id"]])
    assert (answer.json["user"], answer.json["session"]["userId"]) == (owner, owner["id"])
    assert (await browser.get("/get-session")).json["user"] == owner
    assert (await sign_in(app.browser(), key)).json["user"] == owner


async def test_what_a_challenge_is_for_is_stored_as_the_contract_has_it() -> None:
    app = app_with({"registration": {"requireSession": False, "resolveUser": always({"id": "u1", "name": "N"})}})
    begun = (await app.browser().get("/passkey/generate-register-options?context=c")).json
    assert (begun["user"]["name"], begun["user"]["displayName"]) == ("N", "N")
    (row,) = await app.auth.services.database.find_many(Verification)
    assert decode(row.value) == {
        "type": "registration",
        "expectedChallenge": begun["challenge"],
        "userData": {"id": "u1", "name": "N"},
        "context": "c",
    }
    assert (row.expires_at - row.created_at).total_seconds() == 300


@pytest.mark.parametrize("answer", [None, {}, {"id": "x"}, {"id": "", "name": "x"}, {"id": 1, "name": "x"}])
async def test_nobody_gets_no_passkey(answer: object) -> None:
    app = app_with({"registration": {"requireSession": False, "resolveUser": always(answer)}})
    refused = await app.browser().get("/passkey/generate-register-options")
    assert (refused.status, refused.json["code"]) == (400, "RESOLVED_USER_INVALID")


async def test_without_a_session_the_application_has_to_say() -> None:
    app = app_with({"registration": {"requireSession": False}})
    refused = await app.browser().get("/passkey/generate-register-options")
    assert (refused.status, refused.json["code"]) == (400, "RESOLVE_USER_REQUIRED")
    assert (await register(await app.signed_up(), Authenticator())).status == 200


async def test_the_application_may_choose_the_user_when_everything_is_proven() -> None:
    seen: list[RegistrationVerified] = []
    chosen: list[object] = []

    async def after(verified: RegistrationVerified) -> Any:
        seen.append(verified)
        return chosen.pop()

    app = app_with(
        {
            "registration": {
                "requireSession": False,
                "resolveUser": always(PasskeyUser(id="not-yet", name="ada")),
                "afterVerification": after,
            }
        }
    )
    owner = (await (await app.signed_up()).get("/get-session")).json["user"]
    for choice in ({"userId": owner["id"]}, owner["id"]):
        chosen.append(choice)
        key = Authenticator()
        assert (await register(app.browser(), key)).json["userId"] == owner["id"]
        info = seen[-1].verification.registration_info
        assert (info.credential.id, info.origin, info.rp_id) == (
            key.credentials[0].name,
            "http://localhost:3000",
            "localhost",
        )
    for choice, status, code in (
        ({"userId": 5}, 400, "RESOLVED_USER_INVALID"),
        ("", 400, "RESOLVED_USER_INVALID"),
        ("nobody", 500, "USER_NOT_FOUND"),
        (None, 500, "USER_NOT_FOUND"),
    ):
        chosen.append(choice)
        refused = await register(app.browser(), Authenticator(), createSession=True)
        assert (refused.status, refused.json["code"]) == (status, code)
    chosen.append("nobody")
    refused = await register(app.browser(), Authenticator())
    assert refused.json["code"] == "FAILED_TO_VERIFY_REGISTRATION"


async def test_the_application_cannot_give_my_passkey_to_somebody_else() -> None:
    app = app_with({"registration": {"afterVerification": always("somebody-else")}})
    refused = await register(await app.signed_up(), Authenticator())
    assert (refused.status, refused.json["code"]) == (401, "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY")


async def test_a_function_that_fails_refuses_in_the_contracts_words() -> None:
    def fail(verified: object) -> None:
        raise RuntimeError("no")

    app = app_with({"registration": {"afterVerification": fail}})
    refused = await register(await app.signed_up(), Authenticator())
    assert (refused.status, refused.json["code"]) == (500, "FAILED_TO_VERIFY_REGISTRATION")


async def test_the_application_may_keep_somebody_out() -> None:
    seen: list[AuthenticationVerified] = []
    problem: list[Exception] = [ApiError(403, code="NOT_TODAY"), RuntimeError("no")]

    async def after(verified: AuthenticationVerified) -> None:
        seen.append(verified)
        if problem:
            raise problem.pop()

    app, key = app_with({"authentication": {"afterVerification": after}}), Authenticator()
    await register(await app.signed_up(), key)
    answers = [await sign_in(app.browser(), key) for _ in range(3)]
    assert [(answer.status, answer.json.get("code")) for answer in answers] == [
        (400, "AUTHENTICATION_FAILED"),
        (403, "NOT_TODAY"),
        (200, None),
    ]
    assert [each.verification.authentication_info.new_counter for each in seen] == [2, 3, 4]
    (row,) = await app.auth.services.database.find_many(PasskeyRow)
    assert row.counter == 4


async def test_a_hook_that_refuses_the_session_leaves_nothing() -> None:
    async def refuse(session: object, context: object) -> bool:
        return False

    app = app_with({"registration": {"requireSession": False}})
    browser, key = await app.signed_up(), Authenticator()
    begun = (await browser.get("/passkey/generate-register-options")).json
    strict = app_with(
        {"registration": {"requireSession": False}},
        settings={"database_hooks": {"session": {"create": {"before": refuse}}}},
        adapter=app.adapter,
    )
    other = strict.browser()
    other.jar = dict(browser.jar)
    refused = await other.post("/passkey/verify-registration", {"response": key.create(begun), "createSession": True})
    assert (refused.status, refused.json["code"]) == (500, "UNABLE_TO_CREATE_SESSION")
    assert await app.auth.services.database.count(PasskeyRow) == 0
    await register(browser, key)
    late = await sign_in(strict.browser(), key, credential=key.credentials[1])
    assert (late.status, late.json["code"]) == (500, "UNABLE_TO_CREATE_SESSION")


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> None:
        return None

    monkeypatch.setattr(plugin_module, "find_spec", nothing)
    with pytest.raises(MissingLibrary, match=r"gatewright\[passkey\]"):
        Passkey()
