"""Options of the captcha plugin."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field, SecretStr

from gatewright.settings.base import Options, Texts, default

__all__ = ("CaptchaOptions", "Provider")

Provider: TypeAlias = Literal["cloudflare-turnstile", "google-recaptcha", "hcaptcha", "captchafox"]


class CaptchaOptions(Options):
    """Who checks visitors, and before what.

    Attributes:
        provider: Who checks.
        secret_key: The provider's secret.
        endpoints: Paths that are protected; ``*`` stands for anything within a segment, ``**`` for anything.
        site_verify_url_override: Where the provider is asked, in place of its own address.
        min_score: The lowest score that a person may have (reCAPTCHA v3).
        expected_action: What the visitor's answer must be for (Turnstile and reCAPTCHA).
        allowed_hostnames: Pages from which it may come (Turnstile and reCAPTCHA).
        site_key: The page's key, which the provider compares (hCaptcha and CaptchaFox).
    """

    provider: Provider
    secret_key: SecretStr
    endpoints: Texts = default(())
    site_verify_url_override: str | None = Field(default=None, alias="siteVerifyURLOverride")
    min_score: float = Field(default=0.5, ge=0, le=1)
    expected_action: str | None = None
    allowed_hostnames: Texts = default(())
    site_key: str | None = None
