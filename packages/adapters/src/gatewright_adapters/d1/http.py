"""D1 over Cloudflare's HTTP API. Source: Cloudflare API reference, ``POST /accounts/{account}/d1/database/{id}/raw``.

The API reads and writes the primary database only: sessions, with their bookmarks, are the binding's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import anyio

from gatewright.ports.adapter import StoreUnavailable
from gatewright.ports.egress import Egress, EgressError, Outbound, Reply
from gatewright.wire.json import decode, encode
from gatewright_adapters.d1.errors import sqlite_failure, unavailable
from gatewright_adapters.d1.transport import Outcome, as_document

__all__ = ("TIMEOUT_SECONDS", "HttpDoor")

PARAMETERS = 100
"""More than this many D1 does not bind to one statement."""
TIMEOUT_SECONDS = 5.0
_PAUSES_SECONDS = (0.05, 0.2)
_FOR_NOW = (429, 500, 502, 503, 504)


class HttpDoor:
    """Sends statements to the API.

    Args:
        egress: Sends the requests.
        account_id, database_id: Name the database.
        token: An API token that may edit D1.
        address: Of the API.
        timeout: Longest time, in seconds, that an answer may take.
    """

    def __init__(
        self, egress: Egress, *, account_id: str, database_id: str, token: str, address: str, timeout: float
    ) -> None:
        self._egress = egress
        self._timeout = timeout
        self._url = (
            f"{address.rstrip('/')}/accounts/{quote(account_id, safe='')}/d1/database/{quote(database_id, safe='')}/raw"
        )
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    async def run(self, text: str, parameters: tuple[Any, ...], *, again: bool) -> Outcome:
        """One statement. What may be sent twice is, where D1 has no room for it now or its answer is lost."""
        if len(parameters) > PARAMETERS:
            text, document = as_document(text, parameters)
            parameters = (document,)
        (result,) = await self._sent({"sql": text, "params": list(parameters)}, again=again)
        return Outcome(result["results"]["rows"], result["meta"].get("changes", 0))

    async def batch(self, texts: Sequence[str]) -> None:
        """Several statements in one request, which D1 runs in one transaction."""
        await self._sent({"batch": [{"sql": text, "params": []} for text in texts]}, again=False)

    async def _sent(self, body: dict[str, object], *, again: bool) -> list[Any]:
        request = Outbound("POST", self._url, self._headers, encode(body))
        for pause in _PAUSES_SECONDS if again else ():
            reply = await self._reply(request, lenient=True)
            if reply is not None and reply.status not in _FOR_NOW:
                return _results(reply)
            await anyio.sleep(pause)
        reply = await self._reply(request, lenient=False)
        if reply is None:
            raise StoreUnavailable("D1 does not answer")
        return _results(reply)

    async def _reply(self, request: Outbound, *, lenient: bool) -> Reply | None:
        try:
            with anyio.fail_after(self._timeout):
                return await self._egress.send(request)
        except TimeoutError:
            raise StoreUnavailable("D1 takes too long") from None
        except EgressError:
            if lenient:
                return None
            raise StoreUnavailable("D1 does not answer") from None


def _results(reply: Reply) -> list[Any]:
    """The results of an answer.

    Raises:
        D1Error: SQLite refuses a statement.
        StoreUnavailable: The answer is none.
    """
    try:
        answer: Any = decode(reply.body)
        if reply.ok and answer["success"]:
            return list(answer["result"])
        errors: list[Any] = list(answer["errors"])
        code, message = (errors[0]["code"], str(errors[0]["message"])) if errors else (None, "")
    except (ValueError, TypeError, KeyError, AttributeError):
        raise unavailable(reply.status, None) from None
    raise sqlite_failure(message) or unavailable(reply.status, code if isinstance(code, int) else None)
