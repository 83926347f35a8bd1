import pytest
from pydantic import SecretStr

from gatewright.crypto.cipher import Secrets
from gatewright.model.schema import TableOptions
from gatewright.settings import (
    AdvancedOptions,
    CookieCache,
    DynamicBaseURL,
    IdentifierHash,
    Settings,
    VersionedSecret,
    derived,
)
from gatewright.settings.callbacks import LimitDecision
from gatewright.settings.rate_limit import LimitOptions


@pytest.mark.parametrize(
    ("use", "base_url", "production", "secure"),
    [
        (None, None, False, False),
        (None, None, True, True),
        (None, "http://a.example", True, False),
        (None, "https://a.example", False, True),
        (False, "https://a.example", True, False),
        (True, "http://a.example", False, True),
        (None, DynamicBaseURL(protocol="https"), False, True),
        (None, DynamicBaseURL(protocol="http"), True, False),
        (None, DynamicBaseURL(), True, True),
        (None, DynamicBaseURL(), False, False),
    ],
)
def test_cookies_are_secure_by_the_contracts_rule(
    use: bool | None, base_url: str | DynamicBaseURL | None, production: bool, secure: bool
) -> None:
    settings = Settings(
        base_url=base_url, production=production, advanced=AdvancedOptions(use_secure_cookies=use, cookie_prefix="my")
    )
    assert derived.secure_cookies(settings) is secure
    assert derived.cookie_prefix(settings) == ("__Secure-my" if secure else "my")


@pytest.mark.parametrize(
    ("cross", "domain"),
    [
        ({}, None),
        ({"enabled": False, "domain": "a.example"}, None),
        ({"enabled": True, "domain": "a.example"}, "a.example"),
        ({"enabled": True}, "app.b.example"),
    ],
)
def test_shared_cookies_have_the_domain_said_or_the_host(cross: dict[str, object], domain: str | None) -> None:
    settings = Settings.load(
        {"baseURL": "https://app.b.example:8443/x", "advanced": {"crossSubDomainCookies": cross} if cross else {}}
    )
    assert derived.cookie_domain(settings) == domain


def test_the_copy_of_a_session_lasts_five_minutes_unless_set() -> None:
    settings = Settings.load({"session": {"cookieCache": {"enabled": True}}})
    assert derived.session_copy(settings.session, stateless=False) == CookieCache(enabled=True, max_age=300)
    assert derived.session_copy(Settings().session, stateless=False) == CookieCache(max_age=300)


def test_without_a_store_the_copy_is_the_session() -> None:
    settings = Settings.load({"session": {"expiresIn": 1000}})
    assert derived.session_copy(settings.session, stateless=True) == CookieCache(
        enabled=True, strategy="jwe", refresh_cache=True, max_age=1000
    )
    said = Settings.load({"session": {"cookieCache": {"strategy": "jwt", "maxAge": 5, "refreshCache": False}}})
    assert derived.session_copy(said.session, stateless=True) == CookieCache(
        enabled=True, strategy="jwt", refresh_cache=False, max_age=5
    )


def test_the_older_name_of_the_strategy_is_understood() -> None:
    settings = Settings.load({"session": {"cookieCache": {"encoding": "jwt"}}})
    assert settings.session.cookie_cache == CookieCache(strategy="jwt")


@pytest.mark.parametrize(
    ("cache", "window"),
    [
        ({"maxAge": 100}, None),
        ({"maxAge": 100, "refreshCache": True}, 20),
        ({"refreshCache": True}, 60),
        ({"maxAge": 100, "refreshCache": {"updateAge": 7}}, 7),
        ({"maxAge": 100, "refreshCache": {}}, 20),
    ],
)
def test_a_copy_is_reissued_in_the_last_fifth_unless_set(cache: dict[str, object], window: int | None) -> None:
    assert derived.refresh_window(CookieCache.model_validate(cache)) == window


def test_state_lives_where_there_is_a_store() -> None:
    assert derived.state_strategy(Settings(), stateless=False) == "database"
    assert derived.state_strategy(Settings(), stateless=True) == "cookie"
    assert (
        derived.state_strategy(Settings.load({"account": {"storeStateStrategy": "cookie"}}), stateless=False)
        == "cookie"
    )


def test_the_account_is_kept_in_a_cookie_where_there_is_no_database() -> None:
    assert derived.stores_account_cookie(Settings(), has_database=False) is True
    assert derived.stores_account_cookie(Settings(), has_database=True) is False
    said = Settings.load({"account": {"storeAccountCookie": True}})
    assert derived.stores_account_cookie(said, has_database=True) is True


@pytest.mark.parametrize(("said", "sends"), [(None, True), (False, False), (True, True)])
def test_signing_up_sends_a_link_where_one_is_required(said: bool | None, sends: bool) -> None:
    async def send(*_: object) -> None: ...

    settings = Settings.load(
        {
            "emailAndPassword": {"enabled": True, "requireEmailVerification": True},
            "emailVerification": {"sendVerificationEmail": send, "sendOnSignUp": said},
        }
    )
    assert derived.send_on_sign_up(settings) is sends
    assert derived.send_on_sign_up(Settings()) is False


@pytest.mark.parametrize(
    ("enabled", "production", "limited"),
    [(None, True, True), (None, False, False), (False, True, False), (True, False, True)],
)
def test_requests_are_counted_in_production(enabled: bool | None, production: bool, limited: bool) -> None:
    settings = Settings.load({"production": production, "rateLimit": {"enabled": enabled}})
    assert settings.rate_limited() is limited


def test_requests_are_counted_in_the_store_there_is() -> None:
    class Counters:
        async def consume(self, key: str, rule: LimitOptions) -> LimitDecision:
            return LimitDecision(allowed=True)

    assert derived.rate_limit_storage(Settings(), has_cache=False) == "memory"
    assert derived.rate_limit_storage(Settings(), has_cache=True) == "secondary-storage"
    said = Settings.load({"rateLimit": {"storage": "database"}})
    assert derived.rate_limit_storage(said, has_cache=True) == "database"
    counters = Counters()
    own = Settings.load({"rateLimit": {"storage": "database", "customStorage": counters}})
    assert derived.rate_limit_storage(own, has_cache=True) == "custom"
    assert own.rate_limit.custom_storage is not None
    assert own.rate_limit.custom_storage.consume == counters.consume


def test_an_empty_prefix_of_cookies_is_the_default() -> None:
    assert AdvancedOptions(cookie_prefix="").cookie_prefix == AdvancedOptions().cookie_prefix == "better-auth"


def test_identifiers_are_stored_as_the_first_matching_prefix_says() -> None:
    async def own(identifier: str) -> str:
        return identifier

    options = Settings.load(
        {
            "verification": {
                "storeIdentifier": {"default": "hashed", "overrides": {"otp-": {"hash": own}, "otp-x": "plain"}}
            }
        }
    ).verification
    assert derived.identifier_form(options, "otp-x1") == IdentifierHash(hash=own)
    assert derived.identifier_form(options, "state-1") == "hashed"
    assert derived.identifier_form(Settings().verification, "otp-1") == "plain"
    direct = Settings.load({"verification": {"storeIdentifier": {"hash": own}}}).verification
    assert derived.identifier_form(direct, "x") == IdentifierHash(hash=own)


def test_every_secret_is_known_to_the_cipher() -> None:
    entries = [VersionedSecret(version=2, value=SecretStr("new")), VersionedSecret(version=1, value=SecretStr("old"))]
    assert derived.secret_set(Settings(secret="single")) == Secrets.single("single")
    assert derived.secret_set(Settings(secrets=entries, secret="single")) == Secrets.versioned(
        [(2, "new"), (1, "old")], legacy="single"
    )


def test_the_published_default_opens_nothing_beside_versioned_secrets() -> None:
    entries = [VersionedSecret(version=1, value=SecretStr("new"))]
    secrets = derived.secret_set(Settings(secrets=entries, secret="better-auth-secret-12345678901234567890"))
    assert secrets.legacy is None


def test_tables_take_their_names_from_settings() -> None:
    settings = Settings.load(
        {"user": {"modelName": "people", "fields": {"email": "mail"}}, "tables": {"passkey": {"modelName": "keys"}}}
    )
    tables = settings.table_options()
    assert tables["user"] == TableOptions("people", {"email": "mail"})
    assert tables["passkey"] == TableOptions("keys", {})
    assert set(tables) == {"user", "session", "account", "verification", "rateLimit", "passkey"}
