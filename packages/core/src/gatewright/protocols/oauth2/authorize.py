"""The authorization request as a URL, and the authorization response as a value; who asks is not known here.

Source: RFC 6749 §4.1.1, §4.1.2; RFC 9207 §2.4; contract ``providers.json`` (``authorizationParamOrder``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

from gatewright.protocols.oauth2.pkce import METHOD

__all__ = (
    "RESERVED",
    "AuthorizationAnswer",
    "AuthorizationRefused",
    "authorization_url",
    "issuer_fault",
    "read_answer",
    "reserved_among",
)

RESERVED = (
    "state",
    "client_id",
    "redirect_uri",
    "response_type",
    "code_challenge",
    "code_challenge_method",
    "nonce",
    "scope",
)

_SINGLE = ("code", "state", "error", "iss")


def reserved_among(names: Iterable[str]) -> tuple[str, ...]:
    """Which of the names a caller may not set: those that bind the answer to the request."""
    given = set(names)
    return tuple(name for name in RESERVED if name in given)


def authorization_url(
    endpoint: str,
    *,
    client_id: str,
    redirect_uri: str,
    state: str,
    scopes: Sequence[str] | None = None,
    scope_joiner: str = " ",
    client_parameter: str = "client_id",
    code_challenge: str | None = None,
    prompt: str | None = None,
    access_type: str | None = None,
    display: str | None = None,
    duration: str | None = None,
    login_hint: str | None = None,
    hd: str | None = None,
    response_type: str = "code",
    response_mode: str | None = None,
    claims: str | None = None,
    nonce: str | None = None,
    additional: Iterable[tuple[str, str]] = (),
    plus_for_space: bool = True,
) -> str:
    """Where the browser is sent.

    Args:
        endpoint: Authorization endpoint; a query or fragment it has is kept.
        client_id: Public identifier.
        redirect_uri: Where the answer goes.
        state: Value that comes back unchanged.
        scopes: Requested scopes; ``None`` leaves the parameter out, an empty list sends it empty.
        scope_joiner: What stands between scopes.
        client_parameter: Name of the identifier's parameter.
        code_challenge: S256 challenge.
        prompt: As OpenID Connect Core §3.1.2.1.
        access_type: Google's ``offline`` or ``online``.
        display: As OpenID Connect Core §3.1.2.1.
        duration: Reddit's ``permanent`` or ``temporary``.
        login_hint: Who is expected to sign in.
        hd: Google's hosted domain.
        response_type: As RFC 6749 §3.1.1.
        response_mode: As OAuth 2.0 Multiple Response Types.
        claims: JSON text, as OpenID Connect Core §5.5.
        nonce: Value the ID token must repeat.
        additional: Further parameters; one that is already there is replaced, except the reserved ones.
        plus_for_space: Whether a space is written ``+`` rather than ``%20``.

    Raises:
        ValueError: ``additional`` names a reserved parameter.
    """
    extra = tuple(additional)
    if forbidden := reserved_among(name for name, _ in extra):
        raise ValueError(f"reserved OAuth parameters: {', '.join(forbidden)}")
    parts = urlsplit(endpoint)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    wanted = {
        "response_type": response_type,
        client_parameter: client_id,
        "state": state,
        "scope": None if scopes is None else scope_joiner.join(scopes),
        "redirect_uri": redirect_uri,
        "duration": duration,
        "display": display,
        "login_hint": login_hint,
        "nonce": nonce,
        "prompt": prompt,
        "hd": hd,
        "access_type": access_type,
        "response_mode": response_mode,
        "code_challenge_method": METHOD if code_challenge else None,
        "code_challenge": code_challenge,
        "claims": claims,
    }
    query.update({name: value for name, value in wanted.items() if value is not None})
    query.update(extra)
    encoded = urlencode(query, quote_via=quote_plus if plus_for_space else quote)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, encoded, parts.fragment))


@dataclass(frozen=True, slots=True)
class AuthorizationAnswer:
    """A code, ready to be exchanged.

    Args:
        code: Single use, secret until exchanged.
        issuer: ``iss`` of the answer (RFC 9207), if it had one.
        device_id: VK's device, if the answer had one.
        user: JSON text Apple posts on a first authorization.
    """

    code: str = field(repr=False)
    issuer: str | None = None
    device_id: str | None = None
    user: str | None = None

    def __repr__(self) -> str:
        return f"AuthorizationAnswer(issuer={self.issuer!r})"


@dataclass(frozen=True, slots=True)
class AuthorizationRefused:
    """The provider, or the shape of its answer, says no.

    Args:
        error: Code for the redirect: the provider's own, ``no_code`` or ``invalid_callback_request``.
        description: The provider's words, if any.
    """

    error: str
    description: str | None = None


def read_answer(parameters: Mapping[str, Sequence[str]]) -> AuthorizationAnswer | AuthorizationRefused:
    """What came back with the browser.

    A parameter that appears twice is refused (RFC 6749 §3.1: parameters "MUST NOT be included more than once").
    An answer with both ``error`` and ``code`` is an error.

    Args:
        parameters: Each name with all its values, in order.
    """
    if any(len(parameters.get(name, ())) > 1 for name in _SINGLE):
        return AuthorizationRefused("invalid_callback_request")
    one = {name: values[0] for name, values in parameters.items() if values}
    if error := one.get("error"):
        return AuthorizationRefused(error, one.get("error_description"))
    code = one.get("code")
    if not code:
        return AuthorizationRefused("no_code")
    return AuthorizationAnswer(code, one.get("iss"), one.get("device_id"), one.get("user"))


def issuer_fault(given: str | None, *, accepted: Sequence[str], required: bool) -> str | None:
    """What is wrong with the ``iss`` of an answer, as a redirect code, or ``None``.

    Args:
        given: Value of the answer.
        accepted: Issuers this provider speaks as; empty when it names none, and then nothing is compared.
        required: Whether the provider's metadata promises the parameter.

    Source: RFC 9207 §2.4: clients "MUST reject authorization responses if the iss value does not match".
    """
    if given is None:
        return "issuer_missing" if required else None
    # Compared exactly: RFC 9207 §2.4 asks for simple string comparison.
    return "issuer_mismatch" if accepted and given not in accepted else None
