"""Handlers of the passkey plugin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from msgspec import UNSET

from gatewright.access.assurance import passkey
from gatewright.contract.results import Done, SessionData
from gatewright.crypto.hashing import base64url
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, maybe_signed_in, signed_in
from gatewright.pipeline.handles import handles
from gatewright.plugins.passkey import challenges, contract, flows
from gatewright.plugins.passkey.authentication import authenticate
from gatewright.plugins.passkey.ceremony import (
    ALGORITHMS,
    Expected,
    Unproven,
    verify_registration,
)
from gatewright.plugins.passkey.faults import (
    AuthenticationFailed,
    ChallengeNotFound,
    FailedToUpdatePasskey,
    FailedToVerifyRegistration,
    PasskeyNotFound,
    UserNotFound,
    YouAreNotAllowedToRegisterThisPasskey,
)
from gatewright.plugins.passkey.guards import origins_of, registrant, rp_id_of
from gatewright.plugins.passkey.model import PasskeyRow
from gatewright.plugins.passkey.options import PasskeyUser
from gatewright.plugins.passkey.plugin import Passkey
from gatewright.plugins.passkey.user_handle import make_handle
from gatewright.wire.faults import ApiError

__all__ = ("ALL",)

TIMEOUT = 60_000
"""Milliseconds that a browser waits for its user."""


@handles(contract.GeneratePasskeyRegistrationOptions, registrant)
async def generate_passkey_registration_options(
    call: Call[contract.GeneratePasskeyRegistrationOptions], me: Signed | None
) -> contract.CreationOptions:
    """Begin to register."""
    options, asked, plan = call.plugin(Passkey).options, call.input, call.services.plan
    context = None if asked.context is UNSET else asked.context
    user = await flows.user_to_register(call, me, options.registration, context)
    known = await call.db.find_many(PasskeyRow, PasskeyRow.user_id.eq(user.id))
    extensions = await flows.extensions_of(call, options.registration.extensions)
    of_session = me is not None and not options.registration.require_session
    challenge = await challenges.begin(call, "registration", user, context=context, of_session=of_session)
    wanted = options.authenticator_selection
    attachment = asked.authenticator_attachment or wanted.authenticator_attachment or UNSET
    handle = make_handle(plan.secret, user.id, call.services.random.bytes)
    return contract.CreationOptions(
        challenge=challenge,
        rp=contract.RelyingParty(name=options.rp_name or plan.settings.app_name, id=rp_id_of(call)),
        user=contract.UserEntity(
            id=base64url(handle.encode()),
            name=asked.name or user.name,
            display_name=user.display_name or user.name,
        ),
        pub_key_cred_params=tuple(contract.KeyParameters(alg=alg) for alg in ALGORITHMS),
        timeout=TIMEOUT,
        exclude_credentials=_descriptors(known),
        authenticator_selection=contract.AuthenticatorSelection(
            resident_key=wanted.resident_key,
            user_verification=wanted.user_verification,
            authenticator_attachment=attachment,
            require_resident_key=wanted.resident_key == "required",
        ),
        extensions={**(extensions or {}), "credProps": True},
    )


@handles(contract.VerifyPasskeyRegistration, registrant)
async def verify_passkey_registration(
    call: Call[contract.VerifyPasskeyRegistration], me: Signed | None
) -> contract.PasskeyRegistered:
    """Finish registering."""
    options, asked, origins = call.plugin(Passkey).options, call.input, origins_of(call)
    if not origins:
        raise FailedToVerifyRegistration(status=400)
    challenge = await challenges.take(call, "registration")
    if challenge is None:
        raise ChallengeNotFound
    if (me is None and challenge.of_session) or (me is not None and me.user.id != challenge.user.id):
        raise YouAreNotAllowedToRegisterThisPasskey
    expected = Expected(challenge.expected, origins, rp_id_of(call), options.must_verify_user)
    try:
        verification = verify_registration(asked.response, expected)
    except Unproven as error:
        status = 400 if error.unreadable else 500
        raise FailedToVerifyRegistration(status=status, because=str(error)) from None
    client_data = cast("Mapping[str, object]", asked.response)
    try:
        user_id = await flows.chosen_user(call, me, options.registration, challenge, (verification, client_data))
    except ApiError:
        raise
    except Exception as error:
        raise FailedToVerifyRegistration(because=str(error)) from error
    user = await call.services.users.by_id(call.db, user_id)
    if user is None:
        raise UserNotFound if asked.create_session is True else FailedToVerifyRegistration
    row = await flows.store(call, user, asked.name or None, verification)
    if asked.create_session is True:
        try:
            # A key that was added just now proves one factor, whatever it will prove from now on.
            synced = verification.registration_info.credential_device_type == "multiDevice"
            await flows.begin_session_of(call, user, passkey(verified=False, synced=synced))
        except ApiError:
            await call.db.delete(PasskeyRow, PasskeyRow.id.eq(row.id))
            raise
    begun = call.new_session if asked.create_session is True else None
    return contract.PasskeyRegistered(
        name=row.name,
        public_key=row.public_key,
        user_id=row.user_id,
        credential_id=row.credential_id,
        counter=row.counter,
        device_type=row.device_type,
        backed_up=row.backed_up,
        transports=row.transports,
        created_at=row.created_at,
        aaguid=row.aaguid,
        id=row.id,
        session=UNSET if begun is None else begun.session,
        user=UNSET if begun is None else begun.user,
    )


@handles(contract.GeneratePasskeyAuthenticationOptions, maybe_signed_in)
async def generate_passkey_authentication_options(
    call: Call[contract.GeneratePasskeyAuthenticationOptions], me: Signed | None
) -> contract.RequestOptions:
    """Begin to sign in."""
    options = call.plugin(Passkey).options
    known: Sequence[PasskeyRow] = ()
    if me is not None:
        known = await call.db.find_many(PasskeyRow, PasskeyRow.user_id.eq(me.user.id))
    extensions = await flows.extensions_of(call, options.authentication.extensions)
    who = PasskeyUser(id="" if me is None else me.user.id, name="")
    return contract.RequestOptions(
        rp_id=rp_id_of(call),
        challenge=await challenges.begin(call, "authentication", who),
        allow_credentials=_descriptors(known) or UNSET,
        timeout=TIMEOUT,
        user_verification="required" if options.must_verify_user else "preferred",
        extensions=UNSET if extensions is None else extensions,
    )


@handles(contract.VerifyPasskeyAuthentication)
async def verify_passkey_authentication(call: Call[contract.VerifyPasskeyAuthentication]) -> SessionData:
    """Finish signing in."""
    user, by = await authenticate(call, call.plugin(Passkey).options, call.input.response)
    await flows.begin_session_of(call, user, by)
    begun = call.new_session
    if begun is None:
        raise AuthenticationFailed
    return SessionData(session=begun.session, user=begun.user)


@handles(contract.ListPasskeys, signed_in)
async def list_passkeys(call: Call[contract.ListPasskeys], me: Signed) -> list[PasskeyRow]:
    """One's own passkeys."""
    return list(await call.db.find_many(PasskeyRow, PasskeyRow.user_id.eq(me.user.id)))


@handles(contract.DeletePasskey, signed_in)
async def delete_passkey(call: Call[contract.DeletePasskey], me: Signed) -> Done:
    """Delete a passkey."""
    row = await _asked_for(call, call.input.id)
    if row.user_id != me.user.id:
        raise ApiError(401)
    if not await call.db.delete(PasskeyRow, PasskeyRow.id.eq(row.id), PasskeyRow.user_id.eq(me.user.id)):
        raise PasskeyNotFound(status=404)
    return Done()


@handles(contract.UpdatePasskey, signed_in)
async def update_passkey(call: Call[contract.UpdatePasskey], me: Signed) -> contract.PasskeyUpdated:
    """Rename a passkey."""
    row = await _asked_for(call, call.input.id)
    if row.user_id != me.user.id:
        raise YouAreNotAllowedToRegisterThisPasskey
    renamed = await call.db.update_one(
        PasskeyRow,
        PasskeyRow.id.eq(row.id),
        PasskeyRow.user_id.eq(me.user.id),
        set=[PasskeyRow.name.to(call.input.name)],
    )
    if renamed is None:
        raise FailedToUpdatePasskey
    return contract.PasskeyUpdated(passkey=renamed)


async def _asked_for(call: Call[object], passkey_id: str) -> PasskeyRow:
    row = await call.db.find_one(PasskeyRow, PasskeyRow.id.eq(passkey_id))
    if row is None:
        raise PasskeyNotFound(status=404)
    return row


def _descriptors(rows: Sequence[PasskeyRow]) -> tuple[contract.CredentialDescriptor, ...]:
    return tuple(
        contract.CredentialDescriptor(
            id=row.credential_id,
            transports=UNSET if row.transports is None else tuple(row.transports.split(",")),
        )
        for row in rows
    )


ALL = (
    generate_passkey_registration_options,
    verify_passkey_registration,
    generate_passkey_authentication_options,
    verify_passkey_authentication,
    list_passkeys,
    delete_passkey,
    update_passkey,
)
