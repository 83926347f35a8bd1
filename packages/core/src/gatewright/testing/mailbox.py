"""Catches what an application's functions would have sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import msgspec

from gatewright.model.row import Row

__all__ = ("Mailbox", "Message")

_ADDRESSES = ("email", "phone_number", "to")
_CODES = ("otp", "code")


@dataclass(frozen=True, slots=True)
class Message:
    """What a sender was given.

    Attributes:
        kind: The option that holds the sender, as ``send_reset_password``, or what it was registered as.
        content: The first thing that it was given.
        to: The address or number that it goes to, where the content names one.
        code: The one-time code in it, where there is one.
        url: The link in it, where there is one.
    """

    kind: str
    content: Any
    to: str | None
    code: str | None
    url: str | None


class Mailbox:
    """Give its methods to the settings in the place of functions that send.

    ::

        mailbox = Mailbox()
        Settings(email_verification={"send_verification_email": mailbox.sender("verify")}, ...)
        mailbox.last("verify").url
        mailbox.code("ada@example.com")
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

    @property
    def messages(self) -> list[Message]:
        """Everything that was sent, oldest first, with what a reader looks for in it."""
        return [_message(kind, content) for kind, content in self.sent]

    def to(self, address: str) -> list[Message]:
        """Everything that was sent to an address or number, oldest first."""
        return [message for message in self.messages if message.to == address]

    def code(self, address: str) -> str:
        """The newest one-time code that was sent to an address or number.

        Raises:
            AssertionError: None was.
        """
        return self._newest(address, "code")

    def url(self, address: str) -> str:
        """The newest link that was sent to an address.

        Raises:
            AssertionError: None was.
        """
        return self._newest(address, "url")

    def clear(self) -> None:
        """Forget everything."""
        self.sent.clear()

    def _newest(self, address: str, what: str) -> str:
        for message in reversed(self.to(address)):
            found: str | None = getattr(message, what)
            if found is not None:
                return found
        others = ", ".join(sorted({message.to for message in self.messages if message.to})) or "nobody"
        raise AssertionError(f"no {what} was sent to {address}; something was sent to {others}")


def _message(kind: str, content: Any) -> Message:
    members = _members(content)
    user = members.get("user")
    to = _first(members if user is None else _members(user), _ADDRESSES)
    return Message(kind, content, to, _first(members, _CODES), _first(members, ("url", "link")))


def _members(content: Any) -> Mapping[str, Any]:
    if isinstance(content, Row):
        return content.raw
    if isinstance(content, Mapping):
        return content  # pyright: ignore[reportUnknownVariableType]
    if isinstance(content, msgspec.Struct):
        return msgspec.structs.asdict(content)
    if is_dataclass(content):
        return {each.name: getattr(content, each.name) for each in fields(content)}
    return {}


def _first(members: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return next((value for name in names if isinstance(value := members.get(name), str)), None)
