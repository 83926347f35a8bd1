"""Token requests and responses."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.protocols.oauth2.client_auth import Basic
from gatewright.protocols.oauth2.errors import OAuthErrorBody, TokenError
from gatewright.protocols.oauth2.token import (
    MOST_BYTES,
    OAuthTokens,
    code_request,
    parse_token_response,
    refresh_request,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
JSON = "application/json; charset=utf-8"
FORM = "application/x-www-form-urlencoded"


def read(body: bytes, *, status: int = 200, content_type: str | None = JSON) -> OAuthTokens:
    return parse_token_response(status, content_type, body, now=NOW)


def test_a_full_answer_is_read_whole() -> None:
    body = (
        b'{"access_token":"a","refresh_token":"r","id_token":"i","token_type":"Bearer","expires_in":3600,'
        b'"refresh_token_expires_in":"60","scope":"openid  email,profile\\nx","openid":"o","other":1}'
    )
    assert read(body) == OAuthTokens(
        access_token="a",
        refresh_token="r",
        id_token="i",
        access_token_expires_at=NOW + timedelta(hours=1),
        refresh_token_expires_at=NOW + timedelta(minutes=1),
        scopes=("openid", "email", "profile", "x"),
        token_type="Bearer",
        raw={"openid": "o"},
    )


def test_an_answer_may_have_only_an_access_token() -> None:
    assert read(b'{"access_token":"a"}', content_type=None) == OAuthTokens(access_token="a")


def test_scopes_may_be_a_list() -> None:
    assert read(b'{"access_token":"a","scope":["x","y",7,""]}').scopes == ("x", "y")


def test_a_form_is_read_where_it_is_labelled_one() -> None:
    body = b"access_token=gho&scope=read%3Auser%2Cuser%3Aemail&token_type=bearer"
    assert read(body, content_type=FORM) == OAuthTokens(
        access_token="gho", scopes=("read:user", "user:email"), token_type="bearer"
    )
    with pytest.raises(TokenError, match="neither JSON nor a form"):
        read(body)


def test_json_is_read_even_where_it_is_labelled_text() -> None:
    assert read(b' {"access_token":"a"}', content_type="text/plain").access_token == "a"


@pytest.mark.parametrize(
    "lifetime", [b"0", b"-1", b"true", b"null", b'"soon"', b"1e300", b"[]", b'"-5"', b'"9999999999999"']
)
def test_a_senseless_lifetime_is_none(lifetime: bytes) -> None:
    assert read(b'{"access_token":"a","expires_in":' + lifetime + b"}").access_token_expires_at is None


@pytest.mark.parametrize(
    ("status", "content_type", "body", "reason"),
    [
        (200, JSON, b"{}", "has no access token"),
        (200, JSON, b'{"access_token":""}', "has no access token"),
        (200, JSON, b'{"access_token":7}', "has no access token"),
        (200, JSON, b"[]", "neither JSON nor a form"),
        (200, "text/html", b"<html>", "neither JSON nor a form"),
        (200, FORM, b"<html>", "neither JSON nor a form"),
        (200, FORM, b"\xff\xfe=1", "has no access token|neither"),
        (200, JSON, b"\xff", "neither JSON nor a form"),
        (200, JSON, b"[" * 100_000, "neither JSON nor a form"),
        (500, "text/plain", b"oops", "failed"),
        (302, JSON, b'{"access_token":"a"}', "failed"),
        (200, JSON, b" " * (MOST_BYTES + 1), "too large"),
    ],
)
def test_anything_else_is_a_token_error(status: int, content_type: str, body: bytes, reason: str) -> None:
    with pytest.raises(TokenError, match=reason) as caught:
        read(body, status=status, content_type=content_type)
    assert (caught.value.status, caught.value.body) == (status, None)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, b'{"error":"invalid_grant","error_description":"spent"}', OAuthErrorBody("invalid_grant", "spent")),
        (200, b'{"error":"bad_verification_code","access_token":"a"}', OAuthErrorBody("bad_verification_code")),
        (401, b'{"error":{"message":"nested"}}', OAuthErrorBody("invalid_error")),
        (401, b'{"error":"a\\r\\nb"}', OAuthErrorBody("invalid_error")),
        (400, b'{"error":"x","error_description":"' + b"y" * 600 + b'"}', OAuthErrorBody("x", "y" * 500)),
    ],
)
def test_a_providers_error_is_kept_and_bounded(status: int, body: bytes, error: OAuthErrorBody) -> None:
    with pytest.raises(TokenError) as caught:
        read(body, status=status)
    assert caught.value.body == error
    assert "spent" not in str(caught.value)


@given(st.integers(100, 599), st.sampled_from([None, "", JSON, FORM, "text/html"]), st.binary(max_size=200))
def test_no_bytes_break_the_reader(status: int, content_type: str | None, body: bytes) -> None:
    try:
        tokens = parse_token_response(status, content_type, body, now=NOW)
    except TokenError:
        return
    assert tokens.access_token


def test_a_refresh_is_a_form_with_the_secret_in_the_body() -> None:
    request = refresh_request(
        "https://p/t", refresh_token="r", client_id="c", client_secret="s", additional=[("scope", "a b")]
    )
    assert request.headers == {"content-type": FORM, "accept": "application/json"}
    assert parse_qsl((request.body or b"").decode()) == [
        ("grant_type", "refresh_token"),
        ("refresh_token", "r"),
        ("scope", "a b"),
        ("client_id", "c"),
        ("client_secret", "s"),
    ]


def test_basic_credentials_are_form_encoded_first() -> None:
    request = code_request(
        "https://p/t", code="x", redirect_uri="https://a", client_id="a:b c", client_secret="s%+é", auth=Basic()
    )
    assert request.headers["authorization"] == "Basic YSUzQWIrYzpzJTI1JTJCJUMzJUE5"
    assert request.body == b"grant_type=authorization_code&code=x&redirect_uri=https%3A%2F%2Fa"


def test_a_public_client_sends_no_secret() -> None:
    request = code_request("https://p/t", code="x", redirect_uri="u", client_id="c", client_secret=None)
    assert b"client_secret" not in (request.body or b"")


def test_tokens_do_not_show_themselves() -> None:
    assert "hush" not in repr(OAuthTokens(access_token="hush", refresh_token="hush", id_token="hush"))
