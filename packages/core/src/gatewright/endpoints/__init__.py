"""Room 6: one handler per core operation; files are named as in ``contract``."""

from gatewright.endpoints import account, email, password, session, sign_in, sign_up, system, user

__all__ = ("CORE",)

CORE = (
    *sign_up.ALL,
    *sign_in.ALL,
    *session.ALL,
    *password.ALL,
    *email.ALL,
    *user.ALL,
    *account.ALL,
    *system.ALL,
)
"""Every handler of the core."""
