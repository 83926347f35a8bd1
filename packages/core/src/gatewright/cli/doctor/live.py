"""Whether the deployment takes itself for what the world sees: scheme, host and clock, through every proxy in front.

Asks ``/ok``, comes back from a sign-in that nobody has begun, and signs nobody out. None of it changes anything, and the
answers tell which origin the instance takes for its own. Source: RFC 9110 §6.6.1 (``Date``), RFC 6797, contract ``/ok``,
``/callback/{id}`` and ``/sign-out``.
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
    if answer.status_code == 400 and b"Invalid host" in answer.content:
        told = f"The instance refuses the host of {base.origin}."
        return [problem("proxy", told, "Name it in base_url.allowed_hosts, and let the proxy pass Host on.")]
    if answer.status_code != 200 or b'"ok":true' not in answer.content.replace(b" ", b""):
        told = f"{base.url}/ok answers {answer.status_code}, and nothing of ours."
        return [
            problem("live", told, "Look whether the proxy passes the whole path on, and which application answers.")
        ]
    found = [*_clock(answer, now), *_transport(base, answer)]
    try:
        found += [*await _address(base, http), *await _cookies(base, http), *await _plain(base, http)]
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


async def _address(base: BaseURL, http: httpx.AsyncClient) -> list[Finding]:
    """What the instance calls itself, and whether a client can change that."""
    own = await _called(base, http)
    if own is None:
        return [
            note(
                "proxy", "What the instance calls itself cannot be seen: its errors go elsewhere.", "Try a mailed link."
            )
        ]
    if own != base.origin:
        told = f"The instance takes itself for {own}: links in mails and callback URLs lead there."
        remedy = "Set base_url, or let the proxy pass Host on and set X-Forwarded-Proto, and name it in advanced.proxy."
        return [problem("proxy", told, remedy)]
    found: list[Finding] = []
    for header, value in (("x-forwarded-host", FORGED), ("x-forwarded-proto", "http" if base.secure else "https")):
        if await _called(base, http, {header: value}) != own:
            told = f"A client's own {header} was believed: anybody can tell the instance where it is."
            found.append(problem("proxy", told, "Let the proxy overwrite that header, or set base_url."))
    return found


async def _called(base: BaseURL, http: httpx.AsyncClient, headers: dict[str, str] | None = None) -> str | None:
    """The origin that the instance calls its own, or ``None`` where it does not say."""
    # Nobody has begun to sign in with this state: the answer is a redirect to the instance's own page for errors.
    answer = await http.get(f"{base.url}/callback/doctor?state=doctor&error=doctor", headers=headers)
    place = httpx.URL(answer.headers.get("location", ""))
    if not place.host or place.path != f"{base.base_path}/error":
        return None
    return BaseURL.parse(f"{place.scheme}://{place.netloc.decode('ascii')}").origin


async def _cookies(base: BaseURL, http: httpx.AsyncClient) -> list[Finding]:
    # Origins are checked where a cookie comes along; this one is nobody's.
    headers = {"cookie": "doctor=1", "origin": base.origin}
    answer = await http.post(f"{base.url}/sign-out", json={}, headers=headers)
    lines = answer.headers.get_list("set-cookie")
    if base.secure and any("; secure" not in line.lower() for line in lines):
        told = "The site is https, and its cookies are sent without TLS as well."
        return [problem("cookies", told, "Set base_url to the https address, or production=True.")]
    return []


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
