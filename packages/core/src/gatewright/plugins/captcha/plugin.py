"""The captcha plugin: options, and the look at requests before they are routed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gatewright.http.client_ip import client_ip
from gatewright.http.paths import strip_base
from gatewright.http.request import Request
from gatewright.http.response import Response
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.captcha.faults import MissingResponse, UnknownError, VerificationFailed
from gatewright.plugins.captcha.options import CaptchaOptions
from gatewright.plugins.captcha.verifying import verify
from gatewright.services.services import Services
from gatewright.wire.calls import Api
from gatewright.wire.faults import ConfigError, Fault
from gatewright.wire.json import encode

__all__ = ("Captcha",)

HEADER = "x-captcha-response"
PATHS = ("/sign-up/email", "/sign-in/email", "/request-password-reset")
"""What is protected where nothing else is said (contract)."""


class Captcha(Plugin[Api]):
    """Lets requests pass whose visitor has solved a captcha; when the provider does not answer, none.

    Calls of the server itself are not looked at.

    Raises:
        ConfigError: The secret is empty.
    """

    id = "captcha"
    api_type = Api

    def __init__(self, options: CaptchaOptions) -> None:
        if not options.secret_key.get_secret_value():
            raise ConfigError("captcha: secret_key is empty")
        self.options = options
        self._protects = _pattern(options.endpoints or PATHS)

    def parts(self) -> Parts:
        """One look at every request."""
        return Parts(on_request=(self._look,))

    async def _look(self, request: Request, services: Services) -> Response | None:
        plan = services.plan
        base = plan.dynamic_base.base_path if plan.base is None else plan.base.base_path
        skips = plan.settings.advanced.skip_trailing_slashes
        path = strip_base(request.path, base, skip_trailing_slashes=skips)
        if request.method == "OPTIONS" or path is None or self._protects.fullmatch(path) is None:
            return None
        hardened = plan.settings.advanced.security_headers
        response = request.headers.get(HEADER)
        if not response:
            return _refusal(MissingResponse(), hardened=hardened)
        address = client_ip(request.headers, None, plan.stored_address)
        try:
            await verify(services.egress, self.options, response, address)
        except UnknownError as error:
            services.log.error("a captcha cannot be verified", path=path, because=error.because)
            return _refusal(error, hardened=hardened)
        except VerificationFailed as error:
            return _refusal(error, hardened=hardened)
        return None


def _refusal(fault: Fault, *, hardened: bool) -> Response:
    """The answer that turns a visitor away: JSON, which the contract calls plain text here."""
    more = (("x-content-type-options", "nosniff"), ("cache-control", "no-store")) if hardened else ()
    return Response(fault.status, (("content-type", "text/plain;charset=UTF-8"), *more), encode(fault.body))


def _pattern(paths: Sequence[str]) -> re.Pattern[str]:
    wild = {"**": ".*", "*": "[^/]*"}
    return re.compile(
        "|".join("".join(wild.get(part) or re.escape(part) for part in re.split(r"(\*\*?)", path)) for path in paths)
    )
