"""What the application does in its own way at a generic provider, and what comes after signing in."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import pytest
from tests.unit.plugins.generic_oauth.corp import (
    BY_HAND,
    CALLBACK,
    DISCOVERED,
    ISSUER,
    accounts,
    arrived,
    back,
    with_issuer,
)

from gatewright.model.user import User
from gatewright.plugins.generic_oauth.options import (
    AccountKey,
    Exchange,
    GenericOAuthConfig,
    GenericTokens,
)
from gatewright.settings.callbacks import RefreshContext
from gatewright.testing.identity_provider import form_of, query_of

pytestmark = pytest.mark.anyio

# The application's own ways ------------------------------------------------------------------------------------------


async def test_the_application_exchanges_and_asks_in_its_own_way() -> None:
    seen: list[object] = []

    async def get_token(exchange: Exchange) -> Mapping[str, object]:
        seen.append((exchange.code, exchange.redirect_uri, exchange.device_id))
        return {"accessToken": "own-token", "accessTokenExpiresAt": "2030-01-01T00:00:00.000Z", "scopes": ["x"]}

    async def get_user_info(tokens: GenericTokens) -> Mapping[str, object]:
        seen.append((tokens.access_token, tokens.scopes))
        return {"id": "own-1", "email": "own@example.com", "name": "Own", "emailVerified": True, "image": "https://i"}

    app, issuer = with_issuer(BY_HAND, get_token=get_token, get_user_info=get_user_info)
    assert (await arrived(app, issuer))[1] == "/home"
    assert seen == [("the-code", CALLBACK, None), ("own-token", ("x",))]
    (account,) = await accounts(app)
    assert (account.account_id, account.access_token, account.scope) == ("own-1", "own-token", "x")
    (user,) = await app.auth.services.database.find_many(User)
    assert (user.email_verified, user.image) == (True, "https://i")


async def test_the_application_can_refuse() -> None:
    async def nothing(_: object) -> None:
        return None

    for own, error in (
        ({"get_token": nothing}, "invalid_code"),
        ({"get_user_info": nothing}, "unable_to_get_user_info"),
        ({"account_subject": nothing}, "unable_to_get_user_info"),
    ):
        app, issuer = with_issuer(BY_HAND, **own)
        issuer.person["id"] = "1"
        assert (await arrived(app, issuer))[1] == f"/oops?error={error}"


async def test_the_key_of_an_account_can_be_the_application_s_choice() -> None:
    def subject(key: AccountKey) -> str:
        return f"{key.profile['sub']}@{key.tokens.raw['scope']}"

    def namespace(key: AccountKey) -> str:
        return f"urn:{key.profile['email']}"

    app, issuer = with_issuer(account_subject=subject, account_issuer=namespace)
    assert (await arrived(app, issuer))[1] == "/home"
    (account,) = await accounts(app)
    assert (account.issuer, account.account_id) == ("urn:ida@example.com", "person-1@openid email profile")


async def test_a_profile_is_mapped_and_a_missing_lifetime_is_filled_in() -> None:
    def mapped(profile: Mapping[str, object]) -> Mapping[str, object]:
        return {"name": f"Mapped {profile['name']}", "id": "x"}

    app, issuer = with_issuer(map_profile_to_user=mapped, access_token_expires_in=42)
    issuer.grants["expires_in"] = None
    assert (await arrived(app, issuer))[1] == "/home"
    (user,) = await app.auth.services.database.find_many(User)
    (account,) = await accounts(app)
    assert (user.name, account.account_id) == ("Mapped Ida Noddack", "person-1")
    ends = account.access_token_expires_at
    assert ends is not None
    assert (ends - app.clock.now()).total_seconds() == 42


async def test_sign_up_follows_the_options() -> None:
    cases: list[tuple[dict[str, object], dict[str, object], str]] = [
        ({"disable_sign_up": True}, {"requestSignUp": True}, "/oops?error=signup_disabled"),
        ({"disable_implicit_sign_up": True}, {}, "/oops?error=signup_disabled"),
        ({"disable_implicit_sign_up": True}, {"requestSignUp": True}, "/home"),
    ]
    for own, body, location in cases:
        app, issuer = with_issuer(DISCOVERED, **own)
        assert (await arrived(app, issuer, **body))[1] == location
    app, issuer = with_issuer(require_email_verification=True)
    issuer.person["email_verified"] = False
    assert (await arrived(app, issuer))[1] == "/oops?error=email_not_verified"


# Afterwards ----------------------------------------------------------------------------------------------------------


def for_whoever_asks(asking: RefreshContext) -> dict[str, str]:
    return {"resource": "r"} if asking.request is not None else {}


@pytest.mark.parametrize("further", [{"resource": "r"}, for_whoever_asks])
async def test_tokens_are_renewed_with_further_parameters(further: object) -> None:
    app, issuer = with_issuer(refresh_token_params=further)
    browser, _ = await arrived(app, issuer)
    (account,) = await accounts(app)
    answer = await browser.post("/refresh-token", {"accountId": account.id})
    assert (answer.status, answer.json["accessToken"]) == (200, "access-2")
    assert form_of(issuer.requests[1]) == {
        "grant_type": "refresh_token",
        "refresh_token": "refresh-1",
        "resource": "r",
        "client_id": "client",
        "client_secret": "secret",
    }


async def test_a_function_of_further_parameters_learns_for_whom_tokens_are_renewed() -> None:
    asked: list[tuple[str | None, str | None]] = []

    async def further(asking: RefreshContext) -> None:
        asked.append((asking.headers.get("x-tenant"), asking.request and asking.request.path))

    app, issuer = with_issuer(refresh_token_params=further)
    browser, _ = await arrived(app, issuer)
    (account,) = await accounts(app)
    await browser.post("/refresh-token", {"accountId": account.id}, headers={"x-tenant": "t-1"})
    headers = {"cookie": browser.cookie_header(), "x-tenant": "t-2"}
    await app.auth.api.on(headers).refresh_token(account_id=account.id)
    assert asked == [("t-1", "/api/auth/refresh-token"), ("t-2", None)]
    assert "resource" not in form_of(issuer.requests[-1])


async def test_account_info_asks_the_provider() -> None:
    app, issuer = with_issuer()
    browser, _ = await arrived(app, issuer)
    (account,) = await accounts(app)
    answer = await browser.get(f"/account-info?accountId={account.id}")
    picture = "https://issuer.example/ida.png"
    assert answer.json == {
        "user": {"name": "Ida Noddack", "email": "ida@example.com", "emailVerified": True, "image": picture},
        "data": {**issuer.person, "emailVerified": True, "image": picture},
        "account": {"id": account.id, "providerId": "corp", "issuer": ISSUER, "accountId": "person-1"},
    }


async def test_a_client_may_present_an_id_token_of_a_discovered_provider_only() -> None:
    app, issuer = with_issuer()
    answer = await app.browser().post(
        "/sign-in/social",
        {"provider": "corp", "idToken": {"token": issuer.id_token(nonce="n"), "nonce": "n", "accessToken": "access-0"}},
    )
    assert (answer.status, answer.json["user"]["email"]) == (200, "ida@example.com")
    forged = await app.browser().post("/sign-in/social", {"provider": "corp", "idToken": {"token": "a.b.c"}})
    assert (forged.status, forged.json["code"]) == (401, "INVALID_TOKEN")
    other, _ = with_issuer(BY_HAND)
    refused = await other.browser().post("/sign-in/social", {"provider": "corp", "idToken": {"token": "a.b.c"}})
    assert (refused.status, refused.json["code"]) == (404, "ID_TOKEN_NOT_SUPPORTED")


async def test_who_signs_out_is_shown_the_way_out_of_the_provider() -> None:
    app, issuer = with_issuer()
    browser, _ = await arrived(app, issuer)
    (account,) = await accounts(app)
    answer = await browser.post("/sign-out", {"callbackURL": "/bye", "state": "s"})
    url = answer.json["url"]
    assert answer.json == {"success": True, "url": url, "redirect": True}
    assert (answer.header("location"), url.partition("?")[0]) == (url, f"{ISSUER}/leave")
    assert query_of(url) == {
        "id_token_hint": account.id_token,
        "post_logout_redirect_uri": "http://localhost:3000/bye",
        "client_id": "client",
        "state": "s",
    }
    assert (await browser.get("/get-session")).json is None


async def test_the_way_out_is_as_configured() -> None:
    app, issuer = with_issuer(
        end_session_endpoint=f"{ISSUER}/own?x=1", post_logout_redirect_uri="http://localhost:3000/left"
    )
    browser, _ = await arrived(app, issuer)
    answer = await browser.post("/sign-out", {"disableRedirect": True})
    assert (answer.json["redirect"], answer.header("location")) == (False, None)
    query = query_of(answer.json["url"])
    del query["id_token_hint"]
    assert query == {"x": "1", "post_logout_redirect_uri": "http://localhost:3000/left", "client_id": "client"}
    silent, theirs = with_issuer(disable_provider_logout=True)
    other, _ = await arrived(silent, theirs)
    assert (await other.post("/sign-out")).json == {"success": True}


async def test_who_came_with_a_password_just_signs_out() -> None:
    app, _ = with_issuer()
    browser = await app.signed_up()
    assert (await browser.post("/sign-out", {"callbackURL": "/bye"})).json == {"success": True}
    assert (await app.browser().post("/sign-out", {"callbackURL": "/bye"})).json == {"success": True}


async def test_an_answer_that_nobody_asked_for_begins_an_attempt_where_that_is_allowed() -> None:
    app, issuer = with_issuer(allow_idp_initiated=True)
    browser = app.browser()
    answer = await browser.get("/callback/corp?code=theirs")
    begun = query_of(answer.header("location") or "")
    assert (answer.status, begun["client_id"], issuer.requests) == (302, "client", [])
    assert (await back(browser, issuer, begun)).header("location") == "http://localhost:3000"
    error = "http://localhost:3000/api/auth/error?error="
    assert (await browser.get("/callback/corp?error=x")).header("location") == f"{error}state_not_found"
    assert (await browser.get("/callback/corp?code=x&state=y")).header("location") == f"{error}state_mismatch"
    other, _ = with_issuer()
    assert (await other.browser().get("/callback/corp?code=x")).header("location") == f"{error}state_not_found"


def test_secrets_are_not_shown() -> None:
    tokens = GenericTokens(access_token="s3cret", refresh_token="s3cret", raw={"access_token": "s3cret"})
    shown = [
        tokens,
        Exchange(code="s3cret", code_verifier="s3cret", redirect_uri="https://x"),
        AccountKey(tokens, {"sub": "s3cret"}),
        GenericOAuthConfig.model_validate({**BY_HAND, "client_secret": "s3cret"}),
    ]
    assert "s3cret" not in repr(shown)
    assert msgspec.json.decode(msgspec.json.encode(tokens))["accessToken"] == "s3cret"
