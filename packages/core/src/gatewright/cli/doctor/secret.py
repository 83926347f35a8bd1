"""Whether the secret could be guessed. What is said never holds any of it."""

from __future__ import annotations

import string
from collections.abc import Iterable

from gatewright.cli.doctor.finding import Finding, Subject, note, problem, warning
from gatewright.settings import derived
from gatewright.wire.faults import ConfigError

__all__ = ("secret",)

REMEDY = "Put what `gatewright secret` prints into BETTER_AUTH_SECRET, and keep it out of the source."
ROTATE = "Give every secret in `secrets`, the new one first, until what the old one signed has expired."


def secret(subject: Subject) -> Iterable[Finding]:
    """The current secret, and the older ones that still open something."""
    try:
        derived.check_secret(subject.settings, production=True)
    except ConfigError as error:
        yield problem("secret", f"{str(error)[:1].upper()}{str(error)[1:].partition(':')[0]}.", REMEDY)
    else:
        if _typed(subject.plan.secret):
            yield warning("secret", "The secret looks typed, not drawn: it is words of one kind of letter.", REMEDY)
    older = subject.settings.secrets[1:]
    if any(len(each.value.get_secret_value()) < derived.MIN_SECRET for each in older):
        yield warning("secret", "An older secret that still opens what it closed is short.", ROTATE)
    if len(older) > 2:
        yield note(
            "secret", f"{len(older)} older secrets still open what they closed.", "Drop those that nothing needs."
        )


def _typed(secret: str) -> bool:
    """Whether a text is letters of one case with separators: a drawn one of 32 characters is that once in a million years."""
    letters = [each for each in secret if each.isalpha()]
    others = set(secret) - set(string.ascii_letters)
    one_case = all(each.islower() for each in letters) or all(each.isupper() for each in letters)
    return len(letters) * 2 > len(secret) and one_case and not any(each.isdigit() for each in others)
