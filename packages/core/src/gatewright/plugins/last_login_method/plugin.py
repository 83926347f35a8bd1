"""The last login method plugin: options, the hook that sets the cookie, the hooks that keep the column."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gatewright.model.schema import TableOptions
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.hook_context import context_as_sent, context_of
from gatewright.pipeline.hooks import EVERY, Hook, after, inserted, inserting
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.last_login_method.methods import method_of
from gatewright.plugins.last_login_method.model import RememberedUser
from gatewright.plugins.last_login_method.options import LastLoginMethodOptions
from gatewright.services.cookies import Cookie
from gatewright.services.database import RowHook
from gatewright.wire.calls import Api

__all__ = ("LastLoginMethod",)

CARRIED = "lastLoginMethod"


class LastLoginMethod(Plugin[Api]):
    """Remembers how somebody signed in last. The cookie is not signed: it is for display, and proves nothing."""

    id = "last-login-method"
    api_type = Api

    def __init__(self, options: LastLoginMethodOptions | None = None) -> None:
        self.options = options or LastLoginMethodOptions()

    def adopt(self, installed: Sequence[Plugin[Any]]) -> None:
        """Where no session begins before the second factor, have the way kept until it is given."""
        if any(each.id == "two-factor" for each in installed):
            # Only where it is installed anyway.
            from gatewright.plugins.two_factor.plugin import TwoFactor  # noqa: PLC0415

            for each in installed:
                if isinstance(each, TwoFactor):
                    each.note(self._noting)

    async def _noting(self, call: Call[Any]) -> Mapping[str, object]:
        method = await method_of(self.options, context_as_sent(call))
        return {} if method is None else {CARRIED: method}

    def parts(self) -> Parts:
        """One hook; a column with its hooks where it is wanted."""
        if not self.options.store_in_database:
            return Parts(hooks=(self._setting(),))
        name = self.options.schema_.user.last_login_method
        return Parts(
            hooks=(self._setting(),),
            tables=(RememberedUser,),
            table_options={} if name is None else {"user": TableOptions(fields={"lastLoginMethod": name})},
            row_hooks=self._keeping(),
        )

    def _setting(self) -> Hook:
        options = self.options

        @after(EVERY)
        async def set_cookie(call: Call[Any], result: Any) -> None:  # noqa: ARG001 (every hook is given the result)
            active = call.services.plan.cookies.session_token
            # Who is sent on without a session has not signed in yet.
            if active.name not in call.out.cookies or call.out.withheld is not None:
                return
            context = context_as_sent(call)
            method = _carried(call) or await method_of(options, context)
            if method is None:
                return
            ask = options.before_store_cookie
            if ask is not None:
                answer = ask(context, method)
                if not (await answer if inspect.isawaitable(answer) else answer):
                    return
            attributes = replace(active.attributes, http_only=False, max_age=options.max_age)
            call.set_cookie(Cookie(options.cookie_name, attributes), method)

        return set_cookie

    def _keeping(self) -> Sequence[RowHook]:
        options = self.options

        @inserting(User)
        async def name_new(user: User, call: Call[Any] | None) -> User | None:
            method = None if call is None else await method_of(options, context_of(call))
            return None if method is None else user.with_values({"lastLoginMethod": method})

        @inserted(Session)
        async def name_known(session: Session, call: Call[Any] | None) -> None:
            method = None if call is None else _carried(call) or await method_of(options, context_of(call))
            if call is not None and method is not None:
                await call.db.update_one(
                    RememberedUser,
                    RememberedUser.id.eq(session.user_id),
                    set=[RememberedUser.last_login_method.to(method)],
                )

        return (name_new, name_known)


def _carried(call: Call[Any]) -> str | None:
    """The way in which somebody began who has now given the second factor."""
    method = call.carried.get(CARRIED)
    return method if isinstance(method, str) else None
