"""Whether browsers take the cookies, send them back, and send them nowhere else.

Source: draft-ietf-httpbis-rfc6265bis §5.6 and §5.7 (public suffixes, ``Secure``, name prefixes, ``SameSite``); the list of
public suffixes, where the library that brings it is installed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Protocol, cast
from urllib.parse import urlsplit

from gatewright.cli.doctor.finding import Finding, Subject, note, problem, warning
from gatewright.services.cookies import Cookie

__all__ = ("cookies", "site_of")


class _Suffixes(Protocol):
    def is_public(self, domain: str, /) -> bool: ...
    def privatesuffix(self, domain: str, /) -> str | None: ...


def cookies(subject: Subject) -> Iterable[Finding]:
    """The session's cookie, as every other one follows it, then those that differ."""
    base = subject.plan.base
    kept = subject.plan.cookies
    every = (kept.session_token, kept.session_data, kept.account_data, kept.dont_remember, *subject.plan.plugin_cookies)
    token = kept.session_token
    if base is not None and base.secure and not token.attributes.secure:
        yield problem(
            "cookies",
            "The site is https, and the session's cookie is sent without TLS as well.",
            "Leave advanced.use_secure_cookies and the cookies' own secure unset.",
        )
    if base is not None and not base.secure and token.attributes.secure:
        yield (note if subject.local else problem)(
            "cookies",
            f"The site is http, and {'some browsers' if subject.local else 'browsers'} take no Secure cookie from it.",
            "Serve it over https, or leave advanced.use_secure_cookies unset.",
        )
    if not token.attributes.http_only:
        yield warning("cookies", "Scripts can read the session's cookie.", "Leave http_only unset.")
    for domain in dict.fromkeys(each.attributes.domain for each in every if each.attributes.domain):
        yield from _of_domain(subject, domain)
    yield from _prefixed(every, plain=base is not None and not base.secure)
    yield from _across_sites(subject, token)


def _of_domain(subject: Subject, domain: str) -> Iterable[Finding]:
    name = domain.lstrip(".").lower()
    suffixes = _suffixes()
    if _is_address(name):
        yield problem(
            "cookies", f"Browsers take no cookie for the address {name}.", "Name a domain, or share no cookies."
        )
    elif suffixes is not None and suffixes.is_public(name) and name != "localhost":
        yield problem(
            "cookies",
            f"Browsers refuse cookies for {name}: it is a public suffix, which belongs to everybody.",
            "Name the domain that you own in advanced.cross_sub_domain_cookies.",
        )
    elif suffixes is None:
        yield note(
            "cookies",
            f"Whether {name} is a public suffix was not looked up.",
            "Install publicsuffixlist, which the extra cli brings.",
        )
    if subject.host is not None and subject.host != name and not subject.host.endswith(f".{name}"):
        yield problem(
            "cookies",
            f"Browsers refuse cookies for {name} from {subject.host}, which is not below it.",
            "Name a domain that base_url is below.",
        )


def _prefixed(every: Iterable[Cookie], *, plain: bool) -> Iterable[Finding]:
    for each in every:
        if each.name.startswith("__Host-") and each.attributes.domain:
            yield warning(
                "cookies",
                f"{each.name} stays on its host, although cookies are shared: a name that begins so has no domain.",
                "Give it another name, or share no cookies.",
            )
        # Whose name begins so is Secure, whatever its attributes say.
        if plain and each.name.startswith(("__Host-", "__Secure-")) and not each.attributes.secure:
            yield problem(
                "cookies",
                f"The site is http, and browsers refuse {each.name}: a name that begins so is Secure.",
                "Give it another name, or serve https.",
            )


def _across_sites(subject: Subject, token: Cookie) -> Iterable[Finding]:
    """Pages of other sites that are trusted, and what the session's cookie does for them."""
    none = (token.attributes.same_site or "").lower() == "none"
    if none:
        yield note(
            "cookies",
            "Every site's requests carry the session's cookie (SameSite=None).",
            "Keep the checks of origins on: they alone protect you. Consider partitioned=True.",
        )
    own = None if subject.host is None else site_of(subject.host)
    for pattern in subject.plan.origins.patterns:
        parts = urlsplit(pattern.text)
        if none or own is None or pattern.kind != "exact" or parts.hostname is None:
            continue
        if site_of(parts.hostname) != own:
            yield warning(
                "cookies",
                f"{pattern.text} is trusted, and its pages' requests carry no session: it is another site than {own}.",
                "Serve both below one domain, or choose same_site='none' in advanced.default_cookie_attributes.",
            )


def site_of(host: str) -> str:
    """The domain that somebody owns; the host itself where that is not known."""
    suffixes = _suffixes()
    if suffixes is None or _is_address(host):
        return host
    return suffixes.privatesuffix(host) or host


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@cache
def _suffixes() -> _Suffixes | None:
    """The list of public suffixes, private ones such as ``github.io`` included, as browsers have it."""
    if find_spec("publicsuffixlist") is None:
        return None
    return cast("_Suffixes", import_module("publicsuffixlist").PublicSuffixList())
