"""Authorization URLs and answers."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from gatewright.protocols.oauth2.authorize import (
    RESERVED,
    AuthorizationAnswer,
    AuthorizationRefused,
    authorization_url,
    issuer_fault,
    read_answer,
    reserved_among,
)


def test_every_parameter_has_its_place() -> None:
    url = authorization_url(
        "https://p/a?x=1&state=old",
        client_id="c",
        redirect_uri="https://a/cb?y=1",
        state="s",
        scopes=["a", "b:c"],
        code_challenge="ch",
        prompt="login",
        access_type="offline",
        display="popup",
        duration="permanent",
        login_hint="a@b.c",
        hd="b.c",
        response_type="code id_token",
        response_mode="form_post",
        claims="{}",
        nonce="n",
        additional=[("foo", "bar baz"), ("hd", "other")],
    )
    assert parse_qsl(urlsplit(url).query) == [
        ("x", "1"),
        ("state", "s"),
        ("response_type", "code id_token"),
        ("client_id", "c"),
        ("scope", "a b:c"),
        ("redirect_uri", "https://a/cb?y=1"),
        ("duration", "permanent"),
        ("display", "popup"),
        ("login_hint", "a@b.c"),
        ("nonce", "n"),
        ("prompt", "login"),
        ("hd", "other"),
        ("access_type", "offline"),
        ("response_mode", "form_post"),
        ("code_challenge_method", "S256"),
        ("code_challenge", "ch"),
        ("claims", "{}"),
        ("foo", "bar baz"),
    ]


def test_what_is_not_given_is_not_sent() -> None:
    assert (
        authorization_url("https://p/a", client_id="c", redirect_uri="u", state="s")
        == "https://p/a?response_type=code&client_id=c&state=s&redirect_uri=u"
    )


@pytest.mark.parametrize(("plus", "written"), [(True, "scope=a+b"), (False, "scope=a%20b")])
def test_a_space_is_written_either_way(plus: bool, written: str) -> None:
    url = authorization_url(
        "https://p/a", client_id="c", redirect_uri="u", state="s", scopes=["a", "b"], plus_for_space=plus
    )
    assert written in url


def test_no_scopes_and_an_empty_scope_differ() -> None:
    assert "scope=" not in authorization_url("https://p", client_id="c", redirect_uri="u", state="s", scopes=None)
    assert "scope=&" in authorization_url("https://p", client_id="c", redirect_uri="u", state="s", scopes=[])


@pytest.mark.parametrize("name", RESERVED)
def test_a_reserved_parameter_cannot_be_set(name: str) -> None:
    assert reserved_among([name, "foo"]) == (name,)
    with pytest.raises(ValueError, match="reserved"):
        authorization_url("https://p", client_id="c", redirect_uri="u", state="s", additional=[(name, "x")])


@pytest.mark.parametrize(
    ("parameters", "answer"),
    [
        ({"code": ["c"], "iss": ["i"], "device_id": ["d"], "user": ["{}"]}, AuthorizationAnswer("c", "i", "d", "{}")),
        ({"code": ["c"]}, AuthorizationAnswer("c")),
        ({}, AuthorizationRefused("no_code")),
        ({"code": [""]}, AuthorizationRefused("no_code")),
        ({"code": []}, AuthorizationRefused("no_code")),
        ({"error": ["access_denied"], "error_description": ["no"]}, AuthorizationRefused("access_denied", "no")),
        ({"error": ["access_denied"], "code": ["c"]}, AuthorizationRefused("access_denied")),
        ({"code": ["c", "d"]}, AuthorizationRefused("invalid_callback_request")),
        ({"code": ["c"], "iss": ["i", "i"]}, AuthorizationRefused("invalid_callback_request")),
        ({"code": ["c"], "state": ["s", "t"]}, AuthorizationRefused("invalid_callback_request")),
    ],
)
def test_answers_are_read_strictly(
    parameters: dict[str, list[str]], answer: AuthorizationAnswer | AuthorizationRefused
) -> None:
    assert read_answer(parameters) == answer


@pytest.mark.parametrize(
    ("given", "accepted", "required", "fault"),
    [
        ("https://i", ("https://i",), True, None),
        ("https://i", ("https://i",), False, None),
        (None, ("https://i",), False, None),
        (None, ("https://i",), True, "issuer_missing"),
        ("https://i/", ("https://i",), False, "issuer_mismatch"),
        ("https://evil", ("https://i",), True, "issuer_mismatch"),
        ("https://any", (), False, None),
    ],
)
def test_the_issuer_of_an_answer(
    given: str | None, accepted: tuple[str, ...], required: bool, fault: str | None
) -> None:
    assert issuer_fault(given, accepted=accepted, required=required) == fault
