"""Every operation of the core has a handler, a method of the server, and a test that names it or its path."""

from __future__ import annotations

from tests.architecture.source import ROOT

from gatewright.api import CoreApi
from gatewright.endpoints import CORE
from gatewright.wire.calls import methods_of
from gatewright.wire.names import snake

SPLIT = {"social": {"sign_in", "account"}, "provider_account": {"account"}}
"""Files of handlers that a file of the contract is split into, with the files that they answer for."""


def test_every_handler_has_a_method_and_every_method_a_handler() -> None:
    handled = {endpoint.operation for endpoint in CORE}
    methods = {operation: name for name, operation, _ in methods_of(CoreApi)}
    assert set(methods) == handled
    assert {operation.__name__: name for operation, name in methods.items() if name != snake(operation.__name__)} == {}


def test_every_operation_is_answered_once() -> None:
    operations = [endpoint.operation for endpoint in CORE]
    assert len(set(operations)) == len(operations)
    served = [(method, each.route.path) for each in operations if each.route.served for method in each.route.methods]
    assert len(set(served)) == len(served)


def test_a_handler_lies_in_the_file_of_its_contract() -> None:
    elsewhere = {
        endpoint.operation.__name__: endpoint.handler.__module__
        for endpoint in CORE
        if (told := endpoint.operation.__module__.rpartition(".")[2])
        not in SPLIT.get(here := endpoint.handler.__module__.rpartition(".")[2], {here})
        and told != here
    }
    assert elsewhere == {}


def test_every_operation_is_mentioned_by_a_test() -> None:
    folders = ("unit", "security", "integration")
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in folders
        for path in sorted((ROOT / "tests" / folder).rglob("*.py"))
    )
    silent = [
        endpoint.operation.__name__
        for endpoint in CORE
        if endpoint.operation.__name__ not in text
        and not _mentioned(endpoint.operation.route.path, text)
        and f".{snake(endpoint.operation.__name__)}(" not in text
    ]
    assert silent == []


def _mentioned(path: str | None, text: str) -> bool:
    """Whether a text literal begins with the path, up to its first parameter."""
    return path is not None and f'"{path.partition("{")[0]}' in text
