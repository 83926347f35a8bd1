"""Where a request may come from, and where it may send the browser: the contract's CSRF and redirect rules.

Runs on every request that is not ``GET``, ``HEAD`` or ``OPTIONS``, before the operation is even read; members of the
body that name a place are checked on the raw body, so that no operation can forget one.

Source: contract, endpoints.json ``conventions.csrf_rules``.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence

from gatewright.contract.faults import (
    CrossSiteNavigationLoginBlocked,
    InvalidCallbackUrl,
    InvalidErrorCallbackUrl,
    InvalidNewUserCallbackUrl,
    InvalidOrigin,
    InvalidRedirectUrl,
    MissingOrNullOrigin,
)
from gatewright.http.base_url import BaseURL
from gatewright.http.headers import Headers
from gatewright.http.origin import TrustedOrigins, origin_of
from gatewright.http.request import Request
from gatewright.pipeline.call import Call
from gatewright.services.plan import Plan
from gatewright.wire.faults import ApiError, Fault

__all__ = (
    "PLACES",
    "OriginPolicy",
    "check_form",
    "check_origin",
    "check_place",
    "names_a_place",
    "trusted_by",
    "trusted_origins",
)

PLACES: Mapping[str, tuple[str, type[Fault]]] = {
    "callbackURL": ("callbackURL", InvalidCallbackUrl),
    "redirectTo": ("redirectURL", InvalidRedirectUrl),
    "errorCallbackURL": ("errorCallbackURL", InvalidErrorCallbackUrl),
    "newUserCallbackURL": ("newUserCallbackURL", InvalidNewUserCallbackUrl),
}
"""Members that name a place, with the contract's word for each and the fault of one that is not trusted."""

_FETCH_METADATA = ("sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest")

_SHOWN = 200
"""Characters of an origin that the log shows."""


class OriginPolicy:
    """What an application has switched off.

    Args:
        disable_csrf_check: ``advanced.disable_csrf_check``.
        disable_origin_check: ``advanced.disable_origin_check``: everywhere, or on some paths and below them.
    """

    __slots__ = ("_csrf", "_nowhere", "_paths", "_places")

    def __init__(self, disable_csrf_check: bool | None, disable_origin_check: bool | Sequence[str] | None) -> None:
        everywhere = disable_origin_check is True
        self._paths = () if isinstance(disable_origin_check, bool | None) else tuple(disable_origin_check)
        # The contract: switching the origin check off everywhere switches the CSRF check off too, unless it is set.
        self._csrf = not (disable_csrf_check or (everywhere and disable_csrf_check is None))
        self._places = not everywhere
        self._nowhere = not self._paths

    def checks_origin(self, path: str) -> bool:
        """Whether the origin of a request to ``path`` is checked."""
        return self._csrf and (self._nowhere or not self._listed(path))

    def checks_places(self, path: str) -> bool:
        """Whether places that a request to ``path`` names are checked."""
        return self._places and (self._nowhere or not self._listed(path))

    def _listed(self, path: str) -> bool:
        return any(path == skipped or path.startswith(skipped.rstrip("/") + "/") for skipped in self._paths)


def check_origin(headers: Headers, trusted: TrustedOrigins) -> None:
    """Refuse a request with cookies that does not come from a trusted origin.

    Raises:
        MissingOrNullOrigin: It does not say where it comes from.
        InvalidOrigin: It comes from elsewhere.
    """
    if "cookie" in headers:
        _must_be_trusted(headers, trusted)


def check_form(headers: Headers, trusted: TrustedOrigins) -> None:
    """Refuse to sign somebody in for a form on another site, cookies or not.

    Raises:
        CrossSiteNavigationLoginBlocked: A browser navigates here from another site.
        MissingOrNullOrigin: It does not say where it comes from.
        InvalidOrigin: It comes from elsewhere.
    """
    if "cookie" in headers:
        # Checked already, with all other requests that carry cookies.
        return
    if any(name in headers for name in _FETCH_METADATA):
        if headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") == "navigate":
            raise CrossSiteNavigationLoginBlocked
        _must_be_trusted(headers, trusted)
    elif "origin" in headers or "referer" in headers:
        _must_be_trusted(headers, trusted)


def _must_be_trusted(headers: Headers, trusted: TrustedOrigins) -> None:
    origins = headers.all("origin")
    if len(origins) > 1:
        raise InvalidOrigin
    said = origins[0] if origins else headers.get("referer")
    if not said or said == "null":
        raise MissingOrNullOrigin
    origin = said if origins else origin_of(said)
    if origin is None or not trusted.allows_origin(origin):
        raise InvalidOrigin(because=f"{said[:_SHOWN]!r} is not among trusted_origins; what CORS allows is not asked")


def names_a_place(raw: bytes | str) -> bool:
    """Whether a raw body or query may name a place at all: a cheap look before a careful one."""
    if isinstance(raw, bytes):
        # An escaped letter, of JSON or of a form, would hide a name from this look.
        return b"URL" in raw or b"redirectTo" in raw or b"\\u00" in raw or b"%" in raw
    return "URL" in raw or "redirectTo" in raw or "%" in raw


def check_place(name: str, value: object, trusted: TrustedOrigins) -> None:
    """Refuse a place that is not trusted.

    Raises:
        ApiError: It is no text.
        Fault: It is not trusted; see :data:`PLACES`.
    """
    word, fault = PLACES[name]
    if value is None or value == "" or value is False or value == 0:
        # Nowhere (contract); whether the operation takes it is its own business.
        return
    if not isinstance(value, str):
        raise ApiError(400, message=f"Invalid {word}: expected a string")
    if not trusted.allows_url(value, relative=True):
        raise fault


async def trusted_origins(plan: Plan, request: Request | None, base: BaseURL) -> TrustedOrigins:
    """The origins that an instance trusts for a request."""
    more = plan.settings.trusted_origins
    if not callable(more):
        if plan.base is not None:
            return plan.origins
        return plan.origins.including((base.origin,))
    answer = more(request)
    origins = await answer if inspect.isawaitable(answer) else answer
    return plan.origins.including((base.origin, *(each for each in origins or () if each)))


async def trusted_by(call: Call[object]) -> TrustedOrigins:
    """The same for a call, for handlers that check a place themselves."""
    return await trusted_origins(call.services.plan, call.request, call.base)
