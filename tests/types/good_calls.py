"""What the type checkers must infer about an instance's methods and operations. Never run."""

from __future__ import annotations

from typing import assert_type

from gatewright import Auth, CoreApi, Reply, SessionData, Settings
from gatewright.contract.session import GetSession
from gatewright.contract.sign_in import SignInEmail
from gatewright.contract.system import Ok
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, signed_in
from gatewright.pipeline.handles import Endpoint, handles
from gatewright.wire.result import Done
from gatewright_adapters.memory import MemoryAdapter

auth = Auth(Settings(), MemoryAdapter())
assert_type(auth, Auth[CoreApi])


async def methods() -> None:
    assert_type(await auth.api.get_session(), SessionData | None)
    assert_type(await auth.api.on({"cookie": "a=b"}).get_session(), SessionData | None)
    assert_type(await auth.reply(GetSession(), {}), Reply[SessionData | None])
    await auth.api.sign_in_email(email="ada@example.com", password="secret-1234")


def operations() -> None:
    assert_type(SignInEmail(email="a@example.com", password="p").email, str)


@handles(GetSession, signed_in)
async def guarded(call: Call[GetSession], me: Signed) -> SessionData | None:
    assert_type(me.user.email, str)
    return None


assert_type(guarded, Endpoint)
assert_type(Ok, type[Ok])
assert_type(Done(), Done)
