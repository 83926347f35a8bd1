"""Handlers of the SIWE plugin."""

from __future__ import annotations

import inspect

from msgspec import UNSET

from gatewright.access.assurance import WALLET
from gatewright.contract.faults import ValidationError
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import handles
from gatewright.pipeline.session_reading import begin_session
from gatewright.plugins.siwe import flows
from gatewright.plugins.siwe.contract import (
    GetNonce,
    GetSiweNonce,
    SiweNonce,
    SiweSignedIn,
    SiweUser,
    VerifySiweMessage,
)
from gatewright.plugins.siwe.faults import (
    UnauthorizedInvalidOrExpiredNonce,
    UnauthorizedSiweMessageExpired,
    UnauthorizedSiweMessageMismatch,
    UnauthorizedSiweMessageNotYetValid,
    invalid_signature,
    something_went_wrong,
)
from gatewright.plugins.siwe.message import Message, read_message, same_domain
from gatewright.plugins.siwe.options import EnsName, SiweOptions
from gatewright.plugins.siwe.plugin import Siwe
from gatewright.plugins.siwe.signed import SignedMessage
from gatewright.plugins.siwe.wallets import checksummed, is_signed
from gatewright.wire.faults import ApiError

__all__ = ("ALL",)


@handles(GetSiweNonce)
async def get_siwe_nonce(call: Call[GetSiweNonce]) -> SiweNonce:
    """A nonce."""
    return SiweNonce(nonce=await flows.issue_nonce(call.services, call.db, call.plugin(Siwe).options))


@handles(GetNonce)
async def get_nonce(call: Call[GetNonce]) -> SiweNonce:
    """A nonce, under another name."""
    return SiweNonce(nonce=await flows.issue_nonce(call.services, call.db, call.plugin(Siwe).options))


@handles(VerifySiweMessage)
async def verify_siwe_message(call: Call[VerifySiweMessage]) -> SiweSignedIn:
    """Sign a wallet in."""
    options, asked, services = call.plugin(Siwe).options, call.input, call.services
    if asked.email is UNSET and not options.anonymous:
        said = "[body.email] Email is required when the anonymous plugin option is disabled."
        raise ValidationError(message=said)
    message = read_message(asked.message)
    if message is None:
        raise UnauthorizedSiweMessageMismatch
    if not await flows.take_nonce(services, call.db, message.nonce):
        raise UnauthorizedInvalidOrExpiredNonce
    if not same_domain(message, options.domain):
        raise UnauthorizedSiweMessageMismatch
    if message.has_expired(call.now):
        raise UnauthorizedSiweMessageExpired
    if not message.has_begun(call.now):
        raise UnauthorizedSiweMessageNotYetValid
    address = checksummed(message.address)
    known = await _asked_outside(call, options, message, address)
    domain = options.email_domain_name or call.base.origin
    emails = [f"{address.lower()}@{domain}"]
    if asked.email is not UNSET and not options.anonymous:
        emails.insert(0, asked.email)
    user = await flows.with_wallet(services, call.db, address, message.chain_id, known=known, emails=emails)
    session = await begin_session(call, user, WALLET)
    return SiweSignedIn(
        token=session.token, user=SiweUser(id=user.id, wallet_address=address, chain_id=message.chain_id)
    )


async def _asked_outside(
    call: Call[VerifySiweMessage], options: SiweOptions, message: Message, address: str
) -> EnsName | None:
    """What a new wallet is called, once its signature is verified; both may be the application's own to say.

    Raises:
        ApiError: The signature is not the wallet's, or one of the functions failed.
    """
    signed = SignedMessage.of(
        call.input.message,
        call.input.signature,
        address=address,
        chain_id=message.chain_id,
        domain=options.domain,
        nonce=message.nonce,
    )
    try:
        told = is_signed(signed) if options.verify_message is None else options.verify_message(signed)
        good = await told if inspect.isawaitable(told) else told
    except ApiError:
        raise
    except Exception as error:
        raise something_went_wrong(error) from error
    if good is not True:
        raise invalid_signature()
    if await flows.user_of_wallet(call.services, call.db, address) is not None:
        return None
    try:
        return await flows.named(options.ens_lookup, address)
    except ApiError:
        raise
    except Exception as error:
        raise something_went_wrong(error) from error


ALL = (get_siwe_nonce, get_nonce, verify_siwe_message)
