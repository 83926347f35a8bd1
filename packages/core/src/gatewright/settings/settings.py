"""All options of an instance. Nothing is read from the environment unless :meth:`Settings.from_env` is asked to.

Source: contract, options.json ``core``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, SecretStr, SkipValidation, ValidationError, model_validator

from gatewright.crypto.cipher import Secrets
from gatewright.model.schema import TableOptions
from gatewright.settings.account import AccountOptions
from gatewright.settings.advanced import AdvancedOptions
from gatewright.settings.base import Options
from gatewright.settings.callbacks import TrustedOriginsFunction
from gatewright.settings.email_password import EmailAndPassword
from gatewright.settings.email_verification import EmailVerification
from gatewright.settings.errors import OnApiError
from gatewright.settings.fields import ModelOptions
from gatewright.settings.hooks import DatabaseHooks, RequestHooks
from gatewright.settings.logger import LoggerOptions
from gatewright.settings.rate_limit import RateLimitOptions
from gatewright.settings.session import SessionOptions
from gatewright.settings.social import SocialProviders
from gatewright.settings.user import UserOptions
from gatewright.settings.verification import VerificationOptions
from gatewright.wire.faults import ConfigError

__all__ = ("DynamicBaseURL", "Settings", "VersionedSecret")

MIN_SECRET = 32
"""Fewest characters of a secret in production."""


class VersionedSecret(Options):
    """A secret with the number that encrypted values carry."""

    version: int = Field(ge=0)
    value: SecretStr


class DynamicBaseURL(Options):
    """The address is taken from each request, if its host is listed."""

    allowed_hosts: tuple[str, ...] = ()
    protocol: Literal["http", "https", "auto"] = "auto"
    fallback: str | None = None


class Settings(Options):
    """Options of an instance; a TypeScript options object validates as it is."""

    app_name: str = "Better Auth"
    base_url: str | DynamicBaseURL | None = None
    base_path: str = "/api/auth"
    secret: SecretStr | None = None
    secrets: tuple[VersionedSecret, ...] = ()
    production: bool = False
    """Secure cookies, rate limits and the check of the secret are on unless set otherwise."""
    trusted_origins: tuple[str, ...] | SkipValidation[TrustedOriginsFunction] = ()
    email_and_password: EmailAndPassword = EmailAndPassword()
    email_verification: EmailVerification = EmailVerification()
    social_providers: SocialProviders = Field(default_factory=SocialProviders)
    user: UserOptions = UserOptions()
    session: SessionOptions = SessionOptions()
    account: AccountOptions = AccountOptions()
    verification: VerificationOptions = VerificationOptions()
    rate_limit: RateLimitOptions = RateLimitOptions()
    advanced: AdvancedOptions = AdvancedOptions()
    hooks: RequestHooks = RequestHooks()
    database_hooks: DatabaseHooks = DatabaseHooks()
    disabled_paths: tuple[str, ...] = ()
    on_api_error: OnApiError = Field(default=OnApiError(), alias="onAPIError")
    logger: LoggerOptions = LoggerOptions()
    tables: Mapping[str, ModelOptions] = Field(default_factory=dict)
    """Names and further columns of plugins' tables, by model name."""

    @classmethod
    def load(cls, options: Mapping[str, Any]) -> Settings:
        """Settings from a mapping in either spelling.

        Raises:
            ConfigError: An option does not exist or does not fit; the message names it.
        """
        try:
            return cls.model_validate(options)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise ConfigError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **options: Any) -> Settings:
        """Settings whose secret, address and origins come from the environment where ``options`` do not give them.

        Reads ``BETTER_AUTH_SECRET`` (or ``AUTH_SECRET``), ``BETTER_AUTH_SECRETS`` (``2:new,1:old``),
        ``BETTER_AUTH_URL`` and ``BETTER_AUTH_TRUSTED_ORIGINS`` (comma-separated).
        """
        env = os.environ if environ is None else environ
        found: dict[str, Any] = {}
        secret = env.get("BETTER_AUTH_SECRET") or env.get("AUTH_SECRET")
        if secret:
            found["secret"] = secret
        if versions := env.get("BETTER_AUTH_SECRETS"):
            pairs = [entry.partition(":") for entry in versions.split(",") if entry.strip()]
            if any(not number.strip().isdigit() or not value for number, _, value in pairs):
                raise ConfigError("BETTER_AUTH_SECRETS must read like 2:new-secret,1:old-secret")
            found["secrets"] = [{"version": int(number), "value": value.strip()} for number, _, value in pairs]
        if url := env.get("BETTER_AUTH_URL"):
            found["base_url"] = url
        if origins := env.get("BETTER_AUTH_TRUSTED_ORIGINS"):
            more = tuple(origin.strip() for origin in origins.split(",") if origin.strip())
            given = options.get("trusted_origins", ())
            if callable(given):
                raise ConfigError("BETTER_AUTH_TRUSTED_ORIGINS cannot be joined with a trusted_origins function")
            options = {**options, "trusted_origins": (*given, *more)}
        return cls.load({**found, **options})

    @model_validator(mode="after")
    def _consistent(self) -> Settings:
        passwords = self.email_and_password
        if passwords.min_password_length > passwords.max_password_length:
            raise ValueError("email_and_password.min_password_length is greater than max_password_length")
        if (
            passwords.enabled
            and passwords.require_email_verification
            and self.email_verification.send_verification_email is None
        ):
            raise ValueError(
                "email_and_password.require_email_verification needs email_verification.send_verification_email: "
                "nobody could ever sign in"
            )
        own = passwords.password
        if own is not None and (own.hash is None) != (own.verify is None):
            raise ValueError("email_and_password.password needs both hash and verify")
        versions = [each.version for each in self.secrets]
        if len(set(versions)) != len(versions):
            raise ValueError("secrets: each version may appear once")
        default = self.advanced.default_cookie_attributes
        if (
            default is not None
            and (default.same_site or "").lower() == "none"
            and default.secure is not True
            and self.advanced.use_secure_cookies is not True
            and not (isinstance(self.base_url, str) and self.base_url.startswith("https://"))
        ):
            raise ValueError("advanced.default_cookie_attributes: browsers refuse SameSite=None without Secure")
        return self

    def current_secret(self) -> str:
        """The secret that signs.

        Raises:
            ConfigError: There is none, or in production it is too short to be one.
        """
        secret = self.secrets[0].value if self.secrets else self.secret
        text = "" if secret is None else secret.get_secret_value()
        if not text:
            raise ConfigError("a secret is needed: Settings(secret=...), at least 32 random characters")
        if self.production and (len(text) < MIN_SECRET or len(set(text)) < 8):
            raise ConfigError("the secret is too weak for production: use at least 32 random characters")
        return text

    def secret_set(self) -> Secrets:
        """The secret in use and those that still open what they once closed.

        Raises:
            ConfigError: As :meth:`current_secret`.
        """
        current = self.current_secret()
        if not self.secrets:
            return Secrets.single(current)
        legacy = None if self.secret is None else self.secret.get_secret_value()
        return Secrets.versioned(
            [(each.version, each.value.get_secret_value()) for each in self.secrets], legacy=legacy
        )

    def table_options(self) -> dict[str, TableOptions]:
        """Names and further columns of every table, by model name."""
        groups: dict[str, ModelOptions] = {
            "user": self.user,
            "session": self.session,
            "account": self.account,
            "verification": self.verification,
            "rateLimit": self.rate_limit,
            **self.tables,
        }
        return {model: options.table_options() for model, options in groups.items()}

    def rate_limited(self) -> bool:
        """Whether requests are counted."""
        return self.production if self.rate_limit.enabled is None else self.rate_limit.enabled
