"""Rate limits through the HTTP door."""

from collections.abc import Sequence
from typing import Any

import pytest

from gatewright.http.request import Request
from gatewright.http.response import Response
from gatewright.model.rate_limit import RateLimit
from gatewright.plugins.base import LimitRule, Parts, Plugin
from gatewright.ports.cache import CacheUnavailable
from gatewright.settings.rate_limit import LimitOptions
from gatewright.testing.app import SECRET, TestApp, make_app
from gatewright.wire.faults import ConfigError
from gatewright.wire.operation import Limit
from gatewright_adapters.memory_cache import MemoryCache

pytestmark = pytest.mark.anyio

ADA = b'{"email":"ada@example.com","password":"password-1234"}'


def limited(**more: Any) -> TestApp:
    return make_app({"rate_limit": {"enabled": True, **more}})


async def ask(app: TestApp, path: str, method: str = "GET", body: bytes = b"", peer: str = "192.0.2.1") -> Response:
    headers = {"origin": "http://localhost:3000", "content-type": "application/json"}
    return await app.auth.handle(
        Request.make(method, f"http://localhost:3000/api/auth{path}", headers, body, peer=peer)
    )


async def statuses(app: TestApp, path: str, times: int, method: str = "GET", body: bytes = b"") -> list[int]:
    return [(await ask(app, path, method, body)).status for _ in range(times)]


async def test_a_refusal_is_what_the_contract_says() -> None:
    app = limited()
    assert await statuses(app, "/sign-in/email", 3, "POST", ADA) == [401] * 3
    app.clock.advance(seconds=1)
    answer = await ask(app, "/sign-in/email", "POST", ADA)
    assert (answer.status, answer.body) == (429, b'{"message":"Too many requests. Please try again later."}')
    assert answer.headers == (
        ("content-type", "text/plain;charset=UTF-8"),
        ("x-retry-after", "9"),
        ("retry-after", "9"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
    )
    app.clock.advance(seconds=9)
    assert await statuses(app, "/sign-in/email", 1, "POST", ADA) == [401]


async def test_a_refusal_without_headers_of_our_own() -> None:
    app = make_app({"rate_limit": {"enabled": True, "max": 0}, "advanced": {"security_headers": False}})
    answer = await ask(app, "/ok")
    assert answer.headers == (("content-type", "text/plain;charset=UTF-8"), ("x-retry-after", "10"))


async def test_limits_are_on_in_production_only() -> None:
    assert await statuses(make_app(), "/ok", 101) == [200] * 101
    live = make_app({"production": True, "secret": SECRET})
    assert await statuses(live, "/ok", 101) == [200] * 100 + [429]
    unlimited = make_app({"production": True, "secret": SECRET, "rate_limit": {"enabled": False}})
    assert await statuses(unlimited, "/ok", 101) == [200] * 101


async def test_each_path_and_each_address_has_a_count_of_its_own() -> None:
    app = limited(max=1)
    assert await statuses(app, "/ok", 2) == [200, 429]
    assert (await ask(app, "/get-session")).status == 200
    assert (await ask(app, "/ok", peer="192.0.2.2")).status == 200


async def test_an_application_s_rules_replace_what_would_apply() -> None:
    seen: list[tuple[str, int, int]] = []

    async def choose(request: Request, current: LimitOptions, /) -> LimitOptions:
        seen.append((request.path, current.window, current.max))
        return LimitOptions(window=20, max=1)

    rules: dict[str, Any] = {
        "/sign-in/email": {"window": 30, "max": 5},
        "/sign-out": False,
        "/list-*": {"window": 10, "max": 1},
        "/get-session": choose,
    }
    app = limited(window=60, max=2, custom_rules=rules)
    assert await statuses(app, "/sign-in/email", 6, "POST", ADA) == [401] * 5 + [429]
    assert await statuses(app, "/sign-out", 9, "POST", b"{}") == [200] * 9
    assert await statuses(app, "/list-sessions", 2) == [401, 429]
    assert await statuses(app, "/get-session", 2) == [200, 429]
    assert await statuses(app, "/ok", 3) == [200, 200, 429]
    assert seen == [("/api/auth/get-session", 60, 2)] * 2


@pytest.mark.parametrize(
    ("pattern", "ruled"),
    [
        ("*", set[str]()),
        ("/*", {"/ok", "/list-sessions"}),
        ("**", {"/ok", "/list-sessions", "/reset-password/abc"}),
        ("/**", {"/ok", "/list-sessions", "/reset-password/abc"}),
        ("/reset-*", set[str]()),
        ("/reset-password/*", {"/reset-password/abc"}),
        ("/*/*", {"/reset-password/abc"}),
        ("/*-session?", {"/list-sessions"}),
        ("/list-session?", set[str]()),
    ],
)
async def test_a_star_stands_for_text_within_a_piece_of_the_path(pattern: str, ruled: set[str]) -> None:
    app = limited(max=9, custom_rules={pattern: {"window": 10, "max": 1}})
    for path in ("/ok", "/list-sessions", "/reset-password/abc"):
        first, second = await statuses(app, path, 2)
        assert (first != 429, second == 429) == (True, path in ruled)


async def test_a_function_may_decide_for_no_limit() -> None:
    app = limited(max=1, custom_rules={"/ok": lambda request, current: False})  # pyright: ignore[reportUnknownLambdaType]
    assert await statuses(app, "/ok", 5) == [200] * 5


class Strict(Plugin[Any]):
    id = "strict"

    def __init__(self, rules: Sequence[LimitRule]) -> None:
        self._rules = rules

    def parts(self) -> Parts:
        return Parts(limits=self._rules)


async def test_the_first_plugin_rule_that_matches_replaces_the_core_s() -> None:
    rules = [
        LimitRule(lambda path: path == "/sign-in/email", Limit(window=10, max=1)),
        LimitRule(lambda path: path.startswith("/sign-in"), Limit(window=10, max=2)),
    ]
    app = make_app({"rate_limit": {"enabled": True}}, plugins=[Strict(rules)])
    assert await statuses(app, "/sign-in/email", 2, "POST", ADA) == [401, 429]
    rules.reverse()
    app = make_app(
        {"rate_limit": {"enabled": True, "custom_rules": {"/sign-in/*": {"window": 10, "max": 4}}}},
        plugins=[Strict(rules)],
    )
    assert await statuses(app, "/sign-in/email", 5, "POST", ADA) == [401] * 4 + [429]


async def test_requests_are_counted_before_anything_else_is_looked_at() -> None:
    app = limited()
    headers = {"origin": "https://evil.example", "content-type": "application/json", "cookie": "a=b"}
    url = "http://localhost:3000/api/auth/sign-in/email"
    answers = [await app.auth.handle(Request.make("POST", url, headers, b"{", peer="192.0.2.1")) for _ in range(4)]
    assert [answer.status for answer in answers] == [403, 403, 403, 429]


async def test_what_is_not_served_is_not_counted() -> None:
    assert await statuses(limited(max=1), "/nothing", 3) == [404] * 3


async def test_counts_in_the_database_are_rows() -> None:
    app = limited(storage="database", window=60, max=2)
    assert await statuses(app, "/ok", 3) == [200, 200, 429]
    (row,) = await app.auth.services.database.find_many(RateLimit)
    assert (row.key, row.count, row.last_request) == ("192.0.2.1|/ok", 2, 1767268800000)
    assert "rateLimit" not in limited().auth.blueprint.plan.schema


async def test_counts_in_the_secondary_storage_are_under_their_key() -> None:
    cache = MemoryCache()
    app = make_app({"rate_limit": {"enabled": True, "max": 2}}, cache=cache)
    assert await statuses(app, "/ok", 3) == [200, 200, 429]
    assert await cache.get("192.0.2.1|/ok") == "3"


async def test_a_storage_that_is_not_there_is_said_at_construction() -> None:
    with pytest.raises(ConfigError):
        limited(storage="secondary-storage")


async def test_without_the_storage_guessing_stops_and_the_rest_goes_on() -> None:
    class Broken(MemoryCache):
        async def increment(self, key: str, ttl: int) -> int:
            raise CacheUnavailable("refused")

    app = make_app({"rate_limit": {"enabled": True}}, cache=Broken())
    assert (await ask(app, "/sign-in/email", "POST", ADA)).status == 503
    assert (await ask(app, "/ok")).status == 200


async def test_an_application_that_knows_no_addresses_does_not_count() -> None:
    app = make_app(
        {
            "rate_limit": {"enabled": True, "max": 1},
            "advanced": {"ip_address": {"disable_ip_tracking": True}},
        }
    )
    assert await statuses(app, "/ok", 3) == [200] * 3


async def test_instances_of_one_blueprint_count_together() -> None:
    app = limited(max=3)
    other = app.auth.blueprint.bind(app.adapter, clock=app.clock)
    assert await statuses(app, "/ok", 2) == [200, 200]
    url = "http://localhost:3000/api/auth/ok"
    answers = [await other.handle(Request.make("GET", url, {}, peer="192.0.2.1")) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 429]
