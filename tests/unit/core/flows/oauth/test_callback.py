"""Which callback a state is good for, and how addresses take a refusal along."""

from __future__ import annotations

from datetime import UTC, datetime

from gatewright.flows.oauth.callback import is_for
from gatewright.flows.oauth.start import Attempt, begin_attempt
from gatewright.http.redirects import append_form
from gatewright.protocols.oauth2.state import LIFETIME, OAuthState
from gatewright.providers.google import google
from gatewright.providers.options import ProviderOptions
from gatewright.testing.random import SeededRandom

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def begun() -> OAuthState:
    provider = google(ProviderOptions(client_id="id", client_secret="hush"))
    attempt = Attempt(redirect_uri="https://app.example/cb", callback_url="/home")
    return begin_attempt(provider, attempt, random=SeededRandom(), now=NOW).state


def test_an_attempt_lasts_ten_minutes() -> None:
    state = begun()
    assert (state.expires_at - NOW, len(state.state), len(state.code_verifier)) == (LIFETIME, 32, 128)


def test_a_state_of_ours_is_for_its_own_provider() -> None:
    state = begun()
    assert is_for(state, "google", ["google", "github"])
    assert not is_for(state, "github", ["google", "github"])


def test_a_state_that_is_bound_to_nobody_we_know_is_another_servers() -> None:
    theirs = OAuthState(callback_url="/", code_verifier="v" * 128, state="s" * 32, expires_at=NOW)
    assert is_for(theirs, "github", ["google", "github"])


def test_a_refusal_is_added_behind_what_an_address_has() -> None:
    pairs = [("error", "a b~*"), ("error_description", "ü\r\n&")]
    added = "error=a+b%7E*&error_description=%C3%BC%0D%0A%26"
    assert append_form("/oops", pairs) == f"/oops?{added}"
    assert append_form("https://app.example/e?x=1#top", pairs) == f"https://app.example/e?x=1&{added}#top"
    assert append_form("/oops", []) == "/oops"
