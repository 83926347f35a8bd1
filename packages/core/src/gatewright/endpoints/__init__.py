"""Room 6: one handler per core operation; files are named as in ``contract``."""

from gatewright.contract.account import GetAccessToken
from gatewright.contract.password import RequestPasswordReset
from gatewright.endpoints import (
    account,
    email,
    password,
    provider_account,
    session,
    sign_in,
    sign_up,
    social,
    system,
    user,
)

__all__ = ("CORE", "CORE_ALIASES", "FORMER_PATHS")

CORE = (
    *sign_up.ALL,
    *sign_in.ALL,
    *social.ALL,
    *session.ALL,
    *password.ALL,
    *email.ALL,
    *user.ALL,
    *account.ALL,
    *provider_account.ALL,
    *system.ALL,
)
"""Every handler of the core."""

CORE_ALIASES = (("GET", "/get-access-token", GetAccessToken),)
"""A further method that is documented for a core operation; guards, limits and checks are the operation's own."""

FORMER_PATHS = {"/forget-password": RequestPasswordReset}
"""Paths that operations had; a request for one is taken for a request for the operation's own path."""
