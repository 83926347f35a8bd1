"""Google: everything is in the ID token; a hosted domain is asked for and checked.

Source: contract ``providers.json``; Google's OpenID Connect documentation.
"""

from gatewright.protocols.oidc.id_token import Claims
from gatewright.providers.base import IdTokenRule, Profile, ProfileSource, Provider, no_user_info, required
from gatewright.providers.mapping import profile_of
from gatewright.providers.options import ProviderOptions
from gatewright.providers.reading import first_text

__all__ = ("google",)

_ISSUER = "https://accounts.google.com"


def google(options: ProviderOptions) -> Provider:
    """Google, configured."""
    required("google", options, secret=True)

    def read(source: ProfileSource) -> Profile | None:
        claims = source.claims
        if claims is None or not _domain_fits(claims, options.hd):
            return None
        return profile_of(
            claims,
            subject=claims.get("sub"),
            name=first_text(claims, "name"),
            email=first_text(claims, "email"),
            image=first_text(claims, "picture"),
            email_verified=claims.get("email_verified") is True,
        )

    return Provider(
        id="google",
        name="Google",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://accounts.google.com/o/oauth2/v2/auth",
        token_endpoint="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
        default_scopes=("email", "profile", "openid"),
        issuer=_ISSUER,
        response_issuers=(_ISSUER,),
        read_profile=read,
        user_info=no_user_info,
        sends_login_hint=True,
        prompt=options.prompt,
        access_type=options.access_type,
        sends_display=True,
        display=options.display,
        hd=options.hd,
        before=(("include_granted_scopes", "true"),) if options.include_granted_scopes else (),
        id_token=IdTokenRule(
            issuers=lambda _claims: (_ISSUER, "accounts.google.com"),
            audiences=options.client_ids,
            jwks_url="https://www.googleapis.com/oauth2/v3/certs",
            accepts=lambda claims: _domain_fits(claims, options.hd),
        ),
    )


def _domain_fits(claims: Claims, wanted: str | None) -> bool:
    """Whether the hosted domain is the asked one; the parameter alone is a hint that a user can remove."""
    if not wanted:
        return True
    domain = first_text(claims, "hd")
    return domain is not None if wanted == "*" else domain == wanted
