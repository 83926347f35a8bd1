"""The counterpart of the username plugin; its calls are ``sign_in.username`` and ``is_username_available``."""

from __future__ import annotations

from gatewright.plugins.username.faults import (
    InvalidDisplayUsername,
    InvalidUsername,
    UsernameIsAlreadyTaken,
    UsernameIsImmutable,
    UsernameTooLong,
    UsernameTooShort,
)
from gatewright.wire.operation import SESSION
from gatewright_client.plugins.base import ClientPlugin, at

__all__ = ("UsernameClient",)


class UsernameClient(ClientPlugin):
    """Signing in by name."""

    def __init__(self) -> None:
        super().__init__(
            "username",
            signals={SESSION.name: at("/sign-in/username")},
            faults=(
                InvalidDisplayUsername,
                InvalidUsername,
                UsernameIsAlreadyTaken,
                UsernameIsImmutable,
                UsernameTooLong,
                UsernameTooShort,
            ),
        )
