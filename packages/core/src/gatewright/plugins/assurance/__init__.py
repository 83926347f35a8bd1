"""Assurance: how surely a session's user is who they say, policies about it, and asking for more of it.

Every way of signing in leaves in the session what it has proven, in the words of RFC 8176 (``amr``), and when
(``auth_time``). A route asks for a level, for methods or for an age with ``require_assurance``; a user who has to give more
gets a typed answer, gives it (``/two-factor/verify-totp``, ``/two-factor/verify-otp``, ``/assurance/verify-password``,
``/assurance/verify-passkey``), and the same session is good enough. Policies say who must have a second factor.

No upstream counterpart: nothing of it is there unless it is installed. Operations: look at one's own, a passkey for somebody
who is signed in, ask for some. Columns ``session.amr`` and ``session.authTime``, which no answer shows. Source: RFC 8176;
RFC 9470; NIST SP 800-63B-4.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.access.assurance import Needed as Needed
    from gatewright.model.assurance import AssuredSession as AssuredSession
    from gatewright.plugins.assurance.api import AssuranceApi as AssuranceApi
    from gatewright.plugins.assurance.contract import AssuranceState as AssuranceState
    from gatewright.plugins.assurance.contract import EnrolmentOwed as EnrolmentOwed
    from gatewright.plugins.assurance.faults import StepUpRequired as StepUpRequired
    from gatewright.plugins.assurance.guards import Assured as Assured
    from gatewright.plugins.assurance.guards import require_assurance as require_assurance
    from gatewright.plugins.assurance.options import AssuranceOptions as AssuranceOptions
    from gatewright.plugins.assurance.options import AssurancePolicy as AssurancePolicy
    from gatewright.plugins.assurance.plugin import Assurance as Assurance

__all__ = (
    "Assurance",
    "AssuranceApi",
    "AssuranceOptions",
    "AssurancePolicy",
    "AssuranceState",
    "Assured",
    "AssuredSession",
    "EnrolmentOwed",
    "Needed",
    "StepUpRequired",
    "require_assurance",
)

__getattr__ = lazily(
    __name__,
    {
        "Assurance": "plugin",
        "AssuranceApi": "api",
        "AssuranceOptions": "options",
        "AssurancePolicy": "options",
        "AssuranceState": "contract",
        "Assured": "guards",
        "AssuredSession": "model",
        "EnrolmentOwed": "contract",
        "Needed": "guards",
        "StepUpRequired": "faults",
        "require_assurance": "guards",
    },
)
