"""A social provider as a value: its endpoints, its habits and how it describes a person; it sends nothing.

A ``Provider`` builds requests and reads answers. Who sends them, keeps the tokens and makes the user is a flow. An
application's own callbacks (profile mapping, user info, refresh, ID token check) are laid over it by that flow.
Source: contract ``providers.json``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias
from urllib.parse import quote

from gatewright.protocols.oauth2.authorize import authorization_url
from gatewright.protocols.oauth2.client_auth import ClientAuth, InBody
from gatewright.protocols.oauth2.outbound import OutboundRequest, bearer
from gatewright.protocols.oauth2.pkce import challenge
from gatewright.protocols.oauth2.token import OAuthTokens, code_request, refresh_request
from gatewright.protocols.oidc.id_token import ALGORITHMS, Claims
from gatewright.providers.options import ProviderOptionError, ProviderOptions

__all__ = (
    "Authorization",
    "IdTokenRule",
    "Profile",
    "ProfileSource",
    "Provider",
    "ProviderFactory",
    "UserInfoRequest",
    "get_user_info",
    "local_issuer",
    "no_user_info",
    "required",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A person, as a provider describes them.

    Args:
        id: Stable identifier at the provider; never empty.
        name: Display name, possibly empty.
        email: Address as given; not always an address, and ``None`` where the provider has none.
        email_verified: Whether the provider vouches for the address; only a real yes counts.
        image: Address of a picture, or a ``data:`` URL.
        issuer: Issuer of this very identity, where it differs from the provider's.
        extra: Further user fields under their wire names.
        raw: What the provider said.
    """

    id: str
    name: str
    email: str | None
    email_verified: bool
    image: str | None = None
    issuer: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict[str, object])
    raw: Mapping[str, object] = field(default_factory=dict[str, object])


def _anything(_said: object) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class UserInfoRequest:
    """One request on the way to a profile; they are sent in order.

    Args:
        request: What to send.
        required: Whether a failed answer ends the attempt; otherwise ``None`` takes its place.
        binary: Whether the answer is handed on as bytes instead of JSON.
        accepts: Whether the answer is good; a required one that is not ends the attempt.
    """

    request: OutboundRequest
    required: bool = True
    binary: bool = False
    accepts: Callable[[object], bool] = _anything


@dataclass(frozen=True, slots=True)
class ProfileSource:
    """All that a profile is made of.

    Args:
        tokens: From the token endpoint, or from a client that presented an ID token.
        claims: Of the ID token, checked as far as ``Provider.id_token`` tells; ``None`` without one.
        answers: To the user info requests, in order.
        posted_user: Apple's JSON text of a first authorization.
    """

    tokens: OAuthTokens
    claims: Claims | None = None
    answers: Sequence[object | None] = ()
    posted_user: str | None = None

    @property
    def answer(self) -> object | None:
        """The answer to the first request."""
        return self.answers[0] if self.answers else None


UserInfo: TypeAlias = Callable[[OAuthTokens, Claims | None], tuple[UserInfoRequest, ...]]
ReadProfile: TypeAlias = Callable[[ProfileSource], Profile | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdTokenRule:
    """How a provider's ID tokens are checked.

    Args:
        issuers: Issuers that may have signed a token with these claims.
        exchanged: Issuers of a token that came straight from the token endpoint, where there are others than ``issuers``.
        audiences: Accepted audiences.
        jwks_url: Where the keys are; ``None`` where a signature cannot be checked.
        accept: Media types to ask for where the keys are.
        algorithms: Signature algorithms.
        max_age: Longest time since the token was made.
        hashed_nonce: Whether the SHA-256 of a nonce is good too.
        sign_in: Whether a client may present such a token instead of a code.
        opaque: Whether a client may present an access token in its place (Facebook).
        accepts: Whether a token with these claims may sign in here at all (Google's hosted domain).
        remote_check: Request that lets the provider check a token and nonce, in place of ``jwks_url`` (LINE).
    """

    issuers: Callable[[Claims], tuple[str, ...]]
    exchanged: Callable[[Claims], tuple[str, ...]] | None = None
    audiences: tuple[str, ...]
    jwks_url: str | None = None
    accept: str | None = None
    algorithms: frozenset[str] = ALGORITHMS
    max_age: timedelta | None = timedelta(hours=1)
    hashed_nonce: bool = False
    sign_in: bool = True
    opaque: bool = False
    accepts: Callable[[Claims], bool] = _anything
    remote_check: Callable[[str, str | None], OutboundRequest] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """What one attempt adds to the authorization request.

    Args:
        redirect_uri: Our callback; the provider's options may name another.
        state: Value that comes back unchanged.
        code_verifier: PKCE verifier.
        scopes: Requested by the caller.
        login_hint: Given by the caller.
        display: Given by the caller.
        nonce: For the ID token.
        additional: The caller's own parameters; none of the reserved ones.
    """

    redirect_uri: str
    state: str = field(repr=False)
    code_verifier: str = field(repr=False)
    scopes: Sequence[str] = ()
    login_hint: str | None = None
    display: str | None = None
    nonce: str | None = field(default=None, repr=False)
    additional: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A configured social provider.

    Args:
        id: Name in paths and in ``account.providerId``.
        name: Name for people.
        options: What the application said.
        authorization_endpoint: Where browsers go.
        token_endpoint: Where codes are exchanged.
        default_scopes: Requested unless the options say otherwise.
        issuer: Namespace of identities, ``account.issuer``.
        read_profile: Makes a profile of what was answered.
        user_info: Requests that must be sent first.
        response_issuers: Accepted values of ``iss`` in an authorization response (RFC 9207); empty when unknown.
        scope_joiner: Between scopes.
        sends_scope: Whether scopes are requested at all.
        empty_scope: Whether the parameter is sent even when no scope is.
        request_scopes_first: Whether the caller's scopes precede the configured ones.
        pkce: Whether a challenge is sent.
        sends_verifier: Whether the verifier is sent although or because a challenge was.
        sends_device: Whether VK's device goes to the token endpoint.
        sends_login_hint: Whether a login hint is passed on.
        prompt: Value of ``prompt``.
        access_type: Value of ``access_type``.
        display: Value of ``display``, when the attempt has none; ``sends_display`` says whether it is sent.
        sends_display: Whether ``display`` is passed on.
        duration: Value of ``duration``.
        hd: Value of ``hd``.
        claims: Value of ``claims``.
        response_type: Value of ``response_type``.
        response_mode: Value of ``response_mode``.
        before: Fixed parameters that a caller may replace.
        after: Fixed parameters that no caller can replace.
        scope_parameters: Parameters that depend on the scopes.
        fragment: Fragment of the authorization URL.
        plus_for_space: How a space is written in the authorization URL.
        auth: Client authentication at the token endpoint.
        refresh_auth: The same when refreshing, where it differs.
        token_headers: Further headers of a code exchange.
        token_parameters: Further parameters of a code exchange.
        refresh_parameters: Further parameters when refreshing.
        supports_refresh: Whether tokens can be refreshed.
        token_by_query: Builder for a token endpoint that is asked by query instead of form (WeChat).
        refresh_by_query: The same when refreshing.
        id_token: How ID tokens are checked, where there are any.
    """

    id: str
    name: str
    options: ProviderOptions
    authorization_endpoint: str
    token_endpoint: str
    default_scopes: tuple[str, ...]
    issuer: str
    read_profile: ReadProfile
    user_info: UserInfo
    response_issuers: tuple[str, ...] = ()
    scope_joiner: str = " "
    sends_scope: bool = True
    empty_scope: bool = False
    request_scopes_first: bool = False
    pkce: bool = True
    sends_verifier: bool = True
    sends_device: bool = False
    sends_login_hint: bool = False
    prompt: str | None = None
    access_type: str | None = None
    display: str | None = None
    sends_display: bool = False
    duration: str | None = None
    hd: str | None = None
    claims: str | None = None
    response_type: str = "code"
    response_mode: str | None = None
    before: tuple[tuple[str, str], ...] = ()
    after: tuple[tuple[str, str], ...] = ()
    scope_parameters: Callable[[Sequence[str]], tuple[tuple[str, str], ...]] | None = None
    fragment: str = ""
    plus_for_space: bool = True
    client_parameter: str = "client_id"
    auth: ClientAuth = field(default_factory=InBody)
    refresh_auth: ClientAuth | None = None
    token_headers: Mapping[str, str] = field(default_factory=dict[str, str])
    token_parameters: tuple[tuple[str, str], ...] = ()
    refresh_parameters: tuple[tuple[str, str], ...] = ()
    supports_refresh: bool = True
    token_by_query: Callable[[str], OutboundRequest] | None = None
    refresh_by_query: Callable[[str], OutboundRequest] | None = None
    id_token: IdTokenRule | None = None

    @property
    def client_id(self) -> str:
        """The identifier sent to the provider."""
        if isinstance(self.auth, InBody) and self.auth.id_parameter == "client_key":
            return self.options.client_key or ""
        ids = self.options.client_ids
        return ids[0] if ids else ""

    def scopes(self, requested: Sequence[str] = ()) -> tuple[str, ...]:
        """All scopes of one attempt, in the order they are sent."""
        default = () if self.options.disable_default_scope else self.default_scopes
        configured = tuple(self.options.scopes)
        both = (*requested, *configured) if self.request_scopes_first else (*configured, *requested)
        return (*default, *both)

    def redirect_uri(self, callback: str) -> str:
        """The redirect URI in use: the configured one, or ours."""
        return self.options.redirect_uri or callback

    def authorization_url(self, attempt: Authorization) -> str:
        """Where the browser goes.

        Raises:
            ValueError: The attempt names a reserved parameter.
        """
        scopes = self.scopes(attempt.scopes) if self.sends_scope else ()
        dependent = self.scope_parameters(scopes) if self.scope_parameters else ()
        url = authorization_url(
            self.authorization_endpoint,
            client_id=self.client_id,
            client_parameter=self.client_parameter,
            redirect_uri=self.redirect_uri(attempt.redirect_uri),
            state=attempt.state,
            scopes=scopes if scopes or self.empty_scope else None,
            scope_joiner=self.scope_joiner,
            code_challenge=challenge(attempt.code_verifier) if self.pkce else None,
            prompt=self.prompt,
            access_type=self.access_type,
            display=(attempt.display or self.display) if self.sends_display else None,
            duration=self.duration,
            login_hint=attempt.login_hint if self.sends_login_hint else None,
            hd=self.hd,
            response_type=self.response_type,
            response_mode=self.response_mode,
            claims=self.claims,
            nonce=attempt.nonce,
            additional=(*self.before, *dependent, *attempt.additional.items(), *self.after),
            plus_for_space=self.plus_for_space,
        )
        return f"{url}#{quote(self.fragment)}" if self.fragment else url

    def code_request(
        self, code: str, *, redirect_uri: str, code_verifier: str, device_id: str | None = None
    ) -> OutboundRequest:
        """The exchange of a code; arguments as they were in the authorization request."""
        if self.token_by_query is not None:
            return self.token_by_query(code)
        return code_request(
            self.token_endpoint,
            code=code,
            redirect_uri=self.redirect_uri(redirect_uri),
            client_id=self.client_id,
            client_secret=self.options.client_secret,
            code_verifier=code_verifier if self.pkce and self.sends_verifier else None,
            auth=self.auth,
            device_id=device_id if self.sends_device else None,
            additional=self.token_parameters,
            headers=self.token_headers,
        )

    def refresh_request(self, refresh_token: str) -> OutboundRequest | None:
        """The use of a refresh token, or ``None`` where the provider has none."""
        if not self.supports_refresh:
            return None
        if self.refresh_by_query is not None:
            return self.refresh_by_query(refresh_token)
        return refresh_request(
            self.token_endpoint,
            refresh_token=refresh_token,
            client_id=self.client_id,
            client_secret=self.options.client_secret,
            auth=self.refresh_auth or self.auth,
            additional=self.refresh_parameters,
        )


ProviderFactory: TypeAlias = Callable[[ProviderOptions], Provider]


def local_issuer(provider_id: str) -> str:
    """The namespace of identities of a provider that has no issuer of its own."""
    return f"local:oauth:{quote(provider_id, safe='')}"


def get_user_info(url: str, **headers: str) -> UserInfo:
    """The usual way to a profile: one GET with the access token; header names with ``_`` for ``-``."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}

    def user_info(tokens: OAuthTokens, _claims: Claims | None) -> tuple[UserInfoRequest, ...]:
        return (UserInfoRequest(OutboundRequest("GET", url, {**bearer(tokens.access_token), **more})),)

    return user_info


def no_user_info(_tokens: OAuthTokens, _claims: Claims | None) -> tuple[UserInfoRequest, ...]:
    """For providers that say everything in the ID token."""
    return ()


def required(provider_id: str, options: ProviderOptions, *, secret: bool = False) -> ProviderOptions:
    """The options, once a client identifier and, if asked, a secret are among them.

    Raises:
        ProviderOptionError: One is missing.
    """
    if not options.client_ids:
        raise ProviderOptionError(provider_id, "client_id")
    if secret and not options.client_secret:
        raise ProviderOptionError(provider_id, "client_secret")
    return options
