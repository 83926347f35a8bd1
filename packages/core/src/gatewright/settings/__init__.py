"""Room 3: validated options.

Frozen pydantic models, snake_case in Python and camelCase by alias, so that a TypeScript options object validates
as it is. Validated once, at construction; a request never touches pydantic.
"""

from gatewright.settings.account import AccountLinking, AccountOptions
from gatewright.settings.address_policy import AddressPolicy
from gatewright.settings.advanced import (
    AdvancedOptions,
    BackgroundTaskOptions,
    CookieOptions,
    CookieOverride,
    CrossSubDomainCookies,
    DatabaseOptions,
    IpAddressOptions,
)
from gatewright.settings.base import Options
from gatewright.settings.email_password import EmailAndPassword, PasswordFunctions
from gatewright.settings.email_verification import EmailVerification
from gatewright.settings.errors import (
    ErrorPageColors,
    ErrorPageFont,
    ErrorPageOptions,
    ErrorPageSize,
    OnApiError,
)
from gatewright.settings.fields import (
    FieldOptions,
    ModelOptions,
    ReferenceOptions,
    TransformOptions,
    ValidatorOptions,
)
from gatewright.settings.hooks import (
    DatabaseHooks,
    HookAnswer,
    HookContext,
    ModelHooks,
    RequestHooks,
    StageHooks,
)
from gatewright.settings.logger import LoggerOptions, TelemetryOptions
from gatewright.settings.rate_limit import CustomStorage, LimitOptions, RateLimitOptions
from gatewright.settings.session import CookieCache, RefreshCache, SessionOptions
from gatewright.settings.settings import DynamicBaseURL, Settings, VersionedSecret
from gatewright.settings.social import PROVIDER_IDS, SocialProvider, SocialProviderId
from gatewright.settings.user import ChangeEmailOptions, DeleteUserOptions, UserOptions
from gatewright.settings.verification import IdentifierHash, IdentifierStorage, VerificationOptions

__all__ = (
    "PROVIDER_IDS",
    "AccountLinking",
    "AccountOptions",
    "AddressPolicy",
    "AdvancedOptions",
    "BackgroundTaskOptions",
    "ChangeEmailOptions",
    "CookieCache",
    "CookieOptions",
    "CookieOverride",
    "CrossSubDomainCookies",
    "CustomStorage",
    "DatabaseHooks",
    "DatabaseOptions",
    "DeleteUserOptions",
    "DynamicBaseURL",
    "EmailAndPassword",
    "EmailVerification",
    "ErrorPageColors",
    "ErrorPageFont",
    "ErrorPageOptions",
    "ErrorPageSize",
    "FieldOptions",
    "HookAnswer",
    "HookContext",
    "IdentifierHash",
    "IdentifierStorage",
    "IpAddressOptions",
    "LimitOptions",
    "LoggerOptions",
    "ModelHooks",
    "ModelOptions",
    "OnApiError",
    "Options",
    "PasswordFunctions",
    "RateLimitOptions",
    "ReferenceOptions",
    "RefreshCache",
    "RequestHooks",
    "SessionOptions",
    "Settings",
    "SocialProvider",
    "SocialProviderId",
    "StageHooks",
    "TelemetryOptions",
    "TransformOptions",
    "UserOptions",
    "ValidatorOptions",
    "VerificationOptions",
    "VersionedSecret",
)
