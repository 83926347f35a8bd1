"""The state of an authorization in flight."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from gatewright.protocols.oauth2.state import RANDOM_LENGTH, Linking, OAuthState, bind, check, is_bound, pack, unpack

NOW = datetime(2026, 6, 1, 12, 0, 1, tzinfo=UTC)
STATE = OAuthState(
    callback_url="/home", code_verifier="v" * 128, state="s" * 32, expires_at=NOW + timedelta(minutes=10)
)


def test_the_stored_text_is_the_contracts() -> None:
    state = OAuthState(
        callback_url="/dash",
        code_verifier="Yuc1",
        state="ZRsH",
        expires_at=datetime.fromtimestamp(1795420701.999, UTC),
        error_url="/err",
        new_user_url="/new",
        additional={"foo": "bar"},
    )
    assert pack(state) == (
        '{"foo":"bar","callbackURL":"/dash","codeVerifier":"Yuc1","errorURL":"/err","newUserURL":"/new",'
        '"expiresAt":1795420701999,"oauthState":"ZRsH"}'
    )


def test_what_is_packed_is_unpacked() -> None:
    whole = OAuthState(
        callback_url="/home",
        code_verifier="v",
        state="s",
        expires_at=NOW,
        linking=Linking("user", "a@b.c"),
        request_sign_up=True,
        id_token_nonce="n",
        server_context={"plugin": {"a": 1}},
        additional={"x": [1, None]},
    )
    assert unpack(pack(whole)) == whole
    assert json.loads(pack(whole))["link"] == {"userId": "user", "email": "a@b.c"}


def test_additional_data_can_set_no_member_of_ours() -> None:
    hostile = {
        "callbackURL": "/evil",
        "link": {"userId": "victim", "email": "v@b.c"},
        "serverContext": {"a": 1},
        "codeVerifier": "x",
        "ok": 1,
    }
    back = unpack(
        pack(OAuthState(callback_url="/home", code_verifier="v", state="s", expires_at=NOW, additional=hostile))
    )
    assert back == OAuthState(callback_url="/home", code_verifier="v", state="s", expires_at=NOW, additional={"ok": 1})


def test_too_much_additional_data_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        pack(OAuthState(callback_url="/", code_verifier="v", state="s", expires_at=NOW, additional={"x": "y" * 70_000}))


@pytest.mark.parametrize(
    ("given", "now", "fault"),
    [
        ("s" * 32, NOW, None),
        ("s" * 32, NOW + timedelta(minutes=10), None),
        ("s" * 32, NOW + timedelta(minutes=10, milliseconds=1), "state_mismatch"),
        ("t" * 32, NOW, "state_mismatch"),
        ("", NOW, "state_mismatch"),
        ("\ud800", NOW, "state_mismatch"),
    ],
)
def test_a_state_is_good_for_its_own_value_and_time(given: str, now: datetime, fault: str | None) -> None:
    assert check(pack(STATE), given=given, now=now) == (fault or STATE)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"callbackURL":7}', pack(STATE).replace("1780315801000", "1" + "0" * 17)]
)
def test_an_unreadable_state_is_invalid(text: str) -> None:
    assert check(text, given="s", now=NOW) == "state_invalid"


def test_no_stored_state_is_a_mismatch() -> None:
    assert check(None, given="s", now=NOW) == "state_mismatch"


def test_a_bound_state_belongs_to_one_provider() -> None:
    value = bind("r" * RANDOM_LENGTH, provider_id="google", code_verifier="v" * 128)
    state = OAuthState(callback_url="/", code_verifier="v" * 128, state=value, expires_at=NOW)
    assert len(value) == 32
    assert is_bound(state, provider_id="google")
    assert not is_bound(state, provider_id="github")
    assert not is_bound(STATE, provider_id="google")


def test_a_state_does_not_show_its_verifier() -> None:
    assert "v" * 128 not in repr(STATE)
