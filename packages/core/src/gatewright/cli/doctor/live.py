"""Whether the deployment takes itself for what the world sees: scheme, host and clock, through every proxy in front.

Asks ``/ok``, and signs nobody out, twice: ``/sign-out`` without a session changes nothing and tells by its answer which
origin and which scheme the instance believes in. Source: RFC 9110 §6.6.1 (``Date``), RFC 6797, contract ``/ok`` and ``/sign-out``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx

from gatewright.cli.doctor.finding import LOCAL, Finding, note, problem, warning
from gatewright.http.base_url import BaseURL

__all__ = ("TIMEOUT", "Unreachable", "live")

TIMEOUT = httpx.Timeout(5.0)
SKEW_SECONDS = 5
BROKEN_SECONDS = 60
FORGED = "doctor.invalid"
"""A host that nobody can have (RFC 2606 §2)."""


class Unreachable(Exception):
    """The deployment does not answer; the text says how."""


async def live(base: BaseURL, http: httpx.AsyncClient, now: datetime) -> list[Finding]:
    """What the deployment at ``base`` shows of itself.

    Args:
        base: As the world reaches it.
        http: Follows no redirects.
        now: Aware UTC time.

    Raises:
        Unreachable: It gives no answer at all.
    """
    try:
        answer = await http.get(f"{base.url}/ok")
    except httpx.HTTPError as error:
        raise Unreachable(f"{base.url} does not answer: {type(error).__name__}") from None
    if answer.status_code != 200 or b'"ok":true' not in answer.content.replace(b" ", b""):
        told = f"{base.url}/ok answers {answer.status_code}, and nothing of ours."
        return [
            problem("live", told, "Look whether the proxy passes the whole path on, and which application answers.")
        ]
    found = [*_clock(answer, now), *_transport(base, answer)]
    try:
        found += [*await _own(base, http), *await _forged(base, http), *await _plain(base, http)]
    except httpx.HTTPError as error:
        raise Unreachable(f"{base.url} stopped answering: {type(error).__name__}") from None
    return found


def _clock(answer: httpx.Response, now: datetime) -> Iterable[Finding]:
    try:
        there = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return
    skew = abs((there - now).total_seconds())
    if skew > SKEW_SECONDS:
        yield (problem if skew > BROKEN_SECONDS else warning)(
            "clock",
            f"The clocks of the deployment and of this machine differ by {int(skew)} s.",
            "Let both follow NTP: one-time codes and tokens last only minutes.",
        )


def _transport(base: BaseURL, answer: httpx.Response) -> Iterable[Finding]:
    if base.secure and "strict-transport-security" not in answer.headers:
        yield note(
            "live",
            "A browser's first request may go out without TLS: there is no Strict-Transport-Security.",
            "Add it.",
        )


async def _own(base: BaseURL, http: httpx.AsyncClient) -> Iterable[Finding]:
    answer = await _signed_out(base, http, {"origin": base.origin})
    if answer.status_code == 403:
        told = f"The instance does not take {base.origin} for its own: it sees another scheme or host."
        remedy = "Let the proxy pass Host on and set X-Forwarded-Proto, name it in advanced.proxy, or set base_url."
        return [problem("proxy", told, remedy)]
    if answer.status_code == 400:
        told = f"The instance refuses the host of {base.origin}."
        return [problem("proxy", told, "Name it in base_url.allowed_hosts, and let the proxy pass Host on.")]
    lines = answer.headers.get_list("set-cookie")
    if base.secure and any("; secure" not in line.lower() for line in lines):
        told = "The site is https, and the instance takes the connection for http: its cookies are not Secure."
        return [problem("proxy", told, "Let the proxy set X-Forwarded-Proto and name it in advanced.proxy.")]
    return []


async def _forged(base: BaseURL, http: httpx.AsyncClient) -> Iterable[Finding]:
    origin = f"https://{FORGED}"
    forged = {"origin": origin, "x-forwarded-host": FORGED, "x-forwarded-proto": "https"}
    answer = await _signed_out(base, http, forged)
    if answer.status_code != 200:
        return []
    told = "Anybody can tell the instance which host it is: X-Forwarded-Host of a client was believed."
    return [
        problem("proxy", told, "Let the proxy overwrite that header, or set base_url; trust no headers from clients.")
    ]


async def _plain(base: BaseURL, http: httpx.AsyncClient) -> Iterable[Finding]:
    host = httpx.URL(base.origin).host
    if not base.secure or host in LOCAL or httpx.URL(base.origin).port is not None:
        return []
    try:
        answer = await http.get(f"http://{host}{base.base_path}/ok")
    except httpx.HTTPError:
        return []
    if answer.status_code != 200:
        return []
    return [warning("live", f"http://{host} answers without TLS as well.", "Redirect it to https.")]


async def _signed_out(base: BaseURL, http: httpx.AsyncClient, headers: dict[str, str]) -> httpx.Response:
    # Origins are checked where a cookie comes along; this one is nobody's.
    return await http.post(f"{base.url}/sign-out", json={}, headers={"cookie": "doctor=1", **headers})
