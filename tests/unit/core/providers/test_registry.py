"""Every social provider against recorded requests: URLs, token requests, user info requests and profiles."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from gatewright.protocols.oauth2.outbound import OutboundRequest
from gatewright.protocols.oauth2.pkce import challenge
from gatewright.protocols.oauth2.token import OAuthTokens
from gatewright.providers.base import Authorization, ProfileSource
from gatewright.providers.options import ProviderOptions
from gatewright.providers.reading import members
from gatewright.providers.registry import PROVIDERS, provider

FACTS: dict[str, Any] = json.loads((Path(__file__).parents[3] / "data" / "providers.json").read_text("utf-8"))
VERIFIER = "v" * 128
STATE = "s" * 32
PHOTO = b"JPEG"

URL_CASES = [
    pytest.param(name, case, id=f"{name}-{number}")
    for name, row in FACTS.items()
    for number, case in enumerate(row["urls"])
]
RECORDED = [name for name, row in FACTS.items() if "exchange" in row]


def options_of(given: dict[str, Any]) -> ProviderOptions:
    return ProviderOptions(**given)


def callback(name: str) -> str:
    return f"http://localhost:3000/api/auth/callback/{name}"


def shown(request: OutboundRequest) -> dict[str, Any]:
    body = request.body.decode() if request.body is not None else None
    return {
        "method": request.method,
        "url": same_url(request.url),
        "headers": dict(request.headers),
        "body": same_body(body),
    }


def expected(request: dict[str, Any]) -> dict[str, Any]:
    body = request["body"].replace("VERIFIER", VERIFIER) if request["body"] else None
    return {**request, "url": same_url(request["url"]), "body": same_body(body)}


def same_url(url: str) -> tuple[str, list[tuple[str, str]]]:
    parts = urlsplit(url)
    path = parts.path.replace("%40", "@").replace("%24", "$")
    return f"{parts.scheme}://{parts.netloc}{path}", parse_qsl(parts.query)


def same_body(body: str | None) -> object:
    if body is None:
        return None
    return json.loads(body) if body.startswith("{") else body


def test_the_registry_holds_the_contracts_thirty_five_and_two_more() -> None:
    assert set(PROVIDERS) == {*FACTS, "cloudflare", "patreon"}
    assert len(FACTS) == 35


@pytest.mark.parametrize(("name", "case"), URL_CASES)
def test_the_authorization_url_is_the_recorded_one(name: str, case: dict[str, Any]) -> None:
    attempt = Authorization(
        redirect_uri=callback(name),
        state=STATE,
        code_verifier=VERIFIER,
        scopes=case.get("scopes", ()),
        login_hint=case.get("login_hint"),
        additional=case.get("additional", {}),
    )
    url = urlsplit(provider(name, options_of(case["options"])).authorization_url(attempt))
    query = dict(case["query"], state=STATE)
    if "code_challenge" in query:
        query["code_challenge"] = challenge(VERIFIER)
    assert (f"{url.scheme}://{url.netloc}{url.path}", url.fragment) == (case["address"], case["fragment"])
    assert dict(parse_qsl(url.query, keep_blank_values=True)) == query


@pytest.mark.parametrize("name", RECORDED)
def test_the_code_exchange_is_the_recorded_one(name: str) -> None:
    row = FACTS[name]
    request = provider(name, options_of(row["options"])).code_request(
        "the-code", redirect_uri=callback(name), code_verifier=VERIFIER, device_id="dev-1"
    )
    assert shown(request) == expected(row["exchange"])


@pytest.mark.parametrize("name", [name for name in RECORDED if FACTS[name]["refresh"]])
def test_the_refresh_is_the_recorded_one(name: str) -> None:
    row = FACTS[name]
    request = provider(name, options_of(row["options"])).refresh_request("provider-refresh-token")
    assert request is not None
    assert shown(request) == expected(row["refresh"][0])


def test_a_provider_without_refresh_builds_no_request() -> None:
    assert provider("vercel", options_of(FACTS["vercel"]["options"])).refresh_request("token") is None


@pytest.mark.parametrize("name", RECORDED)
def test_profiles_are_asked_for_and_read_as_recorded(name: str) -> None:
    row = FACTS[name]
    one = provider(name, options_of(row["options"]))
    tokens = OAuthTokens(
        access_token="gho_token" if name == "github" else "provider-access-token", raw={"openid": "op-1"}
    )
    asked = one.user_info(tokens, row["claims"])
    assert [shown(each.request) for each in asked] == [expected(each) for each in row["user_info"]]
    answers: list[object] = [PHOTO if answer == {"bytes": "JPEG"} else answer for answer in row["answers"]]
    assert all(each.accepts(answer) for each, answer in zip(asked, answers, strict=True))
    profile = one.read_profile(ProfileSource(tokens=tokens, claims=row["claims"], answers=answers))
    assert profile is not None
    assert {
        "id": profile.id,
        "issuer": profile.issuer or one.issuer,
        "name": profile.name,
        "email": profile.email,
        "email_verified": profile.email_verified,
        "image": profile.image,
    } == row["profile"]


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize(
    "answer", ["null", "[]", "{}", '"text"', "7", '{"data":null}', '{"id":null,"sub":"","user_id":0}']
)
def test_a_senseless_answer_makes_no_profile(name: str, answer: str) -> None:
    given = FACTS.get(name, {"options": {"client_id": "id", "client_secret": "secret"}})["options"]
    one = provider(name, options_of(given))
    tokens = OAuthTokens(access_token="token")
    said: object = json.loads(answer)
    claims = members(said)
    assert one.read_profile(ProfileSource(tokens=tokens, answers=[said, said])) is None
    assert one.read_profile(ProfileSource(tokens=tokens, claims=claims, answers=[said])) is None
    assert one.read_profile(ProfileSource(tokens=tokens)) is None


@pytest.mark.parametrize("name", PROVIDERS)
def test_no_representation_shows_a_secret(name: str) -> None:
    given = dict(FACTS.get(name, {"options": {"client_id": "id"}})["options"], client_secret="hush-hush")
    one = provider(name, options_of(given))
    request = one.code_request("private-code", redirect_uri=callback(name), code_verifier=VERIFIER)
    assert "hush" not in repr(one)
    assert "hush" not in repr(request)
    assert "private-code" not in repr(request)


def test_an_unknown_provider_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        provider("nobody", ProviderOptions(client_id="id"))
