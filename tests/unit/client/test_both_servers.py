"""One suite for two servers: an instance in this process, and the Node reference that the contract was read from."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Iterator

import pytest
from tests.unit.client.servers import KIT, PASSWORD, async_client, reference

from gatewright.contract import faults
from gatewright.contract.results import Done, SignedOut
from gatewright.testing.app import SECRET, make_app
from gatewright.wire.kinds import Redirect
from gatewright_client import Client

pytestmark = pytest.mark.anyio

OPTIONS = {
    "secret": SECRET,
    "emailAndPassword": {"enabled": True},
    "rateLimit": {"enabled": False},
    "user": {
        "deleteUser": {"enabled": True},
        "changeEmail": {"enabled": True, "updateEmailWithoutVerification": True},
    },
}


@pytest.fixture(scope="session")
def node() -> Iterator[str]:
    if KIT not in os.environ:
        pytest.skip(f"the Node reference is not here: {KIT} names the conformance kit's folder")
    with reference(OPTIONS) as origin:
        yield origin


@pytest.fixture(params=["gatewright", "reference"])
def origin(request: pytest.FixtureRequest) -> str | None:
    """Where the server is, or ``None`` for the instance in this process."""
    return None if request.param == "gatewright" else str(request.getfixturevalue("node"))


@pytest.fixture
async def client(origin: str | None, anyio_backend: str) -> AsyncIterator[Client]:
    if origin is None:
        yield async_client(make_app({"user": OPTIONS["user"]}))
    else:
        async with Client(origin) as client:
            yield client


@pytest.fixture
def email() -> str:
    return f"ada-{secrets.token_hex(6)}@example.com"


async def test_signing_up_signs_in_and_fills_the_session(client: Client, email: str) -> None:
    signed_up = (await client.sign_up.email(name="Ada", email=email, password=PASSWORD)).unwrap()
    assert (signed_up.user.name, signed_up.user.email, signed_up.user.email_verified) == ("Ada", email, False)
    assert client.session.data is not None
    assert client.session.data.user == signed_up.user
    assert client.session.data.session.token == signed_up.token
    assert client.session.data.session.expires_at > client.session.data.session.created_at


async def test_a_wrong_password_is_the_declared_fault(client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    result = await client.sign_in.email(email=email, password="something-else")
    assert isinstance(result.error, faults.InvalidEmailOrPassword)
    assert (result.error.status, result.error.code) == (401, "INVALID_EMAIL_OR_PASSWORD")
    assert (result.data, result.ok) == (None, False)
    with pytest.raises(faults.InvalidEmailOrPassword):
        result.unwrap()


async def test_a_known_address_signs_up_once(client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    again = await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    assert isinstance(again.error, faults.UserAlreadyExistsUseAnotherEmail)


async def test_an_invalid_address_is_refused_by_the_server(client: Client) -> None:
    result = await client.sign_in.email(email="nobody", password=PASSWORD)
    assert isinstance(result.error, faults.InvalidEmail)


async def test_signing_out_ends_the_session_and_empties_the_jar(client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    assert "session_token=" in await client.get_cookie()
    assert (await client.sign_out()).unwrap() == SignedOut()
    assert await client.get_cookie() == ""
    assert client.session.data is None
    assert (await client.get_session()).unwrap() is None


async def test_changing_the_user_changes_the_session(client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    changed = await client.update_user(name="Grace", image="https://example.com/grace.png")
    assert changed.unwrap() == Done()
    assert client.session.data is not None
    assert (client.session.data.user.name, client.session.data.user.image) == ("Grace", "https://example.com/grace.png")
    await client.update_user(image=None)
    assert client.session.data is not None
    assert (client.session.data.user.name, client.session.data.user.image) == ("Grace", None)


async def test_what_needs_a_session_is_unauthorized_without_one(client: Client) -> None:
    for result in (
        await client.list_sessions(),
        await client.update_user(name="Grace"),
        await client.list_accounts(),
        await client.revoke_sessions(),
        await client.change_password(new_password=PASSWORD, current_password=PASSWORD),
    ):
        assert isinstance(result.error, faults.Unauthorized)


async def test_sessions_are_listed_and_revoked_one_by_one(client: Client, email: str) -> None:
    first = (await client.sign_up.email(name="Ada", email=email, password=PASSWORD)).unwrap().token
    await client.forget()
    second = (await client.sign_in.email(email=email, password=PASSWORD)).unwrap().token
    assert {each.token for each in (await client.list_sessions()).unwrap()} == {first, second}
    assert (await client.revoke_session(token=first or "")).unwrap() == Done()
    assert [each.token for each in (await client.list_sessions()).unwrap()] == [second]


async def test_revoking_all_sessions_ends_this_one_too(client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    assert (await client.revoke_other_sessions()).unwrap() == Done()
    assert client.session.data is not None
    assert (await client.revoke_sessions()).unwrap() == Done()
    assert client.session.data is None


async def test_a_changed_password_is_the_only_one(client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    changed = await client.change_password(
        new_password="another-password", current_password=PASSWORD, revoke_other_sessions=True
    )
    assert changed.unwrap().token is not None
    assert client.session.data is not None
    assert client.session.data.session.token == changed.unwrap().token
    await client.sign_out()
    assert not (await client.sign_in.email(email=email, password=PASSWORD)).ok
    assert (await client.sign_in.email(email=email, password="another-password")).ok


async def test_the_accounts_are_listed_with_their_dates(client: Client, email: str) -> None:
    user = (await client.sign_up.email(name="Ada", email=email, password=PASSWORD)).unwrap().user
    (account,) = (await client.list_accounts()).unwrap()
    assert (account.provider_id, account.user_id, account.scopes) == ("credential", user.id, [])
    assert account.created_at.tzinfo is not None
    last = await client.unlink_account(account_id=account.id)
    assert isinstance(last.error, faults.FailedToUnlinkLastAccount)


async def test_a_changed_address_is_in_the_session(client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    assert (await client.change_email(new_email=f"new-{email}")).unwrap() == Done()
    assert client.session.data is not None
    assert client.session.data.user.email == f"new-{email}"


async def test_a_deleted_user_is_gone(client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    wrong = await client.delete_user(password="something-else")
    assert isinstance(wrong.error, faults.InvalidPassword)
    assert (await client.delete_user(password=PASSWORD)).unwrap().success
    assert client.session.data is None
    assert not (await client.sign_in.email(email=email, password=PASSWORD)).ok


async def test_mails_that_nobody_sends_are_refused(client: Client, email: str) -> None:
    reset = await client.request_password_reset(email=email, redirect_to="/reset")
    assert isinstance(reset.error, faults.ResetPasswordDisabled)
    verification = await client.send_verification_email(email=email)
    assert isinstance(verification.error, faults.VerificationEmailNotEnabled)


async def test_a_wrong_token_is_refused_and_a_link_leads_on(client: Client) -> None:
    reset = await client.reset_password(new_password=PASSWORD, token="wrong")
    assert isinstance(reset.error, faults.InvalidToken)
    link = await client.request_password_reset_callback(token="a/b?c", callback_url="/reset")
    assert isinstance(link.unwrap(), Redirect)
    assert link.unwrap().location.endswith("/reset?error=INVALID_TOKEN")
    verified = await client.verify_email(token="wrong")
    assert isinstance(verified.error, faults.InvalidToken)


async def test_an_unknown_provider_is_refused(client: Client, email: str) -> None:
    assert isinstance((await client.sign_in.social(provider="nowhere")).error, faults.ProviderNotFound)
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    assert isinstance((await client.link_social(provider="nowhere")).error, faults.ProviderNotFound)


async def test_account_operations_name_the_account_that_is_missing(client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    for result in (
        await client.get_access_token(account_id="nothing"),
        await client.refresh_token(account_id="nothing"),
        await client.account_info(account_id="nothing"),
    ):
        assert isinstance(result.error, faults.AccountNotFound)


async def test_a_value_that_has_not_the_declared_shape_is_a_validation_error(client: Client) -> None:
    result = await client.get_access_token()
    assert isinstance(result.error, faults.ValidationError)
    assert result.error.status == 400
