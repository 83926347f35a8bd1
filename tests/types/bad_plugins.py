"""What the type checkers must refuse about plugins, composed methods and hooks: each marked line, no other. Never run."""

from __future__ import annotations

from typing import Any

from gatewright import Auth, Session, Settings, User
from gatewright.contract.results import SignedIn, SignedOut
from gatewright.contract.sign_in import SignInEmail, SignOut
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import handles
from gatewright.pipeline.hooks import after, before, inserting
from gatewright.plugins.api_key import ApiKey
from gatewright.plugins.assurance import require_assurance
from gatewright.plugins.open_api import OpenApi
from gatewright.plugins.phone_number import PhoneNumber
from gatewright_adapters.memory import MemoryAdapter

documents = OpenApi()
auth = Auth(Settings(), MemoryAdapter(), plugins=[documents])


async def not_composed() -> None:
    auth.api.generate_open_api_schema()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    await auth.of(documents).open_api_reference(page=1)  # pyright: ignore[reportCallIssue]


async def keys() -> None:
    await auth.of(ApiKey()).verify_api_key()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


@before(SignInEmail)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
async def wrong_input(call: Call[SignOut]) -> None: ...


require_assurance(level="2")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@handles(SignOut, require_assurance(level=2))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
async def wrong_evidence(call: Call[SignOut], me: int) -> SignedOut:
    return SignedOut()


@after(SignInEmail)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
async def wrong_result(call: Call[SignInEmail], result: int) -> None: ...


@after(SignInEmail)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
async def wrong_answer(call: Call[SignInEmail], result: SignedIn) -> int:
    return 1


@inserting(User)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
async def wrong_row(row: Session, call: Call[Any] | None) -> None: ...


async def wrong_number() -> None:
    await auth.of(PhoneNumber()).send_phone_number_otp(number="+1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
