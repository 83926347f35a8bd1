"""Options of the anonymous plugin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import msgspec
from pydantic import Field

from gatewright.contract.results import SessionData
from gatewright.pipeline.call import Call
from gatewright.settings.base import Called, Flag, Options
from gatewright.settings.fields import TableNames
from gatewright.settings.hooks import HookContext
from gatewright.wire.names import camel

__all__ = ("AnonymousOptions", "LinkedGuest", "OnLinkAccount")


class LinkedGuest(msgspec.Struct, frozen=True, kw_only=True, rename=camel):
    """A guest who has become somebody.

    Attributes:
        anonymous_user: The guest and the session that ends.
        new_user: The user and the session that began.
        context: The call that signed in, as a hook sees it.
    """

    anonymous_user: SessionData
    new_user: SessionData
    context: HookContext = msgspec.field(name="ctx")


class OnLinkAccount(Protocol):
    """Moves what the guest has left to the user."""

    def __call__(self, link: LinkedGuest, /) -> Awaitable[None]:
        """Called once for each guest, before the guest is removed. When it fails, the guest stays."""
        ...


class AnonymousOptions(Options):
    """How guests are made and what becomes of them.

    Attributes:
        email_domain_name: Guests have addresses ``temp-{id}@`` this domain, in place of ``temp@{id}.com``.
        on_link_account: Moves what a guest has left to the user that the guest turns out to be.
        disable_delete_anonymous_user: Guests are kept when they become somebody, and cannot leave by themselves.
        generate_name: Names a guest, given the call; by default all are ``Anonymous``.
        generate_random_email: Makes the address of a guest; it must be nobody's.
        schema: Names in the database.
    """

    email_domain_name: str | None = None
    on_link_account: Called[OnLinkAccount] | None = None
    disable_delete_anonymous_user: Flag = False
    generate_name: Called[Callable[[Call[Any]], Awaitable[str] | str]] | None = None
    generate_random_email: Called[Callable[[], Awaitable[str] | str]] | None = None
    schema_: Mapping[str, TableNames] = Field(default_factory=dict[str, TableNames], alias="schema")
