"""All options of an instance. Nothing is read from the environment unless :meth:`Settings.from_env` is asked to.

The database, the secondary storage and the plugins are arguments of ``Auth`` and no options. Source: contract,
options.json ``core`` and ``environment``; crypto.json ``secret``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self, cast
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    Field,
    ModelWrapValidatorHandler,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from gatewright.model.schema import TableOptions
from gatewright.settings import derived
from gatewright.settings.account import AccountOptions
from gatewright.settings.advanced import AdvancedOptions, CookieOptions
from gatewright.settings.base import (
    FUNCTION,
    LIST,
    OPTIONS,
    TEXT,
    Called,
    Either,
    Flag,
    Options,
    SecretText,
    Texts,
    Whole,
    default,
    describe,
)
from gatewright.settings.callbacks import TrustedOriginsFunction
from gatewright.settings.email_password import EmailAndPassword
from gatewright.settings.email_verification import EmailVerification
from gatewright.settings.environment import from_environment
from gatewright.settings.errors import OnApiError
from gatewright.settings.fields import ModelOptions
from gatewright.settings.hooks import DatabaseHooks, RequestHooks
from gatewright.settings.logger import LoggerOptions, TelemetryOptions
from gatewright.settings.rate_limit import RateLimitOptions
from gatewright.settings.session import SessionOptions
from gatewright.settings.social import ProviderEntry, SocialProviderId, SocialProviders
from gatewright.settings.user import UserOptions
from gatewright.settings.verification import VerificationOptions
from gatewright.wire.faults import ConfigError

__all__ = ("DynamicBaseURL", "Settings", "VersionedSecret")


class VersionedSecret(Options):
    """A secret with the number that encrypted values carry."""

    version: Whole = Field(ge=0)
    value: SecretStr = Field(min_length=1)


class DynamicBaseURL(Options):
    """The address is taken from each request, if its host is listed."""

    allowed_hosts: Texts = default(())
    protocol: Literal["http", "https", "auto"] = "auto"
    fallback: str | None = None


class Settings(Options):
    """Options of an instance; a TypeScript options object validates as it is.

    Raises:
        ConfigError: An option does not exist, does not fit, or does not go with another. The message names each option
            by its path and never its value.
    """

    app_name: str = "Better Auth"
    base_url: Annotated[Annotated[str, TEXT] | Annotated[DynamicBaseURL, OPTIONS], Either] | None = None
    base_path: str = "/api/auth"
    secret: SecretText = default(None)
    """Signs, encrypts and hashes; at least 32 random characters. There is no default."""
    secrets: Annotated[Sequence[VersionedSecret], AfterValidator(tuple)] = ()
    """Versioned secrets, the current one first; ``secret`` then only opens what has no version."""
    production: Flag = False
    """Secure cookies, rate limits and the check of the secret are on unless set otherwise."""
    trusted_origins: Annotated[
        Annotated[Sequence[str], AfterValidator(tuple), LIST] | Annotated[Called[TrustedOriginsFunction], FUNCTION],
        Either,
    ] = ()
    email_and_password: EmailAndPassword = EmailAndPassword()
    email_verification: EmailVerification = EmailVerification()
    social_providers: SocialProviders = Field(default_factory=dict[SocialProviderId, ProviderEntry])
    user: UserOptions = UserOptions()
    session: SessionOptions = SessionOptions()
    account: AccountOptions = AccountOptions()
    verification: VerificationOptions = VerificationOptions()
    rate_limit: RateLimitOptions = RateLimitOptions()
    advanced: AdvancedOptions = AdvancedOptions()
    hooks: RequestHooks = RequestHooks()
    database_hooks: DatabaseHooks = DatabaseHooks()
    disabled_paths: Texts = default(())
    on_api_error: OnApiError = Field(
        default=OnApiError(), validation_alias="onAPIError", serialization_alias="onAPIError"
    )
    logger: LoggerOptions = LoggerOptions()
    telemetry: TelemetryOptions = TelemetryOptions()
    tables: Mapping[str, ModelOptions] = Field(default_factory=dict[str, ModelOptions])
    """Names and further columns of plugins' tables, by model name."""

    # Making them -----------------------------------------------------------------------------------------------------

    @classmethod
    def load(cls, options: Mapping[str, object]) -> Settings:
        """Settings from a mapping in either spelling.

        Raises:
            ConfigError: As for :class:`Settings`.
        """
        return cls.model_validate(options)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **options: Any) -> Settings:
        """Settings that take from the environment what ``options``, in either spelling, do not say.

        Reads ``BETTER_AUTH_SECRET`` (or ``AUTH_SECRET``), ``BETTER_AUTH_SECRETS`` (``2:new,1:old``), ``BETTER_AUTH_URL``,
        ``BETTER_AUTH_TRUSTED_ORIGINS`` (comma-separated, joined with those of ``options``) and ``NODE_ENV``, where
        ``production`` turns ``production`` on.

        Args:
            environ: In place of the process's environment.
            options: What the application says itself.

        Raises:
            ConfigError: As for :class:`Settings`, or a variable cannot be read.
        """
        spelled = {derived.alias_of(cls, name): name for name in cls.model_fields}
        given = {spelled.get(name, name): value for name, value in options.items()}
        if len(given) != len(options):
            raise ConfigError("an option is given in both spellings")
        return cls.load(from_environment(os.environ if environ is None else environ, given))

    # Checks ----------------------------------------------------------------------------------------------------------

    @field_validator("base_url")
    @classmethod
    def _absolute(cls, base_url: str | DynamicBaseURL | None) -> str | DynamicBaseURL | None:
        for url in (base_url,) if isinstance(base_url, str) else (base_url.fallback,) if base_url else ():
            if url is not None and not _is_http(url):
                raise ValueError("must be an absolute http or https address")
        return base_url

    @field_validator("secrets")
    @classmethod
    def _different(cls, secrets: Sequence[VersionedSecret]) -> Sequence[VersionedSecret]:
        versions = [each.version for each in secrets]
        twice = sorted({version for version in versions if versions.count(version) > 1})
        if twice:
            raise ValueError(f"each version may appear once; repeated: {', '.join(map(str, twice))}")
        return secrets

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        passwords = self.email_and_password
        mail = self.email_verification.send_verification_email
        if passwords.enabled and passwords.require_email_verification and mail is None:
            raise ValueError(
                "emailAndPassword.requireEmailVerification needs emailVerification.sendVerificationEmail: "
                "nobody could ever sign in"
            )
        if derived.cookie_domain(self) == "":
            raise ValueError("advanced.crossSubDomainCookies needs a domain, or a baseURL to take it from")
        self._check_same_site()
        return self

    def _check_same_site(self) -> None:
        secure = derived.secure_cookies(self)
        fallback = self.advanced.default_cookie_attributes
        groups: list[tuple[str, CookieOptions]] = []
        if fallback is not None:
            groups.append(("advanced.defaultCookieAttributes", fallback))
        for name, override in (self.advanced.cookies or {}).items():
            if override.attributes is not None:
                groups.append((f"advanced.cookies.{name}.attributes", override.attributes))
        for path, attributes in groups:
            said = attributes.secure
            if said is None and fallback is not None:
                said = fallback.secure
            if (attributes.same_site or "").lower() == "none" and not (secure if said is None else said):
                raise ValueError(f"{path}: browsers refuse sameSite none without secure")

    # Declared last, so that it sees what every other check has to say.
    @model_validator(mode="wrap")
    @classmethod
    def _explained(cls, given: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(cast("Any", given))
        except ValidationError as error:
            raise ConfigError(describe(error)) from None

    # Reading them ----------------------------------------------------------------------------------------------------

    def check_secret(self, production: bool | None = None) -> None:
        """Refuse a secret that anybody could know or guess.

        Args:
            production: Whether it protects real users; by default as ``self.production``.

        Raises:
            ConfigError: There is no secret, or in production it is the contract's public default, shorter than 32
                characters, or made of a few characters only.
        """
        derived.check_secret(self, production=self.production if production is None else production)

    def current_secret(self) -> str:
        """The secret that signs, checked.

        Raises:
            ConfigError: As for :meth:`check_secret`.
        """
        self.check_secret()
        return derived.secret_set(self).current

    def table_options(self) -> dict[str, TableOptions]:
        """Names and further columns of every table, by model name."""
        return derived.table_options(self)

    def rate_limited(self) -> bool:
        """Whether requests are counted."""
        return derived.rate_limited(self)


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
