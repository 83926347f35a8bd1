"""Guards of the admin plugin: a stored session; what it may do is asked by each handler."""

from __future__ import annotations

from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, maybe_signed_in
from gatewright.pipeline.session_reading import read_session
from gatewright.wire.faults import ApiError

__all__ = ("administrator",)


async def administrator(call: Call[object], /) -> Signed:
    """The caller's session as the store knows it now.

    Raises:
        ApiError: 401 without a body: there is none.
    """
    call.remember(await read_session(call, disable_cache=True))
    me = await maybe_signed_in(call)
    if me is None:
        raise ApiError(401)
    return me
