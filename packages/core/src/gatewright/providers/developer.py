"""Tools of developers and teams: Cloudflare, Dropbox, GitHub, GitLab, Linear, Notion, Slack, Zoom.

Source: contract ``providers.json``; Cloudflare's OAuth documentation.
"""

from collections.abc import Sequence
from typing import cast

from gatewright.protocols.oauth2.client_auth import Basic, InBody
from gatewright.protocols.oauth2.outbound import OutboundRequest, bearer, json_request
from gatewright.protocols.oauth2.token import OAuthTokens
from gatewright.protocols.oidc.id_token import Claims
from gatewright.providers.base import (
    Profile,
    ProfileSource,
    Provider,
    UserInfoRequest,
    get_user_info,
    local_issuer,
    required,
)
from gatewright.providers.mapping import by_members, profile_of
from gatewright.providers.options import ProviderOptions
from gatewright.providers.reading import at, first_text, members, text

__all__ = ("cloudflare", "dropbox", "github", "gitlab", "linear", "notion", "slack", "zoom")

_AGENT = "better-auth"  # contract: GitHub refuses requests without a user agent
_VIEWER = "query { viewer { id name email avatarUrl active createdAt updatedAt } }"


def cloudflare(options: ProviderOptions) -> Provider:
    """Cloudflare: the API names the person, its OpenID answer only a subject."""
    required("cloudflare", options)

    def read(source: ProfileSource) -> Profile | None:
        person = members(at(source.answer, "result"))
        email = first_text(person, "email")
        parts = (first_text(person, "first_name"), first_text(person, "last_name"))
        return profile_of(
            person,
            subject=person.get("id"),
            name=" ".join(part for part in parts if part) or email,
            email=email,
            image=None,
            email_verified=False,
        )

    return Provider(
        id="cloudflare",
        name="Cloudflare",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://dash.cloudflare.com/oauth2/auth",
        token_endpoint="https://dash.cloudflare.com/oauth2/token",  # noqa: S106 - an address
        default_scopes=("user-details.read",),
        issuer=local_issuer("cloudflare"),
        read_profile=read,
        user_info=get_user_info("https://api.cloudflare.com/client/v4/user"),
        auth=Basic(),
    )


def dropbox(options: ProviderOptions) -> Provider:
    """Dropbox: the profile is asked for by POST."""
    required("dropbox", options)

    def user_info(tokens: OAuthTokens, _claims: Claims | None) -> tuple[UserInfoRequest, ...]:
        url = "https://api.dropboxapi.com/2/users/get_current_account"
        return (UserInfoRequest(OutboundRequest("POST", url, bearer(tokens.access_token))),)

    def read(source: ProfileSource) -> Profile | None:
        person = members(source.answer)
        return profile_of(
            person,
            subject=person.get("account_id"),
            name=text(person, "name", "display_name"),
            email=first_text(person, "email"),
            image=first_text(person, "profile_photo_url"),
            email_verified=person.get("email_verified") is True,
        )

    return Provider(
        id="dropbox",
        name="Dropbox",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://www.dropbox.com/oauth2/authorize",
        token_endpoint="https://api.dropboxapi.com/oauth2/token",  # noqa: S106 - an address
        default_scopes=("account_info.read",),
        issuer=local_issuer("dropbox"),
        read_profile=read,
        user_info=user_info,
        before=(("token_access_type", options.access_type),) if options.access_type else (),
    )


def github(options: ProviderOptions) -> Provider:
    """GitHub: whether an address is verified stands in a list of its own."""
    required("github", options)

    def user_info(tokens: OAuthTokens, _claims: Claims | None) -> tuple[UserInfoRequest, ...]:
        headers = {**bearer(tokens.access_token), "user-agent": _AGENT}
        return (
            UserInfoRequest(OutboundRequest("GET", "https://api.github.com/user", headers)),
            UserInfoRequest(OutboundRequest("GET", "https://api.github.com/user/emails", headers), required=False),
        )

    return Provider(
        id="github",
        name="GitHub",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://github.com/login/oauth/authorize",
        token_endpoint="https://github.com/login/oauth/access_token",  # noqa: S106 - an address
        default_scopes=("read:user", "user:email"),
        issuer=local_issuer("github"),
        read_profile=_read_github,
        user_info=user_info,
        sends_login_hint=True,
        prompt=options.prompt,
    )


def _read_github(source: ProfileSource) -> Profile | None:
    person = members(source.answer)
    listed = source.answers[1] if len(source.answers) > 1 else None
    emails = [members(entry) for entry in cast("Sequence[object]", listed)] if isinstance(listed, list) else []
    chosen = next((entry for entry in emails if entry.get("primary") is True), emails[0] if emails else None)
    email = first_text(person, "email") or first_text(chosen, "email")
    verified = any(entry.get("email") == email and entry.get("verified") is True for entry in emails)
    return profile_of(
        person,
        subject=person.get("id"),
        name=first_text(person, "name", "login"),
        email=email,
        image=first_text(person, "avatar_url"),
        email_verified=email is not None and verified,
        raw={**person, "email": email},
    )


def gitlab(options: ProviderOptions) -> Provider:
    """GitLab, hosted or one's own; blocked and locked people are refused."""
    required("gitlab", options)
    base = (options.issuer or "https://gitlab.com").rstrip("/")
    plain = by_members("id", name=("name", "username"), image="avatar_url", verified="email_verified")

    def read(source: ProfileSource) -> Profile | None:
        person = members(source.answer)
        return plain(source) if person.get("state") == "active" and person.get("locked") is not True else None

    return Provider(
        id="gitlab",
        name="Gitlab",
        options=options,
        authorization_endpoint=options.authorization_endpoint or f"{base}/oauth/authorize",
        token_endpoint=f"{base}/oauth/token",
        default_scopes=("read_user",),
        issuer=local_issuer("gitlab"),
        read_profile=read,
        user_info=get_user_info(f"{base}/api/v4/user"),
        sends_login_hint=True,
    )


def linear(options: ProviderOptions) -> Provider:
    """Linear: the profile is a GraphQL query."""
    required("linear", options)

    def user_info(tokens: OAuthTokens, _claims: Claims | None) -> tuple[UserInfoRequest, ...]:
        url = "https://api.linear.app/graphql"
        return (UserInfoRequest(json_request(url, {"query": _VIEWER}, headers=bearer(tokens.access_token))),)

    return Provider(
        id="linear",
        name="Linear",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://linear.app/oauth/authorize",
        token_endpoint="https://api.linear.app/oauth/token",  # noqa: S106 - an address
        default_scopes=("read",),
        issuer=local_issuer("linear"),
        read_profile=by_members("id", image="avatarUrl", inside=("data", "viewer")),
        user_info=user_info,
        pkce=False,
        sends_login_hint=True,
    )


def notion(options: ProviderOptions) -> Provider:
    """Notion: a token belongs to a bot, whose owner is the person."""
    required("notion", options)

    def read(source: ProfileSource) -> Profile | None:
        person = members(at(source.answer, "bot", "owner", "user"))
        return profile_of(
            person,
            subject=person.get("id"),
            name=first_text(person, "name"),
            email=text(person, "person", "email"),
            image=first_text(person, "avatar_url"),
            email_verified=False,
        )

    return Provider(
        id="notion",
        name="Notion",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://api.notion.com/v1/oauth/authorize",
        token_endpoint="https://api.notion.com/v1/oauth/token",  # noqa: S106 - an address
        default_scopes=(),
        issuer=local_issuer("notion"),
        read_profile=read,
        user_info=get_user_info("https://api.notion.com/v1/users/me", notion_version="2022-06-28"),
        pkce=False,
        sends_login_hint=True,
        after=(("owner", "user"),),
        auth=Basic(),
        refresh_auth=InBody(),
    )


def slack(options: ProviderOptions) -> Provider:
    """Slack: member names are addresses, and the caller's scopes come first."""
    required("slack", options)

    def read(source: ProfileSource) -> Profile | None:
        person = members(source.answer)
        return profile_of(
            person,
            subject=person.get("https://slack.com/user_id"),
            name=first_text(person, "name"),
            email=first_text(person, "email"),
            image=first_text(person, "picture", "https://slack.com/user_image_512"),
            email_verified=person.get("email_verified") is True,
        )

    return Provider(
        id="slack",
        name="Slack",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://slack.com/openid/connect/authorize",
        token_endpoint="https://slack.com/api/openid.connect.token",  # noqa: S106 - an address
        default_scopes=("openid", "profile", "email"),
        issuer=local_issuer("slack"),
        read_profile=read,
        user_info=get_user_info("https://slack.com/api/openid.connect.userInfo"),
        request_scopes_first=True,
        pkce=False,
    )


def zoom(options: ProviderOptions) -> Provider:
    """Zoom: scopes are set in its app, not requested; a challenge is sent unless switched off."""
    required("zoom", options)

    def read(source: ProfileSource) -> Profile | None:
        person = members(source.answer)
        return profile_of(
            person,
            subject=person.get("id"),
            name=first_text(person, "display_name"),
            email=first_text(person, "email"),
            image=first_text(person, "pic_url"),
            email_verified=person.get("verified") in (1, True),  # Zoom writes the number
        )

    return Provider(
        id="zoom",
        name="Zoom",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://zoom.us/oauth/authorize",
        token_endpoint="https://zoom.us/oauth/token",  # noqa: S106 - an address
        default_scopes=(),
        issuer=local_issuer("zoom"),
        read_profile=read,
        user_info=get_user_info("https://api.zoom.us/v2/users/me"),
        sends_scope=False,
        pkce=options.pkce,
    )
