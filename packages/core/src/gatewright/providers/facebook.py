"""Facebook: an ID token from Limited Login, else the Graph API after the token is proven to be ours.

Source: contract ``providers.json``; Meta's "Access Token Debugging" and "Limited Login".
"""

from urllib.parse import urlencode

from gatewright.protocols.oauth2.outbound import OutboundRequest, bearer
from gatewright.protocols.oauth2.token import OAuthTokens
from gatewright.protocols.oidc.id_token import Claims
from gatewright.providers.base import IdTokenRule, Profile, ProfileSource, Provider, UserInfoRequest, required
from gatewright.providers.mapping import profile_of
from gatewright.providers.options import ProviderOptions
from gatewright.providers.reading import at, first_text, identity, members, text

__all__ = ("facebook",)

_ISSUER = "https://www.facebook.com"
_GRAPH = "https://graph.facebook.com"
_FIELDS = ("id", "name", "email", "picture")


def facebook(options: ProviderOptions) -> Provider:
    """Facebook, configured."""
    required("facebook", options, secret=True)
    client_ids = options.client_ids

    def is_ours(answer: object) -> bool:
        # A token issued to another app would let that app sign in as its users here.
        return at(answer, "data", "is_valid") is True and at(answer, "data", "app_id") in client_ids

    def user_info(tokens: OAuthTokens, claims: Claims | None) -> tuple[UserInfoRequest, ...]:
        if claims is not None:
            return ()
        proof = {"input_token": tokens.access_token, "access_token": f"{client_ids[0]}|{options.client_secret}"}
        wanted = {"fields": ",".join((*_FIELDS, *options.fields))}
        return (
            UserInfoRequest(OutboundRequest("GET", f"{_GRAPH}/debug_token?{urlencode(proof)}"), accepts=is_ours),
            UserInfoRequest(OutboundRequest("GET", f"{_GRAPH}/me?{urlencode(wanted)}", bearer(tokens.access_token))),
        )

    return Provider(
        id="facebook",
        name="Facebook",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://www.facebook.com/v24.0/dialog/oauth",
        token_endpoint="https://graph.facebook.com/v24.0/oauth/access_token",  # noqa: S106 - an address
        default_scopes=("email", "public_profile"),
        issuer=_ISSUER,
        read_profile=_read,
        user_info=user_info,
        pkce=False,
        sends_login_hint=True,
        before=(("config_id", options.config_id),) if options.config_id else (),
        id_token=IdTokenRule(
            issuers=lambda _claims: (_ISSUER,),
            audiences=client_ids,
            jwks_url="https://limited.facebook.com/.well-known/oauth/openid/jwks/",
            algorithms=frozenset({"RS256"}),
            max_age=None,
            opaque=True,
        ),
    )


def _read(source: ProfileSource) -> Profile | None:
    claims = source.claims
    if claims is not None:
        return profile_of(
            claims,
            subject=claims.get("sub"),
            name=first_text(claims, "name"),
            email=first_text(claims, "email"),
            image=first_text(claims, "picture"),
            email_verified=False,
        )
    if len(source.answers) != 2:
        return None
    person = members(source.answers[1])
    if identity(person.get("id")) != identity(at(source.answers[0], "data", "user_id")):
        return None
    return profile_of(
        person,
        subject=person.get("id"),
        name=first_text(person, "name"),
        email=first_text(person, "email"),
        image=text(person, "picture", "data", "url"),
        email_verified=person.get("email_verified") is True,
    )
