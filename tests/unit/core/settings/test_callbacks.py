from gatewright.settings.callbacks import (
    ChangeEmailMail,
    Mail,
    PasswordCheck,
    ProviderSource,
    ProviderTokens,
    UserInfoSource,
)
from gatewright.settings.hooks import HookAnswer, HookContext


def test_what_functions_are_given_hides_its_secrets_when_printed() -> None:
    values = (
        Mail(None, "https://a.example/?token=hush", "hush"),  # pyright: ignore[reportArgumentType]
        ChangeEmailMail(None, "b@a.example", "https://a.example/?token=hush", "hush"),  # pyright: ignore[reportArgumentType]
        PasswordCheck(hash="hush", password="hush"),
        ProviderTokens(access_token="hush", refresh_token="hush", id_token="hush"),
        UserInfoSource("oauth", "sign-in", ProviderSource("google", {"token": "hush"})),
        HookContext("/sign-in/email", "POST", headers={"cookie": "hush"}, body={"password": "hush"}),
        HookAnswer(response={"token": "hush"}, response_headers=(("set-cookie", "hush"),)),
    )
    for value in values:
        assert "hush" not in repr(value)
        assert "hush" not in str(value)


def test_a_hook_that_changes_nothing_says_nothing() -> None:
    assert HookAnswer() == HookAnswer(body=None, query=None, headers=None, response=None, response_headers=())
