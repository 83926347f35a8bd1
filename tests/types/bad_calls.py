"""What the type checkers must refuse about calls and handlers: each marked line, and no other. Never run."""

from __future__ import annotations

from gatewright import Auth, SessionData, Settings
from gatewright.contract.session import GetSession
from gatewright.contract.sign_in import SignInEmail
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import signed_in
from gatewright.pipeline.handles import handles
from gatewright_adapters.memory import MemoryAdapter

auth = Auth(Settings(), MemoryAdapter())


async def methods() -> None:
    await auth.api.sign_in_email(email="ada@example.com")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await auth.api.sign_in_email(email=1, password="p")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    auth.api.sign_in_emial()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


@handles(GetSession, signed_in)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
async def forgot_the_evidence(call: Call[GetSession]) -> SessionData | None:
    return None


@handles(GetSession)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
async def wrong_input(call: Call[SignInEmail]) -> SessionData | None:
    return None


@handles(GetSession)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
async def wrong_result(call: Call[GetSession]) -> int:
    return 1
