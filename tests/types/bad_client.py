"""Checked, never run: what the client refuses. Each line carries its refusal, and a needless one is an error."""

from __future__ import annotations

import httpx

from gatewright.contract.results import SessionData, SignedIn
from gatewright.wire.result import Result as Struct
from gatewright_client import Async, Client, Result, SyncClient
from gatewright_client.sign_in import SignIn


class OwnSession(Struct):
    """An application's session."""

    roles: list[str]


async def asynchronous(client: Client) -> None:
    await client.sign_in.email(email="a@b.c")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await client.sign_in.email(email=1, password="pw")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await client.sign_in.email("a@b.c", "pw")  # pyright: ignore[reportCallIssue]
    await client.sign_up.email(name="A", email="a@b.c", password="pw", plan="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await client.sign_in.nowhere()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    await client.verify_password(password="pw")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    await client.get_access_token(use_account_cookie=False)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.sign_in.email(email="a@b.c", password="pw").unwrap()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    result: Result[SignedIn] = client.sign_in.email(email="a@b.c", password="pw")  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    result.data = None  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    _ = (await client.get_session()).unwrap().user  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
    client.session.data = None  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    client.with_options(header={"a": "b"})  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def plugins_asynchronous(client: Client) -> None:
    await client.sign_in.username(username="ada")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await client.sign_in.user_name(username="ada", password="pw")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    await client.email_otp.send_verification_otp(email="a@b.c", type="sign-up")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await client.two_factor.verify_totp(code=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await client.two_factor.verify_top(code="1")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    await client.admin.list_users(sort_direction="up")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await client.organization.set_activ(organization_id="o")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    await client.organization.create(name="A")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await client.organisation.list()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    await client.device(code="A")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await client.one_time_token.verify()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    _: list[str] | None = client.organization.list_organizations.data  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    client.organization.check_role_permission("admin", permissions={})  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def further_ways(client: Client) -> None:
    await client.sign_in.anonymous(name="A")  # pyright: ignore[reportCallIssue]
    await client.api_key.create(name=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await client.api_key.verify(key="k")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    await client.api_key.list(sort_direction="up")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await client.passkey.verify_authentication()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await client.passkey.generate_register_options(authenticator_attachment="usb")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    _: list[str] | None = client.passkey.list_passkeys.data  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    await client.phone_number.verify(phone_number="1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await client.sign_in.phone_number(number="1", password="pw")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await client.siwe.verify(message="m")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await client.one_tap.callback(token="t")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await client.multi_session.set_active(token="t")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await client.open_api.generate()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    await client.adopt()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await client.is_last_used_login_method(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def own_session(client: Client[OwnSession]) -> None:
    _: SessionData | None = client.session.data  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    await client.get_session(disable_cache=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def synchronous(client: SyncClient) -> None:
    await client.sign_out()  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
    calls: SignIn[Async] = client.sign_in  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    await calls.email(email="a@b.c", password="pw")


def put_together() -> None:
    Client("https://example.com", http=httpx.Client())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SyncClient("https://example.com", http=httpx.AsyncClient())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
