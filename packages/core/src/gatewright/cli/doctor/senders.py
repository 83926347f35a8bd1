"""Whether somebody delivers what the options promise to send."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gatewright.cli.doctor.finding import Finding, Subject, note, problem, warning
from gatewright.settings import derived
from gatewright.settings.base import Options

__all__ = ("senders",)


def senders(subject: Subject) -> Iterable[Finding]:
    """Mails of the core, then what plugins send."""
    settings = subject.settings
    passwords, verification = settings.email_and_password, settings.email_verification
    # A plugin may have addresses proven by a code, in place of the mailed link.
    proves = verification.send_verification_email is not None or subject.plan.mails_verification is not None
    if passwords.enabled and passwords.send_reset_password is None:
        yield warning(
            "senders",
            "Nobody can set a new password: email_and_password.send_reset_password is not set.",
            "Give the function that mails the link.",
        )
    if not proves and (derived.send_on_sign_up(settings) or verification.send_on_sign_in):
        yield problem(
            "senders",
            "Addresses are to be verified, and nothing mails the link.",
            "Give email_verification.send_verification_email.",
        )
    elif not proves and passwords.enabled:
        yield note(
            "senders",
            "Addresses are never verified: email_verification.send_verification_email is not set.",
            "Give it, and send_on_sign_up, where addresses matter.",
        )
    change = settings.user.change_email
    if change.enabled and not proves and not change.update_email_without_verification:
        yield problem(
            "senders",
            "Addresses may be changed, and nothing mails the link that proves the new one.",
            "Give email_verification.send_verification_email.",
        )
    if change.enabled and change.send_change_email_confirmation is None:
        yield note(
            "senders",
            "The old address is not asked when it is changed: change_email.send_change_email_confirmation is not set.",
            "Give it, so that a stolen session cannot take the account away.",
        )
    for plugin in subject.plan.installed:
        options: object = getattr(plugin, "options", None)
        if isinstance(options, Options):
            yield from _lacking(plugin, options)


def _lacking(plugin: Any, options: Options) -> Iterable[Finding]:
    """Senders that a plugin has an option for and was not given."""
    for name, field in type(options).model_fields.items():
        value = getattr(options, name)
        if isinstance(value, Options):
            # A way that was not asked for by name is one that may be missing.
            if name not in options.model_fields_set:
                continue
            yield from _lacking(plugin, value)
        # ``send_…`` that may be left out is a function; other options of that beginning are switches.
        elif name.startswith("send_") and field.default is None and value is None:
            yield warning(
                "senders",
                f"The plugin {plugin.id} was not given {name}: what it would send reaches nobody.",
                f"Give {name}, or leave alone what needs it.",
            )
