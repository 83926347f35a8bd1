"""A stricter rule for mail addresses than the contract's own, for ``user.validate_user_info``.

The contract takes whatever looks like an address. This policy, given as that option, lets only people in whose address
the library ``email-validator`` accepts as one that mail can be sent to. Source: RFC 5321, RFC 6531, RFC 6761; nothing is
looked up in the DNS.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from gatewright.crypto.libraries import MissingLibrary
from gatewright.settings.callbacks import UserInfoCheck, UserInfoRefusal

if TYPE_CHECKING:
    from gatewright.settings.hooks import HookContext

__all__ = ("AddressPolicy",)


class AddressPolicy:
    """Lets people in by their mail address.

    ::

        Settings(user={"validate_user_info": AddressPolicy(blocked_domains={"mailinator.com"})}, ...)

    Args:
        blocked_domains: Domains, with all below them, whose addresses are not taken.
        special_domains: Take names that never resolve (``.test``, ``.invalid``, ``localhost``), as for tests.

    Raises:
        MissingLibrary: The extra ``email`` is not installed.
    """

    __slots__ = ("_blocked", "_special", "_validate")

    def __init__(self, *, blocked_domains: Collection[str] = (), special_domains: bool = False) -> None:
        self._validate = _library()
        self._blocked = frozenset(domain.lower().strip(".") for domain in blocked_domains)
        self._special = special_domains

    async def __call__(self, check: UserInfoCheck, context: HookContext | None, /) -> UserInfoRefusal | None:
        """``None`` lets them in; whoever comes without an address is somebody else's matter."""
        del context
        email = check.user.get("email")
        if email is None or (isinstance(email, str) and self.accepts(email)):
            return None
        return UserInfoRefusal("INVALID_EMAIL", "Invalid email")

    def accepts(self, email: str) -> bool:
        """Whether the policy takes an address; for an application's own checks, as before an address is changed."""
        domain = self._validate(email, self._special)
        if domain is None:
            return False
        parts = domain.lower().split(".")
        return not any(".".join(parts[start:]) in self._blocked for start in range(len(parts)))


def _library() -> Callable[[str, bool], str | None]:
    """What says the ASCII domain of an address that is one, and ``None`` of any other."""
    try:
        from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 (an extra)
    except ModuleNotFoundError:
        raise MissingLibrary("email-validator", extra="email", purpose="check mail addresses") from None

    def domain_of(email: str, special: bool) -> str | None:
        try:
            found = validate_email(
                email,
                check_deliverability=False,
                strict=True,
                test_environment=special,
                globally_deliverable=not special,
            )
        except EmailNotValidError:
            return None
        return found.ascii_domain

    return domain_of
