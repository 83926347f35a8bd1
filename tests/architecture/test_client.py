"""The client offers what the contract's client offers, and loads nothing that it does not need."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.architecture.source import ROOT, SOURCES

import gatewright.plugins
from gatewright.endpoints import CORE
from gatewright.wire.names import camel
from gatewright.wire.operation import SESSION, Operation
from gatewright_client import ClientPlugin, plugins
from gatewright_client.calls import actions_of
from gatewright_client.core import CoreCalls
from gatewright_client.exchange import Server

DATA = json.loads((ROOT / "tests" / "data" / "client_methods.json").read_text(encoding="utf-8"))
"""Of the contract's client: its methods, and the paths that raise signals; those of plugins that are not here as well."""

CALLS: dict[str, type[Operation[Any]]] = dict(actions_of(CoreCalls))

ELSEWHERE = {
    "GET /reset-password/{token}": "request_password_reset_callback",
    "GET /delete-user/callback": "delete_user_callback",
}
"""Links in mails, whose name in the contract's client is that of, or below that of, another call."""

IN_PLACE_OF = {"GetCustomSession": "GetSession"}
"""Operations that take another's place at its path."""

BEYOND = {
    "/assurance/state",
    "/assurance/verify-passkey",
    "/assurance/verify-password",
    "/organization/page-invitations",
    "/organization/page-members",
    "/organization/page-organizations",
    "/organization/transfer-ownership",
}
"""Paths that the contract does not have."""

PLUGINS: dict[str, Callable[[], ClientPlugin]] = {
    "adminClient": plugins.AdminClient,
    "anonymousClient": plugins.AnonymousClient,
    "apiKeyClient": plugins.ApiKeyClient,
    "assuranceClient": plugins.AssuranceClient,
    "deviceAuthorizationClient": plugins.DeviceAuthorizationClient,
    "emailOTPClient": plugins.EmailOTPClient,
    "jwtClient": plugins.JwtClient,
    "magicLinkClient": plugins.MagicLinkClient,
    "multiSessionClient": plugins.MultiSessionClient,
    "oneTapClient": plugins.OneTapClient,
    "oneTimeTokenClient": plugins.OneTimeTokenClient,
    "organizationClient": plugins.OrganizationClient,
    "passkeyClient": plugins.PasskeyClient,
    "phoneNumberClient": plugins.PhoneNumberClient,
    "siweClient": plugins.SiweClient,
    "twoFactorClient": plugins.TwoFactorClient,
    "usernameClient": plugins.UsernameClient,
}
"""Our plugins by the name of the contract's, or by the name that it would have there."""

MORE_SIGNALS = {
    "/sign-in/social",
    "/magic-link/verify",
    "/one-time-token/verify",
    "/email-otp/change-email",
    "/device/approve",
    "/device/deny",
    "/multi-session/revoke",
    "/one-tap/callback",
    "/delete-anonymous-user",
    "/siwe/verify",
}
"""Announced here and not by the contract's client, which reads the session again after leaving the page: they change it too."""


def _template(path: str) -> str:
    return "/".join(f"{{{part[1:]}}}" if part.startswith(":") else part for part in path.split("/"))


def _camel(call: str) -> str:
    return ".".join(map(camel, call.split(".")))


def _declared() -> set[type[Operation[Any]]]:
    """Every operation of the server, the core's and its plugins'."""
    found = {endpoint.operation for endpoint in CORE}
    for folder in pkgutil.iter_modules(gatewright.plugins.__path__):
        home = f"gatewright.plugins.{folder.name}.contract"
        if not folder.ispkg or importlib.util.find_spec(home) is None:
            continue
        module = importlib.import_module(home)
        rooms = [module]
        rooms += [
            importlib.import_module(f"{home}.{each.name}")
            for each in pkgutil.iter_modules(getattr(module, "__path__", ()))
        ]
        found |= {
            value
            for room in rooms
            for value in vars(room).values()
            if isinstance(value, type) and issubclass(value, Operation) and value.__module__ == room.__name__
        }
    return found


def test_every_method_of_the_contract_that_the_server_has_is_a_call() -> None:
    served = {each.route.path for each in _declared() if each.route.served}
    calls = {(_camel(name), operation.route.path) for name, operation in CALLS.items()}
    calls |= {(name, operation.route.path) for name, operation in CALLS.items()}
    missing: list[str] = []
    for method in DATA["methods"]:
        path = _template(method["path"])
        expected = ELSEWHERE.get(f"{method['methods'][0]} {path}", method["client"])
        if path in served and (expected, path) not in calls:
            missing.append(f"{expected} ({path})")
    assert missing == []


def test_every_operation_that_clients_may_call_is_a_call() -> None:
    paths = {each.route.path for each in CALLS.values()}
    # One that takes another's place at its path is called as that one is.
    callable_ones = {each for each in _declared() if each.route.client and each.__name__ not in IN_PLACE_OF}
    assert {each.route.path for each in _declared() if each.__name__ in IN_PLACE_OF} - paths == set()
    assert {each.__name__ for each in callable_ones} == {each.__name__ for each in CALLS.values()}


def test_calls_are_named_by_their_path() -> None:
    wrong = {
        name: operation.route.path
        for name, operation in CALLS.items()
        if "/" + name.replace(".", "/").replace("_", "-") != operation.route.path and name not in ELSEWHERE.values()
    }
    assert wrong == {}


def test_calls_send_the_methods_of_the_contract() -> None:
    allowed: dict[str, set[str]] = {}
    for each in DATA["methods"]:
        allowed.setdefault(_template(each["path"]), set()).update(each["methods"])
    known = {name: each.route for name, each in CALLS.items() if each.route.path not in BEYOND}
    assert [name for name, route in known.items() if route.methods[0] not in allowed[route.path or ""]] == []


def test_signals_are_raised_where_the_contract_says() -> None:
    """With a client that has the plugins; a plugin that the server does not have yet waits for it."""
    server = Server.at(
        "https://example.com",
        "/api/auth",
        origin=None,
        bearer=False,
        plugins=[make() for make in PLUGINS.values()],
        now=lambda: datetime.now(UTC),
    )
    raised = {(name, each.route.path) for each in CALLS.values() for name in server.signals_of(each)}
    served = {each.route.path for each in CALLS.values()}
    expected = {
        (row["signal"], path)
        for row in DATA["signals"]
        if row["plugin"] == "core" or row["plugin"] in PLUGINS
        for path in row["paths"]
        if path in served
    }
    assert expected - raised == set()
    assert {each for each in raised - expected if each[1] not in BEYOND} == {
        (SESSION.name, path) for path in MORE_SIGNALS
    }


def test_the_core_announces_the_session_without_any_plugin() -> None:
    (row,) = (each for each in DATA["signals"] if each["plugin"] == "core")
    announced = {each.route.path for each in CALLS.values() if each.route.signals is SESSION}
    assert set(row["paths"]) - announced == set()


def test_every_plugin_of_the_contract_that_the_server_has_has_a_counterpart() -> None:
    served = {each.route.path for each in _declared() if each.route.served}
    rows = DATA["signals"]
    announcing = {
        row["plugin"] for row in rows if row["plugin"] != "core" and served & set(row["paths"]) - {"/sign-out"}
    }
    assert announcing - PLUGINS.keys() == set()


def test_the_types_of_every_call_are_proved_in_both_flavours() -> None:
    """By ``assert_type``, which pyright and mypy read; a call that is not there has no types for an editor to show."""
    proved = (ROOT / "tests" / "types" / "good_client_calls.py").read_text(encoding="utf-8")
    names = re.findall(r"^ *(?:assert_type\()?(await )?client\.([\w.]+)\(", proved, re.MULTILINE)
    everything = {name.removesuffix(".__call__") for name in CALLS}
    assert {name for awaited, name in names if awaited} == everything
    assert {name for awaited, name in names if not awaited} == everything


def test_every_call_of_the_contract_is_in_the_suite_for_two_servers() -> None:
    suite = [*(ROOT / "tests" / "unit" / "client").rglob("test_both_servers*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in suite)
    called = {name.removesuffix(".__call__") for name, each in CALLS.items() if each.route.path not in BEYOND}
    assert {name for name in called if not re.search(rf"\w\.{re.escape(name)}\b", text)} == set()


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


def test_asking_for_every_group_and_plugin_loads_no_server_room() -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, SOURCES))}
    code = (
        "import sys\n"
        "from gatewright_client import Client, plugins\n"
        "from gatewright_client.calls import actions_of\n"
        "from gatewright_client.core import CoreCalls\n"
        "list(actions_of(CoreCalls)), [getattr(plugins, name) for name in plugins.__all__]\n"
        "print(*(name for name in sys.modules if name.startswith('gatewright.')))"
    )
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    rooms = {"wire", "model", "contract", "access"}
    loaded = [name.split(".") for name in run.stdout.split()]
    heavy = [
        ".".join(parts)
        for parts in loaded
        if parts[1] not in rooms
        and not (parts[1] == "plugins" and (len(parts) < 4 or parts[3] in {"contract", "model", "faults"}))
    ]
    assert heavy == []
