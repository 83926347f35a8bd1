"""From bytes to operations: the fast path and the careful one agree, and refusals have the contract's words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewright.contract.faults import BadRequest, UnsupportedMediaType, ValidationError
from gatewright.contract.password import ChangePassword
from gatewright.contract.session import GetSession, RevokeSession
from gatewright.contract.sign_in import SignInEmail
from gatewright.contract.sign_up import SignUpEmail
from gatewright.contract.user import UpdateUser
from gatewright.pipeline.decode import Decoder, parse_query, path_names
from gatewright.wire.faults import ApiError
from gatewright.wire.operation import FORM, JSON, UNSET, Operation, get, post
from gatewright.wire.result import Done


@get("/cups/{cup_id}/{size}")
class ReadCup(Operation[Done]):
    """Read one cup."""

    cup_id: str
    size: str
    limit: int | None = None
    hot: bool = False


@post("/strict")
class Strict(Operation[Done]):
    """Nothing else than this."""

    a: str


def read(operation: type[Operation[Any]], body: bytes, media: str = JSON, query: str = "") -> Any:
    return Decoder(operation).read("POST", media, body, query, {})


def refusal(operation: type[Operation[Any]], body: bytes, media: str = JSON) -> str:
    with pytest.raises(ValidationError) as raised:
        read(operation, body, media)
    return raised.value.message or ""


def test_a_body_becomes_an_operation() -> None:
    body = b'{"email":"a@b.co","password":"p","rememberMe":false,"callbackURL":"/x","unknown":1}'
    assert read(SignInEmail, body) == SignInEmail(email="a@b.co", password="p", remember_me=False, callback_url="/x")


def test_a_form_becomes_the_same_operation() -> None:
    form = read(SignInEmail, b"email=a%40b.co&password=p+q", FORM)
    assert form == SignInEmail(email="a@b.co", password="p q")


def test_unknown_members_are_kept_where_an_operation_is_open() -> None:
    made = read(SignUpEmail, b'{"name":"A","email":"a@b.co","password":"p","nickname":"x","deep":{"y":[1]}}')
    assert made.extra == {"nickname": "x", "deep": {"y": [1]}}


def test_absent_null_and_given_are_three_things() -> None:
    assert read(UpdateUser, b"{}").image is UNSET
    assert read(UpdateUser, b'{"image":null}').image is None
    assert read(UpdateUser, b'{"image":"x"}').image == "x"


@pytest.mark.parametrize(
    ("operation", "body", "message"),
    [
        (SignInEmail, b"{}", "[body.email] Invalid input: expected string, received undefined; [body.password] Invalid input: expected string, received undefined"),
        (SignInEmail, b"[]", "[body] Invalid input: expected object, received array"),
        (SignInEmail, b"null", "[body] Invalid input: expected object, received null"),
        (SignInEmail, b'"x"', "[body] Invalid input: expected object, received string"),
        (SignInEmail, b'{"email":1,"password":"p"}', "[body.email] Invalid input: expected string, received number"),
        (SignInEmail, b'{"email":"a@b.co","password":"p","rememberMe":"yes"}',
         "[body.rememberMe] Invalid input: expected boolean, received string"),
        (SignInEmail, b'{"email":"a@b.co","password":"p","callbackURL":null}',
         "[body.callbackURL] Invalid input: expected string, received null"),
        (SignUpEmail, b'{"name":"A","email":"x","password":"p"}', "[body.email] Invalid email address"),
        (SignUpEmail, b'{"name":"A","email":"a@b.co","password":""}',
         "[body.password] Too small: expected string to have >=1 characters"),
        (RevokeSession, b"{}", "[body.token] Invalid input: expected string, received undefined"),
        (ChangePassword, b'{"newPassword":"p","currentPassword":"q","revokeOtherSessions":"x"}',
         "[body.revokeOtherSessions] Invalid input: expected boolean, received string"),
    ],
)  # fmt: skip
def test_a_body_of_another_shape_is_told_what_is_wrong(
    operation: type[Operation[Any]], body: bytes, message: str
) -> None:
    assert refusal(operation, body) == message


@pytest.mark.parametrize("body", [b"{", b"nul", b"\xff", b'{"email":"\xff"}', b"{}{}"])
def test_what_is_no_json_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(BadRequest):
        read(SignInEmail, body)


def test_another_media_type_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(UnsupportedMediaType) as raised:
        Decoder(RevokeSession).read("POST", "text/plain", b"{}", "", {}, "text/plain; charset=x")
    assert raised.value.message == (
        'Content-Type "text/plain; charset=x" is not allowed. Allowed types: application/json'
    )


def test_a_body_of_no_stated_media_type_is_asked_for_one() -> None:
    with pytest.raises(UnsupportedMediaType) as raised:
        Decoder(RevokeSession).read("POST", "", b"{}", "", {}, "")
    assert raised.value.message == "Content-Type is required. Allowed types: application/json"


def test_an_empty_query_reuses_one_value() -> None:
    decoder = Decoder(GetSession)
    assert decoder.read("GET", "", b"", "", {}) is decoder.read("GET", "", b"", "", {})


@pytest.mark.parametrize(("text", "value"), [("true", True), ("1", True), ("false", True), ("", False)])
def test_a_flag_in_a_query_is_what_javascript_makes_of_text(text: str, value: bool) -> None:
    made = Decoder(GetSession).read("GET", "", b"", f"disableRefresh={text}", {})
    assert made.disable_refresh is value


def test_path_parameters_are_decoded_once() -> None:
    decoder = Decoder(ReadCup)
    made = decoder.read("GET", "", b"", "limit=3&hot=x&cupId=other", {"cupId": "a%252Fb", "size": "%C3%A9"})
    assert made == ReadCup(cup_id="a%2Fb", size="é", limit=3, hot=True)
    with pytest.raises(BadRequest):
        decoder.read("GET", "", b"", "", {"cupId": "%ff", "size": "x"})


@pytest.mark.parametrize("limit", ["x", "1.5", "", "1e999", "nan"])
def test_a_number_in_a_query_that_is_none_is_refused(limit: str) -> None:
    with pytest.raises(ValidationError):
        Decoder(ReadCup).read("GET", "", b"", f"limit={limit}", {"cupId": "a", "size": "b"})


def test_a_parameter_that_is_sent_twice_is_a_list() -> None:
    assert parse_query("a=1&b=&a=2&a=3&c") == {"a": ["1", "2", "3"], "b": "", "c": ""}


def test_a_query_has_a_longest_length() -> None:
    parse_query("&".join(["a=1"] * 200))
    with pytest.raises(BadRequest):
        parse_query("&".join(["a=1"] * 201))


def test_the_names_of_a_template() -> None:
    assert path_names("/callback/{id}/x/{other}") == ("id", "other")
    assert path_names("/ok") == ()


def test_a_value_made_by_the_application_is_checked_too() -> None:
    decoder = Decoder(SignUpEmail)
    good = SignUpEmail(name="A", email="a@b.co", password="p")
    assert decoder.of(good) is good
    for bad in (
        SignUpEmail(name="A", email="x", password="p"),
        SignUpEmail(name=1, email="a@b.co", password="p"),  # pyright: ignore[reportArgumentType]
        SignUpEmail(name="\ud800", email="a@b.co", password="p"),
        SignUpEmail(name=object(), email="a@b.co", password="p"),  # pyright: ignore[reportArgumentType]
    ):
        with pytest.raises(ValidationError):
            decoder.of(bad)


MEMBERS: st.SearchStrategy[Any] = st.dictionaries(
    st.sampled_from(["email", "password", "rememberMe", "callbackURL", "newPassword", "currentPassword", "token", "x"]),
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.lists(st.text()),
    max_size=5,
)


def outcome(decoder: Decoder[Any], body: bytes) -> object:
    try:
        return decoder.read("POST", JSON, body, "", {})
    except ApiError as error:
        return type(error), error.message


@pytest.mark.parametrize("operation", [SignInEmail, ChangePassword, RevokeSession])
@settings(deadline=None, max_examples=100, derandomize=True)
@given(value=MEMBERS)
def test_the_fast_path_and_the_careful_one_agree(operation: type[Operation[Any]], value: Any) -> None:
    body = json.dumps(value).encode()
    careful = Decoder(operation)
    careful._fast = False  # pyright: ignore[reportPrivateUsage]
    assert outcome(Decoder(operation), body) == outcome(careful, body)
