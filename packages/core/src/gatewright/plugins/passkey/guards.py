"""Guards: who may register a passkey, and from which pages."""

from __future__ import annotations

from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, fresh, maybe_signed_in
from gatewright.plugins.passkey.plugin import Passkey

__all__ = ("origins_of", "registrant", "rp_id_of")


async def registrant(call: Call[object], /) -> Signed | None:
    """The signed-in user, with a session that is not old; ``None`` only where no session is required.

    Raises:
        Unauthorized: There is none, and there must be.
        SessionNotFresh: It is too old.
        StepUpRequired: The user has a second factor, and has not given it in this session.
    """
    required = call.plugin(Passkey).options.registration.require_session
    me = await fresh(call) if required else await maybe_signed_in(call)
    if me is not None and call.services.plan.assures:
        # A passkey is a second factor: whoever has one already gives it before there is another.
        from gatewright.plugins.two_factor.guards import strong_enough  # noqa: PLC0415 (only where it is asked)

        await strong_enough(call, me)
    return me


def origins_of(call: Call[object]) -> tuple[str, ...]:
    """Pages from which answers are taken: those that are configured, else the one that the request comes from."""
    configured = call.plugin(Passkey).options.origins
    if configured:
        return configured
    origin = call.headers.get("origin")
    return (origin,) if origin and origin != "null" else ()


def rp_id_of(call: Call[object]) -> str:
    """The domain that passkeys are for."""
    return call.plugin(Passkey).options.rp_id or call.base.hostname
