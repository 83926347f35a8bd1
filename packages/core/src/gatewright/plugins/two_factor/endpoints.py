"""Handlers of the two factor plugin."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from gatewright.access.assurance import BACKUP_CODE, RENEWED, TOTP, Proof, Way, sent_code
from gatewright.contract.faults import Unauthorized
from gatewright.contract.results import Done
from gatewright.crypto.cipher import CipherError
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, fresh, signed_in, stored_session
from gatewright.pipeline.handles import handles
from gatewright.pipeline.session_gates import proof_of, raise_assurance
from gatewright.pipeline.session_reading import begin_session
from gatewright.plugins.two_factor import flows
from gatewright.plugins.two_factor.challenges import COOKIE, Claimant, claimant, end_challenge, try_challenge
from gatewright.plugins.two_factor.contract import (
    BackupCodes,
    DisableTwoFactor,
    Enabled,
    EnableTwoFactor,
    GenerateBackupCodes,
    GenerateTOTP,
    GetTOTPURI,
    SendTwoFactorOTP,
    TotpCode,
    TotpUri,
    Verified,
    VerifyBackupCode,
    VerifyTOTP,
    VerifyTwoFactorOTP,
    ViewBackupCodes,
    ViewOwnBackupCodes,
    ViewOwnTOTPURI,
)
from gatewright.plugins.two_factor.faults import (
    BackupCodesNotEnabled,
    InvalidBackupCode,
    OtpNotConfigured,
    TotpNotConfigured,
    TotpNotEnabled,
    TwoFactorNotEnabled,
)
from gatewright.plugins.two_factor.guards import check_password, has_no_password, strong_enough
from gatewright.plugins.two_factor.lockout import check_lock, count_success, count_try
from gatewright.plugins.two_factor.model import TwoFactor, TwoFactorUser
from gatewright.plugins.two_factor.plugin import TwoFactor as TwoFactorPlugin
from gatewright.plugins.two_factor.sending import send_code, use_code
from gatewright.plugins.two_factor.tools import Tools
from gatewright.plugins.two_factor.trust import forget_devices, trust_device

__all__ = ("ALL",)


@handles(EnableTwoFactor, signed_in)
async def enable_two_factor(call: Call[EnableTwoFactor], me: Signed) -> Enabled:
    """Begin to use a second factor."""
    tools, asked = _tools(call), call.input
    await strong_enough(call, me)
    await check_password(call, me.user, asked.password, allow_passwordless=tools.options.allow_passwordless)
    if asked.method == "otp":
        if tools.options.otp_options.send_otp is None:
            raise OtpNotConfigured
        await flows.switch_on(call.db, me.user)
        await _renew_session(call, me, RENEWED)
        return Enabled(method="otp")
    if tools.options.totp_options.disable:
        raise TotpNotConfigured
    secret, codes = await flows.enrol(tools, call.db, me.user)
    if tools.options.skip_verification_on_enable:
        await _renew_session(call, me, RENEWED)
    issuer = tools.issuer if asked.issuer is UNSET else asked.issuer
    uri = tools.totp.uri(secret, issuer=issuer, account=me.user.email)
    return Enabled(method="totp", totp_uri=uri, backup_codes=codes)


@handles(DisableTwoFactor, stored_session)
async def disable_two_factor(call: Call[DisableTwoFactor], me: Signed) -> Done:
    """No longer use a second factor."""
    options = _tools(call).options
    await strong_enough(call, me)
    await check_password(call, me.user, call.input.password, allow_passwordless=options.allow_passwordless)
    await flows.disable(call.db, me.user)
    await _renew_session(call, me, RENEWED)
    await forget_devices(call, me.user)
    return Done()


@handles(GetTOTPURI, signed_in)
async def get_totp_uri(call: Call[GetTOTPURI], me: Signed) -> TotpUri:
    """What another authenticator app needs."""
    tools = _tools(call)
    _check_totp(tools)
    allow = _either(tools.options.totp_options.allow_passwordless, tools)
    factor = await flows.factor_of(call.db, me.user)
    if factor is None:
        raise TotpNotEnabled
    await strong_enough(call, me)
    await check_password(call, me.user, call.input.password, allow_passwordless=allow)
    return _uri(tools, factor, me.user)


@handles(ViewOwnTOTPURI, fresh)
async def view_own_totp_uri(call: Call[ViewOwnTOTPURI], me: Signed) -> TotpUri:
    """The same, for users without a password."""
    tools = _tools(call)
    _check_totp(tools)
    await has_no_password(
        call, me.user, allow_passwordless=_either(tools.options.totp_options.allow_passwordless, tools)
    )
    factor = await flows.factor_of(call.db, me.user)
    if factor is None:
        raise TotpNotEnabled
    await strong_enough(call, me)
    return _uri(tools, factor, me.user)


@handles(VerifyTOTP, claimant)
async def verify_totp(call: Call[VerifyTOTP], who: Claimant) -> Verified:
    """Check a code of the authenticator app."""
    tools, asked = _tools(call), call.input
    _check_totp(tools)
    factor = await flows.factor_of(call.db, who.user)
    if factor is None or (who.challenge is not None and factor.verified is False):
        raise TotpNotEnabled
    factor = await _counted(call, tools, who, factor)
    await flows.use_totp(tools, call.db, factor, asked.code)
    if factor.verified is False:
        await call.db.update_one(TwoFactor, TwoFactor.id.eq(factor.id), set=[TwoFactor.verified.to(True)])
    return await _finish(call, tools, who, factor, TOTP, trust=asked.trust_device)


@handles(SendTwoFactorOTP, claimant)
async def send_two_factor_otp(call: Call[SendTwoFactorOTP], who: Claimant) -> Done:
    """Send a code."""
    await send_code(_tools(call), call, who)
    return Done()


@handles(VerifyTwoFactorOTP, claimant)
async def verify_two_factor_otp(call: Call[VerifyTwoFactorOTP], who: Claimant) -> Verified:
    """Check a code that was sent."""
    tools, asked = _tools(call), call.input
    factor = await flows.factor_of(call.db, who.user)
    if who.challenge is not None or call.services.plan.assures:
        await check_lock(call, who.user, factor, tools.options.account_lockout)
    await use_code(tools, call, who, factor, asked.code)
    return await _finish(
        call, tools, who, factor, sent_code(tools.options.otp_options.channel), trust=asked.trust_device
    )


@handles(VerifyBackupCode, claimant)
async def verify_backup_code(call: Call[VerifyBackupCode], who: Claimant) -> Verified:
    """Use a backup code up."""
    tools, asked = _tools(call), call.input
    factor = await flows.factor_of(call.db, who.user)
    if factor is None:
        raise BackupCodesNotEnabled
    factor = await _counted(call, tools, who, factor)
    await flows.use_backup_code(tools, call.db, factor, asked.code)
    if asked.disable_session is True and who.challenge is not None:
        await _end(call, who.challenge)
        await count_success(call, who.user, factor, tools.options.account_lockout)
        return Verified(user=who.user)
    return await _finish(call, tools, who, factor, BACKUP_CODE, trust=asked.trust_device, enables=False)


@handles(GenerateBackupCodes, signed_in)
async def generate_backup_codes(call: Call[GenerateBackupCodes], me: Signed) -> BackupCodes:
    """Replace the backup codes."""
    tools = _tools(call)
    if not TwoFactorUser.of(me.user).two_factor_enabled:
        raise TwoFactorNotEnabled
    allow = _either(tools.options.backup_code_options.allow_passwordless, tools)
    await strong_enough(call, me)
    await check_password(call, me.user, call.input.password, allow_passwordless=allow)
    factor = await flows.factor_of(call.db, me.user)
    if factor is None:
        raise TwoFactorNotEnabled
    return BackupCodes(backup_codes=await flows.replace_backup_codes(tools, call.db, factor))


@handles(ViewOwnBackupCodes, fresh)
async def view_own_backup_codes(call: Call[ViewOwnBackupCodes], me: Signed) -> BackupCodes:
    """The backup codes of users without a password."""
    tools = _tools(call)
    allow = _either(tools.options.backup_code_options.allow_passwordless, tools)
    await has_no_password(call, me.user, allow_passwordless=allow)
    await strong_enough(call, me)
    return await _backup_codes(call, tools, me.user.id)


@handles(GenerateTOTP)
async def generate_totp(call: Call[GenerateTOTP]) -> TotpCode:
    """The present code of a secret."""
    tools = _tools(call)
    _check_totp(tools)
    return TotpCode(code=tools.totp.code(call.input.secret, call.now))


@handles(ViewBackupCodes)
async def view_backup_codes(call: Call[ViewBackupCodes]) -> BackupCodes:
    """The backup codes of a user, whom the application vouches for."""
    return await _backup_codes(call, _tools(call), call.input.user_id)


def _tools(call: Call[object]) -> Tools:
    return call.plugin(TwoFactorPlugin).tools(call.services)


def _either(own: bool | None, tools: Tools) -> bool:
    return tools.options.allow_passwordless if own is None else own


def _check_totp(tools: Tools) -> None:
    if tools.options.totp_options.disable:
        raise TotpNotConfigured(message="totp isn't configured")


def _uri(tools: Tools, factor: TwoFactor, user: User) -> TotpUri:
    try:
        secret = tools.totp.open(factor.secret)
    except CipherError as error:
        raise TotpNotEnabled(because=str(error)) from error
    return TotpUri(totp_uri=tools.totp.uri(secret, issuer=tools.issuer, account=user.email))


async def _backup_codes(call: Call[object], tools: Tools, user_id: str) -> BackupCodes:
    factor = await call.db.find_one(TwoFactor, TwoFactor.user_id.eq(user_id))
    if factor is None:
        raise BackupCodesNotEnabled
    codes = await tools.backup.read(factor.backup_codes)
    if codes is None:
        raise InvalidBackupCode(status=400)
    return BackupCodes(backup_codes=codes)


async def _counted(call: Call[object], tools: Tools, who: Claimant, factor: TwoFactor) -> TwoFactor:
    """Count a try, then read what it is compared with: nothing that was read before the count is trusted."""
    if who.challenge is None and not call.services.plan.assures:
        return factor  # nothing is won by guessing: whoever is signed in stays signed in
    await check_lock(call, who.user, factor, tools.options.account_lockout)
    await try_challenge(call, who)
    await count_try(call, who.user, factor, tools.options.account_lockout)
    return await call.db.find_one(TwoFactor, TwoFactor.id.eq(factor.id)) or factor


async def _finish(
    call: Call[object],
    tools: Tools,
    who: Claimant,
    factor: TwoFactor | None,
    by: Way,
    *,
    trust: bool | UnsetType,
    enables: bool = True,
) -> Verified:
    """What a right code leads to: a session for whoever owed it, the second factor for whoever enrols."""
    if who.session is not None:
        if enables and not TwoFactorUser.of(who.user).two_factor_enabled:
            await flows.switch_on(call.db, who.user)
            await _renew_session(call, Signed(who.session, who.user), by.going_on())
        elif TwoFactorUser.of(who.user).two_factor_enabled:
            await _raised(call, tools, who, factor, by)
        return Verified(token=who.session.token, user=who.user)
    earlier = None if who.challenge is None else await _end(call, who.challenge)
    await count_success(call, who.user, factor, tools.options.account_lockout)
    plan = call.services.plan
    session = await begin_session(call, who.user, by, passing=_passing(call), earlier=earlier)
    call.expire_cookie(plan.cookie(COOKIE))
    if trust is True:
        await trust_device(call, who.user, tools.options)
        call.expire_cookie(plan.cookies.dont_remember)
    return Verified(token=session.token, user=who.user)


async def _end(call: Call[object], challenge: str) -> Proof:
    return await end_challenge(call, challenge, noted=call.plugin(TwoFactorPlugin).notes)


async def _raised(call: Call[object], tools: Tools, who: Claimant, factor: TwoFactor | None, by: Way) -> None:
    """Note in the session of somebody who is signed in that the second factor was given again."""
    if who.session is None or not call.services.plan.assures:
        return
    await count_success(call, who.user, factor, tools.options.account_lockout)
    await raise_assurance(call, who.session, who.user, by)


async def _renew_session(call: Call[object], me: Signed, by: Way) -> None:
    """A new session in the place of the one that the change was made in."""
    user = await call.services.users.by_id(call.db, me.user.id)
    if user is None:
        raise Unauthorized
    proof = proof_of(me.session)
    if not proof.unfinished:
        await begin_session(call, user, by, passing=_passing(call), earlier=proof)
        await call.services.sessions.end(call.db, me.session.token)
        return
    # It waited for the second factor: now it is over, and what is still owed is asked for as at any sign-in.
    await call.services.sessions.end(call.db, me.session.token)
    await begin_session(call, user, Way(by.methods), passing=_passing(call), earlier=proof.finished())


def _passing(call: Call[object]) -> bool:
    return call.signed_cookie(call.services.plan.cookies.dont_remember) == "true"


ALL = (
    enable_two_factor,
    disable_two_factor,
    get_totp_uri,
    view_own_totp_uri,
    verify_totp,
    send_two_factor_otp,
    verify_two_factor_otp,
    verify_backup_code,
    generate_backup_codes,
    view_own_backup_codes,
    generate_totp,
    view_backup_codes,
)
