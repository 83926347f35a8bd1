"""Whether the address, the proxy in front, the number of processes and the switches fit together."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from gatewright.cli.doctor.finding import LOCAL, Finding, Subject, note, problem, warning
from gatewright.services.cache_deadline import CacheDeadline
from gatewright.settings import DynamicBaseURL, derived

__all__ = ("address", "proxy", "switches", "workers")

_IN_MEMORY = ("MemoryAdapter", "MemoryCache")


def address(subject: Subject) -> Iterable[Finding]:
    """Where the instance says that it is."""
    base = subject.settings.base_url
    if isinstance(base, DynamicBaseURL):
        if any(host in ("*", "**") for host in base.allowed_hosts):
            yield problem(
                "address",
                "Any host may be the instance's own: links in mails lead wherever a request says.",
                "Name the hosts in base_url.allowed_hosts.",
            )
    elif base is None:
        yield problem(
            "address",
            "The address is taken from each request: links in mails and callback URLs are what a request says.",
            "Set base_url, or name the hosts in base_url.allowed_hosts.",
        )
    elif subject.local:
        yield note(
            "address", f"The instance is at {base}, which only this machine reaches.", "Set base_url for others."
        )
    elif not base.lower().startswith("https://"):
        yield problem(
            "address", "Passwords and sessions travel in the clear: base_url is http.", "Serve https, and say so there."
        )


def proxy(subject: Subject) -> Iterable[Finding]:
    """Whether what a proxy forwards is believed, and nobody else's word."""
    advanced = subject.settings.advanced
    behind = advanced.proxy is not None or bool(advanced.ip_address.trusted_proxies)
    dynamic = isinstance(subject.settings.base_url, DynamicBaseURL)
    # Unless it is said, an instance that takes its address from each request believes proxies (contract).
    believes = dynamic if advanced.trusted_proxy_headers is None else advanced.trusted_proxy_headers
    if believes and advanced.proxy is None and subject.plan.base is None:
        yield warning(
            "proxy",
            "X-Forwarded-Host and X-Forwarded-Proto are believed whoever sends them.",
            "Name the proxy in advanced.proxy, whose connections alone count then, or set trusted_proxy_headers=False.",
        )
    if not behind and not subject.local and not advanced.ip_address.disable_ip_tracking:
        told = "all users count as one" if derived.rate_limited(subject.settings) else "every session has one address"
        yield warning(
            "proxy",
            f"No proxy is named. Behind one, every client has the proxy's address: {told}.",
            "Name it in advanced.proxy, or its addresses in advanced.ip_address.trusted_proxies.",
        )


def workers(subject: Subject) -> Iterable[Finding]:
    """Whether several processes share what they must."""
    adapter = type(subject.auth.adapter).__name__
    cache = subject.auth.services.cache
    if isinstance(cache, CacheDeadline):
        cache = cache.store
    storage = derived.rate_limit_storage(subject.settings, has_cache=cache is not None)
    several = subject.workers > 1
    if adapter in _IN_MEMORY and not subject.plan.stateless:
        yield (problem if several else warning)(
            "workers",
            f"{adapter} keeps users in memory: {'each process has its own' if several else 'they end with the process'}.",
            "Use gatewright_adapters.sqlalchemy.",
        )
    if several and cache is not None and type(cache).__name__ in _IN_MEMORY:
        yield problem(
            "workers",
            "The secondary storage is in memory: a session that one process keeps is unknown to the others.",
            "Use gatewright_adapters.redis.",
        )
    if several and derived.rate_limited(subject.settings) and storage == "memory":
        yield warning(
            "workers",
            f"Each of {subject.workers} processes counts requests for itself: limits are {subject.workers} times as high.",
            "Choose rate_limit.storage='database' or 'secondary-storage'.",
        )


def switches(subject: Subject) -> Iterable[Finding]:
    """Protections that are off."""
    settings = subject.settings
    advanced = settings.advanced
    if advanced.disable_csrf_check or advanced.disable_origin_check is True:
        yield problem(
            "switches",
            "Any site's pages can act for whoever is signed in: the check of origins is off.",
            "Leave advanced.disable_csrf_check and disable_origin_check unset; trust origins by name.",
        )
    elif advanced.disable_origin_check:
        paths = ", ".join(advanced.disable_origin_check)
        yield warning("switches", f"Origins are not checked at {paths}.", "Trust origins by name instead.")
    if not derived.rate_limited(settings):
        yield (note if subject.local else warning)(
            "switches", "Requests are not counted: passwords can be guessed at any speed.", "Set production=True."
        )
    if not advanced.security_headers:
        yield warning("switches", "Answers may be kept by caches: security_headers is off.", "Leave it on.")
    own = None if subject.plan.base is None else subject.plan.base.origin
    for pattern in subject.plan.origins.patterns:
        parts = urlsplit(pattern.text)
        if pattern.kind == "glob" and pattern.text.partition("://")[2].strip("*.") == "":
            yield problem("switches", f"{pattern.text} trusts every site.", "Trust origins by name.")
        elif parts.scheme == "http" and parts.hostname not in LOCAL and pattern.text != own and not subject.local:
            yield warning(
                "switches", f"{pattern.text} is trusted without TLS: whoever is on the way can be it.", "Trust https."
            )
