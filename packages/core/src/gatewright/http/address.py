"""Addresses as browsers read them: what a text really points at, before anything is decided about it.

Follows the WHATWG URL standard as far as deciding needs it: leading and trailing blanks, tabs and newlines inside,
backslashes, user-info, IDNA mapping, default ports. Source: https://url.spec.whatwg.org/#url-parsing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

import idna

__all__ = ("Address", "origin_of", "parse_address")

MAX_LENGTH = 8192
"""Longest address that is looked at, in characters; longer ones point nowhere."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_SPECIAL_PORTS = {"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21"}
_FORBIDDEN_IN_HOST = frozenset("\x00\t\n\r #%/:<>?@[\\]^|")
_PORT = re.compile(r"[0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class Address:
    """An absolute address, taken apart.

    Attributes:
        scheme: In lower case.
        host: In lower case, IDNA-mapped; empty where there is none.
        port: Digits, or empty for the default port.
        path: As written; ``.`` and ``..`` are not resolved.
        special: A scheme whose addresses always have a host (``http``, ``https``, ...).
    """

    scheme: str
    host: str
    port: str
    path: str
    special: bool

    @property
    def authority(self) -> str:
        """Host, and port where it is not the default."""
        return f"{self.host}:{self.port}" if self.port else self.host

    @property
    def origin(self) -> str:
        """``scheme://host[:port]``, or ``null`` where browsers have none."""
        return f"{self.scheme}://{self.authority}" if self.special else "null"


@lru_cache(maxsize=512)
def parse_address(text: str) -> Address | None:
    """What ``text`` points at, or ``None`` where a browser would refuse it or it is relative."""
    if len(text) > MAX_LENGTH:
        return None
    text = text.strip("".join(map(chr, range(0x21))))
    text = text.replace("\t", "").replace("\n", "").replace("\r", "")
    match = _SCHEME.match(text)
    if match is None:
        return None
    scheme = match[1].lower()
    rest = text[match.end() :]
    special = scheme in _SPECIAL_PORTS
    if special:
        rest = rest.lstrip("/\\")
        stop = re.search(r"[/\\?#]", rest)
    elif rest.startswith("//"):
        rest = rest[2:]
        stop = re.search(r"[/?#]", rest)
    else:
        return Address(scheme, "", "", rest, special=False)
    authority, path = (rest, "") if stop is None else (rest[: stop.start()], rest[stop.start() :])
    host_and_port = authority.rpartition("@")[2]
    host, port = _split_port(host_and_port)
    if host is None or _PORT.fullmatch(port) is None or (port and int(port) > 65535):
        return None
    mapped = _host(host, special=special)
    if mapped is None or (special and not mapped):
        return None
    port = str(int(port)) if port else ""
    if port == _SPECIAL_PORTS.get(scheme):
        port = ""
    return Address(scheme, mapped, port, path, special)


def origin_of(text: str) -> str | None:
    """The origin of an address as JavaScript gives it, ``null`` included; ``None`` for what is no address."""
    address = parse_address(text)
    return None if address is None else address.origin


def _split_port(text: str) -> tuple[str | None, str]:
    if text.startswith("["):
        inside, closed, port = text.partition("]")
        if not closed or (port and not port.startswith(":")):
            return None, ""
        return f"{inside}]", port[1:]
    host, _, port = text.partition(":")
    return host, port


def _host(text: str, *, special: bool) -> str | None:
    if text.startswith("["):
        return text.lower() if re.fullmatch(r"\[[0-9A-Fa-f:.]+\]", text) else None
    if not special:
        return None if _FORBIDDEN_IN_HOST & set(text) - {"%"} else text.lower()
    try:
        decoded = unquote(text, errors="strict")
        ascii_only = decoded.isascii()
        mapped = decoded.lower() if ascii_only else idna.encode(decoded, uts46=True, transitional=False).decode()
    except (UnicodeError, idna.IDNAError):
        return None
    return None if _FORBIDDEN_IN_HOST & set(mapped) or len(mapped) > 255 else mapped
