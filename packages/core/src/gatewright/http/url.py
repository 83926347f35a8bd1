"""Absolute URLs as browsers read them: the WHATWG parser without base URLs, and its origins.

A URL that a browser would read in another way than we do is an open redirect, so this follows the browsers' standard and
not RFC 3986. It fetches nothing and knows no trust. Source: WHATWG URL §3-§4.7, UTS #46 (host mapping).
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from typing import Final
from urllib.parse import unquote_to_bytes

__all__ = ("DEFAULT_PORTS", "Url", "origin_of", "parse_url")

DEFAULT_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}

_C0_AND_SPACE: Final = "".join(map(chr, range(0x21)))
_REMOVED: Final = str.maketrans("", "", "\t\n\r")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_AUTHORITY_END: Final = re.compile(r"[/\\]")
_FORBIDDEN_HOST: Final = re.compile(r"[\x00\t\n\r #/:<>?@\[\\\]^|]")
_FORBIDDEN_DOMAIN: Final = re.compile(r"[\x00-\x20\x7f#/:<>?@\[\\\]^|%]")
_LONGEST_IDN: Final = 256  # characters; a domain name has at most 253, and mapping costs the square of it
_LONGEST_NUMBER: Final = 40  # characters of one part of an IPv4 address, leading zeros included
_LONGEST_IPV6: Final = 45

_SINGLE_DOT: Final = frozenset({".", "%2e"})
_DOUBLE_DOT: Final = frozenset({"..", ".%2e", "%2e.", "%2e%2e"})


def _encoder(extra: str) -> "re.Pattern[str]":
    return re.compile(rf"[^\x20-\x7e]|[{re.escape(extra)}]" if extra else r"[^\x20-\x7e]")


_FRAGMENT: Final = _encoder(' "<>`')
_QUERY: Final = _encoder(' "#<>')
_SPECIAL_QUERY: Final = _encoder(" \"#<>'")
_PATH: Final = _encoder(' "#<>?`{}')
_USERINFO: Final = _encoder(' "#<>?`{}/:;=@[\\]^|')
_CONTROL: Final = _encoder("")


def _escape(match: "re.Match[str]") -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


@dataclass(frozen=True, slots=True)
class Url:
    """A parsed absolute URL.

    Attributes:
        scheme: Lower case, without colon.
        userinfo: Encoded ``user`` or ``user:password``; empty when there is none.
        host: ASCII host, IPv6 in brackets; empty for an empty authority, ``None`` without authority.
        port: ``None`` for the scheme's default.
        path: Normalised and encoded; opaque paths as written.
        query: Without question mark; ``None`` when absent.
        fragment: Without number sign; ``None`` when absent.
    """

    scheme: str
    userinfo: str
    host: str | None
    port: int | None
    path: str
    query: str | None
    fragment: str | None

    @property
    def authority(self) -> str:
        """Host and port, without user information."""
        host = self.host or ""
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def origin(self) -> str | None:
        """``scheme://host[:port]``, or ``None`` where a browser says ``null``."""
        if self.scheme in DEFAULT_PORTS:
            return f"{self.scheme}://{self.authority}"
        if self.scheme == "blob":
            inner = parse_url(self.path)
            return inner.origin if inner is not None and inner.scheme in {"http", "https"} else None
        return None

    @property
    def href(self) -> str:
        """The URL written out; ASCII."""
        if self.host is not None:
            user = f"{self.userinfo}@" if self.userinfo else ""
            head = f"{self.scheme}://{user}{self.authority}"
        else:
            # A path that begins with two slashes must not be read back as an authority.
            head = f"{self.scheme}:/." if self.path.startswith("//") else f"{self.scheme}:"
        query = "" if self.query is None else f"?{self.query}"
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        return f"{head}{self.path}{query}{fragment}"


def origin_of(url: str) -> str | None:
    """What JavaScript's ``new URL(url).origin`` says.

    Returns:
        The origin without default port, ``"null"`` for schemes that have none, ``None`` when there is no such URL.
    """
    parsed = parse_url(url)
    return None if parsed is None else parsed.origin or "null"


def parse_url(text: str) -> Url | None:
    """Parse an absolute URL.

    Args:
        text: Anything.

    Returns:
        The URL, or ``None`` when a browser would not take ``text`` for an absolute URL. Time is linear in its length.
    """
    text = _scalar(text).strip(_C0_AND_SPACE).translate(_REMOVED)
    match = _SCHEME.match(text)
    if match is None:
        return None
    scheme = match[0][:-1].lower()
    rest, number_sign, fragment = text[match.end() :].partition("#")
    rest, question_mark, query = rest.partition("?")
    special = scheme in DEFAULT_PORTS
    userinfo, host, port = "", None, None
    if special:
        rest = rest.lstrip("/\\")
        end = _AUTHORITY_END.search(rest)
        cut = len(rest) if end is None else end.start()
        authority = _authority(rest[:cut], scheme)
        if authority is None or not authority[1]:
            return None
        userinfo, host, port = authority
        path = _segments(rest[cut:].replace("\\", "/"))
    elif scheme == "file":
        host, path = _file(rest.replace("\\", "/"))
        if host is None:
            return None
    elif rest.startswith("//"):
        cut = rest.find("/", 2)
        authority = _authority(rest[2:] if cut < 0 else rest[2:cut], scheme)
        if authority is None:
            return None
        userinfo, host, port = authority
        path = "" if cut < 0 else _segments(rest[cut:])
    else:
        path = _segments(rest) if rest.startswith("/") else _CONTROL.sub(_escape, rest)
    return Url(
        scheme,
        userinfo,
        host,
        port,
        path,
        (_SPECIAL_QUERY if special else _QUERY).sub(_escape, query) if question_mark else None,
        _FRAGMENT.sub(_escape, fragment) if number_sign else None,
    )


def _scalar(text: str) -> str:
    """``text`` with lone surrogates replaced, as JavaScript does before parsing."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _segments(path: str) -> str:
    """A normalised absolute path."""
    if not path:
        return "/"
    done: list[str] = []
    segments = path[1:].split("/")
    last = len(segments) - 1
    for index, segment in enumerate(segments):
        spelling = segment.lower() if len(segment) <= 6 else segment
        if spelling in _DOUBLE_DOT:
            if done:
                done.pop()
            if index == last:
                done.append("")
        elif spelling in _SINGLE_DOT:
            if index == last:
                done.append("")
        else:
            done.append(_PATH.sub(_escape, segment))
    return "/" + "/".join(done)


def _file(rest: str) -> tuple[str | None, str]:
    if not rest.startswith("//"):
        return "", _segments(rest if rest.startswith("/") else f"/{rest}")
    authority, slash, path = rest[2:].partition("/")
    host = _domain(authority) if authority else ""
    return ("" if host == "localhost" else host), _segments(slash + path)


def _authority(text: str, scheme: str) -> tuple[str, str, int | None] | None:
    """User information, host and port; ``None`` when any of them is malformed."""
    userinfo, at, location = text.rpartition("@")
    host, colon, digits = location.rpartition(":")
    if not colon or location.endswith("]"):
        host, digits = location, ""
    if at and not host:
        return None
    port: int | None = None
    if digits:
        number = digits.lstrip("0") or "0"
        if not (digits.isascii() and digits.isdigit()) or len(number) > 5 or int(number) > 65535:
            return None
        port = int(number) if DEFAULT_PORTS.get(scheme) != int(number) else None
    if colon and not host:
        return None
    if scheme in DEFAULT_PORTS or host.startswith("["):
        ascii_host = _domain(host) if host else ""
    else:
        ascii_host = None if _FORBIDDEN_HOST.search(host) else _CONTROL.sub(_escape, host)
    if ascii_host is None:
        return None
    if userinfo:
        user, separator, password = userinfo.partition(":")
        secret = _USERINFO.sub(_escape, password)
        userinfo = _USERINFO.sub(_escape, user) + (f"{separator}{secret}" if secret else "")
    return userinfo, ascii_host, port


def _domain(host: str) -> str | None:
    """The ASCII form of a special scheme's host; ``None`` when it is not one."""
    if host.startswith("["):
        return _ipv6(host)
    if "%" in host:
        host = unquote_to_bytes(host).decode("utf-8", "replace")
    if not host.isascii() or "xn--" in host.lower():
        if len(host) > _LONGEST_IDN:
            return None
        mapped = _to_ascii(host)
        if mapped is None:
            return None
        host = mapped
    host = host.lower()
    if not host or _FORBIDDEN_DOMAIN.search(host) is not None:
        return None
    labels = host.rsplit(".", 2)
    tail = labels[-2] if labels[-1] == "" and len(labels) > 1 else labels[-1]
    if tail[:1].isdigit() and (tail.isdigit() or _ipv4_number(tail) is not None):
        return _ipv4(host)
    return host


def _to_ascii(domain: str) -> str | None:
    """UTS #46 mapping without transitional rules, then Punycode label by label."""
    import idna  # noqa: PLC0415  (its tables are large, and nearly every host is ASCII)

    try:
        mapped = idna.uts46_remap(domain, std3_rules=False, transitional=False)
        labels: list[str] = []
        for label in mapped.split("."):
            if not label.isascii():
                labels.append("xn--" + label.encode("punycode").decode("ascii"))
                continue
            if label.startswith("xn--"):
                unicode_label = label[4:].encode("ascii").decode("punycode")
                remapped = idna.uts46_remap(unicode_label, std3_rules=False, transitional=False)
                if unicode_label.isascii() or remapped != unicode_label or "." in unicode_label:
                    return None
            labels.append(label)
    except (idna.IDNAError, UnicodeError, ValueError, OverflowError, IndexError):
        return None
    return ".".join(labels)


@lru_cache(maxsize=256)
def _ipv6_text(text: str) -> str | None:
    try:
        address = IPv6Address(text)
    except AddressValueError:
        return None
    mapped = address.ipv4_mapped
    if mapped is not None:
        return f"[::ffff:{int(mapped) >> 16:x}:{int(mapped) & 0xFFFF:x}]"
    return f"[{address.compressed}]"


def _ipv6(host: str) -> str | None:
    if not host.endswith("]") or "%" in host or len(host) > _LONGEST_IPV6 + 2:
        return None
    return _ipv6_text(host[1:-1])


def _ipv4_number(text: str) -> int | None:
    """One part of an IPv4 address in decimal, octal (``0``) or hexadecimal (``0x``) digits."""
    if not text or len(text) > _LONGEST_NUMBER or not text.isascii():
        return None
    if text.startswith("0x"):
        base, digits, allowed = 16, text[2:], "0123456789abcdef"
    elif len(text) > 1 and text[0] == "0":
        base, digits, allowed = 8, text[1:], "01234567"
    else:
        base, digits, allowed = 10, text, "0123456789"
    if digits.strip(allowed):
        return None
    return int(digits, base) if digits else 0


def _ipv4(host: str) -> str | None:
    parts = host.removesuffix(".").split(".", 4)
    numbers = [_ipv4_number(part) for part in parts]
    if len(parts) > 4 or None in numbers:
        return None
    *heads, last = [number for number in numbers if number is not None]
    if any(number > 255 for number in heads) or last >= 256 ** (5 - len(parts)):
        return None
    value = last + sum(number << (8 * (3 - index)) for index, number in enumerate(heads))
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))
