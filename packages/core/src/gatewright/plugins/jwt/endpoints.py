"""Handlers of the JWT plugin, and the hook that hands a token over with the session."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError as Unfit

from gatewright.contract.faults import ValidationError
from gatewright.contract.results import SessionData
from gatewright.contract.session import GetSession
from gatewright.crypto.jwk import KeyAlgorithm
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, signed_in
from gatewright.pipeline.handles import handles
from gatewright.pipeline.hooks import after
from gatewright.plugins.jwt import tokens
from gatewright.plugins.jwt.contract import GetJwks, GetToken, KeySet, SignJWT, Token, VerifiedToken, VerifyJWT
from gatewright.plugins.jwt.options import JwksOptions, TokenOptions
from gatewright.plugins.jwt.plugin import Jwt
from gatewright.settings.base import describe
from gatewright.wire.faults import ApiError
from gatewright.wire.kinds import Empty

__all__ = ("ALL", "EXPOSED", "hand_over")

EXPOSED = "set-auth-jwt"
"""The header that hands a token over."""


@handles(GetJwks)
async def get_jwks(call: Call[GetJwks]) -> KeySet | Empty:
    """The public keys."""
    plugin = call.plugin(Jwt)
    options = plugin.options.jwks
    if call.request is not None and not call.request.path.endswith(options.jwks_path):
        return Empty(404)
    if options.remote_url is not None:
        raise ApiError(404)
    keys = plugin.keys(call.services)
    rows = await keys.published(call)
    if not rows:
        await keys.signing(call)
        rows = await keys.published(call)
    return KeySet(keys=tuple(keys.entry(row) for row in rows))


@handles(GetToken, signed_in)
async def get_token(call: Call[GetToken], me: Signed) -> Token:
    """A token about the caller."""
    return Token(token=await _about(call, me.data))


@handles(SignJWT)
async def sign_jwt(call: Call[SignJWT]) -> Token:
    """Sign claims of the application's own."""
    plugin, asked = call.plugin(Jwt), call.input
    options = _overridden(plugin.options.jwt, asked.override_options)
    algorithm = None if asked.algorithm is None else _known(plugin.options.jwks, asked.algorithm)
    keys = plugin.keys(call.services)
    return Token(token=await tokens.sign(call, keys, options, asked.payload, algorithm=algorithm))


@handles(VerifyJWT)
async def verify_jwt(call: Call[VerifyJWT]) -> VerifiedToken:
    """Verify a token of this instance."""
    plugin, asked = call.plugin(Jwt), call.input
    keys = plugin.keys(call.services)
    return VerifiedToken(payload=await tokens.verify(call, keys, plugin.options.jwt, asked.token, issuer=asked.issuer))


@after(GetSession)
async def hand_over(call: Call[GetSession], result: object) -> None:  # noqa: ARG001 (it may be the application's own)
    """Add a token to the answer about the session."""
    if call.session is None:
        return
    call.out.headers.append((EXPOSED, await _about(call, call.session)))
    call.out.headers.append(("access-control-expose-headers", EXPOSED))


async def _about(call: Call[object], session: SessionData) -> str:
    plugin = call.plugin(Jwt)
    return await tokens.about_user(call, plugin.keys(call.services), plugin.options.jwt, session)


def _known(options: JwksOptions, algorithm: str) -> KeyAlgorithm:
    for each in (options.key_pair_config, *options.key_pair_configs):
        if each.alg == algorithm:
            return each.alg
    raise ValidationError(message="[body.algorithm] no kind of key signs with it")


def _overridden(options: TokenOptions, said: Mapping[str, object] | None) -> TokenOptions:
    if said is None:
        return options
    if not said.keys() <= {"jwt"}:
        raise ValidationError(message="[body.overrideOptions] only jwt can be overridden")
    try:
        given = TokenOptions.model_validate(said.get("jwt", {}))
    except Unfit as error:
        raise ValidationError(message=f"[body.overrideOptions.jwt] {describe(error)}") from None
    return options.model_copy(update={name: getattr(given, name) for name in given.model_fields_set})


ALL = (get_jwks, get_token, sign_jwt, verify_jwt)
