"""Scripted outbound HTTP: what other servers would have answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gatewright.ports.egress import EgressError, Outbound, Reply

__all__ = ("ScriptedEgress",)


class ScriptedEgress:
    """Answers by method and address without query; satisfies ``gatewright.ports.egress.Egress``.

    Attributes:
        requests: Everything that was sent, oldest first.
    """

    def __init__(self) -> None:
        self.requests: list[Outbound] = []
        self._answers: dict[tuple[str, str], Callable[[Outbound], Reply]] = {}

    def on(
        self,
        method: str,
        url: str,
        answer: Callable[[Outbound], Reply] | bytes,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer requests to an address with bytes, or with what a function makes of the request."""
        if isinstance(answer, bytes):
            reply = Reply(status, headers or {"content-type": "application/json"}, answer)
            self._answers[method, url] = lambda _: reply
        else:
            self._answers[method, url] = answer

    def answer_of(self, method: str, url: str) -> Callable[[Outbound], Reply]:
        """What answers an address now, so that another address can answer the same."""
        return self._answers[method, url]

    async def send(self, request: Outbound, /) -> Reply:
        """The scripted answer.

        Raises:
            EgressError: Nothing was scripted for this address.
        """
        self.requests.append(request)
        answer = self._answers.get((request.method, request.url.partition("?")[0]))
        if answer is None:
            raise EgressError("nothing is scripted for this address")
        return answer(request)
