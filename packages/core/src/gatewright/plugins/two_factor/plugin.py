"""The two factor plugin: options and parts."""

from __future__ import annotations

from gatewright.model.schema import TableOptions
from gatewright.plugins.base import LimitRule, Parts, Plugin
from gatewright.plugins.two_factor import challenges, trust
from gatewright.plugins.two_factor.api import TwoFactorApi
from gatewright.plugins.two_factor.model import TwoFactor as TwoFactorRow
from gatewright.plugins.two_factor.model import TwoFactorUser
from gatewright.plugins.two_factor.options import TwoFactorOptions
from gatewright.plugins.two_factor.tools import Tools
from gatewright.plugins.two_factor.totp import require_library
from gatewright.services.cookies import CookieSpec
from gatewright.services.services import Services
from gatewright.wire.operation import Limit

__all__ = ("TwoFactor",)


class TwoFactor(Plugin[TwoFactorApi]):
    """Asks for a second factor after the password.

    Raises:
        MissingLibrary: The extra ``totp`` is not installed.
    """

    id = "two-factor"
    api_type = TwoFactorApi

    def __init__(self, options: TwoFactorOptions | None = None) -> None:
        require_library()
        self.options = options or TwoFactorOptions()
        self._tools: Tools | None = None

    def parts(self) -> Parts:
        """Operations, a table, a column, two cookies, a hook and the rate rule."""
        # The handlers ask for this class.
        from gatewright.plugins.two_factor.endpoints import ALL  # noqa: PLC0415
        from gatewright.plugins.two_factor.hooks import ask_for_second_factor  # noqa: PLC0415

        given = self.options
        names = {name: options.table_options() for name, options in given.table_options.items()}
        if given.two_factor_table is not None:
            table = names.get("twoFactor", TableOptions())
            names["twoFactor"] = TableOptions(db_name=given.two_factor_table).merged(table)
        return Parts(
            endpoints=ALL,
            tables=(TwoFactorUser, TwoFactorRow),
            table_options=names,
            hooks=(ask_for_second_factor,),
            cookies={
                challenges.COOKIE: CookieSpec(challenges.COOKIE, given.two_factor_cookie_max_age),
                trust.COOKIE: CookieSpec(trust.COOKIE, given.trust_device_max_age),
            },
            limits=(LimitRule(lambda path: path.startswith("/two-factor/"), Limit(window=10, max=3)),),
        )

    def tools(self, services: Services) -> Tools:
        """What the flows work with, for a running instance."""
        tools = self._tools
        if tools is None or tools.services is not services:
            tools = self._tools = Tools.of(self.options, services)
        return tools
