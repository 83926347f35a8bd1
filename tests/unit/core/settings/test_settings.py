from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import pytest
from pydantic import ValidationError

from gatewright.settings import (
    AdvancedOptions,
    CookieOptions,
    CookieOverride,
    CrossSubDomainCookies,
    DynamicBaseURL,
    EmailAndPassword,
    EmailVerification,
    SessionOptions,
    Settings,
    SocialProvider,
)
from gatewright.settings.callbacks import Mail
from gatewright.wire.faults import ConfigError

if TYPE_CHECKING:
    from gatewright.http.request import Request

STRONG = "Zk3v0qT9xW1rB7nM5cY8dF2hJ6gL4pS0"
PUBLIC = "better-auth-secret-12345678901234567890"


async def send(mail: Mail, request: Request | None) -> None:
    """Delivers nothing."""


async def call(*arguments: Any) -> Any:
    return arguments


def now(*arguments: Any) -> Any:
    return arguments


FIELDS = {
    "modelName": "people",
    "fields": {"email": "mail"},
    "additionalFields": {
        "role": {
            "type": ["user", "admin"],
            "required": False,
            "returned": True,
            "input": False,
            "defaultValue": "user",
            "onUpdate": now,
            "transform": {"input": now, "output": now},
            "references": {"model": "role", "field": "name", "onDelete": "set null"},
            "unique": False,
            "bigint": False,
            "index": True,
            "sortable": True,
            "fieldName": "role_name",
            "validator": {"input": now, "output": {"~standard": {"version": 1, "vendor": "zod", "validate": now}}},
        }
    },
}
WRITES = {stage: {"before": call, "after": call} for stage in ("create", "update", "delete")}

TYPESCRIPT: Mapping[str, object] = {
    "appName": "Shop",
    "baseURL": {"allowedHosts": ["*.shop.example"], "protocol": "https", "fallback": "https://shop.example"},
    "basePath": "/auth",
    "secret": STRONG,
    "secrets": [{"version": 2, "value": STRONG}, {"version": 1, "value": "older"}],
    "trustedOrigins": call,
    "disabledPaths": ["/sign-up/email"],
    "emailVerification": {
        "sendVerificationEmail": send,
        "sendOnSignUp": True,
        "sendOnSignIn": True,
        "autoSignInAfterVerification": True,
        "expiresIn": 60,
        "beforeEmailVerification": call,
        "afterEmailVerification": call,
    },
    "emailAndPassword": {
        "enabled": True,
        "disableSignUp": False,
        "requireEmailVerification": True,
        "maxPasswordLength": 64,
        "minPasswordLength": 10,
        "sendResetPassword": send,
        "resetPasswordTokenExpiresIn": 60,
        "onPasswordReset": call,
        "password": {"hash": call, "verify": call},
        "autoSignIn": False,
        "revokeSessionsOnPasswordReset": True,
        "onExistingUserSignUp": call,
        "customSyntheticUser": now,
    },
    "socialProviders": {
        "google": {
            "clientId": ["web", "ios"],
            "clientSecret": "hush",
            "redirectURI": "https://shop.example/cb",
            "scope": ["calendar"],
            "accessType": "offline",
            "hd": "shop.example",
            "mapProfileToUser": now,
            "getUserInfo": call,
            "refreshAccessToken": call,
            "verifyIdToken": call,
        },
        "github": call,
        "salesforce": {"clientId": "a", "loginUrl": "login.shop.example", "environment": "sandbox"},
    },
    "user": {
        **FIELDS,
        "validateUserInfo": call,
        "changeEmail": {
            "enabled": True,
            "sendChangeEmailConfirmation": call,
            "updateEmailWithoutVerification": True,
        },
        "deleteUser": {
            "enabled": True,
            "sendDeleteAccountVerification": call,
            "beforeDelete": call,
            "afterDelete": call,
            "deleteTokenExpiresIn": 60,
        },
    },
    "session": {
        **FIELDS,
        "expiresIn": 3600,
        "updateAge": 0,
        "disableSessionRefresh": True,
        "deferSessionRefresh": True,
        "storeSessionInDatabase": True,
        "preserveSessionInDatabase": True,
        "cookieCache": {
            "maxAge": 60,
            "enabled": True,
            "strategy": "jwe",
            "refreshCache": {"updateAge": 10},
            "version": now,
        },
        "freshAge": 0,
    },
    "account": {
        **FIELDS,
        "updateAccountOnSignIn": False,
        "accountLinking": {
            "enabled": False,
            "disableImplicitLinking": True,
            "requireLocalEmailVerified": False,
            "trustedProviders": ["google"],
            "allowDifferentEmails": True,
            "allowUnlinkingAll": True,
            "updateUserInfoOnLink": True,
        },
        "encryptOAuthTokens": True,
        "skipStateCookieCheck": True,
        "storeStateStrategy": "cookie",
        "storeAccountCookie": True,
    },
    "verification": {
        **FIELDS,
        "disableCleanup": True,
        "storeIdentifier": {"default": "hashed", "overrides": {"otp-": {"hash": call}, "state": "plain"}},
        "storeInDatabase": True,
    },
    "rateLimit": {
        **FIELDS,
        "enabled": True,
        "window": 60,
        "max": 5,
        "customRules": {"/sign-in/*": {"window": 10, "max": 3}, "/get-session": False, "/list-*": call},
        "storage": "secondary-storage",
        "customStorage": {"consume": call},
    },
    "advanced": {
        "ipAddress": {
            "ipAddressHeaders": ["cf-connecting-ip"],
            "disableIpTracking": True,
            "ipv6Subnet": 48,
            "trustedProxies": ["10.0.0.0/8", "::1"],
        },
        "useSecureCookies": True,
        "disableCSRFCheck": True,
        "disableOriginCheck": ["/callback"],
        "crossSubDomainCookies": {"enabled": True, "additionalCookies": ["x"], "domain": "shop.example"},
        "cookies": {"session_token": {"name": "sid", "attributes": {"httpOnly": True, "sameSite": "None"}}},
        "defaultCookieAttributes": {"maxAge": 5, "path": "/", "partitioned": True, "secure": True},
        "cookiePrefix": "shop",
        "database": {"defaultFindManyLimit": 10, "generateId": now, "joins": True},
        "trustedProxyHeaders": True,
        "backgroundTasks": {"handler": now},
        "skipTrailingSlashes": True,
    },
    "logger": {"disabled": True, "disableColors": True, "level": "error", "log": now},
    "databaseHooks": dict.fromkeys(("user", "session", "account", "verification"), WRITES),
    "onAPIError": {
        "throw": True,
        "onError": call,
        "errorURL": "/oops",
        "customizeDefaultErrorPage": {
            "colors": {"background": "#fff", "primaryForeground": "#000"},
            "size": {"radiusSm": "1px", "text2xl": "2rem"},
            "font": {"defaultFamily": "serif"},
            "disableTitleBorder": True,
        },
    },
    "hooks": {"before": call, "after": call},
    "telemetry": {"enabled": True, "debug": False},
}


def test_a_typescript_options_object_validates_as_it_is() -> None:
    settings = Settings.load(TYPESCRIPT)
    assert settings.base_url == DynamicBaseURL(
        allowed_hosts=["*.shop.example"], protocol="https", fallback="https://shop.example"
    )
    assert settings.disabled_paths == ("/sign-up/email",)
    assert settings.trusted_origins is call
    assert settings.email_verification.send_verification_email is send
    assert settings.user.additional_fields["role"].type == ("user", "admin")
    assert settings.social_providers["github"] is call
    google = settings.social_providers["google"]
    assert isinstance(google, SocialProvider)
    assert google.client_id == ("web", "ios")
    assert google.redirect_uri == "https://shop.example/cb"
    assert settings.advanced.disable_csrf_check is True
    assert settings.on_api_error.error_url == "/oops"
    assert settings.account.encrypt_oauth_tokens is True


def test_every_given_option_is_kept_under_its_contract_name() -> None:
    dumped = Settings.load(TYPESCRIPT).model_dump(by_alias=True, exclude_unset=True)
    assert set(dumped) == set(TYPESCRIPT)
    for group in ("emailAndPassword", "emailVerification", "session", "account", "rateLimit", "advanced", "onAPIError"):
        assert set(dumped[group]) == set(cast("Mapping[str, object]", TYPESCRIPT[group]))


def test_python_names_and_types_make_the_same_settings() -> None:
    python = Settings(
        secret=STRONG,
        base_url="https://shop.example",
        trusted_origins=["https://admin.shop.example"],
        email_and_password=EmailAndPassword(enabled=True, require_email_verification=True),
        email_verification=EmailVerification(send_verification_email=send),
        session=SessionOptions(expires_in=60),
    )
    wire = Settings.load(
        {
            "secret": STRONG,
            "baseURL": "https://shop.example",
            "trustedOrigins": ("https://admin.shop.example",),
            "emailAndPassword": {"enabled": True, "requireEmailVerification": True},
            "emailVerification": {"sendVerificationEmail": send},
            "session": {"expiresIn": 60},
        }
    )
    assert python == wire


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"sesion": {}}, "sesion: unknown option"),
        ({"session": {"expires": 1}}, "session.expires: unknown option"),
        ({"session": {"cookieCache": {"maxage": 1}}}, "session.cookieCache.maxage: unknown option"),
        (
            {"user": {"additionalFields": {"role": {"type": "string", "inputs": False}}}},
            "user.additionalFields.role.inputs: unknown option",
        ),
        (
            {"socialProviders": {"google": {"clientID": "x"}}},
            "socialProviders.google.clientID: unknown option",
        ),
        ({"secrets": [{"version": 1, "value": "a", "key": "b"}]}, "secrets[0].key: unknown option"),
        ({"database": {}}, "database: unknown option"),
        (
            {"verification": {"storeIdentifier": {"hsh": 1, "hash": call}}},
            "verification.storeIdentifier.hsh: unknown option",
        ),
    ],
)
def test_unknown_options_are_refused_with_their_path(given: Mapping[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Settings.load(given)
    assert str(refused.value) == message


def test_the_constructor_refuses_in_the_same_words() -> None:
    unknown: Any = {"sesion": {}}
    with pytest.raises(ConfigError) as refused:
        Settings(**unknown)
    assert str(refused.value) == "sesion: unknown option"


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        Settings.load({"session": {"expiresIn": "long"}, "emailAndPassword": {"enabled": "no"}, "trustedOrigins": 5})
    assert str(refused.value) == (
        "trustedOrigins: must be list or function; emailAndPassword.enabled: input should be a valid boolean; "
        "session.expiresIn: must be a number"
    )


@pytest.mark.parametrize("value", ["false", "true", 0, 1, None])
def test_a_switch_takes_nothing_but_a_boolean(value: object) -> None:
    with pytest.raises(ConfigError, match=r"account\.accountLinking\.enabled: "):
        Settings.load({"account": {"accountLinking": {"enabled": value}}})


@pytest.mark.parametrize(("value", "kept"), [(60, 60), (60.0, 60), (1, 1)])
def test_a_duration_is_a_whole_number_of_seconds(value: float, kept: int) -> None:
    assert Settings.load({"session": {"expiresIn": value}}).session.expires_in == kept


@pytest.mark.parametrize("value", [0, -1, 0.5, "60", True, float("inf"), float("nan"), 10**12])
def test_a_duration_that_is_none_is_refused(value: object) -> None:
    with pytest.raises(ConfigError, match=r"^session\.expiresIn: "):
        Settings.load({"session": {"expiresIn": value}})


def test_unknown_providers_are_refused_by_name() -> None:
    with pytest.raises(ConfigError, match=r"^socialProviders\.mylogin: unknown; expected one of 'apple', "):
        Settings.load({"socialProviders": {"mylogin": {"clientId": "x"}}})


def test_verification_that_nobody_can_pass_is_refused() -> None:
    required = EmailAndPassword(enabled=True, require_email_verification=True)
    with pytest.raises(ConfigError) as refused:
        Settings(email_and_password=required)
    assert "emailAndPassword.requireEmailVerification" in str(refused.value)
    assert "emailVerification.sendVerificationEmail" in str(refused.value)
    assert Settings(email_and_password=required, email_verification=EmailVerification(send_verification_email=send))
    assert Settings(email_and_password=EmailAndPassword(require_email_verification=True))


def test_shared_cookies_need_a_domain_or_an_address() -> None:
    shared = AdvancedOptions(cross_sub_domain_cookies=CrossSubDomainCookies(enabled=True))
    with pytest.raises(ConfigError, match=r"advanced\.crossSubDomainCookies needs a domain, or a baseURL"):
        Settings(advanced=shared)
    assert Settings(advanced=shared, base_url="https://shop.example")
    assert Settings(
        advanced=AdvancedOptions(cross_sub_domain_cookies=CrossSubDomainCookies(enabled=True, domain="shop.example"))
    )


NONE = CookieOptions(same_site="none")


@pytest.mark.parametrize(
    "advanced",
    [
        AdvancedOptions(default_cookie_attributes=NONE),
        AdvancedOptions(cookies={"session_token": CookieOverride(attributes=NONE)}),
        AdvancedOptions(
            default_cookie_attributes=CookieOptions(same_site="None", secure=False), use_secure_cookies=True
        ),
    ],
)
def test_same_site_none_without_secure_is_refused(advanced: AdvancedOptions) -> None:
    with pytest.raises(ConfigError, match=r"advanced\..*: browsers refuse sameSite none without secure"):
        Settings(advanced=advanced)


@pytest.mark.parametrize(
    ("advanced", "base_url"),
    [
        (AdvancedOptions(default_cookie_attributes=NONE), "https://shop.example"),
        (AdvancedOptions(default_cookie_attributes=NONE, use_secure_cookies=True), None),
        (AdvancedOptions(default_cookie_attributes=CookieOptions(same_site="none", secure=True)), None),
        (
            AdvancedOptions(
                default_cookie_attributes=CookieOptions(secure=True),
                cookies={"session_token": CookieOverride(attributes=NONE)},
            ),
            None,
        ),
    ],
)
def test_same_site_none_with_secure_is_fine(advanced: AdvancedOptions, base_url: str | None) -> None:
    assert Settings(advanced=advanced, base_url=base_url).advanced is advanced


@pytest.mark.parametrize("url", ["shop.example", "/auth", "ftp://shop.example", "https://", "http://[", "javascript:1"])
def test_an_address_that_is_not_absolute_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match=r"^base_url: must be an absolute http or https address$"):
        Settings(base_url=url)
    with pytest.raises(ConfigError, match=r"^base_url: must be an absolute http or https address$"):
        Settings(base_url=DynamicBaseURL(allowed_hosts=["shop.example"], fallback=url))


def test_settings_do_not_change() -> None:
    settings = Settings(secret=STRONG)
    with pytest.raises(ValidationError, match="frozen"):
        settings.app_name = "Other"


def test_lists_that_were_given_may_change_without_effect() -> None:
    origins = ["https://a.example"]
    settings = Settings(trusted_origins=origins)
    origins.append("https://evil.example")
    assert settings.trusted_origins == ("https://a.example",)
