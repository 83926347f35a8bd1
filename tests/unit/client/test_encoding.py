"""Operations as requests."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from gatewright.contract.account import AccountInfo, LinkSocialAccount
from gatewright.contract.password import RequestPasswordResetCallback, SetPassword
from gatewright.contract.session import GetSession, UpdateSession
from gatewright.contract.sign_in import CallbackOAuth, IdToken, SignInEmail, SignInSocial
from gatewright.contract.sign_up import SignUpEmail
from gatewright.contract.user import UpdateUser
from gatewright.wire.operation import UNSET, Operation, get, post, route
from gatewright.wire.result import Done
from gatewright_client.encoding import Encoded, encode_operation

JSON = "application/json"


def test_a_body_has_wire_names_and_leaves_defaults_out() -> None:
    encoded = encode_operation(SignInEmail(email="a@b.c", password="pw", callback_url="/home"))
    assert (encoded.method, encoded.path, encoded.media) == ("POST", "/sign-in/email", JSON)
    assert json.loads(encoded.body) == {"email": "a@b.c", "password": "pw", "callbackURL": "/home"}
    assert b"rememberMe" in encode_operation(SignInEmail(email="a@b.c", password="pw", remember_me=False)).body


def test_additional_fields_lie_beside_the_declared_ones() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    extra = {"nickName": "Ada", "born": moment, "absent": UNSET, "nothing": None}
    encoded = encode_operation(SignUpEmail(name="Ada", email="a@b.c", password="pw", extra=extra))
    assert json.loads(encoded.body) == {
        "name": "Ada",
        "email": "a@b.c",
        "password": "pw",
        "nickName": "Ada",
        "born": "2026-01-02T03:04:05.678Z",
        "nothing": None,
    }


def test_an_additional_field_does_not_replace_a_declared_one() -> None:
    with pytest.raises(ValueError, match="extra repeats image"):
        encode_operation(UpdateUser(extra={"image": "https://example.com"}))


def test_absent_and_null_are_two_things() -> None:
    assert encode_operation(UpdateUser()).body == b"{}"
    assert encode_operation(UpdateUser(image=None)).body == b'{"image":null}'
    assert encode_operation(UpdateSession(extra={"theme": None})).body == b'{"theme":null}'


def test_structs_inside_leave_their_absent_members_out() -> None:
    encoded = encode_operation(SignInSocial(provider="google", id_token=IdToken(token="t", nonce="n")))
    assert json.loads(encoded.body) == {"provider": "google", "idToken": {"token": "t", "nonce": "n"}}
    data = encode_operation(LinkSocialAccount(provider="google", additional_data={"plan": {"seats": [1, None]}}))
    assert json.loads(data.body) == {"provider": "google", "additionalData": {"plan": {"seats": [1, None]}}}


def test_reads_put_their_fields_into_the_query() -> None:
    assert encode_operation(GetSession(disable_cookie_cache=True)) == Encoded(
        "GET", "/get-session?disableCookieCache=true"
    )
    assert encode_operation(AccountInfo(account_id="ä &")) == Encoded("GET", "/account-info?accountId=%C3%A4%20%26")


def test_another_method_of_an_operation_may_be_chosen() -> None:
    encoded = encode_operation(GetSession(), "POST")
    assert (encoded.method, encoded.path, encoded.media) == ("POST", "/get-session", JSON)


def test_parameters_of_the_path_are_one_segment_each() -> None:
    encoded = encode_operation(RequestPasswordResetCallback(token="a/../b?c#d", callback_url="/x"))
    assert encoded.path == "/reset-password/a%2F..%2Fb%3Fc%23d?callbackURL=%2Fx"
    assert encode_operation(CallbackOAuth(id="google", code="c")).path == "/callback/google?code=c"


@get("/search")
class _Search(Operation[Done]):
    tags: list[str]
    after: datetime
    limit: float = 10
    where: dict[str, int] | None = None


@route(("POST",), "/token", media=("application/x-www-form-urlencoded",))
class _Form(Operation[Done], rename=None):
    grant_type: str
    scopes: list[str]


@post("/plain")
class _Plain(Operation[Done]):
    at: datetime


def test_every_kind_of_value_has_a_text_for_the_query() -> None:
    encoded = encode_operation(_Search(tags=["a", "b"], after=datetime(2026, 1, 1, tzinfo=UTC), where={"n": 1}))
    assert encoded.path == ("/search?tags=a&tags=b&after=2026-01-01T00%3A00%3A00.000Z&where=%7B%22n%22%3A1%7D")


def test_a_form_is_sent_where_an_operation_reads_nothing_else() -> None:
    encoded = encode_operation(_Form(grant_type="x y", scopes=["a", "b"]))
    assert (encoded.media, encoded.body) == (
        "application/x-www-form-urlencoded",
        b"grant_type=x+y&scopes=a&scopes=b",
    )


def test_dates_are_written_as_javascript_does() -> None:
    assert encode_operation(_Plain(at=datetime(2026, 1, 1, tzinfo=UTC))).body == b'{"at":"2026-01-01T00:00:00.000Z"}'


def test_what_only_the_server_may_call_is_not_sent() -> None:
    with pytest.raises(TypeError, match="SetPassword is for the server itself"):
        encode_operation(SetPassword(new_password="pw"))
