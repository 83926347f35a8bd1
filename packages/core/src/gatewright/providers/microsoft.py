"""Microsoft Entra ID: many tenants behind one address, each its own issuer; people are known by ``oid``.

Source: contract ``providers.json``; Microsoft's identity platform documentation on ID tokens.
"""

import re
from base64 import b64encode
from typing import cast

from gatewright.protocols.oauth2.outbound import OutboundRequest, bearer
from gatewright.protocols.oauth2.token import OAuthTokens
from gatewright.protocols.oidc.id_token import Claims
from gatewright.providers.base import IdTokenRule, Profile, ProfileSource, Provider, UserInfoRequest, required
from gatewright.providers.options import ProviderOptions
from gatewright.providers.reading import first_text, identity

__all__ = ("microsoft",)

_CONSUMER_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"
_MANY_TENANTS = frozenset({"common", "organizations", "consumers"})
_TENANT_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SCOPES = ("openid", "profile", "email", "User.Read", "offline_access")


def microsoft(options: ProviderOptions) -> Provider:
    """Microsoft Entra ID, configured."""
    required("microsoft", options)
    tenant = options.tenant_id or "common"
    authority = (options.authority or "https://login.microsoftonline.com").rstrip("/")
    base = f"{authority}/{tenant}"
    scopes = (*(() if options.disable_default_scope else _SCOPES), *options.scopes)

    def issuers(claims: Claims) -> tuple[str, ...]:
        return _issuers(claims, authority=authority, tenant=tenant)

    def exchanged(claims: Claims) -> tuple[str, ...]:
        return _exchanged_issuers(claims, authority=authority, tenant=tenant)

    def user_info(tokens: OAuthTokens, _claims: Claims | None) -> tuple[UserInfoRequest, ...]:
        if options.disable_profile_photo:
            return ()
        size = options.profile_photo_size
        url = f"https://graph.microsoft.com/v1.0/me/photos/{size}x{size}/$value"
        return (UserInfoRequest(OutboundRequest("GET", url, bearer(tokens.access_token)), required=False, binary=True),)

    return Provider(
        id="microsoft",
        name="Microsoft EntraID",
        options=options,
        authorization_endpoint=options.authorization_endpoint or f"{base}/oauth2/v2.0/authorize",
        token_endpoint=f"{base}/oauth2/v2.0/token",
        default_scopes=_SCOPES,
        issuer=f"{base}/v2.0",
        read_profile=_read,
        user_info=user_info,
        sends_login_hint=True,
        prompt=options.prompt,
        refresh_parameters=(("scope", " ".join(scopes)),),
        id_token=IdTokenRule(
            issuers=issuers,
            exchanged=exchanged,
            audiences=options.client_ids,
            jwks_url=f"{base}/discovery/v2.0/keys",
        ),
    )


def _issuers(claims: Claims, *, authority: str, tenant: str) -> tuple[str, ...]:
    """The one issuer a token of this configuration may have; none when its tenant is not allowed in."""
    if tenant not in _MANY_TENANTS:
        return (f"{authority}/{tenant}/v2.0",)
    issued_for = first_text(claims, "tid")
    if issued_for is None or not _TENANT_ID.fullmatch(issued_for):
        return ()
    is_consumer = issued_for.lower() == _CONSUMER_TENANT
    if (tenant == "organizations" and is_consumer) or (tenant == "consumers" and not is_consumer):
        return ()
    return (f"{authority}/{issued_for}/v2.0",)


def _exchanged_issuers(claims: Claims, *, authority: str, tenant: str) -> tuple[str, ...]:
    """The issuers that a token of the tenant's own token endpoint may have.

    The issuer names the tenant by its identifier, which an application may know by a domain instead (``contoso.com``,
    ``contoso.onmicrosoft.com``); an external tenant's issuer names it twice, whatever its authority is called. The
    endpoint of one tenant issues for that tenant alone; its keys sign for all, so that this does not hold for a token
    that somebody else presents.
    """
    expected = _issuers(claims, authority=authority, tenant=tenant)
    issued_for = first_text(claims, "tid")
    if tenant in _MANY_TENANTS or issued_for is None or not _TENANT_ID.fullmatch(issued_for):
        return expected
    if _TENANT_ID.fullmatch(tenant) and issued_for.lower() != tenant.lower():
        return expected
    return (
        *expected,
        f"{authority}/{issued_for}/v2.0",
        f"https://{issued_for}.ciamlogin.com/{issued_for}/v2.0",
    )


def _read(source: ProfileSource) -> Profile | None:
    claims = source.claims
    found = identity(claims.get("oid")) if claims is not None else None
    if claims is None or found is None:
        return None
    email = first_text(claims, "email")
    photo = source.answer
    image = (
        f"data:image/jpeg;base64, {b64encode(photo).decode('ascii')}" if isinstance(photo, bytes) and photo else None
    )
    return Profile(
        id=found,
        name=first_text(claims, "name") or "",
        email=email,
        email_verified=_is_verified(claims, email),
        image=image,
        issuer=first_text(claims, "iss"),
        raw={**claims, "picture": image} if image else claims,
    )


def _is_verified(claims: Claims, email: str | None) -> bool:
    """Whether Microsoft vouches for the address: a tenant's administrator can put any address into ``email``."""
    if "email_verified" in claims:
        return claims["email_verified"] is True
    known: list[object] = []
    for name in ("verified_primary_email", "verified_secondary_email"):
        listed = claims.get(name)
        known += cast("list[object]", listed) if isinstance(listed, list) else [listed]
    return email is not None and email in known
