"""Ask a provider whether a person is there. Building the question and judging the answer are pure.

Source: the verification interfaces of the providers; asked of a running server: which of them compares what.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from urllib.parse import urlencode

import anyio

from gatewright.plugins.captcha.faults import UnknownError, VerificationFailed
from gatewright.plugins.captcha.options import CaptchaOptions, Provider
from gatewright.ports.egress import Egress, EgressError, Outbound
from gatewright.wire.json import JsonError, decode, encode

__all__ = ("accepts", "question", "verify")

ADDRESSES: Mapping[Provider, str] = {
    "cloudflare-turnstile": "https://challenges.cloudflare.com/turnstile/v0/siteverify",
    "google-recaptcha": "https://www.google.com/recaptcha/api/siteverify",
    "hcaptcha": "https://api.hcaptcha.com/siteverify",
    "captchafox": "https://api.captchafox.com/siteverify",
}
TIMEOUT_SECONDS = 10.0
"""Longest that a visitor waits for the provider (contract)."""


async def verify(egress: Egress, options: CaptchaOptions, response: str, address: str | None) -> None:
    """Let the visitor pass, or not: without an answer of the provider nobody does.

    Args:
        egress: Who asks.
        options: Of the plugin.
        response: What the visitor's page was given.
        address: Of the visitor, where it is known.

    Raises:
        VerificationFailed: No person, or for something else.
        UnknownError: The provider does not answer, or with an error.
    """
    try:
        with anyio.fail_after(TIMEOUT_SECONDS):
            reply = await egress.send(question(options, response, address))
    except (EgressError, TimeoutError) as error:
        raise UnknownError(because=str(error) or "the provider is too slow") from None
    if not reply.ok:
        raise UnknownError(because=f"the provider answers {reply.status}")
    try:
        told = decode(reply.body)
    except JsonError:
        raise VerificationFailed(because="the provider's answer is no JSON") from None
    if told is None:
        raise UnknownError(because="the provider answers null")
    if not isinstance(told, dict) or not accepts(options, cast("Mapping[str, object]", told)):
        raise VerificationFailed


def question(options: CaptchaOptions, response: str, address: str | None) -> Outbound:
    """The request to the provider."""
    url = options.site_verify_url_override or ADDRESSES[options.provider]
    members = {"secret": options.secret_key.get_secret_value(), "response": response}
    compares = options.provider in ("hcaptcha", "captchafox")
    if compares and options.site_key:
        members["sitekey"] = options.site_key
    if address:
        members["remoteIp" if options.provider == "captchafox" else "remoteip"] = address
    if options.provider == "cloudflare-turnstile":
        return Outbound("POST", url, {"content-type": "application/json"}, encode(members))
    form = {"content-type": "application/x-www-form-urlencoded"}
    return Outbound("POST", url, form, urlencode(members).encode())


def accepts(options: CaptchaOptions, told: Mapping[str, object]) -> bool:
    """Whether the provider's answer means a person, here, for this."""
    if told.get("success") is not True:
        return False
    if options.provider in ("hcaptcha", "captchafox"):
        return True
    if options.expected_action and told.get("action") != options.expected_action:
        return False
    if options.allowed_hostnames and told.get("hostname") not in options.allowed_hostnames:
        return False
    if options.provider != "google-recaptcha" or "score" not in told:
        return True
    score = told["score"]
    # What is no number is no score: it must not pass for want of a comparison.
    return isinstance(score, int | float) and not isinstance(score, bool) and score >= options.min_score
