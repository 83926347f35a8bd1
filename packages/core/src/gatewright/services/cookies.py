"""The cookies of one instance: names, attributes and the fixed part of each line, worked out once.

Source: contract, cookies.json ``naming`` and ``serialization``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from gatewright.http.cookies import (
    CookieAttributes,
    chunk,
    chunk_names,
    encode_uri_component,
    expire,
    find,
    join,
    parse,
    serialize,
)
from gatewright.settings.advanced import CookieOptions
from gatewright.settings.derived import cookie_domain, secure_cookies, session_copy
from gatewright.settings.session import CookieCache
from gatewright.settings.settings import Settings

__all__ = ("Cookie", "CookieSpec", "Cookies")


_SAME_SITE: Mapping[str, Literal["strict", "lax", "none"]] = {"strict": "strict", "lax": "lax", "none": "none"}


@dataclass(frozen=True, slots=True)
class CookieSpec:
    """A cookie that the core or a plugin uses.

    Attributes:
        name: Without prefix, as ``session_token``.
        max_age: Seconds, or ``None`` for a cookie of the browser's session.
        attributes: Where it differs from the instance's other cookies.
    """

    name: str
    max_age: int | None = None
    attributes: CookieOptions | None = None


class Cookie:
    """One cookie of an instance.

    Attributes:
        name: The full name, prefixes included.
        max_age: Seconds, unless a line says otherwise.
        gone: The line that makes a browser forget it.
    """

    __slots__ = ("_lasting", "_passing", "attributes", "gone", "max_age", "name")

    def __init__(self, name: str, attributes: CookieAttributes) -> None:
        self.name = name
        self.attributes = attributes
        self.max_age = attributes.max_age
        self._lasting = serialize(name, "", attributes)[len(name) + 1 :]
        self._passing = serialize(name, "", replace(attributes, max_age=None))[len(name) + 1 :]
        self.gone = expire(name, attributes)

    def read(self, header: str) -> str | None:
        """The value in a ``Cookie`` header, percent-decoded, or ``None``."""
        return find(header, self.name)

    def line(self, value: str, *, max_age: int | None = None, session: bool = False) -> str:
        """The ``Set-Cookie`` line that gives the cookie this value."""
        if session:
            return f"{self.name}={encode_uri_component(value)}{self._passing}"
        if max_age is None or max_age == self.max_age:
            return f"{self.name}={encode_uri_component(value)}{self._lasting}"
        return serialize(self.name, value, replace(self.attributes, max_age=max_age))

    def read_long(self, header: str) -> str | None:
        """The value in a ``Cookie`` header, its chunks joined, or ``None``."""
        value = find(header, self.name)
        if value or f"{self.name}." not in header:
            return value
        return join(parse(header), self.name)

    def long_lines(
        self, value: str, header: str | None, *, max_age: int | None = None, session: bool = False
    ) -> dict[str, str]:
        """The ``Set-Cookie`` lines by cookie name that give the cookie a value which one line may not hold.

        Args:
            value: Text.
            header: The caller's ``Cookie`` header; what it holds beside the new lines is cleared.
            max_age: Seconds, where they differ from the cookie's own.
            session: Without ``Max-Age``.

        Returns:
            Lines; a value that is too long for chunks is not sent, only cleared.
        """
        attributes = replace(self.attributes, max_age=None if session else max_age or self.max_age)
        lines = {} if header is None else self.gone_lines(header)
        for line in chunk(self.name, value, attributes):
            lines[line.partition("=")[0]] = line
        return lines

    def gone_lines(self, header: str) -> dict[str, str]:
        """The lines by cookie name that make a browser forget what its ``Cookie`` header holds of this cookie."""
        if self.name not in header:
            return {}
        held = parse(header)
        lines = {self.name: self.gone} if self.name in held else {}
        return lines | {name: expire(name, self.attributes) for name in chunk_names(held, self.name)}


class Cookies:
    """Makes the cookies of one instance from its settings.

    Args:
        settings: Of the instance.
        copies: How sessions are copied into cookies, where it differs from what ``settings`` say.
    """

    __slots__ = (
        "_base",
        "_overrides",
        "_prefix",
        "_secure_prefix",
        "account_data",
        "dont_remember",
        "session_data",
        "session_token",
    )

    def __init__(self, settings: Settings, copies: CookieCache | None = None) -> None:
        advanced = settings.advanced
        secure = secure_cookies(settings)
        self._secure_prefix = "__Secure-" if secure else ""
        self._prefix = advanced.cookie_prefix
        # Settings refuse to be shared cookies without a domain.
        domain = cookie_domain(settings)
        base = CookieAttributes(secure=secure, same_site="lax", path="/", http_only=True, domain=domain)
        self._base = _merge(base, advanced.default_cookie_attributes)
        self._overrides = advanced.cookies or {}
        self.session_token = self.make(CookieSpec("session_token", settings.session.expires_in))
        cache_age = (copies or session_copy(settings.session, stateless=False)).max_age
        self.session_data = self.make(CookieSpec("session_data", cache_age))
        self.account_data = self.make(CookieSpec("account_data", cache_age))
        self.dont_remember = self.make(CookieSpec("dont_remember"))

    def make(self, spec: CookieSpec) -> Cookie:
        """A cookie of this instance."""
        override = self._overrides.get(spec.name)
        name = f"{self._prefix}.{spec.name}"
        attributes = replace(_merge(self._base, spec.attributes), max_age=spec.max_age)
        if override is not None:
            name = override.name or name
            attributes = _merge(attributes, override.attributes)
        return Cookie(self._secure_prefix + name, attributes)


def _merge(attributes: CookieAttributes, more: CookieOptions | None) -> CookieAttributes:
    if more is None:
        return attributes
    return CookieAttributes(
        max_age=attributes.max_age if more.max_age is None else more.max_age,
        domain=attributes.domain if more.domain is None else more.domain,
        path=attributes.path if more.path is None else more.path,
        expires=attributes.expires if more.expires is None else more.expires,
        http_only=attributes.http_only if more.http_only is None else more.http_only,
        secure=attributes.secure if more.secure is None else more.secure,
        same_site=attributes.same_site if more.same_site is None else _SAME_SITE[more.same_site.lower()],
        partitioned=attributes.partitioned if more.partitioned is None else more.partitioned,
    )
