"""Signing in at a provider of the application's own choice, through the HTTP door."""

from __future__ import annotations

from base64 import b64encode

import pytest
from tests.unit.plugins.generic_oauth.corp import (
    BY_HAND,
    CALLBACK,
    ISSUER,
    accounts,
    arrived,
    back,
    start,
    with_issuer,
)

from gatewright.model.user import User
from gatewright.plugins.generic_oauth.options import (
    GenericOAuthConfig,
)
from gatewright.testing.identity_provider import form_of

pytestmark = pytest.mark.anyio

# Starting ------------------------------------------------------------------------------------------------------------


async def test_a_discovered_provider_is_asked_with_a_nonce_and_a_challenge() -> None:
    app, _ = with_issuer(prompt="consent", access_type="offline", authorization_url_params={"audience": "x"})
    begun = await start(app.browser(), scopes=["more"], loginHint="ida")
    assert (len(begun.pop("state")), len(begun.pop("code_challenge")), len(begun.pop("nonce"))) == (32, 43, 32)
    assert begun == {
        "response_type": "code",
        "client_id": "client",
        "scope": "openid more email profile",
        "redirect_uri": CALLBACK,
        "login_hint": "ida",
        "prompt": "consent",
        "access_type": "offline",
        "code_challenge_method": "S256",
        "audience": "x",
    }


async def test_a_provider_by_hand_keeps_the_query_of_its_address_and_gets_no_nonce() -> None:
    app, _ = with_issuer(BY_HAND, pkce=False)
    begun = await start(app.browser())
    assert len(begun.pop("state")) == 32
    assert begun == {
        "fixed": "1",
        "response_type": "code",
        "client_id": "client",
        "scope": "read",
        "redirect_uri": CALLBACK,
    }


async def test_what_the_caller_adds_wins_over_what_is_configured_but_reserved_names_are_refused() -> None:
    app, _ = with_issuer(authorization_url_params={"audience": "x"})
    assert (await start(app.browser(), additionalParams={"audience": "y"}))["audience"] == "y"
    answer = await app.browser().post("/sign-in/social", {"provider": "corp", "additionalParams": {"state": "mine"}})
    assert (answer.status, answer.json["code"]) == (400, "VALIDATION_ERROR")


async def test_without_an_address_there_is_nowhere_to_go() -> None:
    app, _ = with_issuer({"provider_id": "corp", "client_id": "client", "token_url": f"{ISSUER}/token"})
    answer = await app.browser().post("/sign-in/social", {"provider": "corp"})
    assert (answer.status, answer.json) == (
        400,
        {"code": "INVALID_OAUTH_CONFIGURATION", "message": "Invalid OAuth configuration"},
    )


async def test_metadata_is_fetched_once_for_all() -> None:
    app, issuer = with_issuer(discovery_headers={"x-key": "1"})
    for _ in range(3):
        await arrived(app, issuer)
        issuer.nonce = None
    asked = [request for request in app.egress.requests if request.url == issuer.discovery_url]
    assert [dict(request.headers) for request in asked] == [{"x-key": "1"}]


async def test_a_provider_without_metadata_is_unavailable_and_asked_again_later() -> None:
    app, issuer = with_issuer()
    app.egress.on("GET", issuer.discovery_url, b"down", status=500)
    async with app.auth:
        for _ in range(2):
            answer = await app.browser().post("/sign-in/social", {"provider": "corp"})
            assert (answer.status, answer.json["code"], answer.header("retry-after")) == (
                503,
                "SERVICE_UNAVAILABLE",
                "5",
            )
        assert len([each for each in app.egress.requests if each.url == issuer.discovery_url]) == 1
        issuer.__post_init__()
        app.clock.advance(seconds=5)
        assert (await start(app.browser()))["client_id"] == "client"


@pytest.mark.parametrize(
    "metadata",
    [
        {"token_endpoint": None},
        {"authorization_endpoint": "http://issuer.example/authorize"},
        {"jwks_uri": "https://user:pass@issuer.example/jwks"},
    ],
)
async def test_metadata_that_cannot_be_trusted_is_not_used(metadata: dict[str, object]) -> None:
    app, issuer = with_issuer()
    issuer.metadata = metadata
    assert (await app.browser().post("/sign-in/social", {"provider": "corp"})).status == 503


# Coming back ---------------------------------------------------------------------------------------------------------


async def test_a_person_signs_in_and_the_tokens_are_kept() -> None:
    app, issuer = with_issuer()
    browser, location = await arrived(app, issuer)
    assert location == "/home"
    assert (await browser.get("/get-session")).json["user"]["name"] == "Ida Noddack"
    (account,) = await accounts(app)
    assert (account.issuer, account.account_id, account.provider_id) == (ISSUER, "person-1", "corp")
    assert (account.access_token, account.refresh_token, account.scope) == (
        "access-1",
        "refresh-1",
        "openid,email,profile",
    )
    (request,) = issuer.requests
    form = form_of(request)
    assert len(form.pop("code_verifier")) == 128
    assert form == {
        "grant_type": "authorization_code",
        "code": "the-code",
        "redirect_uri": CALLBACK,
        "client_id": "client",
        "client_secret": "secret",
    }


async def test_the_old_callback_address_leads_to_the_same() -> None:
    app, issuer = with_issuer()
    browser = app.browser()
    begun = await start(browser)
    issuer.nonce = begun["nonce"]
    answer = await browser.get(f"/oauth2/callback/corp?code=the-code&state={begun['state']}")
    assert answer.header("location") == "/home"


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"aud": "another"}, "audience"),
        ({"exp": 1}, "expired"),
        ({"sub": None}, "subject"),
    ],
)
async def test_an_id_token_that_does_not_hold_lets_nobody_in(claims: dict[str, object], why: str) -> None:
    app, issuer = with_issuer()
    browser = app.browser()
    begun = await start(browser)
    issuer.nonce = begun["nonce"]
    issuer.grants["id_token"] = issuer.id_token(**claims)
    answer = await back(browser, issuer, begun)
    assert answer.header("location") == "/oops?error=unable_to_get_user_info"
    assert [fields["because"] for _, said, fields, _ in app.log.lines if said == "an ID token does not hold"] == [why]
    assert await accounts(app) == []


async def test_an_id_token_of_another_key_lets_nobody_in() -> None:
    app, issuer = with_issuer()
    browser = app.browser()
    begun = await start(browser)
    token = issuer.id_token(nonce=begun["nonce"])
    header, body, signature = token.split(".")
    issuer.grants["id_token"] = f"{header}.{body}.{signature[:-4]}AAAA"
    assert (await back(browser, issuer, begun)).header("location") == "/oops?error=unable_to_get_user_info"


async def test_without_nonce_binding_no_nonce_is_sent_or_asked_for() -> None:
    app, issuer = with_issuer(disable_id_token_nonce_binding=True)
    browser = app.browser()
    begun = await start(browser)
    assert "nonce" not in begun
    assert (await back(browser, issuer, begun)).header("location") == "/home"


async def test_where_verification_is_required_an_answer_without_id_token_lets_nobody_in() -> None:
    app, issuer = with_issuer(require_id_token_verification=True)
    issuer.grants["id_token"] = None
    assert (await arrived(app, issuer))[1] == "/oops?error=unable_to_get_user_info"
    other, theirs = with_issuer()
    theirs.grants["id_token"] = None
    assert (await arrived(other, theirs))[1] == "/home"


async def test_user_info_of_somebody_else_lets_nobody_in() -> None:
    app, issuer = with_issuer()
    browser = app.browser()
    begun = await start(browser)
    issuer.grants["id_token"] = issuer.id_token(nonce=begun["nonce"], sub="somebody-else")
    assert (await back(browser, issuer, begun)).header("location") == "/oops?error=unable_to_get_user_info"


async def test_an_issuer_that_names_itself_in_answers_is_held_to_it() -> None:
    app, issuer = with_issuer()
    issuer.metadata["authorization_response_iss_parameter_supported"] = True
    browser = app.browser()
    for more, error in (("", "issuer_missing"), ("&iss=https%3A%2F%2Fevil.example", "issuer_mismatch")):
        answer = await back(browser, issuer, await start(browser), more)
        assert answer.header("location") == f"/oops?error={error}"
    begun = await start(browser)
    issuer.nonce = begun["nonce"]
    assert (await back(browser, issuer, begun, "&iss=https%3A%2F%2Fissuer.example")).header("location") == "/home"
    assert len(issuer.requests) == 1


# By hand -------------------------------------------------------------------------------------------------------------


async def test_a_provider_by_hand_identifies_people_by_id_and_vouches_only_with_a_real_yes() -> None:
    app, issuer = with_issuer(BY_HAND)
    issuer.person = {"id": 77, "sub": "other", "email": "Hand@Example.com", "email_verified": "true", "name": "Hand"}
    issuer.grants["id_token"] = None
    assert (await arrived(app, issuer))[1] == "/home"
    (account,) = await accounts(app)
    assert (account.issuer, account.account_id) == ("local:oauth:corp", "77")
    (user,) = await app.auth.services.database.find_many(User)
    assert (user.email, user.email_verified, user.image) == ("hand@example.com", False, None)


@pytest.mark.parametrize(
    ("person", "error"),
    [
        ({"email": "a@example.com"}, "unable_to_get_user_info"),
        ({"id": "", "email": "a@example.com"}, "unable_to_get_user_info"),
        ({"id": "1"}, "email_not_found"),
    ],
)
async def test_who_cannot_be_identified_does_not_get_in(person: dict[str, object], error: str) -> None:
    app, issuer = with_issuer(BY_HAND)
    issuer.person = person
    issuer.grants["id_token"] = None
    assert (await arrived(app, issuer))[1] == f"/oops?error={error}"
    assert await accounts(app) == []


async def test_a_refused_or_impossible_exchange_is_an_invalid_code() -> None:
    app, issuer = with_issuer(BY_HAND)
    app.egress.on("POST", f"{ISSUER}/token", b'{"error":"invalid_grant"}', status=400)
    assert (await arrived(app, issuer))[1] == "/oops?error=invalid_code"
    other, theirs = with_issuer({**BY_HAND, "token_url": None})
    assert (await arrived(other, theirs))[1] == "/oops?error=invalid_code"


async def test_the_client_proves_itself_as_configured() -> None:
    async def assertion(token_endpoint: str) -> str:
        return f"signed-for-{token_endpoint}"

    ways: list[tuple[dict[str, object], str | None, dict[str, str]]] = [
        (
            {"authentication": "basic"},
            "Basic " + b64encode(b"client:secret").decode(),
            {},
        ),
        (
            {"client_secret": None, "token_endpoint_auth": {"method": "none"}},
            None,
            {"client_id": "client"},
        ),
        (
            {
                "client_secret": None,
                "token_endpoint_auth": {"method": "private_key_jwt", "get_client_assertion": assertion},
            },
            None,
            {
                "client_id": "client",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": f"signed-for-{ISSUER}/token",
            },
        ),
    ]
    for own, authorization, members in ways:
        app, issuer = with_issuer(
            BY_HAND, token_url_params={"resource": "r"}, authorization_headers={"x-a": "1"}, **own
        )
        issuer.grants["id_token"] = None
        issuer.person["id"] = "1"
        assert (await arrived(app, issuer))[1] == "/home"
        (request,) = issuer.requests
        form = form_of(request)
        del form["code_verifier"]
        assert (request.headers.get("authorization"), request.headers["x-a"]) == (authorization, "1")
        assert form == {
            "grant_type": "authorization_code",
            "code": "the-code",
            "redirect_uri": CALLBACK,
            "resource": "r",
            **members,
        }


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"token_endpoint_auth": {"method": "none"}}, "cannot be combined with clientSecret"),
        ({"client_secret": None, "token_endpoint_auth": {"method": "private_key_jwt"}}, "needs getClientAssertion"),
        ({"require_id_token_verification": True}, "with a discoveryUrl"),
    ],
)
def test_options_that_contradict_each_other_are_refused(own: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        GenericOAuthConfig.model_validate({**BY_HAND, **own})
