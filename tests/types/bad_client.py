"""Checked, never run: what the client refuses. Each line carries its refusal, and a needless one is an error."""

from __future__ import annotations

import httpx

from gatewright.contract.results import SignedIn
from gatewright_client import Async, Client, Result, SyncClient
from gatewright_client.core import SignIn


async def asynchronous(client: Client) -> None:
    await client.sign_in.email(email="a@b.c")  # pyright: ignore[reportCallIssue]
    await client.sign_in.email(email=1, password="pw")  # pyright: ignore[reportArgumentType]
    await client.sign_in.email("a@b.c", "pw")  # pyright: ignore[reportCallIssue]
    await client.sign_up.email(name="A", email="a@b.c", password="pw", plan="x")  # pyright: ignore[reportCallIssue]
    await client.sign_in.nowhere()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    await client.verify_password(password="pw")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    await client.get_access_token(use_account_cookie=False)  # pyright: ignore[reportArgumentType]
    client.sign_in.email(email="a@b.c", password="pw").unwrap()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    result: Result[SignedIn] = client.sign_in.email(email="a@b.c", password="pw")  # pyright: ignore[reportAssignmentType]
    result.data = None  # pyright: ignore[reportAttributeAccessIssue]
    (await client.get_session()).unwrap().user  # pyright: ignore[reportOptionalMemberAccess, reportUnusedExpression]
    client.session.data = None  # pyright: ignore[reportAttributeAccessIssue]
    client.with_options(header={"a": "b"})  # pyright: ignore[reportCallIssue]


async def synchronous(client: SyncClient) -> None:
    await client.sign_out()  # pyright: ignore[reportGeneralTypeIssues]
    calls: SignIn[Async] = client.sign_in  # pyright: ignore[reportAssignmentType]
    await calls.email(email="a@b.c", password="pw")


def put_together() -> None:
    Client("https://example.com", http=httpx.Client())  # pyright: ignore[reportArgumentType]
    SyncClient("https://example.com", http=httpx.AsyncClient())  # pyright: ignore[reportArgumentType]
