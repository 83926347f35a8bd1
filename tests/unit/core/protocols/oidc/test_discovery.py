"""Provider metadata."""

import json
from typing import Any

import pytest

from gatewright.protocols.oidc.discovery import (
    MOST_BYTES,
    DiscoveryError,
    ProviderMetadata,
    discovery_url,
    read_metadata,
)

DOCUMENT: dict[str, Any] = {
    "issuer": "https://i.example",
    "authorization_endpoint": "https://i.example/a",
    "token_endpoint": "https://i.example/t",
    "jwks_uri": "https://i.example/k",
    "unknown": [1],
}


def read(changes: dict[str, Any], *, issuer: str | None = "https://i.example", local: bool = False) -> ProviderMetadata:
    return read_metadata(json.dumps({**DOCUMENT, **changes}).encode(), issuer=issuer, allow_http_local=local)


def test_a_document_is_read() -> None:
    assert read(
        {"authorization_response_iss_parameter_supported": True, "scopes_supported": ["openid"]}
    ) == ProviderMetadata(
        issuer="https://i.example",
        authorization_endpoint="https://i.example/a",
        token_endpoint="https://i.example/t",
        jwks_uri="https://i.example/k",
        scopes_supported=("openid",),
        sends_issuer=True,
    )


def test_the_address_of_a_document() -> None:
    assert discovery_url("https://i.example/x/") == "https://i.example/x/.well-known/openid-configuration"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"issuer": "https://evil.example"}, "another issuer"),
        ({"issuer": "https://i.example/"}, "another issuer"),
        ({"token_endpoint": "http://i.example/t"}, "token_endpoint"),
        ({"jwks_uri": "file:///etc/passwd"}, "jwks_uri"),
        ({"userinfo_endpoint": "https://user:pass@i.example/u"}, "userinfo_endpoint"),
        ({"userinfo_endpoint": "https://[bad/u"}, "userinfo_endpoint"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "authorization_endpoint"),
        ({"token_endpoint": 7}, "not a metadata document"),
    ],
)
def test_a_document_that_cannot_be_trusted_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DiscoveryError, match=message):
        read(changes)


@pytest.mark.parametrize(
    ("body", "message"),
    [(b"<html>", "not a metadata"), (b"\xff", "not a metadata"), (b" " * (MOST_BYTES + 1), "too large")],
)
def test_garbage_is_refused(body: bytes, message: str) -> None:
    with pytest.raises(DiscoveryError, match=message):
        read_metadata(body, issuer=None)


def test_plain_http_is_for_this_machine_and_only_when_allowed() -> None:
    here = {
        name: value.replace("https://i.example", "http://localhost:8080")
        for name, value in DOCUMENT.items()
        if isinstance(value, str)
    }
    assert read(here, issuer="http://localhost:8080", local=True).token_endpoint == "http://localhost:8080/t"
    with pytest.raises(DiscoveryError):
        read(here, issuer="http://localhost:8080")


def test_a_script_as_sign_out_address_is_dropped() -> None:
    assert read({"end_session_endpoint": "javascript:alert(1)"}).end_session_endpoint is None
