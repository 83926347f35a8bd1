"""Which origins and addresses an instance trusts. Patterns are compiled once; matching is linear.

Source: contract, endpoints.json ``conventions.trusted_origin_rules``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from gatewright.http.address import Address, origin_of, parse_address

__all__ = ("TrustedOrigins", "origin_of")

_RELATIVE = re.compile(r"/(?!/|\\|%2f|%5c)[\w\-.+/@]*(?:\?[\w\-.+/=&%@]*)?", re.ASCII | re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class _Pattern:
    """One trusted origin, as configured."""

    __slots__ = ("_address", "_glob", "_origin", "_whole")

    def __init__(self, text: str) -> None:
        self._address: Address | None = None
        self._glob: re.Pattern[str] | None = None
        self._origin = ""
        self._whole = "://" in text
        wild = "*" in text or "?" in text
        scheme = text.partition("://")[0].lower() if self._whole else ""
        if self._whole and scheme not in ("http", "https") and "*" not in scheme and "?" not in scheme:
            if wild:
                self._glob = _compile(text.lower() if "/" not in text.partition("://")[2] else text, custom=True)
            else:
                self._address = parse_address(text)
        elif wild:
            self._glob = _compile(text.lower().rstrip("/"), custom=False)
        else:
            self._origin = origin_of(text) or text

    def matches(self, address: Address) -> bool:
        if self._address is not None:
            return _within(self._address, address)
        if self._glob is not None:
            if not self._whole:
                return address.special and self._glob.fullmatch(address.authority) is not None
            if address.special:
                return self._glob.fullmatch(address.origin) is not None
            whole = f"{address.scheme}://{address.authority}{_resolved(address.path)}"
            return self._glob.fullmatch(whole) is not None
        return address.special and address.origin == self._origin


class TrustedOrigins:
    """A set of trusted origins.

    Args:
        patterns: ``https://app.example.com``, ``https://*.example.com``, ``*.example.com``, ``myapp://``.
    """

    __slots__ = ("_exact", "_patterns", "texts")

    def __init__(self, patterns: Iterable[str]) -> None:
        self.texts = tuple(dict.fromkeys(text for text in patterns if text))
        self._patterns = tuple(_pattern(text) for text in self.texts)
        self._exact = frozenset(
            text for text in self.texts if "*" not in text and "?" not in text and origin_of(text) == text
        )

    def plus(self, more: Iterable[str]) -> TrustedOrigins:
        """These and more; patterns that were seen before are not compiled again."""
        added = tuple(text for text in more if text and text not in self.texts)
        return _joined(self.texts + added) if added else self

    def allows_origin(self, origin: str) -> bool:
        """Whether an ``Origin`` header names a trusted origin."""
        if origin in self._exact:
            return True
        if _CONTROL.search(origin) or "," in origin:
            return False
        return self._allows(origin)

    def allows_url(self, url: str, *, relative: bool) -> bool:
        """Whether an address leads to a trusted origin.

        Args:
            url: As somebody sent it.
            relative: Whether a path on the instance's own origin will do.
        """
        if relative and url.startswith("/"):
            return _RELATIVE.fullmatch(url) is not None and not _resolved(url.partition("?")[0]).startswith("//")
        if _CONTROL.search(url) or "\\" in url:
            return False
        return self._allows(url)

    def _allows(self, text: str) -> bool:
        address = parse_address(text)
        return address is not None and any(pattern.matches(address) for pattern in self._patterns)

    def __repr__(self) -> str:
        return f"TrustedOrigins({', '.join(self.texts)})"


@lru_cache(maxsize=1024)
def _pattern(text: str) -> _Pattern:
    return _Pattern(text)


@lru_cache(maxsize=256)
def _joined(texts: tuple[str, ...]) -> TrustedOrigins:
    return TrustedOrigins(texts)


def _compile(text: str, *, custom: bool) -> re.Pattern[str]:
    # In an address of an application's own scheme a star stays within one label, so that what follows an address
    # of the local network cannot be another host; two stars are the rest.
    one, single = (r"[^./:@?#\\]*", r"[^./:@?#\\]") if custom else (r"[^/@?#\\]*", r"[^/@?#\\]")
    stands_for = {"**": r"[^\s]*", "*": one, "?": single}
    pieces: list[str] = re.findall(r"\*\*|\*|\?|[^*?]+", text)
    return re.compile("".join(stands_for.get(piece) or re.escape(piece) for piece in pieces))


def _within(pattern: Address, address: Address) -> bool:
    if pattern.scheme != address.scheme or (pattern.authority and pattern.authority != address.authority):
        return False
    base = pattern.path.rstrip("/")
    path = _resolved(address.path)
    return not base or path == base or path.startswith(base + "/")


def _resolved(path: str) -> str:
    """The path with dot segments removed; how many slashes it begins with is kept."""
    if not path:
        return path
    path = re.split(r"[?#]", path, maxsplit=1)[0]
    parts: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            if parts:
                parts.pop()
        elif segment != ".":
            parts.append(segment)
    return "/" + "/".join(parts)
