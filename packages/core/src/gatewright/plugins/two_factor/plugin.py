"""The two factor plugin: options and parts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from gatewright.model.schema import TableOptions
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.plugins.base import LimitRule, Parts, Plugin
from gatewright.plugins.two_factor import challenges, trust
from gatewright.plugins.two_factor.api import TwoFactorApi
from gatewright.plugins.two_factor.model import TwoFactor as TwoFactorRow
from gatewright.plugins.two_factor.model import TwoFactorUser
from gatewright.plugins.two_factor.options import TwoFactorOptions
from gatewright.plugins.two_factor.tools import Tools
from gatewright.plugins.two_factor.totp import require_library
from gatewright.services.cookies import CookieSpec
from gatewright.services.database import Database
from gatewright.services.services import Services
from gatewright.wire.operation import Limit

__all__ = ("Notes", "Obliges", "TwoFactor")

Obliges: TypeAlias = Callable[[Call[Any], User], Awaitable[bool]]
"""Whether a user must give the second factor, however they sign in."""


Notes: TypeAlias = Callable[[Call[Any]], Awaitable[Mapping[str, object]]]
"""What is to be known again of a call that is asked for the second factor, when that is given."""


class TwoFactor(Plugin[TwoFactorApi]):
    """Asks for a second factor after the password, or in every way.

    Raises:
        MissingLibrary: The extra ``totp`` is not installed.
    """

    id = "two-factor"
    api_type = TwoFactorApi

    def __init__(self, options: TwoFactorOptions | None = None) -> None:
        require_library()
        self.options = options or TwoFactorOptions()
        self._tools: Tools | None = None
        self._obliges: Obliges | None = None
        self._notes: list[Notes] = []

    def oblige(self, obliges: Obliges) -> None:
        """Ask whoever somebody says so for the second factor in every way; for other plugins, before :meth:`parts`."""
        self._obliges = obliges

    def note(self, notes: Notes) -> None:
        """Keep with a challenge of the gate what is said then; the call that meets it carries it. For other plugins."""
        self._notes.append(notes)

    @property
    def notes(self) -> bool:
        """Whether anything is kept."""
        return bool(self._notes)

    async def notes_of(self, call: Call[Any]) -> Mapping[str, object]:
        """What is to be kept of a call."""
        return {name: value for notes in self._notes for name, value in (await notes(call)).items()}

    async def is_obliged(self, call: Call[Any], user: User) -> bool:
        """Whether a user owes the second factor in every way."""
        return self.options.everywhere or (self._obliges is not None and await self._obliges(call, user))

    def parts(self) -> Parts:
        """Operations, a table, a column, two cookies, a hook or a gate, and the rate rule."""
        # The handlers ask for this class.
        from gatewright.plugins.two_factor.endpoints import ALL  # noqa: PLC0415
        from gatewright.plugins.two_factor.gate import second_factor_gate  # noqa: PLC0415
        from gatewright.plugins.two_factor.hooks import ask_for_second_factor  # noqa: PLC0415

        given = self.options
        gated = given.everywhere or self._obliges is not None
        names = {name: options.table_options() for name, options in given.table_options.items()}
        if given.two_factor_table is not None:
            table = names.get("twoFactor", TableOptions())
            names["twoFactor"] = TableOptions(db_name=given.two_factor_table).merged(table)
        return Parts(
            endpoints=ALL,
            tables=(TwoFactorUser, TwoFactorRow),
            table_options=names,
            hooks=() if gated else (ask_for_second_factor,),
            gates=(second_factor_gate(given),) if gated else (),
            cookies={
                challenges.COOKIE: CookieSpec(challenges.COOKIE, given.two_factor_cookie_max_age),
                trust.COOKIE: CookieSpec(trust.COOKIE, given.trust_device_max_age),
            },
            limits=(LimitRule(lambda path: path.startswith("/two-factor/"), Limit(window=10, max=3)),),
        )

    @property
    def offered(self) -> tuple[str, ...]:
        """The second factors that can be set up."""
        given = self.options
        totp, otp = not given.totp_options.disable, given.otp_options.send_otp is not None
        return (*(("totp",) if totp else ()), *(("otp",) if otp else ()))

    async def ways(self, services: Services, db: Database, user: User) -> tuple[str, ...]:
        """The codes that a user with a second factor can give."""
        from gatewright.plugins.two_factor.gate import methods_of  # noqa: PLC0415 (it asks for this class)

        methods = await methods_of(db, self.tools(services), user)
        return (*methods, "backup-code") if "totp" in methods else methods

    def tools(self, services: Services) -> Tools:
        """What the flows work with, for a running instance."""
        tools = self._tools
        if tools is None or tools.services is not services:
            tools = self._tools = Tools.of(self.options, services)
        return tools
