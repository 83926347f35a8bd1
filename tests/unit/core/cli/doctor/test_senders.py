"""What nobody would deliver is said."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.core.cli.doctor.examined import said, subject

from gatewright.cli.doctor.senders import senders
from gatewright.plugins import EmailOTP, EmailOTPOptions, Organization, OrganizationOptions, TwoFactor, TwoFactorOptions
from gatewright.plugins.two_factor.options import OtpOptions


async def send(*_: object) -> None:
    """Delivers."""


RESET = {"enabled": True, "send_reset_password": send}
VERIFY = {"send_verification_email": send}


def _of(plugins: Any = (), **options: Any) -> list[tuple[str, str]]:
    return said(
        senders, subject({"email_and_password": RESET, "email_verification": VERIFY, **options}, plugins=plugins)
    )


def test_everything_delivered_is_nothing_to_say() -> None:
    assert _of() == []


def test_a_reset_that_nobody_mails_is_a_warning_where_there_are_passwords() -> None:
    told = ("warning", "Nobody can set a new password: email_and_password.send_reset_password is not set.")
    assert _of(email_and_password={"enabled": True}) == [told]
    assert _of(email_and_password={"enabled": False}) == []


@pytest.mark.parametrize("option", ["send_on_sign_up", "send_on_sign_in"])
def test_a_verification_that_nobody_mails_is_a_problem(option: str) -> None:
    told = ("problem", "Addresses are to be verified, and nothing mails the link.")
    assert _of(email_verification={option: True}) == [told]
    assert _of(email_verification={option: True, **VERIFY}) == []


def test_a_plugin_that_proves_addresses_by_a_code_is_a_sender() -> None:
    plugin = EmailOTP(
        EmailOTPOptions.model_validate({"sendVerificationOTP": send, "overrideDefaultEmailVerification": True})
    )
    assert _of([plugin], email_verification={"send_on_sign_up": True}) == []


def test_addresses_that_are_never_verified_are_a_note() -> None:
    assert _of(email_verification={}) == [
        ("note", "Addresses are never verified: email_verification.send_verification_email is not set.")
    ]


def test_a_change_of_address_needs_the_link_and_should_ask_the_old_address() -> None:
    old = (
        "note",
        "The old address is not asked when it is changed: change_email.send_change_email_confirmation is not set.",
    )
    change = {"enabled": True}
    assert _of(user={"change_email": change}) == [old]
    assert _of(user={"change_email": {**change, "send_change_email_confirmation": send}}) == []
    lacking = _of(user={"change_email": change}, email_verification={}, email_and_password={"enabled": False})
    assert lacking == [
        ("problem", "Addresses may be changed, and nothing mails the link that proves the new one."),
        old,
    ]


def test_what_plugins_would_send_reaches_nobody() -> None:
    def told(plugin: str, name: str) -> tuple[str, str]:
        return "warning", f"The plugin {plugin} was not given {name}: what it would send reaches nobody."

    assert _of([Organization()]) == [told("organization", "send_invitation_email")]
    assert _of([Organization(OrganizationOptions(send_invitation_email=send))]) == []
    # Codes by message are one of its ways, and only where they are asked for.
    assert _of([TwoFactor()]) == []
    assert _of([TwoFactor(TwoFactorOptions(otp_options=OtpOptions(digits=8)))]) == [told("two-factor", "send_otp")]
