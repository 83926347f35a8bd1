"""Errors as values: codes, statuses, bodies."""

import pytest

from gatewright.wire.faults import ApiError, Fault, Instead, OAuthFault, status_name


class TeaIsCold(Fault, status=418):
    """The tea has become cold."""

    message = "Tea is cold"


class Renamed(Fault, code="ANOTHER"):
    """A fault whose code is not its name."""


def test_a_fault_says_what_its_class_says() -> None:
    fault = TeaIsCold()
    assert (fault.status, fault.code, fault.message) == (418, "TEA_IS_COLD", "Tea is cold")
    assert fault.body == {"message": "Tea is cold", "code": "TEA_IS_COLD"}


def test_a_raise_may_say_it_otherwise() -> None:
    fault = TeaIsCold(
        status=400, message="Very cold", extra={"degrees": 3}, because="the window", headers=(("a", "b"),)
    )
    assert fault.body == {"message": "Very cold", "code": "TEA_IS_COLD", "degrees": 3}
    assert (fault.status, fault.headers, fault.because) == (400, (("a", "b"),), "the window")
    assert TeaIsCold().message == "Tea is cold"


def test_what_is_for_the_log_is_not_in_the_body_or_the_text() -> None:
    fault = TeaIsCold(because="secret")
    assert "secret" not in str(fault)
    assert "secret" not in str(fault.body)


def test_a_code_may_be_declared() -> None:
    assert (Renamed().code, Renamed().body) == ("ANOTHER", {"code": "ANOTHER"})


def test_an_error_without_words_has_no_body() -> None:
    assert ApiError(404).body is None
    assert str(ApiError(404)) == "NOT_FOUND"


def test_an_oauth_error_has_the_shape_of_the_rfc() -> None:
    fault = OAuthFault("invalid_grant", "used", status=401, extra={"a": 1})
    assert (fault.status, fault.body) == (401, {"error": "invalid_grant", "error_description": "used", "a": 1})
    assert OAuthFault("invalid_request").body == {"error": "invalid_request"}


def test_another_answer_is_no_failure() -> None:
    other = Instead({"twoFactorRedirect": True})
    assert (other.status, other.value) == (200, {"twoFactorRedirect": True})


@pytest.mark.parametrize(
    ("status", "name"), [(401, "UNAUTHORIZED"), (418, "I'M_A_TEAPOT"), (500, "INTERNAL_SERVER_ERROR"), (799, "799")]
)
def test_statuses_have_the_names_of_the_contract(status: int, name: str) -> None:
    assert status_name(status) == name
