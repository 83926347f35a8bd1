"""Profiles by member names: the mapping most providers need; those that need more write their own function."""

from collections.abc import Mapping

from gatewright.protocols.oidc.id_token import Claims
from gatewright.providers.base import Profile, ProfileSource, ReadProfile
from gatewright.providers.reading import at, first_text, identity, members

__all__ = ("by_members", "profile_of")


def profile_of(
    person: Mapping[str, object] | Claims,
    *,
    subject: object,
    name: str | None,
    email: str | None,
    image: str | None,
    email_verified: bool,
    raw: Mapping[str, object] | None = None,
) -> Profile | None:
    """A profile, or ``None`` when the subject identifies nobody."""
    found = identity(subject)
    if found is None:
        return None
    whole = person if raw is None else raw
    return Profile(id=found, name=name or "", email=email, email_verified=email_verified, image=image, raw=whole)


def by_members(
    subject: str,
    *,
    name: tuple[str, ...] = ("name",),
    email: str = "email",
    image: str = "picture",
    verified: str | None = None,
    inside: tuple[str | int, ...] = (),
) -> ReadProfile:
    """A function that reads a profile from the first answer by member names.

    Args:
        subject: Member that identifies the person.
        name: Members of which the first non-empty text is the name.
        email: Member of the address.
        image: Member of the picture.
        verified: Member that is ``true`` when the address is verified; without it no address is.
        inside: Where in the answer the person is.
    """

    def read(source: ProfileSource) -> Profile | None:
        person = members(at(source.answer, *inside))
        return profile_of(
            person,
            subject=person.get(subject),
            name=first_text(person, *name),
            email=first_text(person, email),
            image=first_text(person, image),
            email_verified=verified is not None and person.get(verified) is True,
        )

    return read
