"""LOG-05 over every value there is: what may be secret is not in the text of a value, whoever prints it."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType

import msgspec
import pytest

from gatewright.contract.sign_in import CallbackOAuth, IdToken, SignInSocial
from gatewright.plugins.siwe.contract import VerifySiweMessage
from gatewright.plugins.two_factor.contract import Enabled, TotpUri
from gatewright.wire.kinds import Redirect

PACKAGES = ("gatewright", "gatewright_adapters", "gatewright_client", "gatewright_integrations")
SECRET = re.compile(
    r"(password|token|secret|code|codes|otp|cookie|hash|verifier|assertion|challenge|nonce|signature|totp_uri|location)$"
)
PUBLIC = {
    "gatewright.plugins.oauth_popup.page.Failure.code": "of an error",
    "gatewright.plugins.siwe.message.Message.nonce": "used up before the message is looked at",
    "gatewright.providers.base.IdTokenRule.hashed_nonce": "whether it is hashed",
    "gatewright.providers.base.Provider.id_token": "the rule for such tokens",
    "gatewright.providers.table.Row.token": "an address",
    "gatewright.services.social.ConfiguredProvider.sends_nonce": "whether one is sent",
    "gatewright.providers.base.Provider.sends_verifier": "whether one is sent",
    "gatewright.plugins.two_factor.tools.Tools.otp": "what makes codes, not a code",
    "gatewright.plugins.two_factor.tools.Tools.totp": "likewise",
}
"""Members that sound like secrets and are none."""


def modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        root = importlib.import_module(package)
        yield root
        for each in pkgutil.walk_packages(root.__path__, f"{package}."):
            if ".testing" in each.name or each.name.endswith(".__main__"):
                continue
            try:
                yield importlib.import_module(each.name)
            except ModuleNotFoundError:
                continue  # an extra that is not installed


def classes() -> Iterator[type]:
    seen: set[type] = set()
    for module in modules():
        for value in list(vars(module).values()):
            if inspect.isclass(value) and value not in seen and value.__module__.partition(".")[0] in PACKAGES:
                seen.add(value)
                yield value


def test_log_05_no_dataclass_prints_what_may_be_secret() -> None:
    found = {
        f"{kind.__module__}.{kind.__qualname__}.{each.name}"
        for kind in classes()
        if dataclasses.is_dataclass(kind)
        for each in dataclasses.fields(kind)
        if each.repr and SECRET.search(each.name) and kind.__dataclass_params__.repr  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
    }
    assert found - PUBLIC.keys() == set()


def test_log_05_no_struct_prints_what_may_be_secret() -> None:
    found: set[str] = set()
    for kind in classes():
        if not issubclass(kind, msgspec.Struct) or kind.__repr__ is not msgspec.Struct.__repr__:
            continue
        names = [name for name in kind.__struct_fields__ if SECRET.search(name)]
        found.update(f"{kind.__module__}.{kind.__qualname__}.{name}" for name in names)
    assert found - PUBLIC.keys() == set()


@pytest.mark.parametrize(
    "value",
    [
        Enabled(method="totp", totp_uri="otpauth://totp/x?secret=hush", backup_codes=("hush",)),
        TotpUri(totp_uri="otpauth://totp/x?secret=hush"),
        Redirect("https://app.test/?token=hush"),
        IdToken(token="hush", nonce="hush", access_token="hush", refresh_token="hush"),
        SignInSocial(provider="google", id_token=IdToken(token="hush")),
        CallbackOAuth(id="google", code="hush", state="hush"),
        VerifySiweMessage(message="m", signature="hush"),
    ],
)
def test_log_05_values_that_hold_secrets_show_none(value: object) -> None:
    assert "hush" not in repr(value)
    assert "hush" not in str(value)
