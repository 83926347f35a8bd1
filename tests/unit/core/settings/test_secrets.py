"""Secrets in settings: one or several, strong or not, never shown."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pydantic import SecretStr

from gatewright.settings import (
    Settings,
    SocialProvider,
    VersionedSecret,
)
from gatewright.wire.faults import ConfigError

STRONG = "Zk3v0qT9xW1rB7nM5cY8dF2hJ6gL4pS0"
PUBLIC = "better-auth-secret-12345678901234567890"


def versions(*pairs: tuple[int, str]) -> Sequence[VersionedSecret]:
    return [VersionedSecret(version=version, value=SecretStr(value)) for version, value in pairs]


def test_the_first_versioned_secret_signs() -> None:
    settings = Settings(secret="older", secrets=versions((2, STRONG), (1, "first")))
    assert settings.current_secret() == STRONG


def test_a_version_appears_once() -> None:
    with pytest.raises(ConfigError, match=r"^secrets: each version may appear once; repeated: 1$"):
        Settings(secrets=versions((1, "a"), (1, "b"), (2, "c")))


@pytest.mark.parametrize("version", [-1, 1.5, "1", True])
def test_a_version_is_a_whole_number_from_zero(version: object) -> None:
    with pytest.raises(ConfigError, match=r"^secrets\[0\]\.version: "):
        Settings.load({"secrets": [{"version": version, "value": "a"}]})


@pytest.mark.parametrize("production", [False, True])
def test_an_instance_without_a_secret_does_not_start(production: bool) -> None:
    for settings in (Settings(production=production), Settings(production=production, secret="")):
        with pytest.raises(ConfigError, match="a secret is needed"):
            settings.current_secret()


@pytest.mark.parametrize("weak", ["short", STRONG[:31], PUBLIC, "a" * 64, "abababab" * 8])
def test_a_weak_secret_is_refused_in_production_only(weak: str) -> None:
    assert Settings(secret=weak).current_secret() == weak
    production = Settings(secret=weak, production=True)
    for check in (production.current_secret, production.check_secret, lambda: Settings(secret=weak).check_secret(True)):
        with pytest.raises(ConfigError) as refused:
            check()
        assert weak not in str(refused.value)
    versioned = Settings(secrets=versions((1, weak)), production=True)
    with pytest.raises(ConfigError):
        versioned.check_secret()


def test_a_strong_secret_is_taken_in_production() -> None:
    assert Settings(secret=STRONG, production=True).current_secret() == STRONG


def test_secrets_are_masked_wherever_settings_are_printed() -> None:
    settings = Settings(
        secret=STRONG,
        secrets=versions((1, "versioned-hush")),
        social_providers={"google": SocialProvider(client_id="id", client_secret="client-hush")},
    )
    assert settings.secret is not None
    assert settings.secret.get_secret_value() == STRONG
    for text in (repr(settings), str(settings), f"{settings}", str(settings.model_dump()), settings.model_dump_json()):
        for hidden in (STRONG, "versioned-hush", "client-hush"):
            assert hidden not in text


def test_messages_do_not_repeat_what_was_given() -> None:
    with pytest.raises(ConfigError) as refused:
        Settings.load({"secret": ["hush"], "secrets": [{"version": "hush", "value": 7}], "appName": {"hush": 1}})
    assert "hush" not in str(refused.value)
    assert refused.value.__suppress_context__ is True
