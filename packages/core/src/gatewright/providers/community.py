"""Where people talk, play and watch: Discord, Patreon, Reddit, Spotify, TikTok, Twitch, Twitter and VK.

Source: contract ``providers.json``; TikTok's "Login Kit", Patreon's API documentation.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

import msgspec

from gatewright.protocols.oauth2.client_auth import Basic, InBody
from gatewright.protocols.oauth2.outbound import OutboundRequest, bearer, form_request
from gatewright.protocols.oauth2.token import OAuthTokens
from gatewright.protocols.oidc.id_token import Claims
from gatewright.providers.base import (
    IdTokenRule,
    Profile,
    ProfileSource,
    Provider,
    UserInfoRequest,
    get_user_info,
    local_issuer,
    no_user_info,
    required,
)
from gatewright.providers.mapping import profile_of
from gatewright.providers.options import ProviderOptionError, ProviderOptions
from gatewright.providers.reading import at, first_text, identity, members, text

__all__ = ("discord", "patreon", "reddit", "spotify", "tiktok", "twitch", "twitter", "vk")

_AGENT = "better-auth"  # contract: Reddit limits requests by user agent
_DISCORD_CDN = "https://cdn.discordapp.com"
_TWITCH_CLAIMS = ("email", "email_verified", "preferred_username", "picture")


def discord(options: ProviderOptions) -> Provider:
    """Discord: pictures are built from a hash, a bot brings its permissions."""
    required("discord", options)

    def permissions(scopes: Sequence[str]) -> tuple[tuple[str, str], ...]:
        wanted = options.permissions
        return (("permissions", str(wanted)),) if "bot" in scopes and wanted is not None else ()

    def read(source: ProfileSource) -> Profile | None:
        person = members(source.answer)
        image = _discord_avatar(identity(person.get("id")), text(person, "avatar"), text(person, "discriminator"))
        return profile_of(
            person,
            subject=person.get("id"),
            name=first_text(person, "global_name", "username"),
            email=first_text(person, "email"),
            image=image,
            email_verified=person.get("verified") is True,
            raw={**person, "image_url": image},
        )

    return Provider(
        id="discord",
        name="Discord",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://discord.com/api/oauth2/authorize",
        token_endpoint="https://discord.com/api/oauth2/token",  # noqa: S106 - an address
        default_scopes=("identify", "email"),
        issuer=local_issuer("discord"),
        read_profile=read,
        user_info=get_user_info("https://discord.com/api/users/@me"),
        request_scopes_first=True,
        pkce=False,
        prompt=options.prompt or "none",
        scope_parameters=permissions,
    )


def _discord_avatar(person: str | None, avatar: str | None, discriminator: str | None) -> str | None:
    """A person's picture, or the default one their number leads to (Discord's "CDN Formatting")."""
    if person is None or not person.isdecimal():
        return None
    if avatar is not None:
        return f"{_DISCORD_CDN}/avatars/{person}/{avatar}.{'gif' if avatar.startswith('a_') else 'png'}"
    has_number = discriminator is not None and discriminator.isdecimal() and discriminator != "0"
    index = int(discriminator or "0") % 5 if has_number else (int(person) >> 22) % 6
    return f"{_DISCORD_CDN}/embed/avatars/{index}.png"


def patreon(options: ProviderOptions) -> Provider:
    """Patreon: a JSON:API answer whose fields are asked for by name."""
    required("patreon", options)

    def read(source: ProfileSource) -> Profile | None:
        person = members(at(source.answer, "data"))
        about = members(person.get("attributes"))
        return profile_of(
            person,
            subject=person.get("id"),
            name=first_text(about, "full_name"),
            email=first_text(about, "email"),
            image=first_text(about, "image_url"),
            email_verified=about.get("is_email_verified") is True,
        )

    return Provider(
        id="patreon",
        name="Patreon",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://www.patreon.com/oauth2/authorize",
        token_endpoint="https://www.patreon.com/api/oauth2/token",  # noqa: S106 - an address
        default_scopes=("identity[email]",),
        issuer=local_issuer("patreon"),
        read_profile=read,
        user_info=get_user_info(
            "https://www.patreon.com/api/oauth2/v2/identity"
            "?fields%5Buser%5D=email%2Cfull_name%2Cimage_url%2Cis_email_verified"
        ),
    )


def reddit(options: ProviderOptions) -> Provider:
    """Reddit: no address, so one that cannot be reached stands in its place."""
    required("reddit", options)

    def read(source: ProfileSource) -> Profile | None:
        person = members(source.answer)
        found = identity(person.get("id"))
        return profile_of(
            person,
            subject=found,
            name=first_text(person, "name"),
            email=f"{found}@reddit.invalid",  # RFC 2606 §2: never a real domain
            image=_without_query(first_text(person, "icon_img")),
            email_verified=False,
        )

    return Provider(
        id="reddit",
        name="Reddit",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://www.reddit.com/api/v1/authorize",
        token_endpoint="https://www.reddit.com/api/v1/access_token",  # noqa: S106 - an address
        default_scopes=("identity",),
        issuer=local_issuer("reddit"),
        read_profile=read,
        user_info=get_user_info("https://oauth.reddit.com/api/v1/me", user_agent=_AGENT),
        pkce=False,
        duration=options.duration,
        auth=Basic(),
        token_headers={"accept": "text/plain", "user-agent": _AGENT},
    )


def _without_query(address: str | None) -> str | None:
    if address is None:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


def spotify(options: ProviderOptions) -> Provider:
    """Spotify: the first of several pictures."""
    required("spotify", options)

    def read(source: ProfileSource) -> Profile | None:
        person = members(source.answer)
        return profile_of(
            person,
            subject=person.get("id"),
            name=first_text(person, "display_name"),
            email=first_text(person, "email"),
            image=text(person, "images", 0, "url"),
            email_verified=False,
        )

    return Provider(
        id="spotify",
        name="Spotify",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://accounts.spotify.com/authorize",
        token_endpoint="https://accounts.spotify.com/api/token",  # noqa: S106 - an address
        default_scopes=("user-read-email",),
        issuer=local_issuer("spotify"),
        read_profile=read,
        user_info=get_user_info("https://api.spotify.com/v1/me"),
    )


def tiktok(options: ProviderOptions) -> Provider:
    """TikTok: the identifier is called ``client_key`` and scopes are joined with commas."""
    if not options.client_key:
        raise ProviderOptionError("tiktok", "client_key")

    def read(source: ProfileSource) -> Profile | None:
        person = members(at(source.answer, "data", "user"))
        return profile_of(
            person,
            subject=person.get("open_id"),
            name=first_text(person, "display_name", "username"),
            email=first_text(person, "email", "username"),  # contract: not always an address
            image=first_text(person, "avatar_large_url"),
            email_verified=False,
            raw=members(source.answer),
        )

    return Provider(
        id="tiktok",
        name="TikTok",
        options=options,
        authorization_endpoint="https://www.tiktok.com/v2/auth/authorize",
        token_endpoint="https://open.tiktokapis.com/v2/oauth/token/",  # noqa: S106 - an address
        default_scopes=("user.info.profile",),
        issuer=local_issuer("tiktok"),
        read_profile=read,
        user_info=get_user_info(
            "https://open.tiktokapis.com/v2/user/info/?fields=open_id,avatar_large_url,display_name,username"
        ),
        scope_joiner=",",
        empty_scope=True,
        pkce=False,
        client_parameter="client_key",
        auth=InBody("client_key"),
    )


def twitch(options: ProviderOptions) -> Provider:
    """Twitch: claims are asked for by name and come in the ID token."""
    required("twitch", options)
    wanted = ("email", "email_verified", *(options.claims if options.claims is not None else _TWITCH_CLAIMS))

    def read(source: ProfileSource) -> Profile | None:
        claims = source.claims
        if claims is None:
            return None
        return profile_of(
            claims,
            subject=claims.get("sub"),
            name=first_text(claims, "preferred_username"),
            email=first_text(claims, "email"),
            image=first_text(claims, "picture"),
            email_verified=claims.get("email_verified") is True,
        )

    return Provider(
        id="twitch",
        name="Twitch",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://id.twitch.tv/oauth2/authorize",
        token_endpoint="https://id.twitch.tv/oauth2/token",  # noqa: S106 - an address
        default_scopes=("user:read:email", "openid"),
        issuer=local_issuer("twitch"),
        read_profile=read,
        user_info=no_user_info,
        pkce=False,
        claims=msgspec.json.encode({"id_token": dict.fromkeys(wanted)}).decode(),
        id_token=IdTokenRule(
            issuers=lambda _claims: ("https://id.twitch.tv/oauth2",),
            audiences=options.client_ids,
            jwks_url="https://id.twitch.tv/oauth2/keys",
            sign_in=False,
        ),
    )


def twitter(options: ProviderOptions) -> Provider:
    """Twitter: the confirmed address is a second question that an app may not be allowed to ask."""
    required("twitter", options)

    def user_info(tokens: OAuthTokens, _claims: Claims | None) -> tuple[UserInfoRequest, ...]:
        url, headers = "https://api.x.com/2/users/me?user.fields=", bearer(tokens.access_token)
        return (
            UserInfoRequest(OutboundRequest("GET", f"{url}profile_image_url", headers)),
            UserInfoRequest(OutboundRequest("GET", f"{url}confirmed_email", headers), required=False),
        )

    def read(source: ProfileSource) -> Profile | None:
        person = members(at(source.answer, "data"))
        confirmed = text(source.answers[1], "data", "confirmed_email") if len(source.answers) > 1 else None
        email = confirmed or first_text(person, "username")  # contract: not always an address
        shown = {**person, "email": confirmed} if confirmed else person
        return profile_of(
            person,
            subject=person.get("id"),
            name=first_text(person, "name"),
            email=email,
            image=first_text(person, "profile_image_url"),
            email_verified=confirmed is not None,
            raw={**members(source.answer), "data": shown},
        )

    return Provider(
        id="twitter",
        name="Twitter",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://x.com/i/oauth2/authorize",
        token_endpoint="https://api.x.com/2/oauth2/token",  # noqa: S106 - an address
        default_scopes=("users.read", "tweet.read", "offline.access", "users.email"),
        issuer=local_issuer("twitter"),
        read_profile=read,
        user_info=user_info,
        auth=Basic(),
    )


def vk(options: ProviderOptions) -> Provider:
    """VK: the device that began must finish, and the profile is asked for with a form."""
    required("vk", options)

    def user_info(tokens: OAuthTokens, _claims: Claims | None) -> tuple[UserInfoRequest, ...]:
        pairs = (("access_token", tokens.access_token), ("client_id", options.client_ids[0]))
        return (UserInfoRequest(form_request("https://id.vk.com/oauth2/user_info", pairs, headers={})),)

    return Provider(
        id="vk",
        name="VK",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://id.vk.com/authorize",
        token_endpoint="https://id.vk.com/oauth2/auth",  # noqa: S106 - an address
        default_scopes=("email", "phone"),
        issuer=local_issuer("vk"),
        read_profile=_read_vk,
        user_info=user_info,
        sends_device=True,
    )


def _read_vk(source: ProfileSource) -> Profile | None:
    person = members(at(source.answer, "user"))
    found = identity(person.get("user_id"))
    if found is None:
        return None
    names = (first_text(person, "first_name"), first_text(person, "last_name"))
    passed = ("first_name", "last_name", "birthday", "sex")
    return Profile(
        id=found,
        name=" ".join(name for name in names if name),
        email=first_text(person, "email"),
        email_verified=False,
        image=first_text(person, "avatar"),
        extra={name: person[name] for name in passed if name in person},
        raw=members(source.answer),
    )
