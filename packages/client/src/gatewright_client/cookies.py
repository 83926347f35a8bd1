"""Which cookies a client keeps, and which it sends where. Pure: storage is elsewhere.

Source: RFC 6265 §5.1.3, §5.1.4, §5.2, §5.3; draft-ietf-httpbis-rfc6265bis §4.1.3 (name prefixes). There is no list of public
suffixes: a domain of one label is refused instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

import msgspec

__all__ = ("Cookie", "cookie_header", "kept_cookies", "matching_cookies")

MAX_AGE = timedelta(days=400)
"""rfc6265bis §5.5: the longest life that a cookie is given."""

MAX_COOKIES = 200
"""How many cookies one storage holds; the oldest go first."""


class Cookie(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One cookie as it is kept; ``value`` is a secret. Without ``expires_at`` it lives until it is replaced."""

    name: str
    value: str
    domain: str
    path: str = "/"
    host_only: bool = True
    secure: bool = False
    expires_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Cookie(name={self.name!r}, domain={self.domain!r}, path={self.path!r})"


def kept_cookies(cookies: Sequence[Cookie], url: str, lines: Iterable[str], now: datetime) -> tuple[Cookie, ...]:
    """``cookies`` after an answer from ``url`` with these ``Set-Cookie`` lines; the expired ones are gone."""
    found = {(each.domain, each.path, each.name): each for each in cookies}
    for line in lines:
        cookie = _parsed(line, url, now)
        if cookie is not None:
            key = (cookie.domain, cookie.path, cookie.name)
            found.pop(key, None)
            found[key] = cookie
    alive = tuple(each for each in found.values() if each.expires_at is None or each.expires_at > now)
    return alive[-MAX_COOKIES:]


def matching_cookies(cookies: Iterable[Cookie], url: str, now: datetime) -> list[Cookie]:
    """The cookies that belong in a request to ``url``, those of longer paths first (RFC 6265 §5.4)."""
    parts = urlsplit(url)
    host, path = (parts.hostname or "").lower(), parts.path or "/"
    secure = _may_carry_secure(parts.scheme, host)
    found = [
        each
        for each in cookies
        if (host == each.domain if each.host_only else _in_domain(host, each.domain))
        and _on_path(path, each.path)
        and (secure or not each.secure)
        and (each.expires_at is None or each.expires_at > now)
    ]
    return sorted(found, key=lambda each: -len(each.path))


def cookie_header(cookies: Iterable[Cookie]) -> str:
    """The value of a ``Cookie`` header."""
    return "; ".join(f"{each.name}={each.value}" for each in cookies)


def _parsed(line: str, url: str, now: datetime) -> Cookie | None:
    if any(ord(char) < 32 and char != "\t" for char in line):
        return None
    pair, *attributes = line.split(";")
    name, equals, value = pair.partition("=")
    name, value = name.strip(), value.strip()
    if not equals or not name:
        return None
    said: dict[str, str] = {}
    for attribute in attributes:
        key, _, given = attribute.partition("=")
        said[key.strip().lower()] = given.strip()
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    secure = "secure" in said
    if secure and not _may_carry_secure(parts.scheme, host):
        return None
    domain = said.get("domain", "").lower().removeprefix(".")
    if domain and domain != host and ("." not in domain or not _in_domain(host, domain)):
        # RFC 6265 §5.3 step 6: a host speaks for itself and for the domains that it lies in.
        return None
    path = said.get("path", "")
    if not path.startswith("/"):
        path = _default_path(parts.path)
    if name.startswith("__Secure-") and not secure:
        return None
    if name.startswith("__Host-") and (not secure or domain or path != "/"):
        return None
    return Cookie(
        name=name,
        value=value,
        domain=domain or host,
        path=path,
        host_only=not domain or _is_address(host),
        secure=secure,
        expires_at=_end(said, now),
    )


def _end(said: dict[str, str], now: datetime) -> datetime | None:
    """When it ends: ``Max-Age`` counts before ``Expires`` (RFC 6265 §5.3 step 3)."""
    age = said.get("max-age", "")
    if age.lstrip("-").isdecimal():
        seconds = int(age) if len(age) < 12 else 10**10
        return now + min(timedelta(seconds=max(seconds, 0)), MAX_AGE)
    if "expires" not in said:
        return None
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 (costly to load, and seldom needed)

    try:
        moment = parsedate_to_datetime(said["expires"])
    except ValueError:
        return None
    return min(moment if moment.tzinfo else moment.replace(tzinfo=UTC), now + MAX_AGE)


def _may_carry_secure(scheme: str, host: str) -> bool:
    """Loopback counts as secure, as it does in browsers."""
    return scheme == "https" or host == "localhost" or host.endswith(".localhost") or _is_loopback(host)


def _in_domain(host: str, domain: str) -> bool:
    return host == domain or (host.endswith(f".{domain}") and not _is_address(host))


def _on_path(path: str, cookie_path: str) -> bool:
    if path == cookie_path:
        return True
    return path.startswith(cookie_path if cookie_path.endswith("/") else f"{cookie_path}/")


def _default_path(path: str) -> str:
    """RFC 6265 §5.1.4: the path of the request up to its last slash."""
    head = path.rpartition("/")[0]
    return head if head.startswith("/") else "/"


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return _is_address(host) and ip_address(host).is_loopback
