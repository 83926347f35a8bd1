"""Signing in from a program without a page: the user's own browser, and a loopback address to come back to.

The program is the provider's client itself (a public one) and hands the identity token to the server, which verifies it.
Source: RFC 8252 §6, §7.3; RFC 7636 §4; OpenID Connect Core §3.1, §15.5.2.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import anyio
import anyio.to_thread
import httpx

from gatewright.contract.sign_in import IdToken, SignInSocial, SocialSignedIn
from gatewright.wire.faults import ApiError, OAuthFault
from gatewright.wire.json import JsonError, decode
from gatewright_client.client import Client
from gatewright_client.faults import NoAnswer, UnexpectedAnswer
from gatewright_client.loopback import loopback
from gatewright_client.result import Result
from gatewright_client.transport import AsyncHttp, TransportErrors

__all__ = ("NativeProvider", "identity_token", "sign_in_with_browser")


@dataclass(frozen=True, slots=True)
class NativeProvider:
    """A provider of which the program is a native client.

    Attributes:
        id: The provider's id at the server, such as ``google``; the server must accept this client id as an audience.
        client_id: The program's own client id.
        authorization_url: Where the browser goes.
        token_url: Where the code is exchanged.
        client_secret: For providers that give native clients one; it is no secret then (RFC 8252 §8.5).
        scopes: ``openid`` must be among them.
        parameters: Further parameters of the authorization request.
    """

    id: str
    client_id: str
    authorization_url: str
    token_url: str
    client_secret: str | None = field(default=None, repr=False)
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])


async def sign_in_with_browser(
    client: Client[Any],
    provider: NativeProvider,
    *,
    open_browser: Callable[[str], object] = webbrowser.open,
    timeout: float = 300.0,  # noqa: ASYNC109 (a user's patience is part of the request)
    http: AsyncHttp | None = None,
) -> Result[SocialSignedIn]:
    """Let the user sign in at ``provider`` in their own browser. Cancel it to give up; the port is closed then.

    Args:
        client: Signed in afterwards.
        provider: Where.
        open_browser: Opens an address; called in a thread.
        timeout: Seconds that the user has.
        http: The HTTP client for the token endpoint; by default one of its own.

    Returns:
        The result of signing in with the identity token; its error may also be the provider's.

    Raises:
        TimeoutError: The user did not come back in time.
    """
    with anyio.fail_after(timeout):
        try:
            token = await identity_token(provider, open_browser=open_browser, http=http)
        except ApiError as error:
            return Result(error=error)
    return await client.send(SignInSocial(provider=provider.id, id_token=token))


async def identity_token(
    provider: NativeProvider, *, open_browser: Callable[[str], object] = webbrowser.open, http: AsyncHttp | None = None
) -> IdToken:
    """The authorization code flow with PKCE, from the browser to the identity token.

    A synchronous program gets it with ``anyio.run(identity_token, provider)``.

    Raises:
        OAuthFault: The user or the provider refused.
        NoAnswer: The provider's token endpoint was not reached.
        UnexpectedAnswer: Its answer holds no identity token.
    """
    state, nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    async with loopback(state) as place:
        query = {
            **provider.parameters,
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": place.url,
            "scope": " ".join(provider.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        joint = "&" if "?" in provider.authorization_url else "?"
        address = f"{provider.authorization_url}{joint}{urlencode(query)}"
        await anyio.to_thread.run_sync(open_browser, address, abandon_on_cancel=True)
        answer = await place.wait()
        redirect_uri = place.url
    if "code" not in answer:
        raise OAuthFault(answer.get("error", "invalid_request"), answer.get("error_description"))
    form = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "redirect_uri": redirect_uri,
        "client_id": provider.client_id,
        "code_verifier": verifier,
    }
    if provider.client_secret is not None:
        form["client_secret"] = provider.client_secret
    members = await _exchanged(provider.token_url, form, http)
    token, access = members.get("id_token"), members.get("access_token")
    if not isinstance(token, str):
        raise UnexpectedAnswer(200, "no id_token")
    return IdToken(token=token, nonce=nonce, access_token=access if isinstance(access, str) else None)


async def _exchanged(url: str, form: Mapping[str, str], http: AsyncHttp | None) -> Mapping[str, object]:
    if http is None:
        async with httpx.AsyncClient() as own:
            return await _exchanged(url, form, own)
    headers = {"accept": "application/json", "content-type": "application/x-www-form-urlencoded"}
    build: Any = http.build_request
    errors = TransportErrors(http)
    try:
        response = await http.send(
            build("POST", url, headers=headers, content=urlencode(form).encode()), auth=None, follow_redirects=False
        )
    except errors.every as error:
        raise NoAnswer(f"{type(error).__name__}: {error}") from error
    status: int = response.status_code
    try:
        members = decode(response.content)
    except JsonError:
        raise UnexpectedAnswer(status, "the token endpoint did not answer with JSON") from None
    if not isinstance(members, dict):
        raise UnexpectedAnswer(status, "the token endpoint did not answer with an object")
    error = members.get("error")
    if status >= 400 or isinstance(error, str):
        said = members.get("error_description")
        raise OAuthFault(error if isinstance(error, str) else "server_error", said if isinstance(said, str) else None)
    return members
