"""Trusted origins: patterns compiled once, and the question whether a URL belongs to one of them.

It reads no requests; the CSRF guard and ``redirects`` ask it. Source: contract ``trusted_origin_rules``. Stricter than
upstream in four places: URLs with control characters or over 16 KiB are never trusted, schemes that run code are never
trusted, a pattern without scheme speaks of ``http`` and ``https`` only, and a wildcard inside an IPv4 address stands for digits.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from gatewright.http.glob import Glob, compile_glob, glob_matches
from gatewright.http.url import DEFAULT_PORTS, Url, origin_of, parse_url

__all__ = ("MAX_URL_LENGTH", "CompiledPattern", "TrustedOrigins", "compile_pattern", "origin_of")

MAX_URL_LENGTH: Final = 16_384  # characters; longer ones do not survive proxies either

# Contract trusted_origin_rules.relative. The look-ahead is what keeps the path from being an authority.
_RELATIVE: Final = re.compile(r"/(?!/|\\|%2f|%5c)[\w\-.+/@]*(?:\?[\w\-.+/=&%@]*)?", re.ASCII | re.IGNORECASE)
# Controls, line separators and lone surrogates: not in any URL, and some of them end a header line.
_NEVER: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_RUNS_CODE: Final = frozenset({"javascript", "vbscript", "data", "blob", "filesystem", "about", "view-source"})
_WEB: Final = frozenset({"http", "https"})
_IPV4_GLOB: Final = re.compile(r"(?=[^:]*\d)[\d*?]+(?:\.[\d*?]+)+(?::.*)?")
_IPV4_HOST: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?")


@dataclass(frozen=True, slots=True)
class CompiledPattern:
    """One trusted-origin pattern, ready to be matched.

    Attributes:
        text: The pattern as configured.
        kind: ``exact`` (a web origin), ``glob`` (with wildcards), ``scheme`` (an application's own URL scheme), or ``other``
            (anything else: no URL ever matches it).
        segments: Of a glob: its pieces.
        whole: Of a glob: matched against the whole origin, not only the host.
        digits: Of a glob: it describes IPv4 addresses, so the host must be one.
        url: Of a scheme: the parsed pattern.
    """

    text: str
    kind: str
    segments: Glob = ()
    whole: bool = False
    digits: bool = False
    url: Url | None = None

    def matches(self, url: Url, origin: str | None) -> bool:
        """Whether a parsed URL belongs to this pattern.

        Args:
            url: The URL, of a scheme that does not run code.
            origin: Its origin; ``None`` for schemes that have none.
        """
        if self.kind == "exact":
            return origin == self.text
        if self.kind != "glob":
            return self.url is not None and _below(url, self.url)
        if not url.host or (self.digits and _IPV4_HOST.fullmatch(url.authority) is None):
            return False
        if not self.whole:
            return url.scheme in _WEB and self.matches_host(url.authority)
        if origin is not None:
            return glob_matches(self.segments, origin.split("/"))
        return not url.userinfo and glob_matches(self.segments, f"{url.scheme}://{url.authority}{url.path}".split("/"))

    def matches_host(self, host: str) -> bool:
        """Whether a host (with port where it is not the default) is the pattern's, which must hold no scheme.

        Args:
            host: Well-formed host in lower case.
        """
        if self.kind != "glob":
            return host == self.text
        return (not self.digits or _IPV4_HOST.fullmatch(host) is not None) and glob_matches(self.segments, [host])


@lru_cache(maxsize=1024)
def compile_pattern(text: str) -> CompiledPattern:
    """Compile one pattern; patterns that recur from request to request are compiled once.

    Args:
        text: ``https://app.example.com``, ``https://*.example.com``, ``*.example.com``, ``http://localhost:*``, ``myapp://``,
            ``myapp://host/path`` or ``exp://10.0.0.*:*/**``.
    """
    _, separator, rest = text.partition("://")
    if "*" in text or "?" in text:
        return CompiledPattern(
            text,
            "glob",
            segments=compile_glob(text),
            whole=bool(separator),
            digits=_IPV4_GLOB.fullmatch((rest if separator else text).partition("/")[0]) is not None,
        )
    url = parse_url(text)
    if url is None or url.scheme in DEFAULT_PORTS or url.scheme in _RUNS_CODE:
        # Equality only: https://a.example/ and https://A.example are spelt as no browser spells an origin.
        return CompiledPattern(text, "exact" if url is not None and url.origin == text else "other")
    return CompiledPattern(text, "scheme", url=url)


def _below(url: Url, pattern: Url) -> bool:
    """Whether a URL of an application's own scheme is the pattern's or below it."""
    if url.scheme != pattern.scheme:
        return False
    if pattern.host and (url.userinfo or url.authority.lower() != pattern.authority.lower()):
        return False
    above = pattern.path.rstrip("/")
    if not above:
        return True
    if "\\" in url.path or ".." in url.path.split("/"):
        return False
    return url.path == above or url.path.startswith(f"{above}/")


class TrustedOrigins:
    """The origins that may send requests with cookies and that redirects may go to."""

    __slots__ = ("_exact", "_others", "patterns")

    def __init__(self, patterns: Iterable[str | CompiledPattern]) -> None:
        """Compile a list.

        Args:
            patterns: Origins and wildcard patterns; empty texts are passed over.
        """
        compiled = [compile_pattern(each) if isinstance(each, str) else each for each in patterns if each]
        self.patterns = tuple(compiled)
        self._exact = frozenset(each.text for each in compiled if each.kind == "exact")
        self._others = tuple(each for each in compiled if each.kind in {"glob", "scheme"})

    def including(self, patterns: Iterable[str | None]) -> "TrustedOrigins":
        """This list and more, as an application's function returns them for one request."""
        more = [each for each in patterns if each]
        return TrustedOrigins((*self.patterns, *more)) if more else self

    def allows_origin(self, origin: str) -> bool:
        """Whether an ``Origin`` (or ``Referer``) header names a trusted origin.

        Args:
            origin: The header's value. Two values, ``null`` and anything relative are refused.
        """
        if origin in self._exact:
            return True
        return " " not in origin and self._allows(origin)

    def allows_url(self, url: str, *, relative: bool) -> bool:
        """Whether a browser may be sent to a URL.

        Args:
            url: The URL as the caller gave it.
            relative: Paths on this server are allowed too.
        """
        if url.startswith("/"):
            return relative and len(url) <= MAX_URL_LENGTH and _is_safe_path(url)
        return self._allows(url)

    def _allows(self, text: str) -> bool:
        if len(text) > MAX_URL_LENGTH or _NEVER.search(text) is not None:
            return False
        url = parse_url(text)
        if url is None or url.scheme in _RUNS_CODE:
            return False
        origin = url.origin
        return origin in self._exact or any(pattern.matches(url, origin) for pattern in self._others)

    def __repr__(self) -> str:
        return f"TrustedOrigins({[each.text for each in self.patterns]!r})"


def _is_safe_path(path: str) -> bool:
    if _RELATIVE.fullmatch(path) is None:
        return False
    # Once a browser has removed the dot segments, what is left must not begin like an authority: /.//evil.example
    url = parse_url(f"http://base.invalid{path}")
    return url is not None and not url.path.startswith("//")
