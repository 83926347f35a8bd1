"""Cookies: find one quickly, read all, write one as the contract does, cut long ones into chunks.

Source: contract, cookies.json ``serialization``, ``deletion`` and ``chunking``; RFC 6265.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote, unquote

__all__ = (
    "MAX_AGE_LIMIT",
    "CookieAttributes",
    "encode_uri_component",
    "expire",
    "find",
    "parse",
    "serialize",
)

MAX_AGE_LIMIT = 34_560_000
"""Longest lifetime that browsers accept, in seconds: 400 days."""

_SAFE = "!~*'()-_."
_NEVER_IN_ATTRIBUTES = frozenset(";\r\n\x00")


@dataclass(frozen=True, slots=True)
class CookieAttributes:
    """The attributes of a ``Set-Cookie`` line; ``max_age`` is seconds."""

    max_age: int | None = None
    domain: str | None = None
    path: str | None = "/"
    expires: datetime | None = None
    http_only: bool = False
    secure: bool = False
    same_site: str | None = None
    partitioned: bool = False


def encode_uri_component(text: str) -> str:
    """Percent-encoded as JavaScript's ``encodeURIComponent`` does."""
    if text.isalnum() and text.isascii():
        return text
    return quote(text, safe=_SAFE, errors="replace")


def find(header: str, name: str) -> str | None:
    """The value of the first cookie called ``name`` in a ``Cookie`` header, percent-decoded, or ``None``."""
    start = header.find(name)
    size = len(name)
    while start != -1:
        end = start + size
        before = header[:start].rstrip(" \t") if start else ""
        if (not before or before[-1] == ";") and header[end : end + 1] == "=":
            stop = header.find(";", end)
            return _value(header[end + 1 :] if stop == -1 else header[end + 1 : stop])
        start = header.find(name, end)
    return None


def parse(header: str) -> dict[str, str]:
    """Every cookie of a ``Cookie`` header; of several with one name the first."""
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, equals, value = part.partition("=")
        name = name.strip()
        if equals and name and name not in found:
            found[name] = _value(value)
    return found


def _value(raw: str) -> str:
    raw = raw.strip()
    if len(raw) > 1 and raw[0] == '"' and raw[-1] == '"':
        raw = raw[1:-1]
    if "%" not in raw:
        return raw
    try:
        return unquote(raw, errors="strict")
    except UnicodeDecodeError:
        return raw


def serialize(name: str, value: str, attributes: CookieAttributes) -> str:
    """A ``Set-Cookie`` line.

    Raises:
        ValueError: The lifetime is longer than browsers accept, or an attribute would end the line.
    """
    if name.startswith("__Secure-") and not attributes.secure:
        attributes = replace(attributes, secure=True)
    if name.startswith("__Host-"):
        attributes = replace(attributes, secure=True, path="/", domain=None)
    parts = [f"{name}={encode_uri_component(value)}"]
    if attributes.max_age is not None:
        if attributes.max_age > MAX_AGE_LIMIT:
            raise ValueError(f"a cookie lives at most {MAX_AGE_LIMIT} seconds")
        parts.append(f"Max-Age={int(attributes.max_age)}")
    for word, text in (("Domain", attributes.domain), ("Path", attributes.path)):
        if text:
            if _NEVER_IN_ATTRIBUTES & set(text):
                raise ValueError(f"{word} cannot hold {text!r}")
            parts.append(f"{word}={text}")
    if attributes.expires is not None:
        parts.append(f"Expires={format_datetime(attributes.expires, usegmt=True)}")
    if attributes.http_only:
        parts.append("HttpOnly")
    if attributes.secure:
        parts.append("Secure")
    if attributes.same_site:
        parts.append(f"SameSite={attributes.same_site.capitalize()}")
    if attributes.partitioned:
        parts.append("Partitioned")
    return "; ".join(parts)


def expire(name: str, attributes: CookieAttributes) -> str:
    """The line that makes a browser forget a cookie."""
    return serialize(name, "", replace(attributes, max_age=0))
