"""Names that are loaded when they are asked for."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from gatewright.plugins import magic_link, two_factor
from gatewright.plugins.two_factor.model import TwoFactor as Row
from gatewright.plugins.two_factor.plugin import TwoFactor
from gatewright.wire.lazy import lazily


def test_a_name_is_loaded_from_its_home_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    package, home = ModuleType("lazy_package"), ModuleType("lazy_package.home")
    vars(home).update(Thing=1)
    monkeypatch.setitem(sys.modules, "lazy_package", package)
    monkeypatch.setitem(sys.modules, "lazy_package.home", home)
    load = lazily("lazy_package", {"Thing": "home", "Other": "home:Thing"})
    assert (load("Thing"), load("Other")) == (1, 1)
    assert (vars(package)["Thing"], vars(package)["Other"]) == (1, 1)


def test_another_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="module 'package' has no attribute 'thing'"):
        lazily("package", {})("thing")
    assert not hasattr(magic_link, "Nothing")


def test_every_public_name_of_a_plugin_is_there() -> None:
    assert (two_factor.TwoFactor, two_factor.TwoFactorRow) == (TwoFactor, Row)
    assert [name for module in (magic_link, two_factor) for name in module.__all__ if not hasattr(module, name)] == []
