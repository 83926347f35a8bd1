"""Catches what an application's functions would have sent."""

from __future__ import annotations

from typing import Any

__all__ = ("Mailbox",)


class Mailbox:
    """Give its methods to the settings in the place of functions that send.

    ::

        mailbox = Mailbox()
        Settings(email_verification={"send_verification_email": mailbox.sender("verify")}, ...)
        mailbox.last("verify").url
    """

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []

    def sender(self, kind: str) -> Any:
        """A function that keeps what it is given under ``kind``."""

        async def send(data: Any, request: object = None) -> None:  # noqa: ARG001 (given to every sender)
            self.sent.append((kind, data))

        return send

    def all(self, kind: str) -> list[Any]:
        """Everything of a kind, oldest first."""
        return [data for known, data in self.sent if known == kind]

    def last(self, kind: str) -> Any:
        """The newest of a kind.

        Raises:
            AssertionError: Nothing of this kind was sent.
        """
        found = self.all(kind)
        if not found:
            kinds = ", ".join(sorted({known for known, _ in self.sent})) or "nothing at all"
            raise AssertionError(f"no {kind!r} was sent, but {kinds}")
        return found[-1]
