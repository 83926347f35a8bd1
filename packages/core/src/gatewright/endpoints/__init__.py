"""Room 6: one handler per core operation; files are named as in ``contract``."""

from gatewright.endpoints import password, provider_account, session, sign_in, sign_up, social, system, user

__all__ = ("CORE",)

CORE = (
    *sign_up.ALL,
    *sign_in.ALL,
    *social.ALL,
    *provider_account.ALL,
    *session.ALL,
    *password.ALL,
    *user.ALL,
    *system.ALL,
)
"""Every handler of the core."""
