"""Room 6: one handler per core operation; files are named as in ``contract``."""

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

__all__ = ("CORE",)

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
