"""Providers whose whole description is a table row: endpoints, scopes and the names of profile members.

Source: contract ``providers.json``; Patreon's and Cloudflare's own documentation.
"""

from dataclasses import dataclass, field

from gatewright.protocols.oauth2.client_auth import Basic, ClientAuth, InBody
from gatewright.providers.base import (
    Provider,
    ProviderFactory,
    ReadProfile,
    get_user_info,
    local_issuer,
    required,
)
from gatewright.providers.mapping import by_members
from gatewright.providers.options import ProviderOptions

__all__ = ("ROWS", "Row", "row_factory")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One plain provider.

    Args:
        id: Name in paths.
        name: Name for people.
        authorize: Authorization endpoint.
        token: Token endpoint.
        user_info: Where the profile is, by GET with the access token.
        scopes: Default scopes.
        profile: How the answer is read.
        pkce: Whether a challenge is sent.
        auth: Client authentication.
        login_hint: Whether a login hint is passed on.
        prompt: Whether the configured prompt is passed on.
        default_prompt: Prompt when none is configured.
        sends_scope: Whether scopes are requested at all.
        supports_refresh: Whether tokens can be refreshed.
        after: Fixed parameters of the authorization request.
    """

    id: str
    name: str
    authorize: str
    token: str
    user_info: str
    scopes: tuple[str, ...]
    profile: ReadProfile
    pkce: bool = True
    auth: ClientAuth = field(default_factory=InBody)
    login_hint: bool = False
    prompt: bool = False
    default_prompt: str | None = None
    sends_scope: bool = True
    supports_refresh: bool = True
    after: tuple[tuple[str, str], ...] = ()


def row_factory(row: Row) -> ProviderFactory:
    """The factory of a table row."""

    def build(options: ProviderOptions) -> Provider:
        required(row.id, options)
        return Provider(
            id=row.id,
            name=row.name,
            options=options,
            authorization_endpoint=options.authorization_endpoint or row.authorize,
            token_endpoint=row.token,
            default_scopes=row.scopes,
            issuer=local_issuer(row.id),
            read_profile=row.profile,
            user_info=get_user_info(row.user_info),
            sends_scope=row.sends_scope,
            pkce=row.pkce,
            sends_login_hint=row.login_hint,
            prompt=(options.prompt or row.default_prompt) if row.prompt else None,
            after=row.after,
            auth=row.auth,
            supports_refresh=row.supports_refresh,
        )

    return build


ROWS = (
    Row(
        id="atlassian",
        name="Atlassian",
        authorize="https://auth.atlassian.com/authorize",
        token="https://auth.atlassian.com/oauth/token",  # noqa: S106 - an address
        user_info="https://api.atlassian.com/me",
        scopes=("read:jira-user", "offline_access"),
        profile=by_members("account_id"),
        prompt=True,
        after=(("audience", "api.atlassian.com"),),
    ),
    Row(
        id="figma",
        name="Figma",
        authorize="https://www.figma.com/oauth",
        token="https://api.figma.com/v1/oauth/token",  # noqa: S106 - an address
        user_info="https://api.figma.com/v1/me",
        scopes=("current_user:read",),
        profile=by_members("id", name=("handle",), image="img_url"),
        auth=Basic(),
    ),
    Row(
        id="huggingface",
        name="Hugging Face",
        authorize="https://huggingface.co/oauth/authorize",
        token="https://huggingface.co/oauth/token",  # noqa: S106 - an address
        user_info="https://huggingface.co/oauth/userinfo",
        scopes=("openid", "profile", "email"),
        profile=by_members("sub", name=("name", "preferred_username"), verified="email_verified"),
    ),
    Row(
        id="kick",
        name="Kick",
        authorize="https://id.kick.com/oauth/authorize",
        token="https://id.kick.com/oauth/token",  # noqa: S106 - an address
        user_info="https://api.kick.com/public/v1/users",
        scopes=("user:read",),
        profile=by_members("user_id", image="profile_picture", inside=("data", 0)),
    ),
    Row(
        id="linkedin",
        name="Linkedin",
        authorize="https://www.linkedin.com/oauth/v2/authorization",
        token="https://www.linkedin.com/oauth/v2/accessToken",  # noqa: S106 - an address
        user_info="https://api.linkedin.com/v2/userinfo",
        scopes=("profile", "email", "openid"),
        profile=by_members("sub", verified="email_verified"),
        pkce=False,
        login_hint=True,
    ),
    Row(
        id="polar",
        name="Polar",
        authorize="https://polar.sh/oauth2/authorize",
        token="https://api.polar.sh/v1/oauth2/token",  # noqa: S106 - an address
        user_info="https://api.polar.sh/v1/oauth2/userinfo",
        scopes=("openid", "profile", "email"),
        profile=by_members("id", name=("public_name", "username"), image="avatar_url", verified="email_verified"),
        prompt=True,
    ),
    Row(
        id="railway",
        name="Railway",
        authorize="https://backboard.railway.com/oauth/auth",
        token="https://backboard.railway.com/oauth/token",  # noqa: S106 - an address
        user_info="https://backboard.railway.com/oauth/me",
        scopes=("openid", "email", "profile"),
        profile=by_members("sub"),
        auth=Basic(),
    ),
    Row(
        id="roblox",
        name="Roblox",
        authorize="https://apis.roblox.com/oauth/v1/authorize",
        token="https://apis.roblox.com/oauth/v1/token",  # noqa: S106 - an address
        user_info="https://apis.roblox.com/oauth/v1/userinfo",
        scopes=("openid", "profile"),
        # Roblox gives no address; its user name stands there, as in the contract.
        profile=by_members("sub", name=("nickname", "preferred_username"), email="preferred_username"),
        pkce=False,
        prompt=True,
        default_prompt="select_account consent",
    ),
    Row(
        id="vercel",
        name="Vercel",
        authorize="https://vercel.com/oauth/authorize",
        token="https://api.vercel.com/login/oauth/token",  # noqa: S106 - an address
        user_info="https://api.vercel.com/login/oauth/userinfo",
        scopes=(),
        profile=by_members("sub", name=("name", "preferred_username"), verified="email_verified"),
        supports_refresh=False,
    ),
)
