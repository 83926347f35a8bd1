"""Methods whose signature is the constructor of an operation."""

from __future__ import annotations

from typing import Any

import pytest

from gatewright.contract.session import GetSession, RevokeSession
from gatewright.contract.system import Ok
from gatewright.wire.calls import Api, method, methods_of

pytestmark = pytest.mark.anyio


class First(Api):
    """Two methods."""

    ok = method(Ok)
    revoke = method(RevokeSession)


class Second(First):
    """Another operation under a known name."""

    ok = method(GetSession)


class Recorder:
    """Keeps what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, Any]] = []

    async def execute(self, op: Any, /, headers: Any = None) -> Any:
        self.asked.append((op, headers))
        return "done"


async def test_a_call_makes_the_operation_and_runs_it() -> None:
    recorder = Recorder()
    api = First(recorder)
    assert await api.revoke(token="t") == "done"
    assert await api.on({"cookie": "a=b"}).ok()
    assert recorder.asked == [(RevokeSession(token="t"), None), (Ok(), {"cookie": "a=b"})]


def test_a_wrong_argument_is_refused_at_once() -> None:
    with pytest.raises(TypeError):
        First(Recorder()).revoke(tokn="t")  # pyright: ignore[reportCallIssue]


def test_a_method_has_the_name_and_the_words_of_its_operation() -> None:
    call = First(Recorder()).revoke
    assert (call.__name__, call.__doc__) == ("revoke", RevokeSession.__doc__)
    assert First.ok.__doc__ == Ok.__doc__


def test_methods_are_listed_with_who_declares_them_nearest_first() -> None:
    assert list(methods_of(Second)) == [
        ("ok", GetSession, Second),
        ("ok", Ok, First),
        ("revoke", RevokeSession, First),
    ]
