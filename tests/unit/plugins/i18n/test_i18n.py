"""Refusals in the visitor's language."""

from __future__ import annotations

from typing import Any

import pytest

from gatewright.contract.faults import InvalidEmailOrPassword
from gatewright.contract.sign_in import SignInEmail
from gatewright.plugins.i18n.locales import LOCALES
from gatewright.plugins.i18n.plugin import I18n, I18nOptions
from gatewright.settings.base import Options
from gatewright.settings.hooks import HookContext
from gatewright.testing.app import TestApp, make_app
from gatewright.wire.faults import ConfigError

pytestmark = pytest.mark.anyio

ADA = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}
WRONG = {"email": "ada@example.com", "password": "wrong-password"}
TEXTS = {
    "en": {"INVALID_EMAIL_OR_PASSWORD": "No."},
    "fr": {"INVALID_EMAIL_OR_PASSWORD": "Non.", "VALIDATION_ERROR": "Illisible.", "INVALID_PASSWORD": "Faux."},
    "de": {"INVALID_EMAIL_OR_PASSWORD": "Nein."},
}


def an_app(**options: Any) -> TestApp:
    return make_app(plugins=[I18n(I18nOptions(translations=options.pop("translations", TEXTS), **options))])


async def said(app: TestApp, **headers: str) -> str:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return (await app.browser().post("/sign-in/email", WRONG, headers=named)).json["message"]


async def test_a_refusal_is_said_in_the_visitor_s_language_with_the_contract_s_words_beside_it() -> None:
    answer = await an_app().browser().post("/sign-in/email", WRONG, headers={"accept-language": "fr"})
    assert (answer.status, answer.json) == (
        401,
        {
            "code": "INVALID_EMAIL_OR_PASSWORD",
            "message": "Non.",
            "originalMessage": "Invalid email or password",
        },
    )


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("fr-CA,en;q=0.5", "Non."),
        ("de;q=0.2,fr;q=0.9", "Non."),
        ("de;q=0.5,fr;q=0.5", "Nein."),
        ("xx,de", "Nein."),
        ("fr;q=abc,de;q=0.3", "Non."),
        ("fr;q=nan,de;q=0.3", "Non."),
        ("fr;level=1,de;q=0.3", "Non."),
        (" fr ; q=0.5 , de", "Nein."),
        ("FR", "No."),
        ("*", "No."),
        ("", "No."),
        (",;,q=", "No."),
    ],
)
async def test_the_best_liked_language_that_has_texts_is_taken(header: str, text: str) -> None:
    assert await said(an_app(), accept_language=header) == text


REGIONS = {
    locale: {"INVALID_EMAIL_OR_PASSWORD": locale}
    for locale in ("en", "pt", "pt-BR", "zh-Hant", "zh-Hant-HK", "fr-CA", "de")
}


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("pt-BR", "pt-BR"),
        ("pt-br", "pt-BR"),
        ("PT-BR", "pt-BR"),
        ("pt-PT", "pt"),
        ("pt", "pt"),
        ("zh-Hant-TW", "zh-Hant"),
        ("zh-hant-hk-x-own", "zh-Hant-HK"),
        ("zh-Hans, de;q=0.5", "de"),
        ("fr", "en"),
        ("fr-CA, de", "fr-CA"),
        ("de-CH;q=0.8, fr-CA;q=0.9", "fr-CA"),
        ("-", "en"),
        ("--", "en"),
        ("-BR", "en"),
        ("x", "en"),
        ("pt-", "pt"),
        (",".join(["xx"] * 200), "en"),
    ],
)
async def test_a_region_s_own_locale_is_found_by_header(header: str, locale: str) -> None:
    assert await said(an_app(translations=REGIONS), accept_language=header) == locale


async def test_every_locale_that_comes_along_is_found_by_header() -> None:
    app = an_app(translations=LOCALES)
    said_in = {locale: await said(app, accept_language=f"xx, {locale}-ZZ;q=0.9") for locale in LOCALES}
    assert said_in == {locale: texts["INVALID_EMAIL_OR_PASSWORD"] for locale, texts in LOCALES.items()}


async def test_a_code_without_a_text_keeps_the_contract_s_message() -> None:
    answer = (
        await an_app().browser().post("/sign-up/email", {**ADA, "password": "x"}, headers={"accept-language": "fr"})
    )
    assert answer.json == {"code": "PASSWORD_TOO_SHORT", "message": "Password too short"}


async def test_a_request_that_cannot_be_read_is_refused_in_the_same_language() -> None:
    answer = await an_app().browser().post("/sign-in/email", {"email": 3}, headers={"accept-language": "fr"})
    assert (answer.status, answer.json["code"], answer.json["message"]) == (400, "VALIDATION_ERROR", "Illisible.")
    assert answer.json["originalMessage"].startswith("[body.email] ")


async def test_a_success_is_left_alone() -> None:
    app = an_app()
    answer = await app.browser().post("/sign-up/email", ADA, headers={"accept-language": "fr"})
    assert (answer.status, sorted(answer.json)) == (200, ["token", "user"])


async def test_the_cookie_names_a_locale_exactly() -> None:
    app = an_app(detection=("cookie", "header"), locale_cookie="lang")
    assert await said(app, cookie="lang=fr", accept_language="de") == "Non."
    assert await said(app, cookie="lang=fr-CA", accept_language="de") == "Nein."
    assert await said(app, cookie="locale=fr", accept_language="xx") == "No."


async def test_the_signed_in_user_s_own_locale_is_taken_where_the_operation_knows_the_user() -> None:
    app = make_app(
        {"user": {"additional_fields": {"locale": {"type": "string", "required": False}}}},
        plugins=[I18n(I18nOptions(translations=TEXTS, detection=("session",), default_locale="xx"))],
    )
    browser = app.browser()
    await browser.post("/sign-up/email", {**ADA, "locale": "fr"})
    answer = await browser.post(
        "/change-password", {"currentPassword": "wrong-password", "newPassword": "new-password"}
    )
    assert answer.json == {"code": "INVALID_PASSWORD", "message": "Faux.", "originalMessage": "Invalid password"}
    assert (await browser.post("/sign-in/email", WRONG)).json["message"] == "Invalid email or password"


@pytest.mark.parametrize("waits", [True, False])
async def test_the_application_s_own_choice_sees_the_call_and_the_refusal(*, waits: bool) -> None:
    seen: list[HookContext] = []

    def choose(context: HookContext) -> str | None:
        seen.append(context)
        return context.headers.get("x-language")

    async def choose_later(context: HookContext) -> str | None:
        return choose(context)

    app = an_app(detection=("callback",), get_locale=choose_later if waits else choose)
    assert await said(app, x_language="de") == "Nein."
    assert await said(app, x_language="xx") == "No."
    (first, _) = seen
    assert (first.path, first.body, type(first.returned)) == ("/sign-in/email", WRONG, InvalidEmailOrPassword)


async def test_the_application_s_own_hooks_see_the_contract_s_words_first() -> None:
    seen: list[object] = []

    async def look(context: HookContext) -> None:
        seen.append(str(context.returned))

    app = make_app({"hooks": {"after": look}}, plugins=[I18n(I18nOptions(translations=TEXTS))])
    assert await said(app, accept_language="fr") == "Non."
    assert seen == ["Invalid email or password"]


@pytest.mark.parametrize("hooked", [True, False])
async def test_a_call_of_the_application_raises_the_same_fault_in_other_words(*, hooked: bool) -> None:
    async def nothing(_: HookContext) -> None:
        return None

    hooks = {"after": nothing} if hooked else {}
    app = make_app({"hooks": hooks}, plugins=[I18n(I18nOptions(translations=TEXTS))])
    with pytest.raises(InvalidEmailOrPassword, match=r"^Non\.$") as caught:
        await app.auth.execute(
            SignInEmail(email=WRONG["email"], password=WRONG["password"]), headers={"accept-language": "fr"}
        )
    assert caught.value.extra == {"originalMessage": "Invalid email or password"}
    assert (InvalidEmailOrPassword().message, InvalidEmailOrPassword().extra) == ("Invalid email or password", {})


def test_no_translations_at_all_or_a_missing_callback_is_the_developer_s_mistake() -> None:
    with pytest.raises(ValueError, match="at least 1 item"):
        I18nOptions(translations={})
    with pytest.raises(ConfigError, match="get_locale"):
        I18n(I18nOptions(translations=TEXTS, detection=("callback",)))
    assert issubclass(I18nOptions, Options)


def test_every_ready_made_locale_has_a_text_for_every_code() -> None:
    codes = set(LOCALES["en"])
    assert {locale: set(texts) for locale, texts in LOCALES.items()} == dict.fromkeys(LOCALES, codes)
    assert all(text.strip() for texts in LOCALES.values() for text in texts.values())
    assert len(codes) == 34
