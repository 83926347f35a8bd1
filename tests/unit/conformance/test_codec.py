"""The control protocol's values survive the way to JSON and back."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from tests.conformance.codec import JsonObject, Unsupported, api_error, decode, encode, encode_error

from gatewright.contract.faults import InvalidEmailOrPassword, ValidationError
from gatewright.model.account import Account
from gatewright.wire.faults import ApiError
from gatewright.wire.operation import UNSET, Maybe
from gatewright.wire.result import Result

NOON = datetime(2026, 6, 1, 12, 0, 0, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        1.5,
        "text",
        NOON,
        b"\x00\xff",
        frozenset({"one"}),
        ["a", {"b": NOON}],
        {"nested": {"deep": [b"bytes"]}},
    ],
)
def test_a_value_survives_the_way_to_json_and_back(value: object) -> None:
    assert decode(json.loads(json.dumps(encode(value)))) == value


def test_a_date_is_written_in_utc_with_milliseconds() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=2)))
    assert encode(elsewhere) == {"$date": "2026-06-01T12:00:00.250Z"}


def test_a_regular_expression_keeps_its_source_and_flag() -> None:
    given: JsonObject = {"$regexp": "^a+$", "flags": "i"}
    pattern: re.Pattern[str] = decode(given)
    assert pattern.fullmatch("AAA")
    assert encode(pattern) == given


def test_a_request_keeps_method_url_and_headers() -> None:
    given: JsonObject = {
        "$request": {
            "method": "POST",
            "url": "http://localhost:3000/api/auth/ok?x=1",
            "headers": [["accept", "text/html"], ["cookie", "a=1; b=2"]],
        }
    }
    assert encode(decode(given)) == given


def test_a_response_keeps_status_headers_and_body() -> None:
    given: JsonObject = {
        "$response": {"status": 302, "headers": [["location", "/x"], ["set-cookie", "a=1"]], "body": "aGk="}
    }
    assert encode(decode(given)) == given


def test_a_function_is_made_with_its_name_and_the_path_of_its_option() -> None:
    made: list[tuple[str, str]] = []

    def make(name: str, path: str) -> Callable[..., object]:
        made.append((name, path))
        return len

    decoded = decode({"user": {"deleteUser": {"hooks": [{"$fn": "f1"}]}}}, make)
    assert decoded == {"user": {"deleteUser": {"hooks": [len]}}}
    assert made == [("f1", "user.deleteUser.hooks.0")]


def test_a_function_where_none_can_be_made_is_unsupported() -> None:
    with pytest.raises(Unsupported, match=r"^a function at user\.f$"):
        decode({"user": {"f": {"$fn": "f1"}}})


def test_what_leaves_the_server_of_a_row_is_shown_and_callbacks_see_all_of_it() -> None:
    account = Account(
        account_id="a",
        issuer="local:credential",
        provider_id="credential",
        user_id="u",
        password="hash",
        created_at=NOON,
    )
    shown: Any = encode(account)
    whole: Any = encode(account, whole=True)
    assert "password" not in shown
    assert whole["password"] == "hash"
    assert shown["createdAt"] == whole["createdAt"] == {"$date": "2026-06-01T12:00:00.250Z"}


def test_a_standard_schema_becomes_a_function_that_raises() -> None:
    def validate(value: object) -> JsonObject:
        return {"value": "ok"} if value == "good" else {"issues": [{"message": "not good"}]}

    def make(name: str, path: str) -> Callable[..., object]:
        assert (name, path) == ("f", "validator.input.~standard.validate")
        return validate

    given: JsonObject = {
        "validator": {"input": {"~standard": {"version": 1, "vendor": "zod", "validate": {"$fn": "f"}}}}
    }
    check: Callable[[object], object] = decode(given, make)["validator"]["input"]
    assert check("good") == "ok"
    with pytest.raises(ValueError, match=r"^not good$"):
        check("bad")


class _Answer(Result):
    expires_at: datetime
    absent: Maybe[str] = UNSET
    null: Maybe[str] = None


@dataclass(frozen=True)
class _Mail:
    reset_url: str


def test_structs_and_dataclasses_are_written_with_wire_names() -> None:
    assert encode(_Answer(expires_at=NOON)) == {"expiresAt": {"$date": "2026-06-01T12:00:00.250Z"}, "null": None}
    assert encode(_Mail(reset_url="http://x")) == {"resetURL": "http://x"}


def test_what_is_no_data_becomes_null() -> None:
    assert encode([len, object()]) == [None, None]


def test_an_error_of_the_contract_has_a_status_and_any_other_has_not() -> None:
    assert encode_error(InvalidEmailOrPassword(headers=(("x-a", "1"),))) == {
        "status": 401,
        "statusText": "UNAUTHORIZED",
        "message": "Invalid email or password",
        "body": {"message": "Invalid email or password", "code": "INVALID_EMAIL_OR_PASSWORD"},
        "headers": [["x-a", "1"]],
    }
    assert "statusText" not in encode_error(ValidationError(message="no"))
    assert encode_error(ValueError("broken")) == {"name": "ValueError", "message": "broken"}
    assert encode_error(Unsupported("options.x")) == {"status": 501, "message": "unsupported: options.x"}


def test_a_callback_throws_an_error_of_the_contract_by_the_name_of_its_status() -> None:
    error = api_error(
        {"status": "BAD_REQUEST", "body": {"message": "Not this one", "more": 1}, "headers": [["a", "b"]]}
    )
    assert isinstance(error, ApiError)
    assert error.status == 400
    assert error.body == {"message": "Not this one", "code": "NOT_THIS_ONE", "more": 1}
    assert error.headers == (("a", "b"),)
    assert api_error({"status": 418}).body is None
