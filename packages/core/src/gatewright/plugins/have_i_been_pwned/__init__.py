"""Have I been pwned: refuses new passwords that are known from breaches.

Upstream counterpart: ``have-i-been-pwned``. Source: contract, plugins.json; the range interface of Pwned Passwords. No
operations, no tables; a hook before the operations that set a password.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.have_i_been_pwned.options import HaveIBeenPwnedOptions as HaveIBeenPwnedOptions
    from gatewright.plugins.have_i_been_pwned.plugin import HaveIBeenPwned as HaveIBeenPwned

__all__ = (
    "HaveIBeenPwned",
    "HaveIBeenPwnedOptions",
)

__getattr__ = lazily(__name__, {"HaveIBeenPwned": "plugin", "HaveIBeenPwnedOptions": "options"})
