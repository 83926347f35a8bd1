"""Attacks on rate limits: more tries than allowed, by another address, another spelling, another process."""

import anyio
import pytest
from tests.security.test_flt_shut_out import FailingCache

from gatewright.http.request import Request
from gatewright.plugins import EmailOTP, EmailOTPOptions, MagicLink, MagicLinkOptions, TwoFactor
from gatewright.ports.tasks import Job
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.mailbox import Mailbox
from gatewright.wire.json import encode
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.memory_cache import MemoryCache

pytestmark = pytest.mark.anyio

BASE = "http://localhost:3000/api/auth"
WRONG = b'{"email":"ada@example.com","password":"wrong-password"}'


async def send(
    app: TestApp, path: str = "/ok", *, body: bytes | None = None, peer: str | None = "192.0.2.1", **headers: str
) -> int:
    sent = {"origin": "http://localhost:3000", "content-type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    method = "GET" if body is None else "POST"
    return (await app.auth.handle(Request.make(method, BASE + path, sent, body or b"", peer=peer))).status


def limited(*proxies: str, **more: object) -> TestApp:
    options: dict[str, object] = {"rate_limit": {"enabled": True, "max": 2, **more}}
    if proxies:
        options["advanced"] = {"ip_address": {"trusted_proxies": list(proxies)}}
    return make_app(options)


@pytest.mark.parametrize("path", ["/sign-in/email", "/sign-up/email", "/change-password"])
async def test_rlm_01_the_fourth_guess_in_ten_seconds_is_refused(path: str) -> None:
    app = make_app({"rate_limit": {"enabled": True}})
    answers = [await send(app, path, body=WRONG) for _ in range(4)]
    assert answers[3] == 429
    assert 429 not in answers[:3]
    app.clock.advance(seconds=10)
    assert await send(app, path, body=WRONG) != 429


async def test_rlm_02_the_hundred_and_first_request_is_refused() -> None:
    app = make_app({"rate_limit": {"enabled": True}})
    assert [await send(app) for _ in range(101)] == [200] * 100 + [429]


async def test_rlm_03_a_header_that_nobody_vouches_for_is_not_believed() -> None:
    app = limited()
    answers = [await send(app, x_forwarded_for=f"198.51.100.{number}") for number in range(60)]
    assert answers == [200, 200] + [429] * 58


async def test_rlm_04_the_address_is_what_the_trusted_proxy_saw() -> None:
    app = limited("10.0.0.0/8")
    chains = [f"198.51.100.{number}, 203.0.113.9, 10.0.0.7" for number in range(5)]
    assert [await send(app, peer="10.0.0.1", x_forwarded_for=chain) for chain in chains] == [200, 200, 429, 429, 429]
    assert await send(app, peer="10.0.0.1", x_forwarded_for="203.0.113.10, 10.0.0.7") == 200


async def test_rlm_04_only_the_proxy_may_say_who_calls() -> None:
    app = limited("10.0.0.0/8")
    answers = [await send(app, peer="192.0.2.1", x_forwarded_for=f"198.51.100.{number}") for number in range(5)]
    assert answers == [200, 200, 429, 429, 429]


async def test_rlm_05_a_network_of_ipv6_addresses_is_one_caller() -> None:
    app = limited()
    answers = [await send(app, peer=f"2001:db8:1:2::{number:x}") for number in range(1, 61)]
    assert answers == [200, 200] + [429] * 58
    spellings = ["2001:DB8:1:2::1", "2001:0db8:0001:0002:0000:0000:0000:0001", "2001:db8:1:2:ffff::"]
    assert [await send(app, peer=peer) for peer in spellings] == [429] * 3
    assert await send(app, peer="2001:db8:1:3::1") == 200


async def test_rlm_05_an_ipv4_address_is_one_caller_in_every_spelling() -> None:
    app = limited()
    spellings = ["192.0.2.1", "::ffff:192.0.2.1", "::ffff:c000:201", "::FFFF:C000:0201"]
    assert [await send(app, peer=peer) for peer in spellings] == [200, 200, 429, 429]


async def test_rlm_06_nobody_in_particular_is_limited_too() -> None:
    app = limited("10.0.0.0/8")
    headers = ["", "unknown", "1.2.3", "256.1.1.1", "<script>", "a" * 10_000]
    answers = [await send(app, peer="10.0.0.1", x_forwarded_for=value) for value in headers]
    assert answers == [200, 200, 429, 429, 429, 429]
    nobody = limited()
    assert [await send(nobody, peer=None) for _ in range(3)] == [200, 200, 429]


async def test_rlm_07_another_spelling_of_a_path_is_no_other_count() -> None:
    app = limited()
    spellings = ["/ok", "/ok?a=1", "/ok?b=2", "/ok/", "//ok", "/%6fk", "/./ok", "/OK"]
    answers = [await send(app, path) for path in spellings]
    assert answers == [200, 200, 429, 404, 404, 404, 404, 404]


async def test_rlm_07_a_trailing_slash_that_does_not_matter_does_not_count_apart() -> None:
    options = {"rate_limit": {"enabled": True, "max": 2}, "advanced": {"skip_trailing_slashes": True}}
    app = make_app(options)
    assert [await send(app, path) for path in ("/ok", "/ok/", "/ok", "/ok/")] == [200, 200, 429, 429]


async def test_rlm_18_the_application_s_own_calls_are_not_counted() -> None:
    app = limited()
    for _ in range(10):
        assert (await app.auth.api.ok()).ok is True
    assert await send(app) == 200


@pytest.mark.parametrize("storage", ["memory", "database", "secondary-storage"])
async def test_race_21_of_a_hundred_at_once_exactly_three_pass(storage: str) -> None:
    cache, adapter = MemoryCache(), MemoryAdapter()
    options = {"rate_limit": {"enabled": True, "max": 3, "storage": storage}}
    apps = [make_app(options, cache=cache, adapter=adapter) for _ in range(1 if storage == "memory" else 2)]
    answers: list[int] = []

    async def ask(app: TestApp) -> None:
        answers.append(await send(app))

    async with anyio.create_task_group() as group:
        for number in range(100):
            group.start_soon(ask, apps[number % len(apps)])
    assert (answers.count(200), answers.count(429)) == (3, 97)


async def guess(app: TestApp, number: int, *, password: str = "wrong-password", email: str = "ada@example.com") -> int:
    body = f'{{"email":"{email}","password":"{password}"}}'.encode()
    return await send(app, "/sign-in/email", body=body, peer=f"198.51.{number // 250}.{number % 250 + 1}")


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
async def test_rlm_08_guesses_at_one_password_from_a_thousand_addresses_end(email: str) -> None:
    app = make_app({"rate_limit": {"enabled": True}})
    await app.signed_up()
    statuses = [await guess(app, number, email=email) for number in range(1000)]
    assert statuses == [401] * 100 + [429] * 900


@pytest.mark.parametrize("storage", ["memory", "database", "secondary-storage"])
async def test_rlm_08_in_every_store(storage: str) -> None:
    cache = MemoryCache() if storage == "secondary-storage" else None
    limits = {"enabled": True, "storage": storage, "per_account": {"passwords": {"window": 60, "max": 2}}}
    app = make_app({"rate_limit": limits}, cache=cache)
    await app.signed_up()
    assert [await guess(app, number) for number in range(4)] == [401, 401, 429, 429]


async def test_rlm_08_the_right_password_begins_another_count() -> None:
    app = make_app({"rate_limit": {"enabled": True, "per_account": {"passwords": {"window": 60, "max": 2}}}})
    await app.signed_up()
    passwords = ["wrong-password", "password-1234", "wrong-password", "password-1234"]
    statuses = [await guess(app, number, password=password) for number, password in enumerate(passwords)]
    assert statuses == [401, 200, 401, 200]


async def test_rlm_08_another_account_is_another_count() -> None:
    app = make_app({"rate_limit": {"enabled": True, "per_account": {"passwords": {"window": 60, "max": 1}}}})
    assert [await guess(app, number, email=f"{number}@example.com") for number in range(4)] == [401] * 4


async def test_rlm_08_it_can_be_switched_off() -> None:
    app = make_app({"rate_limit": {"enabled": True, "per_account": False}})
    assert {await guess(app, number) for number in range(150)} == {401}


async def test_rlm_09_whoever_is_signed_in_stays_so_and_a_window_ends() -> None:
    app = make_app({"rate_limit": {"enabled": True, "per_account": {"passwords": {"window": 60, "max": 2}}}})
    owner = await app.signed_up()
    assert [await guess(app, number) for number in range(3)] == [401, 401, 429]
    assert (await owner.get("/get-session")).json is not None
    app.clock.advance(seconds=60)
    assert await guess(app, 4, password="password-1234") == 200


async def test_rlm_09_a_reset_lets_the_owner_in_at_once() -> None:
    box = Mailbox()
    limits = {"enabled": True, "per_account": {"passwords": {"window": 3600, "max": 2}}}
    options = {
        "rate_limit": limits,
        "email_and_password": {"enabled": True, "send_reset_password": box.sender("reset")},
    }
    app = make_app(options, mailbox=box)
    app.auth.services.tasks = Inline()
    owner = await app.signed_up()
    assert [await guess(app, number) for number in range(3)] == [401, 401, 429]
    await owner.post("/request-password-reset", {"email": "ada@example.com"})
    token = box.last("reset").token
    assert (await owner.post("/reset-password", {"token": token, "newPassword": "another-password"})).status == 200
    assert await guess(app, 9, password="another-password") == 200


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
async def test_rlm_10_messages_to_one_address_end_whoever_asks(email: str) -> None:
    box = Mailbox()
    options = {
        "rate_limit": {"enabled": True},
        "email_and_password": {"enabled": True, "send_reset_password": box.sender("reset")},
    }
    app = make_app(options, mailbox=box)
    app.auth.services.tasks = Inline()
    await app.signed_up()
    body = f'{{"email":"{email}"}}'.encode()
    statuses = [
        await send(app, "/request-password-reset", body=body, peer=f"198.51.100.{number + 1}") for number in range(30)
    ]
    assert statuses == [200] * 20 + [429] * 10


async def test_rlm_10_a_magic_link_and_a_code_are_messages_too() -> None:
    box = Mailbox()
    limits = {"enabled": True, "per_account": {"messages": {"window": 60, "max": 2}}}
    plugins = [
        MagicLink(MagicLinkOptions(send_magic_link=box.sender("link"))),
        EmailOTP(EmailOTPOptions.model_validate({"sendVerificationOTP": box.sender("code")})),
    ]
    app = make_app({"rate_limit": limits}, plugins=plugins, mailbox=box)
    link = b'{"email":"ada@example.com"}'
    code = b'{"email":"Ada@example.com","type":"sign-in"}'
    statuses = [
        await send(app, "/sign-in/magic-link", body=link, peer="198.51.100.1"),
        await send(app, "/email-otp/send-verification-otp", body=code, peer="198.51.100.2"),
        await send(app, "/sign-in/magic-link", body=link, peer="198.51.100.3"),
        await send(app, "/email-otp/send-verification-otp", body=code, peer="198.51.100.4"),
    ]
    assert statuses == [200, 200, 429, 429]


class Inline:
    """Does jobs at once."""

    async def spawn(self, job: Job, /, *, name: str) -> None:
        del name
        await job()


@pytest.mark.parametrize(
    ("path", "member", "more"),
    [
        ("/verify-password", "password", {}),
        ("/change-password", "currentPassword", {"newPassword": "password-5678"}),
        ("/delete-user", "password", {}),
        ("/two-factor/enable", "password", {}),
        ("/two-factor/disable", "password", {}),
    ],
)
async def test_rlm_08_a_stolen_session_is_no_way_to_guess_its_users_password(
    path: str, member: str, more: dict[str, object]
) -> None:
    limits = {"enabled": True, "per_account": {"passwords": {"window": 60, "max": 3}}}
    options = {"rate_limit": limits, "user": {"delete_user": {"enabled": True}}}
    app = make_app(options, plugins=[TwoFactor()])
    thief = await app.signed_up()

    async def tries(number: int, password: str) -> int:
        body = encode({member: password, **more})
        return await send(app, path, body=body, peer=f"198.51.100.{number + 1}", cookie=thief.cookie_header())

    statuses = [await tries(number, "wrong-password") for number in range(6)]
    assert statuses == [400, 400, 400, 429, 429, 429]
    # Another count than that of signing in: neither keeps the owner from the other.
    assert await guess(app, 1, password="password-1234") == 200
    app.clock.advance(seconds=60)
    assert await tries(9, "password-1234") == 200


async def test_rlm_09_strangers_do_not_keep_a_user_from_changing_the_password() -> None:
    app = make_app({"rate_limit": {"enabled": True, "per_account": {"passwords": {"window": 60, "max": 2}}}})
    owner = await app.signed_up()
    assert [await guess(app, number) for number in range(3)] == [401, 401, 429]
    body = {"currentPassword": "password-1234", "newPassword": "password-5678"}
    assert (await owner.post("/change-password", body)).status == 200


async def test_rlm_08_and_10_upper_case_is_no_other_count() -> None:
    box = Mailbox()
    limits = {
        "enabled": True,
        "per_account": {"passwords": {"window": 60, "max": 2}, "messages": {"window": 60, "max": 2}},
    }
    passwords = {"enabled": True, "send_reset_password": box.sender("reset")}
    app = make_app({"rate_limit": limits, "email_and_password": passwords}, mailbox=box)
    await app.signed_up()
    spelt = ["ada@example.com", "ADA@example.com", "ada@EXAMPLE.com", "Ada@Example.Com"]
    assert [await guess(app, number, email=each) for number, each in enumerate(spelt)] == [401, 401, 429, 429]

    async def ask(number: int, email: str) -> int:
        return await send(
            app, "/request-password-reset", body=encode({"email": email}), peer=f"198.51.100.{number + 1}"
        )

    assert [await ask(number, each) for number, each in enumerate(spelt)] == [200, 200, 429, 429]


async def test_rlm_07_whatever_stands_for_a_parameter_is_one_count() -> None:
    app = limited()
    answers = [await send(app, f"/reset-password/{'x' * 23}{number}?callbackURL=/reset") for number in range(4)]
    assert answers == [302, 302, 429, 429]


async def test_flt_12_without_counters_nobody_guesses_and_everything_else_goes_on() -> None:
    cache = FailingCache()
    app = make_app({"rate_limit": {"enabled": True, "storage": "secondary-storage"}}, cache=cache)
    cache.left = 0
    assert await send(app, "/ok") == 200
    assert await send(app, "/sign-in/email", body=WRONG) == 503
    assert await send(app, "/sign-up/email", body=WRONG) == 503
    cache.left = None
    assert await send(app, "/sign-in/email", body=WRONG) in {400, 401}
