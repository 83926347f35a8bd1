"""Token requests as values, and token responses read strictly; a garbage answer is a ``TokenError``, nothing worse.

Source: RFC 6749 §4.1.3, §5.1, §5.2, §6; contract ``providers.json`` (``tokenRequest``, ``tokenMapping``).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from urllib.parse import parse_qsl

import msgspec

from gatewright.protocols.oauth2.client_auth import ClientAuth, InBody, credentials
from gatewright.protocols.oauth2.errors import TokenError, read_error
from gatewright.protocols.oauth2.outbound import OutboundRequest, form_request

__all__ = ("MOST_BYTES", "OAuthTokens", "code_request", "parse_token_response", "refresh_request")

MOST_BYTES = 1_048_576  # of a token response; the reader of the socket stops there too
_LONGEST_LIFETIME = timedelta(days=365 * 100)
_KEPT = ("openid", "unionid", "open_id", "user_id", "account_id", "instance_url", "issued_token_type")

_NOTHING: Mapping[str, str] = MappingProxyType({})
_SEPARATOR = re.compile(r"[\s,]+")
_read_object = msgspec.json.Decoder(dict[str, object])


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OAuthTokens:
    """What a provider granted; every token in it is secret.

    Args:
        access_token: For the provider's API.
        refresh_token: For new access tokens.
        id_token: A JWT, not yet checked.
        access_token_expires_at: Aware UTC.
        refresh_token_expires_at: Aware UTC.
        scopes: Granted scopes; ``None`` when the answer does not say.
        token_type: As the provider writes it.
        raw: The few further text members that providers need later (such as WeChat's ``openid``).
    """

    access_token: str
    refresh_token: str | None = None
    id_token: str | None = None
    access_token_expires_at: datetime | None = None
    refresh_token_expires_at: datetime | None = None
    scopes: tuple[str, ...] | None = None
    token_type: str | None = None
    raw: Mapping[str, str] = field(default_factory=dict[str, str])

    def __repr__(self) -> str:
        return f"OAuthTokens(scopes={self.scopes!r}, access_token_expires_at={self.access_token_expires_at!r})"


def code_request(
    endpoint: str,
    *,
    code: str,
    redirect_uri: str,
    client_id: str,
    client_secret: str | None,
    code_verifier: str | None = None,
    auth: ClientAuth | None = None,
    device_id: str | None = None,
    additional: Iterable[tuple[str, str]] = (),
    headers: Mapping[str, str] = _NOTHING,
) -> OutboundRequest:
    """The exchange of a code (RFC 6749 §4.1.3).

    Args:
        endpoint: Token endpoint.
        code: From the authorization response.
        redirect_uri: The same as in the authorization request.
        client_id: Public identifier.
        client_secret: ``None`` for a public client.
        code_verifier: PKCE verifier, where a challenge was sent.
        auth: How the client proves itself; in the body when not said.
        device_id: VK's device.
        additional: Further parameters.
        headers: Further or other headers.
    """
    fields = [("grant_type", "authorization_code"), ("code", code)]
    fields += [("code_verifier", code_verifier)] if code_verifier else []
    fields += [("device_id", device_id)] if device_id else []
    fields.append(("redirect_uri", redirect_uri))
    proof = credentials(auth or InBody(), client_id=client_id, client_secret=client_secret)
    return _request(endpoint, [*fields, *additional], proof, headers)


def refresh_request(
    endpoint: str,
    *,
    refresh_token: str,
    client_id: str,
    client_secret: str | None,
    auth: ClientAuth | None = None,
    additional: Iterable[tuple[str, str]] = (),
    headers: Mapping[str, str] = _NOTHING,
) -> OutboundRequest:
    """The use of a refresh token (RFC 6749 §6); arguments as ``code_request``."""
    fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token), *additional]
    proof = credentials(auth or InBody(), client_id=client_id, client_secret=client_secret)
    return _request(endpoint, fields, proof, headers)


def _request(
    endpoint: str,
    fields: Iterable[tuple[str, str]],
    proof: tuple[Mapping[str, str], Iterable[tuple[str, str]]],
    headers: Mapping[str, str],
) -> OutboundRequest:
    proving, parameters = proof
    return form_request(endpoint, [*fields, *parameters], headers={"accept": "application/json", **proving, **headers})


def parse_token_response(status: int, content_type: str | None, body: bytes, *, now: datetime) -> OAuthTokens:
    """The tokens of an answer.

    JSON is read whatever the content type says, as several providers label it wrongly; a form only when it is
    labelled one (GitHub). Some providers answer 200 with an error: that is an error.

    Args:
        status: HTTP status.
        content_type: Header of the answer, parameters included.
        body: At most 1 MiB.
        now: Aware UTC; lifetimes count from here.

    Raises:
        TokenError: Anything but a success with an access token.
    """
    if len(body) > MOST_BYTES:
        raise TokenError("the token response is too large", status=status)
    members = _members(content_type, body)
    error = read_error(members) if members is not None else None
    if error is not None:
        raise TokenError("the provider refused", status=status, body=error)
    if not 200 <= status < 300:
        raise TokenError("the token endpoint failed", status=status)
    if members is None:
        raise TokenError("the token response is neither JSON nor a form", status=status)
    access_token = _text(members, "access_token")
    if access_token is None:
        raise TokenError("the token response has no access token", status=status)
    raw = {name: text for name in _KEPT if (text := _text(members, name)) is not None}
    return OAuthTokens(
        access_token=access_token,
        refresh_token=_text(members, "refresh_token"),
        id_token=_text(members, "id_token"),
        access_token_expires_at=_moment(members.get("expires_in"), now),
        refresh_token_expires_at=_moment(members.get("refresh_token_expires_in"), now),
        scopes=_scopes(members.get("scope")),
        token_type=_text(members, "token_type"),
        raw=raw,
    )


def _members(content_type: str | None, body: bytes) -> Mapping[str, object] | None:
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind in {"application/x-www-form-urlencoded", "text/plain"} and not body.lstrip().startswith((b"{", b"[")):
        try:
            return dict(parse_qsl(body.decode("utf-8"), strict_parsing=True, max_num_fields=64))
        except ValueError:
            return None
    try:
        return _read_object.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def _text(members: Mapping[str, object], name: str) -> str | None:
    value = members.get(name)
    return value if isinstance(value, str) and value else None


def _moment(seconds: object, now: datetime) -> datetime | None:
    """The end of a lifetime; some providers write the number as text."""
    if isinstance(seconds, str) and re.fullmatch(r"[0-9]{1,12}", seconds):
        seconds = int(seconds)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    if not 0 < seconds <= _LONGEST_LIFETIME.total_seconds():
        return None
    return now + timedelta(seconds=seconds)


def _scopes(value: object) -> tuple[str, ...] | None:
    """Scopes as a list or as one text, split at spaces or, as GitHub and LinkedIn write them, commas."""
    if isinstance(value, str):
        return tuple(scope for scope in _SEPARATOR.split(value) if scope)
    if isinstance(value, list):
        return tuple(scope for scope in value if isinstance(scope, str) and scope)  # pyright: ignore[reportUnknownVariableType]
    return None
