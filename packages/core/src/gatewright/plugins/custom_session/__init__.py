"""Custom session: the application's own answer to the question who is calling.

Upstream counterpart: ``custom-session``. Source: contract, plugins.json. One operation, which takes the place of the
core's ``GET /get-session``; a hook on the list of a browser's sessions. No tables.

An application that wants its answer typed declares the operation itself::

    class AppSession(Result):
        user: User
        session: Session
        roles: list[str]

    @custom_get_session
    class GetAppSession(Operation[AppSession | None]):
        disable_cookie_cache: bool = False
        disable_refresh: bool = False

    class AppApi(CoreApi):
        get_session = method(GetAppSession)

    CustomSession(answer, operation=GetAppSession)
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.custom_session.api import CustomSessionApi as CustomSessionApi
    from gatewright.plugins.custom_session.contract import GetCustomSession as GetCustomSession
    from gatewright.plugins.custom_session.contract import custom_get_session as custom_get_session
    from gatewright.plugins.custom_session.options import CustomSessionOptions as CustomSessionOptions
    from gatewright.plugins.custom_session.plugin import CustomSession as CustomSession

__all__ = (
    "CustomSession",
    "CustomSessionApi",
    "CustomSessionOptions",
    "GetCustomSession",
    "custom_get_session",
)

__getattr__ = lazily(
    __name__,
    {
        "CustomSession": "plugin",
        "CustomSessionApi": "api",
        "CustomSessionOptions": "options",
        "GetCustomSession": "contract",
        "custom_get_session": "contract",
    },
)
