"""What an application says about one provider: a plain value; it is validated by the settings that make it.

Source: contract ``providers.json`` (``providerOptionsCommon`` and each provider's quirks).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ("ProviderOptionError", "ProviderOptions")


class ProviderOptionError(ValueError):
    """A provider lacks an option it cannot work without; the text names both and no value."""

    def __init__(self, provider_id: str, option: str) -> None:
        super().__init__(f"social provider {provider_id}: {option} is required")
        self.provider_id = provider_id
        self.option = option


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProviderOptions:
    """Options of a social provider: those all have first, then those only some read.

    Args:
        client_id: Public identifier; of several the first is used and all are accepted as audience.
        client_secret: Shared secret, if the client has one.
        client_key: TikTok's name for the identifier.
        scopes: Requested beside the default scopes.
        disable_default_scope: Leaves the default scopes out.
        redirect_uri: Instead of the framework's own callback.
        authorization_endpoint: Instead of the provider's.
        prompt: Passed on where the provider knows it.
        response_mode: Passed on where the provider knows it.
        disable_sign_up: Never makes a user.
        disable_implicit_sign_up: Makes a user only when the caller asks for it.
        disable_id_token_sign_in: Refuses ID tokens that a client presents.
        override_user_info_on_sign_in: Copies the profile to the user at each sign-in.
        require_email_verification: Refuses unverified addresses.
        access_type: Google, Dropbox.
        app_bundle_identifier: Apple: audience of native apps.
        audience: Apple: audiences instead of the client's.
        authority: Microsoft: base of all addresses.
        claims: Twitch: claims to ask for.
        config_id: Facebook Login for Business.
        disable_profile_photo: Microsoft: no photo.
        display: Google.
        domain: Cognito: host of the hosted pages.
        duration: Reddit.
        environment: PayPal and Salesforce: ``sandbox``, ``live`` or ``production``.
        fields: Facebook: further profile fields.
        hd: Google: hosted domain; ``*`` accepts any.
        identity_provider: Cognito: identity provider to go to at once.
        include_granted_scopes: Google: incremental authorization.
        issuer: GitLab, Paybin: base of all addresses.
        lang: WeChat: language of the page.
        login_url: Salesforce: host.
        permissions: Discord: permissions of a bot.
        pkce: Zoom: whether a challenge is sent.
        profile_photo_size: Microsoft: pixels.
        region: Cognito.
        require_client_secret: Cognito.
        tenant_id: Microsoft.
        user_pool_id: Cognito.
    """

    client_id: str | Sequence[str] = ""
    client_secret: str | None = None
    client_key: str | None = None
    scopes: Sequence[str] = ()
    disable_default_scope: bool = False
    redirect_uri: str | None = None
    authorization_endpoint: str | None = None
    prompt: str | None = None
    response_mode: str | None = None
    disable_sign_up: bool = False
    disable_implicit_sign_up: bool = False
    disable_id_token_sign_in: bool = False
    override_user_info_on_sign_in: bool = False
    require_email_verification: bool = False
    access_type: str | None = None
    app_bundle_identifier: str | None = None
    audience: str | Sequence[str] | None = None
    authority: str | None = None
    claims: Sequence[str] | None = None
    config_id: str | None = None
    disable_profile_photo: bool = False
    display: str | None = None
    domain: str | None = None
    duration: str | None = None
    environment: Literal["sandbox", "live", "production"] | None = None
    fields: Sequence[str] = ()
    hd: str | None = None
    identity_provider: str | None = None
    include_granted_scopes: bool = True
    issuer: str | None = None
    lang: str | None = None
    login_url: str | None = None
    permissions: int | None = None
    pkce: bool = True
    profile_photo_size: int = 48
    region: str | None = None
    require_client_secret: bool = False
    tenant_id: str | None = None
    user_pool_id: str | None = None

    def __repr__(self) -> str:
        return f"ProviderOptions(client_id={self.client_id!r})"

    @property
    def client_ids(self) -> tuple[str, ...]:
        """All client identifiers, the one in use first."""
        given = (self.client_id,) if isinstance(self.client_id, str) else tuple(self.client_id)
        return tuple(one for one in given if one)
