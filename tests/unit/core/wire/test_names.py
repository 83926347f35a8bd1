"""One naming rule for every name in the contract; the exceptions are counted here and declared where they occur."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gatewright.contract import faults
from gatewright.endpoints import CORE
from gatewright.wire.faults import Fault
from gatewright.wire.names import camel, code, pascal, snake

NAMES: dict[str, list[str]] = json.loads((Path(__file__).parents[3] / "data" / "names.json").read_text())

FIELDS_WITH_A_NAME_OF_THEIR_OWN = {
    # SAML and SCIM write their own.
    "Binding", "Location", "Operations", "RelayState", "Resources", "SAMLRequest", "SAMLResponse", "SigAlg", "Signature",
    # The contract is not consistent with itself.
    "callbackUrl", "cancelUrl", "credentialID", "entityID", "idpInitiatedCallbackUrl", "redirectURI", "requirePKCE",
    "returnUrl", "successUrl", "totpURI",
}  # fmt: skip
LITERAL = {"ACCESS_TOKEN_NOT_FOUND", "FAILED_TO_GET_ACCESS_TOKEN", "USER_ID_OR_SESSION_REQUIRED"}
"""Codes that the contract shows in answers without listing them."""
ABBREVIATIONS = ("OAuth", "SSO", "OTP", "SCIM", "TOTP", "JWT", "SLO", "API", "URI", "OpenAPI")


@pytest.mark.parametrize("name", NAMES["fields"])
def test_every_field_follows_the_rule_or_is_a_known_exception(name: str) -> None:
    if "_" in name:
        # OAuth, OpenID Connect and dynamic registration name their members so: such shapes rename nothing.
        assert snake(name) == name
    else:
        assert (camel(snake(name)) == name) is (name not in FIELDS_WITH_A_NAME_OF_THEIR_OWN)


def test_no_exception_is_made_for_a_name_that_is_not_there() -> None:
    assert set(NAMES["fields"]) >= FIELDS_WITH_A_NAME_OF_THEIR_OWN


@pytest.mark.parametrize("name", NAMES["operations"])
def test_every_operation_follows_the_rule_or_holds_an_abbreviation(name: str) -> None:
    assert camel(snake(name)) == name or any(word in name for word in ABBREVIATIONS)


@pytest.mark.parametrize("name", NAMES["codes"])
def test_every_error_code_is_the_name_of_a_class(name: str) -> None:
    assert code(pascal(name.lower())) == name


def test_every_fault_of_the_core_has_a_code_of_the_contract_or_is_ours() -> None:
    ours = {"BAD_REQUEST", "UNAUTHORIZED", "NOT_FOUND", "ALREADY_IN_USE", "PAYLOAD_TOO_LARGE", "SERVICE_UNAVAILABLE",
            "INTERNAL_SERVER_ERROR", "UNSUPPORTED_MEDIA_TYPE", "TOO_MANY_REQUESTS"}  # fmt: skip
    known = {
        value.default_code
        for value in vars(faults).values()
        if isinstance(value, type) and issubclass(value, Fault) and value is not Fault
    }
    assert len(known) > 40
    assert {each for each in known if each not in NAMES["codes"]} <= ours | LITERAL


def test_every_operation_of_the_core_is_one_of_the_contract() -> None:
    assert {endpoint.operation.route.name for endpoint in CORE} <= set(NAMES["operations"])


@pytest.mark.parametrize(
    ("python", "wire"),
    [
        ("remember_me", "rememberMe"),
        ("callback_url", "callbackURL"),
        ("url", "url"),
        ("error_callback_url", "errorCallbackURL"),
        ("url_of_something", "urlOfSomething"),
        ("id", "id"),
        ("", ""),
    ],
)
def test_a_field_on_the_wire(python: str, wire: str) -> None:
    assert camel(python) == wire


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SignInEmail", "sign_in_email"),
        ("callbackURL", "callback_url"),
        ("OAuthLinkError", "oauth_link_error"),
        ("IPAddress", "ip_address"),
        ("sha256", "sha256"),
    ],
)
def test_a_name_in_python(name: str, expected: str) -> None:
    assert snake(name) == expected
    assert code(name) == expected.upper()
