"""What single providers do differently, one habit per test."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gatewright.protocols.oauth2.token import OAuthTokens
from gatewright.providers.apple import client_secret
from gatewright.providers.base import Authorization, Profile, ProfileSource, Provider
from gatewright.providers.options import ProviderOptionError, ProviderOptions
from gatewright.providers.registry import provider

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TOKENS = OAuthTokens(access_token="token")
MICROSOFT = "https://login.microsoftonline.com"
CONSUMER = "9188040d-6c67-4c5b-b112-36a304b66dad"
TENANT = "00000000-0000-0000-0000-00000000000a"


def made(name: str, **options: Any) -> Provider:
    given: dict[str, Any] = {"client_id": "id", "client_secret": "secret", **options}
    return provider(name, ProviderOptions(**given))


def read(one: Provider, *answers: object, **source: Any) -> Profile | None:
    return one.read_profile(ProfileSource(tokens=source.pop("tokens", TOKENS), answers=answers, **source))


@pytest.mark.parametrize(
    ("name", "options", "missing"),
    [
        ("google", {"client_secret": None}, "client_secret"),
        ("github", {"client_id": ""}, "client_id"),
        ("cognito", {}, "domain"),
        (
            "cognito",
            {"domain": "d", "region": "r", "user_pool_id": "p", "client_secret": None, "require_client_secret": True},
            "client_secret",
        ),
        ("tiktok", {}, "client_key"),
    ],
)
def test_a_missing_option_is_named(name: str, options: dict[str, Any], missing: str) -> None:
    with pytest.raises(ProviderOptionError) as caught:
        made(name, **options)
    assert (caught.value.provider_id, caught.value.option) == (name, missing)


@pytest.mark.parametrize(
    ("wanted", "given", "admitted"),
    [
        (None, None, True),
        ("example.com", "example.com", True),
        ("example.com", "other.com", False),
        ("example.com", None, False),
        ("*", "any.com", True),
        ("*", None, False),
        ("*", "", False),
    ],
)
def test_google_checks_the_hosted_domain(wanted: str | None, given: str | None, admitted: bool) -> None:
    claims = {"sub": "1", "name": "N", "email": "a@b.c", "hd": given}
    assert (read(made("google", hd=wanted), claims=claims) is not None) is admitted


@pytest.mark.parametrize(
    ("value", "verified"),
    [(True, True), ("true", False), ("false", False), (0, False), (1, False), (None, False), ([], False)],
)
def test_only_a_real_yes_verifies_an_address(value: object, verified: bool) -> None:
    profile = read(made("google"), claims={"sub": "1", "email": "a@b.c", "email_verified": value})
    assert profile is not None
    assert profile.email_verified is verified


@pytest.mark.parametrize(
    ("value", "verified"),
    [(True, True), ("true", True), ("false", False), (0, False), (1, False), ([], False), ({}, False)],
)
def test_apple_may_write_the_yes_as_text(value: object, verified: bool) -> None:
    profile = read(made("apple"), claims={"sub": "1", "email": "a@b.c", "email_verified": value})
    assert profile is not None
    assert profile.email_verified is verified


@pytest.mark.parametrize(
    ("posted", "name"),
    [
        (json.dumps({"name": {"firstName": "Ap", "lastName": "Ple"}}), "Ap Ple"),
        (json.dumps({"name": {"lastName": "Ple"}}), "Ple"),
        (json.dumps({"name": {"firstName": 7}, "email": "evil@example.com", "sub": "other"}), "From Token"),
        ("{", "From Token"),
        ("[" * 100_000, "From Token"),
        ("\ud800", "From Token"),
        (json.dumps({"name": {"firstName": "x" * 1000}}), "x" * 200),
        (None, "From Token"),
    ],
)
def test_apple_takes_only_a_name_from_the_posted_user(posted: str | None, name: str) -> None:
    claims = {"sub": "1", "name": "From Token", "email": "a@b.c", "email_verified": True}
    profile = read(made("apple"), claims=claims, posted_user=posted)
    assert profile == Profile(id="1", name=name, email="a@b.c", email_verified=True, raw={**claims, "name": name})


@pytest.mark.parametrize(
    ("options", "audiences"),
    [
        ({}, ("id",)),
        ({"client_id": ("a", "b")}, ("a", "b")),
        ({"app_bundle_identifier": "bundle"}, ("bundle",)),
        ({"app_bundle_identifier": "bundle", "audience": ("x", "y")}, ("x", "y")),
        ({"audience": "x"}, ("x",)),
    ],
)
def test_apple_audiences_have_an_order_of_precedence(options: dict[str, Any], audiences: tuple[str, ...]) -> None:
    rule = made("apple", **options).id_token
    assert rule is not None
    assert rule.audiences == audiences


def test_an_apple_client_secret_is_a_signed_assertion_of_at_most_180_days() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    secret = client_secret(
        team_id="TEAM", client_id="services", key=key, key_id="KEY", now=NOW, lifetime=timedelta(days=1)
    )
    assert jwt.get_unverified_header(secret) == {"alg": "ES256", "kid": "KEY", "typ": "JWT"}
    options: Any = {"verify_exp": False, "verify_iat": False}
    assert jwt.decode(secret, key.public_key(), ["ES256"], audience="https://appleid.apple.com", options=options) == {
        "iss": "TEAM",
        "sub": "services",
        "aud": "https://appleid.apple.com",
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 86_400,
    }
    with pytest.raises(ValueError, match="180 days"):
        client_secret(team_id="T", client_id="c", key=key, key_id="K", now=NOW, lifetime=timedelta(days=181))


@pytest.mark.parametrize(
    ("tenant", "tid", "issuers"),
    [
        (None, TENANT, (f"https://login.microsoftonline.com/{TENANT}/v2.0",)),
        (None, CONSUMER, (f"https://login.microsoftonline.com/{CONSUMER}/v2.0",)),
        (None, "../evil", ()),
        (None, None, ()),
        (TENANT, CONSUMER, (f"https://login.microsoftonline.com/{TENANT}/v2.0",)),
        ("organizations", TENANT, (f"https://login.microsoftonline.com/{TENANT}/v2.0",)),
        ("organizations", CONSUMER, ()),
        ("consumers", CONSUMER, (f"https://login.microsoftonline.com/{CONSUMER}/v2.0",)),
        ("consumers", TENANT, ()),
    ],
)
def test_microsoft_issuers_follow_the_tenant(tenant: str | None, tid: str | None, issuers: tuple[str, ...]) -> None:
    rule = made("microsoft", tenant_id=tenant).id_token
    assert rule is not None
    assert rule.issuers({"tid": tid}) == issuers


@pytest.mark.parametrize(
    ("tenant", "tid", "issuers"),
    [
        (None, TENANT, (f"{MICROSOFT}/{TENANT}/v2.0",)),
        ("organizations", CONSUMER, ()),
        (TENANT, None, (f"{MICROSOFT}/{TENANT}/v2.0",)),
        (TENANT, CONSUMER, (f"{MICROSOFT}/{TENANT}/v2.0",)),
        ("contoso.com", None, (f"{MICROSOFT}/contoso.com/v2.0",)),
        ("contoso.com", "../evil", (f"{MICROSOFT}/contoso.com/v2.0",)),
        (
            "contoso.com",
            TENANT,
            (
                f"{MICROSOFT}/contoso.com/v2.0",
                f"{MICROSOFT}/{TENANT}/v2.0",
                f"https://{TENANT}.ciamlogin.com/{TENANT}/v2.0",
            ),
        ),
        (
            TENANT.upper(),
            TENANT,
            (
                f"{MICROSOFT}/{TENANT.upper()}/v2.0",
                f"{MICROSOFT}/{TENANT}/v2.0",
                f"https://{TENANT}.ciamlogin.com/{TENANT}/v2.0",
            ),
        ),
    ],
)
def test_the_token_endpoint_of_one_microsoft_tenant_vouches_for_its_identifier(
    tenant: str | None, tid: str | None, issuers: tuple[str, ...]
) -> None:
    rule = made("microsoft", tenant_id=tenant).id_token
    assert rule is not None
    assert rule.exchanged is not None
    assert rule.exchanged({"tid": tid}) == issuers


@pytest.mark.parametrize(
    ("claims", "verified"),
    [
        ({}, False),
        ({"email_verified": True}, True),
        ({"email_verified": False, "verified_primary_email": ["a@b.c"]}, False),
        ({"verified_primary_email": ["a@b.c"]}, True),
        ({"verified_secondary_email": ["x@b.c", "a@b.c"]}, True),
        ({"verified_primary_email": ["x@b.c"]}, False),
        ({"verified_primary_email": "a@b.c"}, True),
        ({"verified_primary_email": {"a@b.c": 1}}, False),
    ],
)
def test_microsoft_vouches_only_for_addresses_it_has_verified(claims: dict[str, Any], verified: bool) -> None:
    profile = read(made("microsoft"), None, claims={"oid": "o", "sub": "s", "email": "a@b.c", "iss": "i", **claims})
    assert profile is not None
    assert (profile.id, profile.issuer, profile.image, profile.email_verified) == ("o", "i", None, verified)


def test_microsoft_asks_for_no_photo_when_told_so() -> None:
    assert made("microsoft", disable_profile_photo=True).user_info(TOKENS, {}) == ()


def test_a_facebook_token_of_another_app_is_refused() -> None:
    debug, _me = made("facebook").user_info(TOKENS, None)
    assert debug.accepts({"data": {"is_valid": True, "app_id": "id"}})
    assert not debug.accepts({"data": {"is_valid": True, "app_id": "other"}})
    assert not debug.accepts({"data": {"is_valid": False, "app_id": "id"}})
    assert not debug.accepts(None)


def test_a_facebook_profile_must_be_that_of_the_token() -> None:
    person = {"id": "6", "name": "F", "email": "a@b.c"}
    assert read(made("facebook"), {"data": {"user_id": "7"}}, person) is None
    assert read(made("facebook"), {"data": {}}, person) is None
    assert read(made("facebook"), {"data": {"user_id": "6"}}, person) == Profile(
        id="6", name="F", email="a@b.c", email_verified=False, raw=person
    )


def test_a_facebook_limited_login_needs_no_request_and_verifies_nothing() -> None:
    claims = {"sub": "6", "name": "F", "email": "a@b.c", "picture": "p", "email_verified": True}
    one = made("facebook")
    assert one.user_info(TOKENS, claims) == ()
    assert read(one, claims=claims) == Profile(
        id="6", name="F", email="a@b.c", email_verified=False, image="p", raw=claims
    )


@pytest.mark.parametrize(
    ("person", "image"),
    [
        ({"id": "3003", "avatar": "hash"}, "https://cdn.discordapp.com/avatars/3003/hash.png"),
        ({"id": "3003", "avatar": "a_hash"}, "https://cdn.discordapp.com/avatars/3003/a_hash.gif"),
        ({"id": str(7 << 22), "avatar": None, "discriminator": "0"}, "https://cdn.discordapp.com/embed/avatars/1.png"),
        ({"id": "3003", "avatar": None, "discriminator": "1234"}, "https://cdn.discordapp.com/embed/avatars/4.png"),
        ({"id": "odd", "avatar": "hash"}, None),
    ],
)
def test_discord_pictures(person: dict[str, Any], image: str | None) -> None:
    profile = read(made("discord"), {"username": "u", **person})
    assert profile is not None
    assert (profile.name, profile.image) == ("u", image)


@pytest.mark.parametrize(
    ("emails", "email", "verified"),
    [
        (
            [
                {"email": "a@b.c", "primary": False, "verified": True},
                {"email": "p@b.c", "primary": True, "verified": False},
            ],
            "p@b.c",
            False,
        ),
        ([{"email": "a@b.c", "primary": False, "verified": True}], "a@b.c", True),
        ([], None, False),
        (None, None, False),
        ({"message": "Not Found"}, None, False),
    ],
)
def test_github_takes_the_primary_address_and_its_own_verification(
    emails: object, email: str | None, verified: bool
) -> None:
    profile = read(made("github"), {"id": 1, "login": "octo", "name": None, "email": None}, emails)
    assert profile is not None
    assert (profile.name, profile.email, profile.email_verified) == ("octo", email, verified)


def test_a_public_github_address_is_verified_only_by_the_list() -> None:
    profile = read(
        made("github"),
        {"id": 1, "login": "o", "email": "a@b.c"},
        [{"email": "p@b.c", "primary": True, "verified": True}],
    )
    assert profile is not None
    assert (profile.email, profile.email_verified) == ("a@b.c", False)


@pytest.mark.parametrize(
    ("state", "locked", "admitted"),
    [("active", False, True), ("blocked", False, False), ("active", True, False), (None, False, False)],
)
def test_gitlab_admits_only_active_people(state: str | None, locked: bool, admitted: bool) -> None:
    person = {"id": 1, "name": "G", "email": "a@b.c", "state": state, "locked": locked}
    assert (read(made("gitlab"), person) is not None) is admitted


def test_naver_says_success_inside() -> None:
    assert read(made("naver"), {"resultcode": "024", "response": {"id": "1"}}) is None


def test_a_twitter_user_name_is_never_a_verified_address() -> None:
    profile = read(made("twitter"), {"data": {"id": "1", "name": "N", "username": "user"}}, None)
    assert profile is not None
    assert (profile.email, profile.email_verified) == ("user", False)


@pytest.mark.parametrize(("sub", "admitted"), [("s", True), ("pp-1", True), ("other", False), (None, False)])
def test_paypal_compares_the_subjects(sub: str | None, admitted: bool) -> None:
    tokens = OAuthTokens(access_token="t", id_token=jwt.encode({"sub": sub} if sub else {}, "k" * 32, "HS256"))
    person = {"user_id": "pp-1", "sub": "s", "name": "P", "email": "a@b.c"}
    assert (read(made("paypal"), person, tokens=tokens) is not None) is admitted


def test_tiktok_uses_its_client_key() -> None:
    one = made("tiktok", client_id="", client_key="key")
    body = one.code_request("c", redirect_uri="https://a/cb", code_verifier="v" * 43).body
    assert parse_qs((body or b"").decode()) == {
        "grant_type": ["authorization_code"],
        "code": ["c"],
        "redirect_uri": ["https://a/cb"],
        "client_key": ["key"],
        "client_secret": ["secret"],
    }
    refresh = one.refresh_request("r")
    assert refresh is not None
    assert b"client_key=key" in (refresh.body or b"")
    assert read(one, {"data": {"user": {"open_id": "t", "username": "tik"}}}) == Profile(
        id="t",
        name="tik",
        email="tik",
        email_verified=False,
        raw={"data": {"user": {"open_id": "t", "username": "tik"}}},
    )


def test_wechat_needs_the_openid_of_the_token_response() -> None:
    one = made("wechat")
    assert one.user_info(TOKENS, None) == ()
    (request,) = one.user_info(OAuthTokens(access_token="t", raw={"openid": "o"}), None)
    assert not request.accepts({"errcode": 40003, "errmsg": "invalid openid"})


def test_line_lets_line_check_the_token() -> None:
    rule = made("line").id_token
    assert rule is not None
    assert rule.remote_check is not None
    request = rule.remote_check("jwt", "n")
    assert (request.url, request.body) == (
        "https://api.line.me/oauth2/v2.1/verify",
        b"id_token=jwt&client_id=id&nonce=n",
    )


def test_zoom_and_paypal_never_send_scopes() -> None:
    for name in ("zoom", "paypal"):
        attempt = Authorization(redirect_uri="https://a/cb", state="s", code_verifier="v" * 43, scopes=("x",))
        assert "scope" not in parse_qs(urlsplit(made(name, scopes=("y",)).authorization_url(attempt)).query)


def test_a_reserved_parameter_is_refused() -> None:
    attempt = Authorization(redirect_uri="https://a/cb", state="s", code_verifier="v" * 43, additional={"state": "x"})
    with pytest.raises(ValueError, match="reserved OAuth parameters: state"):
        made("google").authorization_url(attempt)


def test_a_nonce_is_passed_on() -> None:
    attempt = Authorization(redirect_uri="https://a/cb", state="s", code_verifier="v" * 43, nonce="n")
    assert parse_qs(urlsplit(made("google").authorization_url(attempt)).query)["nonce"] == ["n"]


def test_patreon_reads_its_attributes() -> None:
    about = {"full_name": "P", "email": "a@b.c", "image_url": "i", "is_email_verified": True}
    person = {"id": "77", "attributes": about}
    assert read(made("patreon"), {"data": person}) == Profile(
        id="77", name="P", email="a@b.c", email_verified=True, image="i", raw=person
    )


@pytest.mark.parametrize(("names", "name"), [({"first_name": "C", "last_name": "F"}, "C F"), ({}, "a@b.c")])
def test_cloudflare_reads_the_api_and_verifies_nothing(names: dict[str, str], name: str) -> None:
    person = {"id": "cf", "email": "a@b.c", **names}
    one = made("cloudflare")
    assert read(one, {"success": True, "result": person}) == Profile(
        id="cf", name=name, email="a@b.c", email_verified=False, raw=person
    )
    assert [each.request.url for each in one.user_info(TOKENS, None)] == ["https://api.cloudflare.com/client/v4/user"]
    assert one.code_request("c", redirect_uri="r", code_verifier="v" * 43).headers["authorization"].startswith("Basic ")
