"""The last login method plugin: options, the hook that sets the cookie, the hooks that keep the column."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
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


class LastLoginMethod(Plugin[Api]):
    """Remembers how somebody signed in last. The cookie is not signed: it is for display, and proves nothing."""

    id = "last-login-method"
    api_type = Api

    def __init__(self, options: LastLoginMethodOptions | None = None) -> None:
        self.options = options or LastLoginMethodOptions()

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
            if active.name not in call.out.cookies:
                return
            context = context_as_sent(call)
            method = await method_of(options, context)
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
            method = None if call is None else await method_of(options, context_of(call))
            if call is not None and method is not None:
                await call.db.update_one(
                    RememberedUser,
                    RememberedUser.id.eq(session.user_id),
                    set=[RememberedUser.last_login_method.to(method)],
                )

        return (name_new, name_known)
