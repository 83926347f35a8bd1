"""Operations: declared once, read everywhere."""

from __future__ import annotations

import msgspec
import pytest

from gatewright.contract.session import GetSession
from gatewright.contract.sign_in import SignInEmail, SignOut
from gatewright.contract.sign_up import SignUpEmail
from gatewright.endpoints import CORE
from gatewright.wire.operation import FORM, JSON, SESSION, Operation, get, post, server_only
from gatewright.wire.result import Done


@post("/tea/{cup_id}", signals=SESSION, one_of=("milk", "lemon"))
class PourTea(Operation[Done]):
    """Pour tea."""

    cup_id: str
    milk: bool | None = None
    lemon: bool | None = None


@get("/tea")
class ReadTea(Operation[list[str]]):
    """Read the leaves."""


@server_only()
class WarmUp(Operation[Done]):
    """Warm the pot."""


def test_a_route_says_everything_that_was_declared() -> None:
    route = PourTea.route
    assert (route.name, route.methods, route.path, route.media) == ("pourTea", ("POST",), "/tea/{cup_id}", (JSON,))
    assert (route.signals, route.one_of, route.strict, route.open) == (SESSION, ("milk", "lemon"), True, False)
    assert PourTea.returns is Done
    assert ReadTea.returns == list[str]
    assert (ReadTea.route.methods, ReadTea.route.media) == (("GET",), ())


def test_what_only_the_application_may_call_is_neither_served_nor_offered() -> None:
    assert (WarmUp.route.path, WarmUp.route.served, WarmUp.route.client) == (None, False, False)


def test_an_operation_is_frozen_named_for_the_wire_and_takes_keywords_only() -> None:
    pour = PourTea(cup_id="1", milk=True)
    assert msgspec.json.encode(pour) == b'{"cupId":"1","milk":true}'
    with pytest.raises(AttributeError, match="immutable"):
        pour.milk = False  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(TypeError):
        PourTea("1")  # pyright: ignore[reportCallIssue]


def test_sign_in_is_read_from_forms_too_and_guarded_against_them() -> None:
    for operation in (SignInEmail, SignUpEmail):
        assert set(operation.route.media) == {JSON, FORM}
        assert operation.route.origin == "form"
    assert SignUpEmail.route.open
    assert SignOut.route.needs_headers
    assert GetSession.route.no_store


def test_every_operation_of_the_core_has_a_sentence_of_its_own() -> None:
    told = [endpoint.operation.__doc__ or "" for endpoint in CORE]
    assert len(set(told)) == len(told)
    assert [text for text in told if not text.strip().endswith(".")] == []
