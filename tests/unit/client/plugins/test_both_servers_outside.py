"""The suite for two servers, of plugins that add no calls, and of columns and sessions of the application's own."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from tests.unit.client.plugins.world import OUTSIDE, Specification, World
from tests.unit.client.servers import PASSWORD

from gatewright.contract import faults
from gatewright.contract.sign_up import SignUpEmail
from gatewright.contract.user import UpdateUser
from gatewright.model.column import Column, column
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins.captcha import faults as captcha_faults
from gatewright.plugins.custom_session import custom_get_session
from gatewright.plugins.have_i_been_pwned.faults import PasswordCompromised
from gatewright.ports.egress import Outbound, Reply
from gatewright.wire.operation import UNSET, Maybe, Operation
from gatewright.wire.result import Result as Struct
from gatewright_client import Async, Client, F, Group, action, group

pytestmark = pytest.mark.anyio

TURNSTILE = "https://challenges.cloudflare.com/turnstile/v0/siteverify"
KNOWN = "password-known"


class AppUser(User):
    """The application's user."""

    plan: Column[str] = column(default="free")


class AppSession(Struct):
    """The application's session."""

    user: AppUser
    session: Session
    roles: list[str]


@custom_get_session
class GetAppSession(Operation[AppSession | None]):
    """What the application says of who is calling."""


class AppSignUp(SignUpEmail):
    """Signing up with what the application asks for."""

    plan: str | None = None


class AppUpdate(UpdateUser):
    """Changing what the application keeps."""

    plan: Maybe[str] = UNSET


class AccountCalls(Group[F]):
    """The application's own spelling of two calls."""

    join = action(AppSignUp)
    change = action(AppUpdate)


class AppClient(Client[AppSession], session=GetAppSession):
    """The application's client."""

    account = group(AccountCalls[Async])


@pytest.fixture(scope="module")
def specification() -> Specification:
    return OUTSIDE


@pytest.fixture(autouse=True)
def outside(world: World) -> None:
    """The application's session, who checks visitors, and who knows passwords."""

    def session(given: Any) -> Any:
        return {"user": given["user"], "session": given["session"], "roles": [given["user"]["name"].lower()]}

    def verify(request: Outbound) -> Reply:
        good = json.loads(request.body or b"{}").get("response") == "good"
        return Reply(200, {"content-type": "application/json"}, json.dumps({"success": good}).encode())

    def passwords(password: str) -> tuple[str, str]:
        digest = hashlib.sha1(password.encode()).hexdigest().upper()
        return digest[:5], digest[5:]

    world.post.answers["session"] = session
    world.egress.on("POST", TURNSTILE, verify)
    for password, times in ((KNOWN, 42), (PASSWORD, 0)):
        start, end = passwords(password)
        answer = f"{end}:{times}\r\n".encode() if times else b"0000000000000000000000000000000000A:1\r\n"
        url = f"https://api.pwnedpasswords.com/range/{start}"
        world.egress.on("GET", url, answer, headers={"content-type": "text/plain"})


async def test_columns_and_sessions_of_the_application_s_own_are_typed(world: World, email: str) -> None:
    async with world.client_of(AppClient) as client:
        joined = (await client.account.join(name="Ada", email=email, password=PASSWORD, plan="gold")).unwrap()
        assert AppUser.of(joined.user).plan == "gold"
        held = client.session.data
        assert isinstance(held, AppSession)
        assert (held.user.plan, held.user.email, held.roles) == ("gold", email, ["ada"])
        assert held.session.user_id == held.user.id
        assert (await client.account.change(plan="silver")).ok
        assert client.session.data is not None
        assert client.session.data.user.plan == "silver"
        assert (await client.get_session()).unwrap() == client.session.data
        await client.sign_out()
        assert client.session.data is None
        assert (await client.get_session()).unwrap() is None
        plain = (await client.sign_up.email(name="Bob", email=f"b-{email}", password=PASSWORD)).unwrap()
        assert AppUser.of(plain.user).plan == "free"


async def test_how_somebody_signed_in_last_is_known(client: Client, email: str) -> None:
    assert await client.get_last_used_login_method() is None
    assert await client.is_last_used_login_method("email") is False
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    await client.sign_out()
    assert await client.get_last_used_login_method() == "email"
    assert await client.is_last_used_login_method("email") is True
    await client.clear_last_used_login_method()
    assert await client.get_last_used_login_method() is None
    assert client.session.data is None


async def test_messages_are_in_the_language_that_is_asked_for(client: Client, email: str) -> None:
    for languages, said in (("fr", "Email ou mot de passe incorrect"), ("en", "Invalid email or password")):
        visitor = client.with_options(headers={"accept-language": languages, "x-captcha-response": "good"})
        refused = await visitor.sign_in.email(email=email, password=PASSWORD)
        assert isinstance(refused.error, faults.InvalidEmailOrPassword)
        assert refused.error.message == said


async def test_a_visitor_is_checked_before_signing_in(client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    await client.sign_out()
    unchecked = await client.sign_in.email(email=email, password=PASSWORD)
    assert isinstance(unchecked.error, captcha_faults.MissingResponse)
    bad = client.with_options(headers={"x-captcha-response": "bad"})
    assert isinstance(
        (await bad.sign_in.email(email=email, password=PASSWORD)).error, captcha_faults.VerificationFailed
    )
    good = client.with_options(headers={"x-captcha-response": "good"})
    assert (await good.sign_in.email(email=email, password=PASSWORD)).ok


async def test_a_password_that_is_known_is_refused(client: Client, email: str) -> None:
    known = await client.sign_up.email(name="Ada", email=email, password=KNOWN)
    assert isinstance(known.error, PasswordCompromised)
    assert (await client.sign_up.email(name="Ada", email=email, password=PASSWORD)).ok
    changed = await client.change_password(current_password=PASSWORD, new_password=KNOWN)
    assert isinstance(changed.error, PasswordCompromised)
