"""The fixtures, as the tests of an application use them: pytest is run by pytest, in a process of its own."""

from __future__ import annotations

import os
import sys
from importlib.metadata import entry_points

import pytest

pytest_plugins = ("pytester",)

MODULE = "gatewright.testing.pytest_plugin"
INSTALLED = any(each.value == MODULE for each in entry_points(group="pytest11"))

CONFTEST = """
import pytest
from gatewright import Auth, Settings
from gatewright.plugins.email_otp import EmailOTP, EmailOTPOptions
from gatewright.plugins.generic_oauth import GenericOAuth, GenericOAuthOptions
from gatewright.plugins.passkey import Passkey
from gatewright_adapters.memory import MemoryAdapter

async def send(*given):
    raise AssertionError("nothing may leave")

corp = {
    "provider_id": "corp",
    "client_id": "client",
    "client_secret": "secret",
    "discovery_url": "https://issuer.example/.well-known/openid-configuration",
    "scopes": ["openid", "email"],
}
auth = Auth(
    Settings.load({"secret": "the-secret-of-an-application-that-is-tested", "base_url": "https://app.example.com"}),
    MemoryAdapter(),
    plugins=[
        EmailOTP(EmailOTPOptions.model_validate({"send_verification_otp": send})),
        GenericOAuth(GenericOAuthOptions.model_validate({"config": [corp]})),
        Passkey(),
    ],
)

@pytest.fixture
def gatewright_auth():
    return auth

@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request):
    return request.param
"""


def outcomes(pytester: pytest.Pytester, test: str, *, conftest: str = CONFTEST) -> pytest.RunResult:
    pytester.makeconftest(conftest)
    pytester.makepyfile(f"import pytest\npytestmark = pytest.mark.anyio\n{test}")
    plugin = () if INSTALLED else ("-p", MODULE)
    # In this process it would forget what it was the first to import, of which what stays has kept parts.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        return pytester.runpytest_subprocess(*plugin, "-p", "no:cacheprovider", "-q")


def test_somebody_is_signed_in_and_the_instance_is_empty_for_every_test(pytester: pytest.Pytester) -> None:
    done = outcomes(
        pytester,
        """
async def test_signed_in(as_user, gatewright_app):
    ada = await as_user("ada@example.com", name="Ada")
    assert (await ada.get("/get-session")).json["user"]["name"] == "Ada"
    from gatewright.model.user import User
    assert await gatewright_app.auth.services.database.count(User) == 1

async def test_again(as_user, gatewright_app):
    await as_user("bea@example.com")
    from gatewright.model.user import User
    assert await gatewright_app.auth.services.database.count(User) == 1
""",
    )
    done.assert_outcomes(passed=4)


def test_codes_are_read_and_time_is_moved(pytester: pytest.Pytester) -> None:
    done = outcomes(
        pytester,
        """
async def ask(app):
    browser = app.browser()
    await browser.post("/email-otp/send-verification-otp", {"email": "ada@example.com", "type": "sign-in"})
    return browser

async def test_in_time(gatewright_app, outbox, frozen_clock):
    browser = await ask(gatewright_app)
    frozen_clock.advance(minutes=4)
    answer = await browser.post("/sign-in/email-otp", {"email": "ada@example.com", "otp": outbox.code("ada@example.com")})
    assert answer.status == 200

async def test_too_late(gatewright_app, outbox, frozen_clock):
    browser = await ask(gatewright_app)
    frozen_clock.advance(minutes=6)
    answer = await browser.post("/sign-in/email-otp", {"email": "ada@example.com", "otp": outbox.code("ada@example.com")})
    assert answer.json["code"] == "OTP_EXPIRED"
""",
    )
    done.assert_outcomes(passed=4)


def test_people_come_back_from_a_provider(pytester: pytest.Pytester) -> None:
    done = outcomes(
        pytester,
        """
async def test_sign_in(gatewright_app, oidc_issuer, outbound):
    oidc_issuer.person["email"] = "ida@example.com"
    browser = gatewright_app.browser()
    started = await browser.post("/sign-in/social", {"provider": "corp", "callbackURL": "/home"})
    back = await browser.get(oidc_issuer.agree(started.json["url"]))
    assert back.header("location") == "/home", back
    assert (await browser.get("/get-session")).json["user"]["email"] == "ida@example.com"
    assert outbound.requests[0].url == oidc_issuer.discovery_url

async def test_no(gatewright_app, oidc_issuer):
    browser = gatewright_app.browser()
    started = await browser.post("/sign-in/social", {"provider": "corp", "callbackURL": "/home"})
    back = await browser.get(oidc_issuer.agree(started.json["url"], error="access_denied"))
    assert "error=access_denied" in back.header("location"), back
    assert (await browser.get("/get-session")).json is None
""",
    )
    done.assert_outcomes(passed=4)


def test_a_passkey_is_registered_and_signs_in(pytester: pytest.Pytester) -> None:
    pytest.importorskip("webauthn")
    done = outcomes(
        pytester,
        """
async def test_passkey(gatewright_app, as_user, soft_authenticator):
    ada = await as_user("ada@example.com")
    begun = await ada.get("/passkey/generate-register-options")
    made = await ada.post("/passkey/verify-registration", {"response": soft_authenticator.create(begun.json)})
    assert made.status == 200, made
    browser = gatewright_app.browser()
    asked = await browser.get("/passkey/generate-authenticate-options")
    signed = await browser.post("/passkey/verify-authentication", {"response": soft_authenticator.get(asked.json)})
    assert signed.json["user"]["email"] == "ada@example.com", signed
""",
    )
    done.assert_outcomes(passed=2)


def test_clients_of_an_application_carry_the_session(pytester: pytest.Pytester) -> None:
    done = outcomes(
        pytester,
        """
from gatewright_integrations.asgi import AuthApp

async def test_client(as_user, client_for, gatewright_app):
    app = AuthApp(gatewright_app.auth)
    async with client_for(app, await as_user("ada@example.com")) as http:
        assert (await http.get("/api/auth/get-session")).json()["user"]["email"] == "ada@example.com"
    async with client_for(app) as http:
        assert (await http.get("/api/auth/get-session")).json() is None
""",
    )
    done.assert_outcomes(passed=2)


def test_without_an_instance_of_ones_own_there_is_a_plain_one(pytester: pytest.Pytester) -> None:
    done = outcomes(
        pytester,
        """
async def test_plain(gatewright_app):
    browser = await gatewright_app.signed_up()
    assert (await browser.get("/get-session")).json["user"]["email"] == "ada@example.com"
""",
        conftest="import pytest\n@pytest.fixture\ndef anyio_backend():\n    return 'asyncio'\n",
    )
    done.assert_outcomes(passed=1)
