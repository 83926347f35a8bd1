import builtins
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwe
from joserfc.jwk import OctKey
from tests.unit.core.crypto.vectors import COOKIES, CRYPTO, Jwe

from gatewright.crypto.cipher import Secrets
from gatewright.crypto.hashing import base64url
from gatewright.crypto.jwe import ACCOUNT_SALT, SESSION_SALT, ClaimsBox, derive_key
from gatewright.crypto.jwt import unverified_header
from gatewright.crypto.libraries import MissingLibrary

NOW = datetime(2026, 11, 23, 7, 40, tzinfo=UTC)
SECRETS = Secrets.single(CRYPTO.secret)
BOX = ClaimsBox(SECRETS, salt=SESSION_SALT)
JTI = "a7b0a2a5-5d35-4a6c-9a26-3b3b4a3c6f0e"
FIRST, SECOND = "first-secret-first-secret-first-secret!!", "second-secret-second-secret-second-secret"


def _seal(header: dict[str, object], plain: bytes, *, algorithms: tuple[str, ...] = ("dir", "A256CBC-HS512")) -> str:
    key = OctKey.import_key(derive_key(CRYPTO.secret, SESSION_SALT))
    return jwe.encrypt_compact(header, plain, key, algorithms=list(algorithms))


@pytest.mark.parametrize("vector", CRYPTO.jwe, ids=lambda vector: str(vector.payload))
def test_tokens_of_the_contract_open_and_ours_have_their_header(vector: Jwe) -> None:
    box = ClaimsBox(Secrets.single(vector.secret), salt=vector.salt)
    opened = box.open(vector.token, now=NOW)
    assert opened is not None
    stamps = {name: opened[name] for name in ("iat", "exp", "jti")}
    assert opened == {**vector.payload, **stamps}
    assert list(opened)[-3:] == ["iat", "exp", "jti"]
    ours = box.seal(vector.payload, now=NOW, lifetime_seconds=300, jti=JTI)
    assert ours.split(".")[:2] == vector.token.split(".")[:2]
    assert box.open(ours, now=NOW) == {
        **vector.payload,
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 300,
        "jti": JTI,
    }


@pytest.mark.parametrize("token", COOKIES.jwe)
def test_session_cookies_of_the_contract_open(token: str) -> None:
    opened = BOX.open(token, now=NOW)
    assert opened is not None
    assert list(opened) == ["session", "user", "updatedAt", "version", "iat", "exp", "jti"]
    assert cast("Mapping[str, object]", opened["user"])["name"] == "Véc Tor"


def test_a_cookie_sealed_under_versioned_secrets_opens() -> None:
    vector = COOKIES.jwe_versioned
    opened = ClaimsBox(Secrets.versioned(vector.secrets), salt=SESSION_SALT).open(vector.token, now=NOW)
    assert opened is not None
    assert opened["version"] == "1"
    assert BOX.open(vector.token, now=NOW) is None


def test_older_and_legacy_secrets_open_and_the_current_one_seals() -> None:
    now = ClaimsBox(Secrets.versioned([(2, SECOND), (1, FIRST)], legacy=CRYPTO.secret), salt=SESSION_SALT)
    for old in (FIRST, SECOND, CRYPTO.secret):
        token = ClaimsBox(Secrets.single(old), salt=SESSION_SALT).seal({"a": 1}, now=NOW, lifetime_seconds=9, jti=JTI)
        opened = now.open(token, now=NOW)
        assert opened is not None
        assert opened["a"] == 1
    sealed = now.seal({}, now=NOW, lifetime_seconds=9, jti=JTI)
    assert ClaimsBox(Secrets.single(SECOND), salt=SESSION_SALT).open(sealed, now=NOW) is not None
    assert ClaimsBox(Secrets.single(FIRST), salt=SESSION_SALT).open(sealed, now=NOW) is None


def test_a_token_without_a_key_name_is_tried_under_each_secret() -> None:
    token = _seal({"alg": "dir", "enc": "A256CBC-HS512"}, b'{"a":1}')
    assert ClaimsBox(Secrets.versioned([(1, FIRST)], legacy=CRYPTO.secret), salt=SESSION_SALT).open(token, now=NOW) == {
        "a": 1
    }
    assert ClaimsBox(Secrets.versioned([(1, FIRST)]), salt=SESSION_SALT).open(token, now=NOW) is None


def test_the_session_cookie_does_not_open_as_the_account_cookie() -> None:
    token = BOX.seal({"a": 1}, now=NOW, lifetime_seconds=300, jti=JTI)
    assert ClaimsBox(SECRETS, salt=ACCOUNT_SALT).open(token, now=NOW) is None
    nameless = _seal({"alg": "dir", "enc": "A256CBC-HS512"}, b'{"a":1}')
    assert ClaimsBox(SECRETS, salt=ACCOUNT_SALT).open(nameless, now=NOW) is None


def test_clocks_may_differ_by_fifteen_seconds() -> None:
    token = BOX.seal({"a": 1}, now=NOW, lifetime_seconds=300, jti=JTI)
    assert BOX.open(token, now=NOW + timedelta(seconds=314)) is not None
    assert BOX.open(token, now=NOW + timedelta(seconds=315)) is None


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "dir", "enc": "A256CBC-HS512", "zip": "DEF"},
        {"alg": "dir", "enc": "A256CBC-HS512", "kid": "unknown"},
        {"alg": "dir", "enc": "A256CBC-HS512", "cty": "JWT"},
    ],
)
def test_headers_that_we_do_not_write_are_refused(header: dict[str, object]) -> None:
    token = _seal(header, b'{"a":1}', algorithms=("dir", "A256CBC-HS512", "DEF"))
    assert BOX.open(token, now=NOW) is None


@pytest.mark.parametrize("plain", [b"", b"[]", b"1", b"{", b"\xff", b"[" * 20_000])
def test_a_sealed_text_that_is_no_object_is_refused(plain: bytes) -> None:
    assert BOX.open(_seal({"alg": "dir", "enc": "A256CBC-HS512"}, plain), now=NOW) is None


@given(st.data())
def test_changing_any_character_is_noticed(data: st.DataObject) -> None:
    token = COOKIES.jwe[0]
    position = data.draw(st.integers(0, len(token) - 2))
    replacement = data.draw(st.sampled_from("AZaz09-_.=é"))
    changed = token[:position] + replacement + token[position + 1 :]
    opened = BOX.open(changed, now=NOW)
    assert (opened is not None) is (changed == token)


@given(st.text(st.characters()) | st.lists(st.binary().map(base64url), min_size=5, max_size=5).map(".".join))
def test_any_text_is_refused_and_never_raises(token: str) -> None:
    assert BOX.open(token, now=NOW) is None


@given(st.binary(max_size=40), st.binary(min_size=16, max_size=16), st.binary(min_size=32, max_size=32))
def test_random_parts_under_a_real_header_are_refused(body: bytes, iv: bytes, tag: bytes) -> None:
    head = COOKIES.jwe[0].split(".", maxsplit=1)[0]
    assert BOX.open(f"{head}..{base64url(iv)}.{base64url(body)}.{base64url(tag)}", now=NOW) is None


def test_the_key_name_is_the_thumbprint_of_the_derived_key() -> None:
    header = unverified_header(BOX.seal({}, now=NOW, lifetime_seconds=1, jti=JTI))
    assert header == {"alg": "dir", "enc": "A256CBC-HS512", "kid": "F2hAmXxLhmoeH0MC3zXIDdPI6tMvWvmkLTXJ9lda2Cc"}
    assert len(derive_key(CRYPTO.secret, SESSION_SALT)) == 64
    assert CRYPTO.secret not in repr(BOX)


def test_a_missing_library_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_joserfc(name: str, *rest: object) -> object:
        if name.startswith("joserfc"):
            raise ImportError(name)
        return real(name, *rest)  # pyright: ignore[reportArgumentType] - passed through as it came

    monkeypatch.setattr(builtins, "__import__", without_joserfc)
    with pytest.raises(MissingLibrary, match=r"install gatewright\[jwe\]"):
        ClaimsBox(SECRETS, salt=SESSION_SALT)


def test_json_survives_the_box() -> None:
    claims = json.loads('{"n":1.5,"t":"ü🔐","l":[1,null,true],"o":{"z":1,"a":2}}')
    opened = BOX.open(BOX.seal(claims, now=NOW, lifetime_seconds=5, jti=JTI), now=NOW)
    assert opened is not None
    assert {name: opened[name] for name in claims} == claims
