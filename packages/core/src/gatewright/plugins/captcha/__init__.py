"""Captcha: a check that a person is there, before operations that machines like to try.

Upstream counterpart: ``captcha``. Source: contract, plugins.json; the verification interfaces of Cloudflare Turnstile,
Google reCAPTCHA, hCaptcha and CaptchaFox. No operations, no tables; it sees requests before they are routed.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.captcha.options import CaptchaOptions as CaptchaOptions
    from gatewright.plugins.captcha.plugin import Captcha as Captcha

__all__ = (
    "Captcha",
    "CaptchaOptions",
)

__getattr__ = lazily(
    __name__,
    {
        "Captcha": "plugin",
        "CaptchaOptions": "options",
    },
)
