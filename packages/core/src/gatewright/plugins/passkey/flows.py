"""Whose a new passkey is, storing it once, and using one."""

from __future__ import annotations

import base64
import inspect
from collections.abc import Mapping

from msgspec import UNSET

from gatewright.access.assurance import Way
from gatewright.contract.faults import FailedToCreateSession
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed
from gatewright.pipeline.session_reading import begin_session
from gatewright.plugins.passkey.challenges import Challenge
from gatewright.plugins.passkey.faults import (
    AuthenticationFailed,
    PreviouslyRegistered,
    ResolvedUserInvalid,
    ResolveUserRequired,
    UnableToCreateSession,
    YouAreNotAllowedToRegisterThisPasskey,
)
from gatewright.plugins.passkey.model import PasskeyRow
from gatewright.plugins.passkey.options import (
    Extensions,
    ExtensionsContext,
    PasskeyContext,
    PasskeyUser,
    RegistrationOptions,
    RegistrationVerified,
)
from gatewright.plugins.passkey.verified import Authentication, Registration
from gatewright.services.database import Database, Refused

__all__ = ("begin_session_of", "chosen_user", "extensions_of", "find_passkey", "store", "use", "user_to_register")

_LONGEST_ID = 1364
"""Characters of the longest credential id."""


async def user_to_register(
    call: Call[object], me: Signed | None, options: RegistrationOptions, context: str | None
) -> PasskeyUser:
    """For whom a passkey is to be registered.

    Raises:
        ResolveUserRequired: Nobody is signed in, and the application does not say.
        ResolvedUserInvalid: What it says is nobody.
    """
    if me is not None:
        return PasskeyUser(id=me.user.id, name=me.user.email, display_name=me.user.email)
    if options.resolve_user is None:
        raise ResolveUserRequired
    given = options.resolve_user(PasskeyContext(call, context))
    found = await given if inspect.isawaitable(given) else given
    if isinstance(found, Mapping):
        user_id, name, shown = found.get("id"), found.get("name"), found.get("displayName", found.get("display_name"))
        if not isinstance(user_id, str) or not isinstance(name, str) or not isinstance(shown, str | None):
            raise ResolvedUserInvalid
        found = PasskeyUser(id=user_id, name=name, display_name=UNSET if shown is None else shown)
    if found is None or not found.id or not found.name:
        raise ResolvedUserInvalid
    return found


async def extensions_of(call: Call[object], given: Extensions | None) -> Mapping[str, object] | None:
    """The WebAuthn extensions of a call."""
    if given is None or isinstance(given, Mapping):
        return given
    made = given(ExtensionsContext(call))
    return await made if inspect.isawaitable(made) else made


async def chosen_user(
    call: Call[object],
    me: Signed | None,
    options: RegistrationOptions,
    challenge: Challenge,
    verified: tuple[Registration, Mapping[str, object]],
) -> str:
    """The id of the user who gets a passkey, after the application has had its say.

    Raises:
        ResolvedUserInvalid: The application's choice is no id.
        YouAreNotAllowedToRegisterThisPasskey: It is somebody else than who is signed in.
    """
    user_id: object = challenge.user.id
    after = options.after_verification
    if after is not None:
        verification, client_data = verified
        answered = after(RegistrationVerified(call, verification, challenge.user, client_data, challenge.context))
        answer = await answered if inspect.isawaitable(answered) else answered
        chosen: object = answer.get("userId", answer.get("user_id")) if isinstance(answer, Mapping) else answer
        if chosen is not None:
            user_id = chosen
    if not isinstance(user_id, str) or not user_id:
        raise ResolvedUserInvalid
    if me is not None and user_id != me.user.id:
        raise YouAreNotAllowedToRegisterThisPasskey
    return user_id


async def store(call: Call[object], user: User, name: str | None, verification: Registration) -> PasskeyRow:
    """Store a new passkey, unless its credential is known.

    Two who register one credential at the same moment are both refused, which no honest authenticator brings about.

    Raises:
        PreviouslyRegistered: It is.
    """
    info, db = verification.registration_info, call.db
    credential = info.credential
    if await db.count(PasskeyRow, PasskeyRow.credential_id.eq(credential.id)):
        raise PreviouslyRegistered
    row = await db.insert(
        PasskeyRow(
            name=name,
            public_key=base64.b64encode(credential.public_key).decode(),
            user_id=user.id,
            credential_id=credential.id,
            counter=credential.counter,
            device_type=info.credential_device_type,
            backed_up=info.credential_backed_up,
            transports=",".join(credential.transports),
            created_at=call.now,
            aaguid=info.aaguid,
        )
    )
    if await db.count(PasskeyRow, PasskeyRow.credential_id.eq(credential.id)) > 1:
        await db.delete(PasskeyRow, PasskeyRow.id.eq(row.id))
        raise PreviouslyRegistered
    return row


async def find_passkey(db: Database, credential_id: object) -> PasskeyRow | None:
    """The passkey of a credential."""
    if not isinstance(credential_id, str) or len(credential_id) > _LONGEST_ID or not credential_id.isascii():
        return None
    if "\x00" in credential_id:
        return None
    rows = await db.find_many(
        PasskeyRow,
        PasskeyRow.credential_id.eq(credential_id),
        order=(PasskeyRow.created_at.ascending(),),
        limit=1,
    )
    return rows[0] if rows else None


async def use(db: Database, row: PasskeyRow, verification: Authentication) -> PasskeyRow:
    """Remember how far the authenticator has counted; of several who bring one count, one can.

    Raises:
        AuthenticationFailed: Somebody was faster, or the passkey was deleted.
    """
    info = verification.authentication_info
    used = await db.update_one(
        PasskeyRow,
        PasskeyRow.id.eq(row.id),
        PasskeyRow.counter.eq(row.counter),
        set=[PasskeyRow.counter.to(info.new_counter), PasskeyRow.backed_up.to(info.credential_backed_up)],
    )
    if used is None:
        raise AuthenticationFailed
    return used


async def begin_session_of(call: Call[object], user: User, by: Way) -> None:
    """Sign a user in.

    Raises:
        UnableToCreateSession: A hook does not want it.
    """
    try:
        await begin_session(call, user, by)
    except (Refused, FailedToCreateSession) as error:
        raise UnableToCreateSession(because=str(error)) from None
