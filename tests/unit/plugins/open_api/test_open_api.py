"""Where the document and its page are served."""

import pytest
from pydantic import ValidationError

from gatewright.plugins.open_api import OpenApi, OpenApiOptions
from gatewright.testing.app import make_app
from gatewright.wire.faults import ConfigError

pytestmark = pytest.mark.anyio


async def test_the_page_may_be_elsewhere() -> None:
    browser = make_app(plugins=[OpenApi(OpenApiOptions(path="/docs/api"))]).browser()
    assert (await browser.get("/docs/api")).status == 200
    assert (await browser.get("/reference")).status == 404
    assert (await browser.get("/open-api/generate-schema")).status == 200


async def test_the_page_may_be_switched_off_without_the_document() -> None:
    browser = make_app(plugins=[OpenApi(OpenApiOptions(disable_default_reference=True))]).browser()
    assert (await browser.get("/reference")).status == 404
    assert (await browser.get("/open-api/generate-schema")).status == 200


@pytest.mark.parametrize("path", ["docs", "/", "/a b", "/<x>", ""])
async def test_a_path_that_is_none_is_refused(path: str) -> None:
    with pytest.raises((ConfigError, ValidationError)):
        OpenApiOptions(path=path)


async def test_without_the_plugin_neither_is_served() -> None:
    browser = make_app().browser()
    assert (await browser.get("/reference")).status == 404
    assert (await browser.get("/open-api/generate-schema")).status == 404


async def test_the_document_is_made_for_the_address_of_the_caller() -> None:
    app = make_app({"base_url": {"allowed_hosts": ["*.test"], "protocol": "https"}}, plugins=[OpenApi()])
    browser = app.browser()
    for host in ("a.test", "b.test", *(f"h{number}.test" for number in range(40))):
        answer = await browser.get(f"http://{host}/api/auth/open-api/generate-schema")
        assert answer.json["servers"] == [{"url": f"https://{host}/api/auth"}]
