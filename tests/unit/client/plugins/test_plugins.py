"""The counterparts of the server's plugins: what they add to a client besides calls."""

from __future__ import annotations

import json
import threading
from typing import Any

import httpx
import pytest
from tests.unit.client.servers import ORIGIN, Recorded, scripted

from gatewright.access.statements import AccessControl
from gatewright.plugins.admin.faults import BannedUser
from gatewright.plugins.api_key.faults import InvalidApiKey
from gatewright.plugins.captcha.faults import MissingResponse
from gatewright.plugins.email_otp.faults import OtpExpired
from gatewright.plugins.have_i_been_pwned.faults import PasswordCompromised
from gatewright.plugins.organization.model import OrgRow
from gatewright.plugins.phone_number.faults import PhoneNumberCannotBeUpdated
from gatewright.plugins.two_factor.contract import SecondFactorOwed
from gatewright.plugins.username.faults import UsernameIsAlreadyTaken
from gatewright.wire.faults import ApiError, Fault
from gatewright_client import Client, ClientPlugin, SyncClient
from gatewright_client.plugins import (
    AdminClient,
    ApiKeyClient,
    CaptchaClient,
    EmailOTPClient,
    HaveIBeenPwnedClient,
    JwtClient,
    LastLoginMethodClient,
    OrganizationClient,
    PhoneNumberClient,
    TwoFactorClient,
    UsernameClient,
)

pytestmark = pytest.mark.anyio

TEA = {"id": "o1", "name": "Tea", "slug": "tea", "createdAt": "2026-01-01T00:00:00.000Z"}


class Organizations:
    """A server with organizations, and who is signed in."""

    def __init__(self) -> None:
        self.user: str | None = "u1"
        self.organizations: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/auth")
        if path == "/get-session":
            return httpx.Response(200, json=self.session())
        if path in {"/organization/list", "/organization/get-full-organization"} and self.user is None:
            return httpx.Response(401, json={"code": "UNAUTHORIZED", "message": "Unauthorized"})
        if path == "/organization/list":
            return httpx.Response(200, json=self.organizations)
        if path == "/organization/get-full-organization":
            return httpx.Response(200, json=self.organizations[0] if self.organizations else None)
        if path == "/organization/create":
            self.organizations.append(TEA)
            return httpx.Response(200, json=TEA)
        if path == "/sign-out":
            self.user = None
            return httpx.Response(200, json={"success": True})
        return httpx.Response(200, json={"status": True})

    def session(self) -> object:
        if self.user is None:
            return None
        user = {"id": self.user, "name": "A", "email": "a@b.c", "createdAt": "2026-01-01T00:00:00.000Z"}
        session = {"id": "s1", "token": "t", "userId": self.user, "expiresAt": "2036-01-08T00:00:00.000Z"}
        return {"session": session, "user": user}


def client_of(server: Organizations) -> tuple[Client, Recorded]:
    return scripted(server, plugins=[OrganizationClient()])


async def test_what_is_held_is_read_when_asked_and_again_on_its_signals() -> None:
    client, recorded = client_of(Organizations())
    held = client.organization.list_organizations
    assert (held.data, held.pending) == (None, True)
    await client.session.refetch()
    assert (await held.refetch()).data == []
    recorded.clear()
    await client.organization.create(name="Tea", slug="tea")
    assert recorded.lines == ["POST /organization/create", "GET /get-session", "GET /organization/list"]
    assert [each.slug for each in held.data or []] == ["tea"]
    recorded.clear()
    await client.organization.check_slug(slug="tea")
    assert recorded.lines == ["POST /organization/check-slug"]


async def test_what_nobody_asked_for_is_not_read() -> None:
    client, recorded = client_of(Organizations())
    await client.organization.create(name="Tea", slug="tea")
    assert recorded.lines == ["POST /organization/create", "GET /get-session"]


async def test_all_copies_of_a_client_hold_the_same() -> None:
    client, _ = client_of(Organizations())
    held = client.organization.active_organization
    assert client.with_options(headers={"x": "y"}).organization.active_organization is held


async def test_subscribers_hear_of_what_is_held() -> None:
    client, _ = client_of(Organizations())
    heard: list[list[OrgRow] | None] = []
    unsubscribe = client.organization.list_organizations.subscribe(lambda snapshot: heard.append(snapshot.data))
    await client.organization.list_organizations.refetch()
    await client.organization.create(name="Tea", slug="tea")
    await client.organization.list_organizations.refetch()
    unsubscribe()
    await client.store.notify("$listOrg")
    assert [None if each is None else len(each) for each in heard] == [0, 1]


async def test_another_user_sees_nothing_of_the_one_before() -> None:
    server = Organizations()
    server.organizations = [TEA]
    client, recorded = client_of(server)
    held = client.organization.list_organizations
    await client.session.refetch()
    await held.refetch()
    assert held.data is not None
    await client.sign_out()
    assert held.data is None
    assert held.error is not None
    assert held.error.status == 401
    server.user, server.organizations = "u2", []
    await client.session.refetch()
    assert (held.data, held.error) == ([], None)
    recorded.clear()
    await client.session.refetch()
    assert recorded.lines == ["GET /get-session"]


def test_a_synchronous_client_holds_in_the_same_way() -> None:
    server = Organizations()
    client = SyncClient(
        ORIGIN, http=httpx.Client(transport=httpx.MockTransport(server)), plugins=[OrganizationClient()]
    )
    held = client.organization.list_organizations
    assert held.refetch().data == []
    client.organization.create(name="Tea", slug="tea").unwrap()
    assert [each.slug for each in held.data or []] == ["tea"]
    client.session.refetch()
    client.sign_out()
    assert held.data is None


def test_threads_share_what_is_held() -> None:
    client = SyncClient(ORIGIN, http=httpx.Client(transport=httpx.MockTransport(Organizations())))
    barrier = threading.Barrier(8)
    found: list[object] = []

    def look() -> None:
        barrier.wait()
        found.append(client.organization.list_organizations)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(map(id, found))) == 1


async def test_roles_are_checked_without_asking_anybody() -> None:
    client, recorded = scripted(lambda request: httpx.Response(500))
    check = client.organization.check_role_permission
    assert check(role="owner", permissions={"organization": ["delete"]}) is True
    assert check(role="member", permissions={"organization": ["delete"]}) is False
    assert check(role="member, owner", permissions={"organization": ["delete"]}) is True
    assert check(role="nobody", permissions={"organization": ["delete"]}) is False
    assert client.admin.check_role_permission(role="admin", permissions={"user": ["ban"]}) is True
    assert client.admin.check_role_permission(role="user", permissions={"user": ["ban"]}) is False
    assert recorded.lines == []


async def test_roles_of_the_application_are_those_of_the_plugin() -> None:
    editor = AccessControl({"project": ["edit", "share"]}).new_role({"project": ["edit"]})
    roles = {"editor": editor}
    plugins: list[ClientPlugin] = [OrganizationClient(roles), AdminClient(roles)]
    client, _ = scripted(lambda request: httpx.Response(500), plugins=plugins)
    for check in (client.organization.check_role_permission, client.admin.check_role_permission):
        assert check(role="editor", permissions={"project": ["edit"]}) is True
        assert check(role="editor", permissions={"project": ["share"]}) is False
        assert check(role="owner", permissions={"organization": ["delete"]}) is False


async def test_a_second_factor_that_is_owed_is_told() -> None:
    told: list[tuple[str, ...]] = []

    async def owed(answer: SecondFactorOwed) -> None:
        told.append(answer.two_factor_methods)

    body = {"twoFactorRedirect": True, "twoFactorMethods": ["totp", "otp"]}
    client, recorded = scripted(lambda request: httpx.Response(200, json=body), plugins=[TwoFactorClient(owed)])
    result = await client.sign_in.email(email="a@b.c", password="pw")
    assert (result.ok, result.error, told) == (False, None, [("totp", "otp")])
    assert recorded.lines == ["POST /sign-in/email"]


async def test_faults_of_plugins_are_found_wherever_they_come_up() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        code = "BANNED_USER" if request.url.path.endswith("/email") else "OTP_EXPIRED"
        return httpx.Response(403, json={"code": code, "message": "said"})

    knowing, _ = scripted(answer, plugins=[AdminClient(), EmailOTPClient()])
    assert isinstance((await knowing.sign_in.email(email="a@b.c", password="pw")).error, BannedUser)
    assert isinstance((await knowing.list_accounts()).error, OtpExpired)
    ignorant, _ = scripted(answer)
    error = (await ignorant.sign_in.email(email="a@b.c", password="pw")).error
    assert type(error) is ApiError
    assert (error.code, error.message) == ("BANNED_USER", "said")


async def test_faults_of_plugins_without_calls_are_found_too() -> None:
    said: dict[str, type[Fault]] = {
        "MISSING_RESPONSE": MissingResponse,
        "PASSWORD_COMPROMISED": PasswordCompromised,
        "INVALID_API_KEY": InvalidApiKey,
        "USERNAME_IS_ALREADY_TAKEN": UsernameIsAlreadyTaken,
        "PHONE_NUMBER_CANNOT_BE_UPDATED": PhoneNumberCannotBeUpdated,
    }
    plugins = (CaptchaClient(), HaveIBeenPwnedClient(), ApiKeyClient(), UsernameClient(), PhoneNumberClient())
    for code, fault in said.items():
        answer = httpx.Response(400, json={"code": code, "message": "said"})
        knowing, _ = scripted(lambda request, answer=answer: answer, plugins=plugins)
        assert type((await knowing.update_user(name="A")).error) is fault


async def test_what_is_kept_of_the_last_way_in_is_read_and_cleared_without_asking_the_server() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=None, headers={"set-cookie": "last=google%2Dcorp; Path=/"})

    client, recorded = scripted(answer, plugins=[LastLoginMethodClient("last")])
    await client.get_session()
    recorded.clear()
    assert await client.get_last_used_login_method() == "google-corp"
    assert await client.is_last_used_login_method("google-corp")
    assert not await client.is_last_used_login_method("email")
    await client.clear_last_used_login_method()
    assert (await client.get_last_used_login_method(), recorded.lines) == (None, [])
    other, _ = scripted(answer)
    await other.get_session()
    assert await other.get_last_used_login_method() is None


async def test_keys_are_fetched_where_the_server_has_moved_them() -> None:
    keys = {"keys": [{"kty": "OKP", "kid": "k"}]}
    client, recorded = scripted(
        lambda request: httpx.Response(200, json=keys), plugins=[JwtClient("/.well-known/keys")]
    )
    assert getattr((await client.jwks()).unwrap(), "keys", None) == tuple(keys["keys"])
    client, more = scripted(lambda request: httpx.Response(200, json=keys), plugins=[JwtClient()])
    await client.jwks()
    assert recorded.lines + more.lines == ["GET /.well-known/keys", "GET /jwks"]


async def test_a_group_may_be_called_itself() -> None:
    client, recorded = scripted(
        lambda request: httpx.Response(200, json={"user_code": "A", "status": "pending", "client_id": "c"})
    )
    assert (await client.device(user_code="A")).unwrap().status == "pending"
    await client.device.deny(user_code="A")
    assert recorded.lines == ["GET /device?user_code=A", "POST /device/deny", "GET /get-session"]
    assert json.loads(recorded.requests[1].content) == {"userCode": "A"}
