"""D1 as a Python Worker has it: the binding object of its environment. Source: Cloudflare D1 reference, Workers binding API.

Parameters go as one JSON document, because what JavaScript makes of Python's ``None`` and whole numbers is not what D1
takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gatewright.ports.adapter import StoreUnavailable
from gatewright_adapters.d1.errors import sqlite_failure
from gatewright_adapters.d1.transport import Outcome, as_document

__all__ = ("BindingDoor",)


class BindingDoor:
    """Hands statements to the binding.

    Args:
        binding: ``env.DB``, or a session of it.
    """

    def __init__(self, binding: Any) -> None:
        self._binding = binding

    async def run(self, text: str, parameters: tuple[Any, ...], *, again: bool) -> Outcome:  # noqa: ARG002 (never sent twice)
        """One statement."""
        prepared = self._binding.prepare(text)
        if parameters:
            text, document = as_document(text, parameters)
            prepared = self._binding.prepare(text).bind(document)
        answer = _python(await self._awaited(prepared.all()))
        rows: Sequence[Mapping[str, Any]] = answer["results"]
        return Outcome([tuple(row.values()) for row in rows], int(answer["meta"]["changes"]))

    async def batch(self, texts: Sequence[str]) -> None:
        """Several statements, which D1 runs in one transaction."""
        await self._awaited(self._binding.batch([self._binding.prepare(text) for text in texts]))

    async def _awaited(self, promise: Any) -> Any:
        try:
            return await promise
        except Exception as error:  # noqa: BLE001 (translated, whatever it is)
            # Pyodide wraps whatever JavaScript throws; its text is all that tells.
            raise sqlite_failure(str(error).removeprefix("Error: ")) or StoreUnavailable("D1 does not answer") from None


def _python(value: Any) -> Any:
    return value.to_py() if hasattr(value, "to_py") else value
