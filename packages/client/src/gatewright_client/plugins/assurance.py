"""The counterpart of the assurance plugin: one's own assurance, and the answer to who has to set up a second factor."""

from __future__ import annotations

from collections.abc import Callable

from gatewright.plugins.assurance.contract import (
    EnrolmentOwed,
    GetAssurance,
    VerifyAssurancePasskey,
    VerifyAssurancePassword,
)
from gatewright.plugins.assurance.faults import StepUpRequired
from gatewright.wire.operation import SESSION
from gatewright_client.calls import F, Group, action
from gatewright_client.live import live
from gatewright_client.options import Callback
from gatewright_client.plugins.base import ClientPlugin

__all__ = ("AssuranceCalls", "AssuranceClient")


class AssuranceCalls(Group[F]):
    """``/assurance``. Codes of the second factor raise it too: ``two_factor.verify_totp`` and its neighbours."""

    state = action(GetAssurance)
    live_state = live(GetAssurance, SESSION.name)
    verify_passkey = action(VerifyAssurancePasskey)
    verify_password = action(VerifyAssurancePassword)


class AssuranceClient(ClientPlugin):
    """How surely the user is known; ``StepUpRequired`` is found wherever it comes up.

    Where a second factor has to be set up, ``result.instead`` holds an ``EnrolmentOwed``.

    Args:
        on_enrolment: Told of it as well; with an asynchronous client it may be a coroutine function.
    """

    def __init__(self, on_enrolment: Callable[[EnrolmentOwed], Callback] | None = None) -> None:
        super().__init__(
            "assurance",
            calls=AssuranceCalls,
            instead={"twoFactorEnrolmentRequired": EnrolmentOwed},
            on_instead=on_enrolment,
            faults=(StepUpRequired,),
        )
