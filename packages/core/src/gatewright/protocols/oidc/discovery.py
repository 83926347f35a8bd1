"""Provider metadata, read and checked against the issuer that was asked; the document is fetched elsewhere.

Source: OpenID Connect Discovery 1.0 §3, §4.3; RFC 8414 §3.3; RFC 9207 §3.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

__all__ = ("MOST_BYTES", "DiscoveryError", "ProviderMetadata", "discovery_url", "read_metadata")

MOST_BYTES = 1_048_576  # of a metadata document

_WELL_KNOWN = "/.well-known/openid-configuration"
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class DiscoveryError(ValueError):
    """A metadata document cannot be trusted; the text says which member and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderMetadata:
    """The members of a metadata document that a client uses.

    Args:
        issuer: Exactly as the document and its ID tokens say.
        authorization_endpoint: Where browsers go.
        token_endpoint: Where codes are exchanged.
        userinfo_endpoint: Where claims are read, if anywhere.
        jwks_uri: Where keys are, if ID tokens can be checked.
        end_session_endpoint: Where browsers sign out, if anywhere.
        scopes_supported: As listed.
        token_endpoint_auth_methods_supported: As listed; ``client_secret_basic`` when not listed.
        id_token_signing_alg_values_supported: As listed.
        code_challenge_methods_supported: As listed.
        sends_issuer: Whether authorization responses carry ``iss`` (RFC 9207).
    """

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str | None = None
    jwks_uri: str | None = None
    end_session_endpoint: str | None = None
    scopes_supported: tuple[str, ...] = ()
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    id_token_signing_alg_values_supported: tuple[str, ...] = ()
    code_challenge_methods_supported: tuple[str, ...] = ()
    sends_issuer: bool = False


class _Document(msgspec.Struct, frozen=True):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str | None = None
    jwks_uri: str | None = None
    end_session_endpoint: str | None = None
    scopes_supported: tuple[str, ...] | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] | None = None
    id_token_signing_alg_values_supported: tuple[str, ...] | None = None
    code_challenge_methods_supported: tuple[str, ...] | None = None
    authorization_response_iss_parameter_supported: bool | None = None


_read = msgspec.json.Decoder(_Document)


def discovery_url(issuer: str) -> str:
    """Where an issuer's metadata is (Discovery §4)."""
    return issuer.removesuffix("/") + _WELL_KNOWN


def read_metadata(body: bytes, *, issuer: str | None, allow_http_local: bool = False) -> ProviderMetadata:
    """A metadata document, checked.

    Args:
        body: At most 1 MiB of JSON.
        issuer: Whose document was asked for; it must say the same, character for character. ``None`` where only the
            document's address is configured: then the document's own word is taken.
        allow_http_local: Whether endpoints on this machine may be plain HTTP, for development.

    Raises:
        DiscoveryError: Too large, unreadable, another issuer's, or with an endpoint that is not HTTPS.
    """
    if len(body) > MOST_BYTES:
        raise DiscoveryError("the provider's metadata is too large")
    try:
        document = _read.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise DiscoveryError("the provider's metadata is not a metadata document") from None
    # RFC 8414 §3.3: if the values are not identical, the data "MUST NOT be used".
    if issuer is not None and document.issuer != issuer:
        raise DiscoveryError("the provider's metadata names another issuer")
    for name in ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
        address: str | None = getattr(document, name)
        if address is not None and not _is_safe(address, allow_http_local=allow_http_local):
            raise DiscoveryError(f"{name} is not an https address")
    leave = document.end_session_endpoint
    return ProviderMetadata(
        issuer=document.issuer,
        authorization_endpoint=document.authorization_endpoint,
        token_endpoint=document.token_endpoint,
        userinfo_endpoint=document.userinfo_endpoint,
        jwks_uri=document.jwks_uri,
        end_session_endpoint=leave if leave and _is_safe(leave, allow_http_local=allow_http_local) else None,
        scopes_supported=document.scopes_supported or (),
        token_endpoint_auth_methods_supported=document.token_endpoint_auth_methods_supported
        or ("client_secret_basic",),
        id_token_signing_alg_values_supported=document.id_token_signing_alg_values_supported or (),
        code_challenge_methods_supported=document.code_challenge_methods_supported or (),
        sends_issuer=document.authorization_response_iss_parameter_supported is True,
    )


def _is_safe(address: str, *, allow_http_local: bool) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username is not None or parts.password is not None:
        return False
    return parts.scheme == "https" or (allow_http_local and parts.scheme == "http" and host in _LOCAL)
