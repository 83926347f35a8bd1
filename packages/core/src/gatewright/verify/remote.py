"""Asks the other server: its ``/get-session`` knows about every cookie, bearer token and API key it accepts.

Source: contract, ``endpoints.json`` (``/get-session``); RFC 7662 in spirit: the issuer decides.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from gatewright.contract.results import SessionData
from gatewright.http.headers import Headers
from gatewright.ports.egress import Egress, EgressError, Outbound
from gatewright.verify.identity import read_session_data

__all__ = ("RemoteSessions",)

PROOFS = ("cookie", "authorization", "x-api-key")
"""Headers that may prove a session."""

_REFUSALS = frozenset({401, 403})


class _Answer(msgspec.Struct):
    session: dict[str, object]
    user: dict[str, object]


_decoder = msgspec.json.Decoder(_Answer | None)


class RemoteSessions:
    """Sessions as another server knows them now.

    Args:
        url: Its base URL with base path, ``https://auth.example.com/api/auth``.
        egress: Sends the requests.
        proofs: Headers that are passed on; no others are.
        cookie_prefix: Only cookies whose names hold it are passed on.
    """

    __slots__ = ("_egress", "_prefix", "_proofs", "_url")

    def __init__(
        self, url: str, *, egress: Egress, proofs: Sequence[str] = PROOFS, cookie_prefix: str = "better-auth"
    ) -> None:
        # The answer's cookies reach no browser from here, so the session's expiry is left alone.
        self._url = f"{url.rstrip('/')}/get-session?disableRefresh=true"
        self._egress = egress
        self._proofs = tuple(name.lower() for name in proofs)
        self._prefix = cookie_prefix

    async def session(self, headers: Headers) -> SessionData | None:
        """The session that a request's headers prove, or ``None``; without any proof nothing is asked.

        Raises:
            EgressError: The server gives no usable answer.
        """
        proofs: dict[str, str] = {}
        for name in self._proofs:
            value = headers.get(name)
            if name == "cookie" and value is not None:
                value = self._own_cookies(value)
            if value:
                proofs[name] = value
        if not proofs:
            return None
        reply = await self._egress.send(Outbound("GET", self._url, {"accept": "application/json", **proofs}))
        if reply.status in _REFUSALS:
            return None
        if reply.status != 200:
            raise EgressError(f"the authentication server answers {reply.status}")
        try:
            answer = _decoder.decode(reply.body)
        except (msgspec.MsgspecError, RecursionError):
            raise EgressError("the authentication server's answer is no session") from None
        return None if answer is None else read_session_data(answer.session, answer.user)

    def _own_cookies(self, header: str) -> str:
        pairs = (pair.strip() for pair in header.split(";"))
        return "; ".join(pair for pair in pairs if self._prefix in pair.partition("=")[0])
