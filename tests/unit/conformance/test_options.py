"""Options as a TypeScript user writes them become settings, or are refused by their path."""

import re
from collections.abc import Callable

import pytest
from tests.conformance.codec import JsonObject, Unsupported
from tests.conformance.options import settings_of

from gatewright.wire.faults import ConfigError

SECRET = "conformance-secret-0123456789abcdef"


def make(name: str, path: str) -> Callable[..., object]:
    """No scenario is there to be asked."""
    return len


def test_options_become_settings_whose_hashes_are_the_contracts() -> None:
    settings = settings_of({"secret": SECRET, "emailAndPassword": {"enabled": True, "autoSignIn": False}}, make)
    assert settings.email_and_password.auto_sign_in is False
    assert settings.email_and_password.password_hash == "scrypt"


def test_an_option_that_is_switched_off_is_not_refused() -> None:
    settings = settings_of({"secret": SECRET, "rateLimit": {"enabled": False}}, make)
    assert settings.rate_limit.enabled is False


@pytest.mark.parametrize(
    ("options", "path"),
    [({"noSuch": 1}, "noSuch"), ({"session": {"expiresAt": 5}}, "session.expiresAt")],
)
def test_an_option_that_there_is_not_is_refused_by_its_path(options: JsonObject, path: str) -> None:
    with pytest.raises(Unsupported, match=f"^{re.escape(path)}$"):
        settings_of({"secret": SECRET, **options}, make)


def test_a_value_that_does_not_fit_is_a_mistake_of_configuration() -> None:
    with pytest.raises(ConfigError):
        settings_of({"secret": SECRET, "session": {"expiresIn": "soon"}}, make)
