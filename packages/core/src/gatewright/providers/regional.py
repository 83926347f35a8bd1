"""Kakao, Naver, LINE and WeChat: habits of their own in naming, wrapping and checking.

Source: contract ``providers.json``.
"""

from urllib.parse import urlencode

from gatewright.protocols.oauth2.outbound import OutboundRequest, form_request
from gatewright.protocols.oauth2.token import OAuthTokens
from gatewright.protocols.oidc.id_token import Claims
from gatewright.providers.base import (
    IdTokenRule,
    Profile,
    ProfileSource,
    Provider,
    UserInfoRequest,
    get_user_info,
    local_issuer,
    required,
)
from gatewright.providers.mapping import profile_of
from gatewright.providers.options import ProviderOptions
from gatewright.providers.reading import at, first_text, identity, members, text

__all__ = ("kakao", "line", "naver", "wechat")

_LINE = "https://access.line.me"
_LINE_API = "https://api.line.me/oauth2/v2.1"
_WECHAT_API = "https://api.weixin.qq.com/sns"


def kakao(options: ProviderOptions) -> Provider:
    """Kakao: an address counts as verified when it is also still valid."""
    required("kakao", options)

    def read(source: ProfileSource) -> Profile | None:
        person = members(source.answer)
        account = members(person.get("kakao_account"))
        shown = members(account.get("profile"))
        return profile_of(
            person,
            subject=person.get("id"),
            name=first_text(shown, "nickname") or first_text(account, "name"),
            email=first_text(account, "email"),
            image=first_text(shown, "profile_image_url", "thumbnail_image_url"),
            email_verified=account.get("is_email_valid") is True and account.get("is_email_verified") is True,
        )

    return Provider(
        id="kakao",
        name="Kakao",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://kauth.kakao.com/oauth/authorize",
        token_endpoint="https://kauth.kakao.com/oauth/token",  # noqa: S106 - an address
        default_scopes=("account_email", "profile_image", "profile_nickname"),
        issuer=local_issuer("kakao"),
        read_profile=read,
        user_info=get_user_info("https://kapi.kakao.com/v2/user/me"),
        pkce=False,
    )


def naver(options: ProviderOptions) -> Provider:
    """Naver: success is said inside the answer."""
    required("naver", options)

    def read(source: ProfileSource) -> Profile | None:
        if at(source.answer, "resultcode") != "00":
            return None
        person = members(at(source.answer, "response"))
        return profile_of(
            person,
            subject=person.get("id"),
            name=first_text(person, "name", "nickname"),
            email=first_text(person, "email"),
            image=first_text(person, "profile_image"),
            email_verified=False,
            raw=members(source.answer),
        )

    return Provider(
        id="naver",
        name="Naver",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://nid.naver.com/oauth2.0/authorize",
        token_endpoint="https://nid.naver.com/oauth2.0/token",  # noqa: S106 - an address
        default_scopes=("profile", "email"),
        issuer=local_issuer("naver"),
        read_profile=read,
        user_info=get_user_info("https://openapi.naver.com/v1/nid/me"),
        pkce=False,
    )


def line(options: ProviderOptions) -> Provider:
    """LINE: it checks its ID tokens itself, as they are signed with the client's secret."""
    required("line", options)
    user_info = get_user_info(f"{_LINE_API}/userinfo")

    def remote_check(token: str, nonce: str | None) -> OutboundRequest:
        pairs = [("id_token", token), ("client_id", options.client_ids[0])]
        return form_request(f"{_LINE_API}/verify", [*pairs, *([("nonce", nonce)] if nonce else [])], headers={})

    def read(source: ProfileSource) -> Profile | None:
        person = source.claims if source.claims is not None else members(source.answer)
        return profile_of(
            person,
            subject=person.get("sub"),
            name=first_text(person, "name"),
            email=first_text(person, "email"),
            image=first_text(person, "picture"),
            email_verified=False,
        )

    return Provider(
        id="line",
        name="LINE",
        options=options,
        authorization_endpoint=options.authorization_endpoint or f"{_LINE}/oauth2/v2.1/authorize",
        token_endpoint=f"{_LINE_API}/token",
        default_scopes=("openid", "profile", "email"),
        issuer=_LINE,
        response_issuers=(_LINE,),
        read_profile=read,
        user_info=lambda tokens, claims: () if claims is not None else user_info(tokens, None),
        sends_login_hint=True,
        id_token=IdTokenRule(issuers=lambda _claims: (_LINE,), audiences=options.client_ids, remote_check=remote_check),
    )


def wechat(options: ProviderOptions) -> Provider:
    """WeChat: identifier and secret travel in queries, and a person is known by ``unionid``."""
    required("wechat", options, secret=True)
    app, secret = options.client_ids[0], options.client_secret or ""

    def ask(path: str, **query: str) -> OutboundRequest:
        return OutboundRequest("GET", f"{_WECHAT_API}/{path}?{urlencode(query)}")

    def exchange(code: str) -> OutboundRequest:
        return ask("oauth2/access_token", appid=app, secret=secret, code=code, grant_type="authorization_code")

    def refresh(refresh_token: str) -> OutboundRequest:
        return ask("oauth2/refresh_token", appid=app, grant_type="refresh_token", refresh_token=refresh_token)

    def user_info(tokens: OAuthTokens, _claims: Claims | None) -> tuple[UserInfoRequest, ...]:
        openid = tokens.raw.get("openid")
        if openid is None:
            return ()
        request = ask("userinfo", access_token=tokens.access_token, openid=openid, lang="zh_CN")
        # A failure is an answer of 200 with an error number.
        return (UserInfoRequest(request, accepts=lambda answer: at(answer, "errcode") in (None, 0)),)

    def read(source: ProfileSource) -> Profile | None:
        person = members(source.answer)
        found = identity(person.get("unionid")) or identity(person.get("openid"))
        return profile_of(
            person,
            subject=found,
            name=first_text(person, "nickname"),
            email=text(person, "email") or f"{found}@wechat.invalid",  # RFC 2606 §2: never a real domain
            image=first_text(person, "headimgurl"),
            email_verified=False,
        )

    return Provider(
        id="wechat",
        name="WeChat",
        options=options,
        authorization_endpoint="https://open.weixin.qq.com/connect/qrconnect",
        token_endpoint=f"{_WECHAT_API}/oauth2/access_token",
        default_scopes=("snsapi_login",),
        issuer=local_issuer("wechat"),
        read_profile=read,
        user_info=user_info,
        scope_joiner=",",
        empty_scope=True,
        pkce=False,
        client_parameter="appid",
        before=(("lang", options.lang or "cn"),),
        fragment="wechat_redirect",
        token_by_query=exchange,
        refresh_by_query=refresh,
    )
