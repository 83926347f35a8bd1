"""What the type checkers must infer about plugins, composed methods and hooks. Never run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, assert_type

from gatewright import Auth, CoreApi, Reply, Session, SessionData, Settings, User
from gatewright.access.assurance import Needed, Proof
from gatewright.contract.results import SignedIn
from gatewright.contract.sign_in import SignInEmail
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, fresh
from gatewright.pipeline.handles import Endpoint, handles
from gatewright.pipeline.hooks import Hook, after, before, inserting
from gatewright.plugins.anonymous import Anonymous, AnonymousApi
from gatewright.plugins.anonymous.contract import GuestSignedIn
from gatewright.plugins.api_key import ApiKey, ApiKeyOptions, KeyRateLimit
from gatewright.plugins.api_key.contract import NewApiKey, VerifiedApiKey
from gatewright.plugins.assurance import (
    Assurance,
    AssuranceOptions,
    AssurancePolicy,
    AssuranceState,
    Assured,
    require_assurance,
)
from gatewright.plugins.multi_session import MultiSession
from gatewright.plugins.open_api import OpenApi, OpenApiApi
from gatewright.plugins.open_api.contract import GenerateOpenAPISchema
from gatewright.plugins.organization import OrganizationApi
from gatewright.plugins.organization.guards import Membership, member
from gatewright.plugins.organization.model import Member
from gatewright.plugins.phone_number import PhoneNumber
from gatewright.plugins.phone_number.contract import PhoneSignedIn
from gatewright.services.database import RowHook
from gatewright.wire.calls import Api, method
from gatewright.wire.kinds import Html
from gatewright.wire.operation import Operation, post
from gatewright.wire.result import Done
from gatewright_adapters.memory import MemoryAdapter


@post("/tea/pour")
class PourTea(Operation[Done]):
    """Pour tea."""

    cups: int
    milk: bool = False


@post("/tea/pour-at")
class PourAt(Operation[Done]):
    """Pour tea in an organization."""

    organization_id: str | None = None


class TeaApi(Api):
    """A third party's methods."""

    pour_tea = method(PourTea)


class AppApi(CoreApi, OpenApiApi, TeaApi):
    """Everything that this application can call."""


documents = OpenApi()
auth = Auth(Settings(), MemoryAdapter(), plugins=[documents], api=AppApi)
assert_type(auth, Auth[AppApi])


async def composed() -> None:
    assert_type(await auth.api.get_session(), SessionData | None)
    assert_type(await auth.api.pour_tea(cups=2, milk=True), Done)
    assert_type(await auth.api.on({"cookie": "a=b"}).pour_tea(cups=1), Done)
    assert_type(await auth.api.generate_open_api_schema(), dict[str, Any])
    assert_type(await auth.of(documents).open_api_reference(), Html)
    assert_type(auth.of(documents), OpenApiApi)
    assert_type(await auth.execute(PourTea(cups=1)), Done)
    assert_type(await auth.reply(GenerateOpenAPISchema()), Reply[dict[str, Any]])


keys = ApiKey(ApiKeyOptions(default_prefix="tea_", rate_limit=KeyRateLimit(max_requests=100)))


async def with_keys() -> None:
    made = await auth.of(keys).create_api_key(user_id="u1", permissions={"tea": ["pour"]}, expires_in=86_400)
    assert_type(made, NewApiKey)
    assert_type(await auth.of(keys).verify_api_key(key=made.key), VerifiedApiKey)


@handles(PourTea, fresh)
async def pour(call: Call[PourTea], me: Signed) -> Done:
    assert_type(call.input.cups, int)
    assert_type(me.session.token, str)
    assert_type(call.plugin(OpenApi), OpenApi)
    return Done()


@before(SignInEmail)
async def look(call: Call[SignInEmail]) -> SignInEmail | None:
    assert_type(call.input.remember_me, bool)
    return None


@after(SignInEmail)
async def changed(call: Call[SignInEmail], result: SignedIn) -> SignedIn | None:
    assert_type(result.user.email, str)
    return None


@inserting(User)
async def named(row: User, call: Call[Any] | None) -> User | None:
    assert_type(row.name, str)
    return None


assert_type(pour, Endpoint)
assert_type(look, Hook)
assert_type(changed, Hook)
assert_type(named, RowHook)


async def organizations(own: OrganizationApi) -> None:
    """What the organization plugin adds beyond the contract."""
    handed = await own.transfer_ownership(member_id="m", role="admin")
    assert_type(handed.owner, Member)
    page = await own.page_members(cursor=None)
    assert_type(page.next_cursor, str | None)


@handles(PourTea, require_assurance(level=2, methods=("hwk", "otp"), max_age=300))
async def pour_surely(call: Call[PourTea], me: Assured) -> Done:
    assert_type(me.proof, Proof)
    assert_type(me.proof.amr, tuple[str, ...])
    assert_type(me.session, Session)
    assert_type(call.plugin(Assurance), Assurance)
    return Done()


async def assure(auth: Auth[CoreApi]) -> None:
    sure = Assurance(AssuranceOptions(policy=AssurancePolicy(second_factor=True, max_age=600)))
    assert_type(await auth.of(sure).require_assurance(level=2, methods=("hwk",), max_age=60), AssuranceState)
    assert_type(await auth.of(sure).get_assurance(), AssuranceState)
    assert_type(Needed.of(methods="hwk").met_by(Proof(), datetime.now(UTC)), bool)


@handles(PourAt, member)
async def pour_at(call: Call[PourAt], mine: Membership) -> Done:
    assert_type(mine.member, Member)
    return Done()


guests, phones, several = Anonymous(), PhoneNumber(), MultiSession()


async def ways_to_sign_in() -> None:
    assert_type(auth.of(guests), AnonymousApi)
    assert_type(await auth.of(guests).sign_in_anonymous(), GuestSignedIn)
    assert_type(await auth.of(phones).sign_in_phone_number(phone_number="+1", password="p"), PhoneSignedIn)
    assert_type(await auth.of(phones).consume_phone_number_otp(phone_number="+1", code="1"), Done)
    assert_type(await auth.of(several).list_device_sessions(), list[SessionData])
