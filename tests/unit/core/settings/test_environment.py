from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatewright.settings import Settings
from gatewright.wire.faults import ConfigError

if TYPE_CHECKING:
    from gatewright.http.request import Request

pytestmark = pytest.mark.anyio

ENVIRON = {
    "BETTER_AUTH_SECRET": "from-env",
    "AUTH_SECRET": "fallback",
    "BETTER_AUTH_SECRETS": "2:new, 1:old:with:colons",
    "BETTER_AUTH_URL": "https://env.example",
    "BETTER_AUTH_TRUSTED_ORIGINS": "https://a.example, ,https://b.example",
    "NODE_ENV": "production",
}


def test_nothing_is_read_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    assert Settings() == Settings.from_env({})
    assert Settings().secret is None


def test_the_processes_environment_is_read_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    assert Settings.from_env() == Settings.from_env(ENVIRON)


def test_every_variable_fills_its_option() -> None:
    assert Settings.from_env(ENVIRON) == Settings.load(
        {
            "secret": "from-env",
            "secrets": [{"version": 2, "value": "new"}, {"version": 1, "value": "old:with:colons"}],
            "baseURL": "https://env.example",
            "trustedOrigins": ["https://a.example", "https://b.example"],
            "production": True,
        }
    )


def test_the_second_name_of_the_secret_is_read_after_the_first() -> None:
    assert Settings.from_env({"AUTH_SECRET": "fallback"}).current_secret() == "fallback"
    assert Settings.from_env({"AUTH_SECRET": "fallback", "BETTER_AUTH_SECRET": "first"}).current_secret() == "first"


@pytest.mark.parametrize("name", ["base_url", "baseURL"])
def test_what_the_application_says_wins_in_either_spelling(name: str) -> None:
    assert Settings.from_env(ENVIRON, **{name: "https://own.example"}).base_url == "https://own.example"


def test_both_spellings_at_once_are_refused() -> None:
    with pytest.raises(ConfigError, match="both spellings"):
        Settings.from_env({}, base_url="https://a.example", baseURL="https://b.example")


def test_only_production_is_production() -> None:
    assert Settings.from_env({"NODE_ENV": "test"}).production is False
    assert Settings.from_env({"NODE_ENV": "production"}, production=False).production is False


def test_origins_of_the_environment_join_a_list() -> None:
    settings = Settings.from_env(ENVIRON, trusted_origins=["https://own.example"])
    assert settings.trusted_origins == ("https://own.example", "https://a.example", "https://b.example")


async def test_origins_of_the_environment_join_a_function() -> None:
    async def own(request: Request | None) -> list[str | None]:
        return ["https://own.example", None]

    origins = Settings.from_env(ENVIRON, trusted_origins=own).trusted_origins
    assert callable(origins)
    answer = origins(None)
    assert not isinstance(answer, list | tuple)
    assert await answer == ("https://a.example", "https://b.example", "https://own.example", None)  # pyright: ignore[reportGeneralTypeIssues]


@pytest.mark.parametrize("text", ["hush", "1:", "x:hush", "1:hush,1:other", "-1:hush"])
def test_versioned_secrets_that_cannot_be_read_are_refused_unseen(text: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Settings.from_env({"BETTER_AUTH_SECRETS": text})
    assert str(refused.value).startswith("BETTER_AUTH_SECRETS: ")
    assert "hush" not in str(refused.value)


def test_unknown_options_are_refused_here_too() -> None:
    with pytest.raises(ConfigError, match=r"^base_uri: unknown option$"):
        Settings.from_env(ENVIRON, base_uri="https://own.example")
