"""Where the documents and the page are served, and what is in the one of the contract's shape."""

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import ValidationError
from tests.everything import OPTIONS, every_plugin

from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import handles
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.open_api import OpenApi, OpenApiOptions
from gatewright.plugins.organization import Organization
from gatewright.plugins.two_factor import TwoFactor
from gatewright.testing.app import make_app
from gatewright.wire.faults import ConfigError
from gatewright.wire.operation import Operation, get
from gatewright.wire.result import Result

pytestmark = pytest.mark.anyio


class Sky(Result):
    """What one sees, looking up."""

    clear: bool


@get("/weather/now")
class GetWeather(Operation[Sky]):
    """How the weather is."""

    place: str = "here"


@handles(GetWeather)
async def get_weather(call: Call[GetWeather]) -> Sky:
    return Sky(clear=call.input.place == "here")


class Weather(Plugin):
    """An application's own plugin."""

    id = "weather"

    def parts(self) -> Parts:
        return Parts(endpoints=(get_weather,))


async def test_the_page_may_be_elsewhere() -> None:
    browser = make_app(plugins=[OpenApi(OpenApiOptions(path="/docs/api"))]).browser()
    assert (await browser.get("/docs/api")).status == 200
    nothing = await browser.get("/reference")
    assert (nothing.status, nothing.headers, nothing.body) == (404, (), b"")
    assert (await browser.get("/open-api/generate-schema")).status == 200


async def test_the_page_may_be_switched_off_without_the_document() -> None:
    browser = make_app(plugins=[OpenApi(OpenApiOptions(disable_default_reference=True))]).browser()
    assert (await browser.get("/reference")).status == 404
    assert (await browser.get("/open-api/generate-schema")).status == 200


@pytest.mark.parametrize("path", ["docs", "/", "/a b", "/<x>", ""])
async def test_a_path_that_is_none_is_refused(path: str) -> None:
    with pytest.raises((ConfigError, ValidationError)):
        OpenApiOptions(path=path)


async def test_the_document_answers_at_its_older_path_too() -> None:
    browser = make_app(plugins=[OpenApi()]).browser()
    older, newer = await browser.get("/generate-openapi-schema"), await browser.get("/open-api/generate-schema")
    assert (older.status, older.json) == (200, newer.json)


async def test_a_theme_changes_the_colours_and_nothing_else() -> None:
    plain = (await make_app(plugins=[OpenApi()]).browser().get("/reference")).body.decode()
    themed = OpenApi(OpenApiOptions(theme="mars"))
    page = (await make_app(plugins=[themed]).browser().get("/reference")).body.decode()
    assert "#a33417" in page
    assert page.partition("</style>")[2] == plain.partition("</style>")[2]
    with pytest.raises((ConfigError, ValidationError)):
        OpenApiOptions.model_validate({"theme": "pluto"})


async def test_a_nonce_names_the_style_in_the_policy() -> None:
    answer = await make_app(plugins=[OpenApi(OpenApiOptions(nonce="abc123=="))]).browser().get("/reference")
    assert '<style nonce="abc123==">' in answer.body.decode()
    policy = answer.header("content-security-policy") or ""
    assert "style-src 'nonce-abc123=='" in policy
    assert "unsafe-inline" not in policy
    for wrong in ("", "a b", "x' 'unsafe-inline", "a;b"):
        with pytest.raises((ConfigError, ValidationError)):
            OpenApiOptions(nonce=wrong)


async def test_without_the_plugin_neither_is_served() -> None:
    browser = make_app().browser()
    for path in ("/reference", "/openapi.json", "/open-api/generate-schema"):
        assert (await browser.get(path)).status == 404


async def test_the_document_is_made_for_the_address_of_the_caller() -> None:
    app = make_app({"base_url": {"allowed_hosts": ["*.test"], "protocol": "https"}}, plugins=[OpenApi()])
    browser = app.browser()
    for host in ("a.test", "b.test", *(f"h{number}.test" for number in range(40))):
        answer = await browser.get(f"http://{host}/api/auth/open-api/generate-schema")
        assert answer.json["servers"] == [{"url": f"https://{host}/api/auth"}]
        answer = await browser.get(f"http://{host}/api/auth/openapi.json")
        assert answer.json["servers"] == [{"url": f"https://{host}/api/auth", "description": "This instance"}]


STATUSES = {"400", "401", "403", "404", "429", "500"}


async def contract_shape(options: dict[str, Any] | None = None, *more: Plugin[Any]) -> dict[str, Any]:
    return (await make_app(options, plugins=[*more, OpenApi()]).browser().get("/open-api/generate-schema")).json


async def test_the_contracts_document_is_valid_too() -> None:
    app = make_app(OPTIONS, plugins=every_plugin())
    OpenAPIV31SpecValidator((await app.browser().get("/open-api/generate-schema")).json).validate()


async def test_the_contracts_document_lists_the_same_statuses_for_all() -> None:
    paths = (await contract_shape())["paths"]
    more = {
        path: set(each["responses"]) - STATUSES - {"200"}
        for path, methods in paths.items()
        for each in methods.values()
        if set(each["responses"]) >= STATUSES
    }
    assert set(more) == set(paths)
    assert {path: statuses for path, statuses in more.items() if statuses} == {"/sign-up/email": {"422"}}


async def test_the_contracts_document_leaves_itself_out_and_what_is_beyond_the_contract() -> None:
    paths = (await contract_shape(None, Organization(), TwoFactor()))["paths"]
    assert "/organization/list-members" in paths
    assert not {"/reference", "/openapi.json", "/open-api/generate-schema", "/organization/page-members"} & set(paths)
    assert set(paths["/two-factor/get-totp-uri"]) == {"post"}


async def test_the_contracts_document_describes_rows_whole_and_without_null() -> None:
    hidden = {"type": "string", "returned": False}
    schemas = (await contract_shape({"user": {"additional_fields": {"secret": hidden}}}))["components"]["schemas"]
    assert schemas["User"]["properties"]["secret"] == {"type": "string"}
    assert "secret" not in schemas["User"]["required"]
    assert schemas["User"]["properties"]["image"] == {"type": "string"}
    assert schemas["Account"]["properties"]["password"] == {"type": "string"}


async def test_the_contracts_document_has_the_contracts_bodies() -> None:
    paths = (await contract_shape())["paths"]

    def body(path: str) -> Any:
        return paths[path]["post"]["requestBody"]["content"]["application/json"]["schema"]

    assert body("/change-email")["properties"]["newEmail"] == {"type": "string"}
    assert body("/revoke-sessions") == {"type": "object", "properties": {}}
    assert [each["required"] for each in body("/get-access-token")["anyOf"]] == [["accountId"], ["useAccountCookie"]]
    assert body("/update-session")["propertyNames"] == {"type": "string"}
    assert "requestBody" not in paths["/list-sessions"]["get"]


async def test_an_applications_own_operation_is_in_both_documents() -> None:
    browser = make_app(plugins=[Weather(), OpenApi()]).browser()
    for document in ("/openapi.json", "/open-api/generate-schema"):
        described = (await browser.get(document)).json["paths"]["/weather/now"]["get"]
        assert described["summary"] == "How the weather is"
        assert [each["name"] for each in described["parameters"]] == ["place"]
