"""How rows are read: lists that are shown are bounded, what decides is not; two reads give what one joined read gives."""

import pytest

from gatewright.model.query import Select
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.ports.adapter import Values
from gatewright.settings import Settings
from gatewright.testing.app import make_app
from gatewright.wire.faults import ConfigError
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio


class Joinless(MemoryAdapter):
    """Fails where two tables are read at once."""

    async def select_pair(self, query: Select) -> tuple[Values, Values] | None:
        raise AssertionError(query)


async def test_a_shown_list_is_as_long_as_the_limit() -> None:
    app = make_app({"advanced": {"database": {"default_find_many_limit": 2}}})
    browser = await app.signed_up()
    for _ in range(3):
        await browser.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    assert len((await browser.get("/list-sessions")).json) == 2


async def test_the_limit_never_leaves_a_session_alive_that_was_to_end() -> None:
    app = make_app({"advanced": {"database": {"default_find_many_limit": 2}}})
    browser = await app.signed_up()
    for _ in range(5):
        await browser.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    await browser.post("/revoke-sessions")
    assert await app.auth.services.database.count(Session) == 0


async def test_without_joins_a_session_and_its_user_are_two_reads() -> None:
    app = make_app({"advanced": {"database": {"joins": False}}}, adapter=Joinless())
    browser = await app.signed_up()
    answer = (await browser.get("/get-session")).json
    assert answer["user"]["email"] == "ada@example.com"
    assert answer["session"]["userId"] == answer["user"]["id"]


async def test_without_joins_a_session_without_its_user_is_none() -> None:
    app = make_app({"advanced": {"database": {"joins": False}}}, adapter=Joinless())
    browser = await app.signed_up()
    await app.auth.services.database.delete(User)
    assert (await browser.get("/get-session")).json is None


def test_names_of_shared_cookies_are_checked() -> None:
    with pytest.raises(ConfigError, match="no name of a cookie"):
        Settings.load({"advanced": {"cross_sub_domain_cookies": {"additional_cookies": ["a b"]}}})
