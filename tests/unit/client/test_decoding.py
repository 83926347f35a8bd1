"""Answers as results."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
import pytest

from gatewright.contract import faults
from gatewright.contract.account import GetAccessToken
from gatewright.contract.email import EmailVerified, VerifyEmail
from gatewright.contract.session import GetSession, ListSessions
from gatewright.contract.sign_in import SignInEmail
from gatewright.contract.system import Error
from gatewright.model.user import User
from gatewright.wire.faults import ApiError, Fault, Instead, OAuthFault
from gatewright.wire.kinds import Empty, Html, Raw, Redirect
from gatewright.wire.operation import Operation, get, post
from gatewright.wire.result import Done
from gatewright.wire.result import Result as Struct
from gatewright_client.calls import actions_of
from gatewright_client.core import CoreCalls
from gatewright_client.decoding import Answer, read_answer
from gatewright_client.faults import UnexpectedAnswer

USER = {"id": "u1", "name": "Ada", "email": "a@b.c", "createdAt": "2026-01-01T00:00:00.000Z", "plan": "gold"}
SESSION = {"id": "s1", "token": "t", "userId": "u1", "expiresAt": "2026-01-08T00:00:00.000Z"}

CALLS = dict(actions_of(CoreCalls))


class Anything(Struct):
    """An answer with members of the application's own."""

    metadata: object
    extensions: Mapping[str, object]


def answered(body: object, status: int = 200, **headers: str) -> Answer:
    given = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answer(status, (("content-type", "application/json"), *given), json.dumps(body).encode())


def test_rows_have_dates_and_keep_additional_fields() -> None:
    result = read_answer(SignInEmail, answered({"redirect": False, "token": "t", "user": USER, "new": 1}), {})
    user: User = result.unwrap().user
    assert (user.name, user.created_at, user.get("plan")) == ("Ada", datetime(2026, 1, 1, tzinfo=UTC), "gold")
    (session,) = read_answer(ListSessions, answered([SESSION]), {}).unwrap()
    assert (session.token, session.expires_at) == ("t", datetime(2026, 1, 8, tzinfo=UTC))


@pytest.mark.parametrize("body", [None, {"session": None, "user": None}])
def test_no_session_is_null_however_it_is_written(body: object) -> None:
    assert read_answer(GetSession, answered(body), {}).unwrap() is None


def test_an_empty_body_is_null_where_null_is_an_answer() -> None:
    assert read_answer(GetSession, Answer(200, (), b""), {}).unwrap() is None
    assert isinstance(read_answer(SignInEmail, Answer(200, (), b""), {}).error, UnexpectedAnswer)


def test_a_declared_fault_is_raised_as_the_server_raised_it() -> None:
    body = {"code": "INVALID_EMAIL_OR_PASSWORD", "message": "Invalid email or password", "more": 1}
    error = read_answer(SignInEmail, answered(body, 401, x_retry_after="3"), {}).error
    assert isinstance(error, faults.InvalidEmailOrPassword)
    assert (error.status, error.message, dict(error.extra)) == (401, "Invalid email or password", {"more": 1})
    assert ("x-retry-after", "3") in error.headers


def test_faults_of_the_core_may_come_from_anywhere() -> None:
    error = read_answer(SignInEmail, answered({"code": "INVALID_ORIGIN", "message": "Invalid origin"}, 403), {}).error
    assert isinstance(error, faults.InvalidOrigin)


class Taken(Fault, status=409):
    """It is taken."""


@post("/plugin", raises=(Taken,))
class _Plugin(Operation[Done]):
    pass


def test_faults_of_a_plugin_are_found_where_it_declares_them() -> None:
    body = {"code": "TAKEN", "message": "No"}
    assert isinstance(read_answer(_Plugin, answered(body, 409), {}).error, Taken)
    other = read_answer(SignInEmail, answered(body, 409), {}).error
    assert other is not None
    assert (type(other), other.code, other.message, other.status) == (ApiError, "TAKEN", "No", 409)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_every_documented_fault_of_a_call_is_what_the_client_raises(name: str) -> None:
    operation = CALLS[name]
    for fault in (each for each in operation.route.raises if issubclass(each, Fault)):
        body = {"code": fault.default_code, "message": "said", "more": 1}
        error = read_answer(operation, answered(body, fault.default_status), {}).error
        assert error is not None
        assert type(error) is fault
        assert (error.status, error.message, dict(error.extra)) == (fault.default_status, "said", {"more": 1})


def test_what_an_application_puts_somewhere_is_left_as_it_is() -> None:
    @get("/anything")
    class GetAnything(Operation[Anything]): ...

    body = {"metadata": {"a": [1, None]}, "extensions": {"b": {"c": "2026-01-01"}}}
    found = read_answer(GetAnything, answered(body), {}).unwrap()
    assert found == Anything(metadata={"a": [1, None]}, extensions={"b": {"c": "2026-01-01"}})


def test_errors_without_a_code_or_a_body_keep_their_status() -> None:
    limited = read_answer(SignInEmail, answered({"message": "Too many requests."}, 429), {}).error
    assert limited is not None
    assert (limited.status, limited.code, limited.message) == (429, None, "Too many requests.")
    page = read_answer(SignInEmail, Answer(502, (("content-type", "text/html"),), b"<h1>Bad gateway"), {}).error
    assert page is not None
    assert (page.status, page.message) == (502, None)


def test_errors_in_the_shape_of_oauth_are_oauth_faults() -> None:
    body = {"error": "invalid_grant", "error_description": "used"}
    error = read_answer(GetAccessToken, answered(body, 400), {}).error
    assert isinstance(error, OAuthFault)
    assert (error.error, error.description) == ("invalid_grant", "used")


@pytest.mark.parametrize("body", [b"<html>", b'{"redirect": false}', b"[]", b'{"redirect":false,"token":"t","user":7}'])
def test_an_answer_of_another_shape_is_an_error_and_not_a_crash(body: bytes) -> None:
    result = read_answer(SignInEmail, Answer(200, (("content-type", "application/json"),), body), {})
    assert isinstance(result.error, UnexpectedAnswer)
    assert result.data is None


def test_a_redirect_is_the_result_where_the_operation_may_lead_on() -> None:
    found = Answer(302, (("location", "/done?x=1"),), b"")
    assert read_answer(VerifyEmail, found, {}).unwrap() == Redirect("/done?x=1", 302)
    assert read_answer(VerifyEmail, answered({"status": True, "user": None}), {}).unwrap() == EmailVerified(
        status=True, user=None
    )
    strange = read_answer(SignInEmail, Answer(302, (("location", "https://portal/login?secret=1"),), b""), {}).error
    assert isinstance(strange, UnexpectedAnswer)
    assert strange.because == "leads to https://portal/login"


def test_pages_bytes_and_nothing_are_results_too() -> None:
    page = Answer(200, (("content-type", "text/html; charset=utf-8"), ("content-security-policy", "x")), b"<p>")
    assert read_answer(Error, page, {}).unwrap() == Html("<p>", 200, "x")
    assert isinstance(read_answer(Error, answered({}), {}).error, UnexpectedAnswer)
    raw = Answer(200, (("content-type", "image/png"),), b"\x89")
    assert read_answer(_Bytes, raw, {}).unwrap() == Raw(b"\x89", "image/png", 200)
    assert read_answer(_Nothing, Answer(204, (), b""), {}).unwrap() == Empty(204)


@get("/bytes")
class _Bytes(Operation[Raw]):
    pass


@post("/nothing")
class _Nothing(Operation[Empty]):
    pass


class _SecondFactor(msgspec.Struct, frozen=True, rename="camel"):
    two_factor_redirect: bool
    two_factor_methods: list[str]


def test_another_answer_that_a_plugin_knows_comes_instead() -> None:
    body = {"twoFactorRedirect": True, "twoFactorMethods": ["totp"]}
    result = read_answer(SignInEmail, answered(body), {"twoFactorRedirect": _SecondFactor})
    assert result.instead is not None
    assert result.instead.value == _SecondFactor(two_factor_redirect=True, two_factor_methods=["totp"])
    assert (result.data, result.error, result.ok) == (None, None, False)
    with pytest.raises(Instead):
        result.unwrap()
    assert isinstance(read_answer(SignInEmail, answered(body), {}).error, UnexpectedAnswer)


def test_a_token_stays_out_of_logs() -> None:
    body = {"redirect": False, "token": "secret", "user": USER}
    assert repr(read_answer(SignInEmail, answered(body), {})) == "Result(data=SignedIn)"
    refused = read_answer(SignInEmail, answered({"code": "INVALID_EMAIL", "message": "Invalid email"}, 400), {})
    assert repr(refused) == "Result(error=InvalidEmail('Invalid email'))"
    other = {"twoFactorRedirect": True, "twoFactorMethods": ["totp"]}
    assert repr(read_answer(SignInEmail, answered(other), {"twoFactorRedirect": _SecondFactor})) == (
        "Result(instead=_SecondFactor)"
    )
