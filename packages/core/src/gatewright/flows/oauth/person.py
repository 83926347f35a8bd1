"""Who it is: from granted tokens to a profile, by the provider's way or the application's own.

Nothing is written here. Source: contract, providers.json; OpenID Connect Core §3.1.3.7, §5.3.2.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, cast

from gatewright.ports.egress import EgressError, Outbound
from gatewright.protocols.oauth2.outbound import OutboundRequest
from gatewright.protocols.oauth2.token import OAuthTokens
from gatewright.protocols.oidc.id_token import Claims, check_claims, read_claims
from gatewright.providers.base import Profile, ProfileSource, UserInfoRequest
from gatewright.providers.reading import identity, members, read_json, text
from gatewright.services.services import Services
from gatewright.services.social import ConfiguredProvider
from gatewright.settings.callbacks import ProviderTokens, UserInfo
from gatewright.wire.names import camel

__all__ = ("Evidence", "Person", "find_person", "outbound", "own_tokens", "with_values")


@dataclass(frozen=True, slots=True)
class Evidence:
    """How far an ID token is proven before a profile is read from it.

    Attributes:
        kind: ``exchanged`` for one that came straight from the token endpoint, ``presented`` for one whose signature
            and claims were checked, ``stored`` for one that was checked when it was stored.
        claims: Of a presented one.
        nonce: What an exchanged one must repeat, where one was sent.
        posted_user: JSON that came with the answer (Apple).
    """

    kind: Literal["exchanged", "presented", "stored"]
    claims: Claims | None = None
    nonce: str | None = field(default=None, repr=False)
    posted_user: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, known by issuer and subject alone.

    Attributes:
        issuer: Namespace of the subject.
        profile: What is known of them; ``profile.id`` is the subject.
        claims: Of the ID token that proves it, where there is one that was checked.
    """

    issuer: str
    profile: Profile
    claims: Claims | None = None

    @property
    def subject(self) -> str:
        """Identifier at the issuer."""
        return self.profile.id


async def find_person(
    services: Services, known: ConfiguredProvider, tokens: OAuthTokens, evidence: Evidence
) -> Person | None:
    """The person who granted the tokens, or ``None`` when the provider does not say, or what it says does not hold.

    Args:
        services: Clock and egress.
        known: The provider.
        tokens: As granted.
        evidence: What is proven of the ID token.
    """
    if known.ways is not None:
        return await known.ways.person(services, tokens, evidence)
    if known.own.get_user_info is not None:
        return await _own_person(known, tokens, services.clock.now())
    claims = evidence.claims
    if evidence.kind != "presented" and tokens.id_token is not None:
        claims = _claims(known, tokens.id_token, evidence, services.clock.now())
        # Where nothing is known of ID tokens, one that cannot be read says nothing, and the profile is asked for anyway.
        if claims is None and known.provider.id_token is not None:
            return None
    answers = await _ask(services, known.provider.user_info(tokens, claims), has_token=bool(tokens.access_token))
    if answers is None:
        return None
    profile = known.provider.read_profile(ProfileSource(tokens, claims, answers, evidence.posted_user))
    if profile is None:
        return None
    if known.own.map_profile_to_user is not None:
        said = known.own.map_profile_to_user(profile.raw)
        mapped = await said if inspect.isawaitable(said) else said
        profile = with_values(profile, mapped or {})
    checked = claims if known.provider.id_token is not None and evidence.kind != "stored" else None
    return Person(profile.issuer or known.provider.issuer, profile, checked)


def _claims(known: ConfiguredProvider, token: str, evidence: Evidence, now: datetime) -> Claims | None:
    claims = read_claims(token)
    rule = known.provider.id_token
    if claims is None or rule is None or evidence.kind == "stored":
        return claims
    # A token of the code flow is for the client itself, whatever other audiences may present one.
    refusal = check_claims(
        claims,
        issuers=(rule.exchanged or rule.issuers)(claims),
        audiences=(*rule.audiences, *known.provider.options.client_ids),
        now=now,
        nonce=evidence.nonce,
    )
    return claims if refusal is None else None


async def _ask(
    services: Services, requests: tuple[UserInfoRequest, ...], *, has_token: bool
) -> tuple[object | None, ...] | None:
    """The answers in order; ``None`` as soon as one that is required is missing or wrong."""
    answers: list[object | None] = []
    for each in requests:
        answer = await _answer(services, each) if has_token else None
        if each.required and (answer is None or not each.accepts(answer)):
            return None
        answers.append(answer)
    return tuple(answers)


async def _answer(services: Services, asked: UserInfoRequest) -> object | None:
    try:
        reply = await services.egress.send(outbound(asked.request))
    except EgressError as error:
        services.log.info("a provider does not say who the user is", because=str(error))
        return None
    if not reply.ok:
        return None
    return reply.body if asked.binary else read_json(reply.body)


def outbound(request: OutboundRequest) -> Outbound:
    """A provider's request as the egress takes it."""
    return Outbound(request.method, request.url, request.headers, request.body)


def own_tokens(tokens: OAuthTokens, now: datetime) -> ProviderTokens:
    """Tokens as the application's own functions are given them."""

    def seconds(moment: datetime | None) -> int | None:
        return None if moment is None else round((moment - now).total_seconds())

    return ProviderTokens(
        access_token=tokens.access_token or None,
        refresh_token=tokens.refresh_token,
        id_token=tokens.id_token,
        access_token_expires_in=seconds(tokens.access_token_expires_at),
        refresh_token_expires_in=seconds(tokens.refresh_token_expires_at),
        scopes=tokens.scopes,
        token_type=tokens.token_type,
    )


async def _own_person(known: ConfiguredProvider, tokens: OAuthTokens, now: datetime) -> Person | None:
    ask = known.own.get_user_info
    if ask is None:
        return None
    said: object = await ask(own_tokens(tokens, now))
    if isinstance(said, Mapping):
        # An answer of the contract's own shape.
        whole = cast("Mapping[str, object]", said)
        said = UserInfo(members(whole.get("user")), members(whole.get("data")))
    if not isinstance(said, UserInfo):
        return None
    user = {camel(name): value for name, value in said.user.items()}
    # The provider's own way to the subject first, so that the same person stays the same account.
    found = known.provider.read_profile(ProfileSource(tokens, said.data, (said.data,)))
    subject = found.id if found is not None else identity(user.get("id"))
    if subject is None:
        return None
    profile = with_values(Profile(id=subject, name="", email=None, email_verified=False, raw=said.data), user)
    return Person((found and found.issuer) or known.provider.issuer, profile)


_NEVER = frozenset({"id", "createdAt", "updatedAt"})


def with_values(profile: Profile, values: Mapping[str, object]) -> Profile:
    """The profile with what the application says of the user's columns, in either spelling of their names."""
    named = {camel(name): value for name, value in values.items()}
    name, email, image = named.pop("name", None), named.pop("email", profile.email), named.pop("image", profile.image)
    verified = named.pop("emailVerified", profile.email_verified)
    return replace(
        profile,
        name=name if isinstance(name, str) else profile.name,
        email=email if isinstance(email, str) and email else None,
        email_verified=verified is True,
        image=text(image),
        extra={**profile.extra, **{key: value for key, value in named.items() if key not in _NEVER}},
    )
