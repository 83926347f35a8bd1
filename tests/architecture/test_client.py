"""The client offers what the contract's client offers, and loads nothing that it does not need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from tests.architecture.source import ROOT, SOURCES

import gatewright.contract
from gatewright.wire.names import camel
from gatewright.wire.operation import SESSION, Operation
from gatewright_client.calls import actions_of
from gatewright_client.core import CoreCalls

METHODS = json.loads((ROOT / "tests" / "data" / "client_methods.json").read_text(encoding="utf-8"))
"""Of the contract's client: the core's methods, and the paths that announce a change of the session."""

CALLS: dict[str, type[Operation[Any]]] = dict(actions_of(CoreCalls))

ELSEWHERE = {
    "GET /reset-password/{token}": "request_password_reset_callback",
    "GET /delete-user/callback": "delete_user_callback",
}
"""Links in mails, whose name in the contract's client is that of, or below that of, another call."""

MORE_SIGNALS = {"/sign-in/social"}
"""Announced here and not by the contract's client, which leaves the page after this call: with an identity token it signs in."""


def _template(path: str) -> str:
    return "/".join(f"{{{part[1:]}}}" if part.startswith(":") else part for part in path.split("/"))


def test_every_core_method_of_the_contract_is_a_call() -> None:
    served = {(name, operation.route.path) for name, operation in CALLS.items()}
    missing: list[str] = []
    for method in METHODS["methods"]:
        path = _template(method["path"])
        name = ELSEWHERE.get(f"{method['methods'][0]} {path}")
        expected = method["client"] if name is None else name
        if not any(
            (".".join(map(camel, call.split("."))) == expected or call == name) and at == path for call, at in served
        ):
            missing.append(f"{expected} ({path})")
    assert missing == []


def test_every_core_operation_that_clients_may_call_is_a_call() -> None:
    __import__("gatewright.endpoints")
    declared: set[type[Operation[Any]]] = {
        value
        for name, module in sys.modules.items()
        if name.startswith(f"{gatewright.contract.__name__}.")
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Operation) and value is not Operation
    }
    assert {each.__name__ for each in declared if each.route.client} == {each.__name__ for each in CALLS.values()}


def test_calls_send_the_methods_of_the_contract() -> None:
    allowed = {_template(each["path"]): set(each["methods"]) for each in METHODS["methods"]}
    assert [name for name, each in CALLS.items() if each.route.methods[0] not in allowed[each.route.path or ""]] == []


def test_the_session_is_announced_where_the_contract_says() -> None:
    announced = {each.route.path for each in CALLS.values() if each.route.signals is SESSION}
    assert announced == {*METHODS["sessionSignal"], *MORE_SIGNALS}


def test_every_call_says_what_it_does() -> None:
    assert [name for name, each in CALLS.items() if not each.__doc__] == []


def test_importing_the_client_loads_no_library_that_it_can_do_without() -> None:
    """Neither what servers need, nor what only some clients do; ``httpx`` waits for a client that has none of its own."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, SOURCES))}
    code = "import sys, gatewright_client; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in run.stdout.split()}
    needless = {
        "argon2",
        "cryptography",
        "httpx",
        "httpcore",
        "jwt",
        "keyring",
        "pydantic",
        "rich",
        "sqlalchemy",
        "trio",
    }
    assert loaded & needless == set()
