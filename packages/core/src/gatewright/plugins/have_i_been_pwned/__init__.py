"""Have I been pwned: refuses new passwords that are known from breaches.

Upstream counterpart: ``have-i-been-pwned``. Source: contract, plugins.json; the range interface of Pwned Passwords. No
operations, no tables; a hook before the operations that set a password.
"""

from gatewright.plugins.have_i_been_pwned.options import HaveIBeenPwnedOptions
from gatewright.plugins.have_i_been_pwned.plugin import HaveIBeenPwned

__all__ = ("HaveIBeenPwned", "HaveIBeenPwnedOptions")
