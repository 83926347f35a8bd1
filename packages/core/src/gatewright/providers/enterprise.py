"""Directories and payments whose addresses depend on options: Cognito, Paybin, PayPal, Salesforce.

Source: contract ``providers.json``.
"""

from gatewright.protocols.oauth2.client_auth import Basic
from gatewright.protocols.oidc.id_token import read_claims
from gatewright.providers.base import (
    IdTokenRule,
    Profile,
    ProfileSource,
    Provider,
    get_user_info,
    local_issuer,
    no_user_info,
    required,
)
from gatewright.providers.mapping import profile_of
from gatewright.providers.options import ProviderOptionError, ProviderOptions
from gatewright.providers.reading import first_text, identity, is_yes, members, text

__all__ = ("cognito", "paybin", "paypal", "salesforce")


def cognito(options: ProviderOptions) -> Provider:
    """Amazon Cognito: one host for browsers, another as issuer."""
    required("cognito", options, secret=options.require_client_secret)
    for option in ("domain", "region", "user_pool_id"):
        if not getattr(options, option):
            raise ProviderOptionError("cognito", option)
    base = f"https://{(options.domain or '').removeprefix('https://').rstrip('/')}/oauth2"
    issuer = f"https://cognito-idp.{options.region}.amazonaws.com/{options.user_pool_id}"
    user_info = get_user_info(f"{base}/userinfo")

    def read(source: ProfileSource) -> Profile | None:
        person = source.claims if source.claims is not None else members(source.answer)
        return profile_of(
            person,
            subject=person.get("sub"),
            name=first_text(person, "name", "given_name", "username"),
            email=first_text(person, "email"),
            image=first_text(person, "picture"),
            # The userinfo endpoint writes the truth value as text.
            email_verified=is_yes(person.get("email_verified")),
        )

    return Provider(
        id="cognito",
        name="Cognito",
        options=options,
        authorization_endpoint=options.authorization_endpoint or f"{base}/authorize",
        token_endpoint=f"{base}/token",
        default_scopes=("openid", "profile", "email"),
        issuer=issuer,
        read_profile=read,
        user_info=lambda tokens, claims: () if claims is not None else user_info(tokens, None),
        prompt=options.prompt,
        before=(("identity_provider", options.identity_provider),) if options.identity_provider else (),
        plus_for_space=False,  # the hosted pages do not read a plus as a space
        id_token=IdTokenRule(
            issuers=lambda _claims: (issuer,), audiences=options.client_ids, jwks_url=f"{issuer}/.well-known/jwks.json"
        ),
    )


def paybin(options: ProviderOptions) -> Provider:
    """Paybin: everything is in the ID token."""
    required("paybin", options, secret=True)
    issuer = (options.issuer or "https://idp.paybin.io").rstrip("/")

    def read(source: ProfileSource) -> Profile | None:
        claims = source.claims
        if claims is None:
            return None
        return profile_of(
            claims,
            subject=claims.get("sub"),
            name=first_text(claims, "name", "preferred_username"),
            email=first_text(claims, "email"),
            image=first_text(claims, "picture"),
            email_verified=claims.get("email_verified") is True,
        )

    return Provider(
        id="paybin",
        name="Paybin",
        options=options,
        authorization_endpoint=options.authorization_endpoint or f"{issuer}/oauth2/authorize",
        token_endpoint=f"{issuer}/oauth2/token",
        default_scopes=("openid", "email", "profile"),
        issuer=issuer,
        read_profile=read,
        user_info=no_user_info,
        sends_login_hint=True,
        prompt=options.prompt,
        id_token=IdTokenRule(issuers=lambda _claims: (issuer,), audiences=options.client_ids, sign_in=False),
    )


def paypal(options: ProviderOptions) -> Provider:
    """PayPal: scopes are set in its app; a challenge is sent but, as PayPal asks, no verifier."""
    required("paypal", options, secret=True)
    part = "" if options.environment in {"live", "production"} else ".sandbox"
    api = f"https://api-m{part}.paypal.com/v1"

    def read(source: ProfileSource) -> Profile | None:
        person = members(source.answer)
        subject = identity(person.get("user_id"))
        if source.tokens.id_token is not None:
            # OpenID Connect Core §5.3.2: the sub of both "MUST be verified to exactly match".
            claimed = text(source.claims or read_claims(source.tokens.id_token), "sub")
            if claimed is None or claimed not in (text(person, "sub"), subject):
                return None
        return profile_of(
            person,
            subject=subject,
            name=first_text(person, "name"),
            email=first_text(person, "email"),
            image=first_text(person, "picture"),
            email_verified=is_yes(person.get("email_verified")),
        )

    return Provider(
        id="paypal",
        name="PayPal",
        options=options,
        authorization_endpoint=options.authorization_endpoint or f"https://www{part}.paypal.com/signin/authorize",
        token_endpoint=f"{api}/oauth2/token",
        default_scopes=(),
        issuer=local_issuer("paypal"),
        read_profile=read,
        user_info=get_user_info(f"{api}/identity/oauth2/userinfo?schema=paypalv1.1", accept="application/json"),
        sends_scope=False,
        sends_verifier=False,
        prompt=options.prompt,
        auth=Basic(),
    )


def salesforce(options: ProviderOptions) -> Provider:
    """Salesforce: production, sandbox, or a domain of one's own."""
    required("salesforce", options)
    standard = "test.salesforce.com" if options.environment == "sandbox" else "login.salesforce.com"
    host = (options.login_url or standard).removeprefix("https://").rstrip("/")
    base = f"https://{host}/services/oauth2"

    def read(source: ProfileSource) -> Profile | None:
        person = members(source.answer)
        return profile_of(
            person,
            subject=person.get("user_id"),
            name=first_text(person, "name"),
            email=first_text(person, "email"),
            image=text(person, "photos", "picture") or text(person, "photos", "thumbnail"),
            email_verified=person.get("email_verified") is True,
        )

    return Provider(
        id="salesforce",
        name="Salesforce",
        options=options,
        authorization_endpoint=options.authorization_endpoint or f"{base}/authorize",
        token_endpoint=f"{base}/token",
        default_scopes=("openid", "email", "profile"),
        issuer=local_issuer("salesforce"),
        read_profile=read,
        user_info=get_user_info(f"{base}/userinfo"),
    )
