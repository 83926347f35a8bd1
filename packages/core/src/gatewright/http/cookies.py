"""Cookies on the wire: find one, parse all, serialise, expire, split into chunks and join again.

It neither signs nor encrypts and does not know what a session is. Source: contract ``cookies`` (serialisation, deletion,
chunking), RFC 6265 §4.1.1, draft-ietf-httpbis-rfc6265bis §4.1.3 (name prefixes).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final, Literal
from urllib.parse import quote, unquote

__all__ = (
    "CHUNK_LIMIT",
    "MAX_AGE_LIMIT",
    "CookieAttributes",
    "CookieTemplate",
    "chunk",
    "chunk_names",
    "encode_uri_component",
    "expire",
    "find",
    "is_name",
    "join",
    "parse",
    "serialize",
)

MAX_AGE_LIMIT: Final = 34_560_000  # seconds, 400 days: what browsers keep at most
CHUNK_LIMIT: Final = 4050  # characters of one serialised cookie, name and attributes included
_CHUNKS: Final = 100

_SPACE: Final = " \t\r\n\v\f\xa0\ufeff"
_UNRESERVED: Final = re.compile(r"[A-Za-z0-9\-_.!~*'()]*")
_SIGNED: Final = re.compile(r"[A-Za-z0-9\-_.!~*'()+/=]*")
_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NAME: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_ATTRIBUTE: Final = re.compile(r"[ -:<-~]*")
_SAME_SITE: Final = {"lax": "Lax", "strict": "Strict", "none": "None"}


def encode_uri_component(text: str) -> str:
    """``text`` percent-encoded as JavaScript's ``encodeURIComponent`` does.

    Raises:
        ValueError: The text holds a lone surrogate.
    """
    if _UNRESERVED.fullmatch(text) is not None:
        return text
    if _SIGNED.fullmatch(text) is not None:
        return text.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    return quote(text, safe="!~*'()")


def is_name(text: str) -> bool:
    """Whether a cookie may be called this (RFC 6265 §4.1.1)."""
    return _NAME.fullmatch(text) is not None


def find(header: str, name: str) -> str | None:
    """The value of one cookie in a ``Cookie`` header, without looking at the others.

    Args:
        header: The field's value.
        name: Cookie name, case-sensitive.

    Returns:
        The decoded value of the first cookie of that name; ``None`` when there is none.
    """
    size = len(name)
    start = header.find(name)
    while start >= 0 and size:
        before = start
        while before and header[before - 1] in _SPACE:
            before -= 1
        after = start + size
        if before == 0 or header[before - 1] == ";":
            equals = after
            while header[equals : equals + 1] in _SPACE and equals < len(header):
                equals += 1
            if header[equals : equals + 1] == "=":
                end = header.find(";", equals)
                return _value(header[equals + 1 :] if end < 0 else header[equals + 1 : end])
        start = header.find(name, after)
    return None


def parse(header: str) -> dict[str, str]:
    """Every cookie in a ``Cookie`` header; the first of several with one name wins.

    Pieces without ``=`` or without a name are passed over.
    """
    cookies: dict[str, str] = {}
    for piece in header.split(";"):
        name, equals, value = piece.partition("=")
        name = name.strip(_SPACE)
        if equals and name and name not in cookies:
            cookies[name] = _value(value)
    return cookies


def _value(raw: str) -> str:
    value = raw.strip(_SPACE)
    if len(value) > 1 and value[0] == '"' == value[-1]:
        value = value[1:-1]
    if "%" in value:
        # What a signed value needs; when no escape is left over, these were all there were.
        plain = value.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")
        if "%" not in plain:
            return plain
        if _BAD_ESCAPE.search(value) is not None:
            return value
        try:
            return unquote(value, errors="strict")
        except UnicodeDecodeError:
            return value
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class CookieAttributes:
    """What follows a cookie's value.

    Attributes:
        max_age: Lifetime in seconds; ``None`` for as long as the browser runs.
        domain: Host whose subdomains receive the cookie too.
        path: Paths that receive the cookie.
        expires: Aware time at which the cookie ends.
        http_only: Hidden from scripts.
        secure: Sent over TLS only.
        same_site: When the cookie travels with requests from other sites.
        partitioned: Kept apart for each top-level site.
    """

    max_age: int | None = None
    domain: str | None = None
    path: str | None = "/"
    expires: datetime | None = None
    http_only: bool = True
    secure: bool = False
    same_site: Literal["lax", "strict", "none"] | None = "lax"
    partitioned: bool = False


def _suffix(name: str, attributes: CookieAttributes) -> str:
    if _NAME.fullmatch(name) is None:
        raise ValueError("malformed cookie name")
    host_bound = name.startswith("__Host-")
    domain = None if host_bound else attributes.domain
    path = "/" if host_bound else attributes.path
    parts: list[str] = []
    if attributes.max_age is not None:
        if not 0 <= attributes.max_age <= MAX_AGE_LIMIT:
            raise ValueError(f"cookie max_age must lie between 0 and {MAX_AGE_LIMIT} seconds")
        parts.append(f"; Max-Age={attributes.max_age}")
    for label, text in (("Domain", domain), ("Path", path)):
        if text:
            if _ATTRIBUTE.fullmatch(text) is None:
                raise ValueError(f"malformed cookie {label.lower()}")
            parts.append(f"; {label}={text}")
    if attributes.expires is not None:
        parts.append(f"; Expires={format_datetime(attributes.expires.astimezone(UTC), usegmt=True)}")
    if attributes.http_only:
        parts.append("; HttpOnly")
    if attributes.secure or host_bound or name.startswith("__Secure-"):
        parts.append("; Secure")
    if attributes.same_site is not None:
        parts.append(f"; SameSite={_SAME_SITE[attributes.same_site]}")
    if attributes.partitioned:
        parts.append("; Partitioned")
    return "".join(parts)


class CookieTemplate:
    """A cookie whose name and attributes are settled; setting it is one concatenation.

    Attributes:
        name: Full cookie name, prefixes included.
        attributes: What it was made from.
        expired: The finished ``Set-Cookie`` value that deletes it.
    """

    __slots__ = ("_head", "_tail", "attributes", "expired", "name")

    def __init__(self, name: str, attributes: CookieAttributes) -> None:
        """Settle a cookie.

        Raises:
            ValueError: The name, domain or path is malformed, or ``max_age`` is out of bounds.
        """
        self.name = name
        self.attributes = attributes
        self._head = f"{name}="
        self._tail = _suffix(name, attributes)
        self.expired = expire(name, attributes)

    def set(self, value: str) -> str:
        """The ``Set-Cookie`` value that stores ``value``."""
        return f"{self._head}{encode_uri_component(value)}{self._tail}"

    def lasting(self, max_age: int | None) -> "CookieTemplate":
        """The same cookie with another lifetime in seconds; ``None`` ends it with the browser session."""
        return CookieTemplate(self.name, replace(self.attributes, max_age=max_age))

    def __repr__(self) -> str:
        return f"CookieTemplate({self.name!r}, {self.attributes!r})"


def serialize(name: str, value: str, attributes: CookieAttributes) -> str:
    """One ``Set-Cookie`` value.

    A ``__Secure-`` name forces ``Secure``; a ``__Host-`` name forces ``Secure`` and ``Path=/`` and drops the domain.

    Args:
        name: Full cookie name.
        value: Raw value; it is percent-encoded here.
        attributes: What follows the value.

    Raises:
        ValueError: The name, domain or path is malformed, or ``max_age`` is negative or over 400 days.
    """
    return f"{name}={encode_uri_component(value)}{_suffix(name, attributes)}"


def expire(name: str, attributes: CookieAttributes) -> str:
    """The ``Set-Cookie`` value that deletes a cookie: empty, the same attributes, ``Max-Age=0``.

    Raises:
        ValueError: The name, domain or path is malformed.
    """
    return f"{name}={_suffix(name, replace(attributes, max_age=0, expires=None))}"


def chunk(name: str, value: str, attributes: CookieAttributes) -> tuple[str, ...]:
    """The ``Set-Cookie`` values that store a long value, each at most 4050 characters.

    Args:
        name: Cookie name; the pieces are called ``{name}.0``, ``{name}.1`` and so on.
        value: Raw value.
        attributes: Attributes of every piece.

    Returns:
        One cookie under its plain name when it fits, else the pieces; empty when over a hundred would be needed, in which
        case the value is not stored at all.
    """
    tail = _suffix(name, attributes)
    encoded = encode_uri_component(value)
    if len(name) + 1 + len(encoded) + len(tail) <= CHUNK_LIMIT:
        return (f"{name}={encoded}{tail}",)
    size = CHUNK_LIMIT - len(f"{name}.99={tail}")
    if size < 12 or len(encoded) > size * _CHUNKS:  # 12: the longest percent-encoded character
        return ()
    pieces = [encoded[at : at + size] for at in range(0, len(encoded), size)]
    if encoded != value:
        pieces = _split_encoded(value, size)
    if len(pieces) > _CHUNKS:
        return ()
    return tuple(f"{name}.{number}={piece}{tail}" for number, piece in enumerate(pieces))


def _split_encoded(value: str, size: int) -> list[str]:
    """Encoded pieces of at most ``size`` characters, never cutting a character's escapes apart."""
    pieces: list[str] = []
    piece: list[str] = []
    used = 0
    for character in value:
        escaped = encode_uri_component(character)
        if used + len(escaped) > size:
            pieces.append("".join(piece))
            piece, used = [], 0
        piece.append(escaped)
        used += len(escaped)
    pieces.append("".join(piece))
    return pieces


def join(cookies: Mapping[str, str], name: str) -> str | None:
    """A value that may have been stored in chunks.

    Args:
        cookies: Decoded cookies of one request.
        name: The plain name.

    Returns:
        The cookie of exactly that name when it has a value, else its chunks in numeric order; ``None`` without either.
    """
    whole = cookies.get(name)
    if whole:
        return whole
    numbers = sorted(number for each in cookies if (number := _chunk_number(each, name)) is not None)
    return "".join(cookies[f"{name}.{number}"] for number in numbers) or None


def chunk_names(cookies: Iterable[str], name: str) -> tuple[str, ...]:
    """The chunks of ``name`` among the cookies of a request, to be expired when the value is written anew."""
    return tuple(each for each in cookies if _chunk_number(each, name) is not None)


def _chunk_number(cookie: str, name: str) -> int | None:
    """The number of a chunk spelt as ``chunk`` spells it: 0 to 99, no leading zero."""
    if not cookie.startswith(f"{name}."):
        return None
    digits = cookie[len(name) + 1 :]
    if len(digits) > 2 or not (digits.isascii() and digits.isdigit()) or digits != str(int(digits)):
        return None
    return int(digits)
