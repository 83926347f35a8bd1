"""Signing in from a device without a browser: a code that the user types elsewhere, and the wait for it.

One definition of the wait in two flavours. The session's token is the device's, so the client has to keep tokens
(``bearer=True``) and the server needs its bearer plugin. Source: RFC 8628 §3.1, §3.4, §3.5.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeAlias

import anyio

from gatewright.plugins.device_authorization.contract import AccessToken, DeviceCodes, DeviceToken, Issued
from gatewright.wire.faults import ConfigError, OAuthFault
from gatewright_client.client import Client, SyncClient
from gatewright_client.faults import GivenUp, NoAnswer
from gatewright_client.result import Result

__all__ = ("DeviceProgress", "sign_in_with_device", "sign_in_with_device_sync")

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SLOWER = timedelta(seconds=5)
"""RFC 8628 §3.5: what ``slow_down`` adds to the interval, and what a lost answer does here."""
SHORTEST = timedelta(seconds=1)


class DeviceProgress(Protocol):
    """Shows the user what to do and how long there is; ``gatewright_client.device_progress`` has one for terminals."""

    def show(self, issued: Issued) -> None:
        """The codes are here: say where to go and what to type."""
        ...

    def wait(self, left: timedelta) -> None:
        """The user has not decided yet; ``left`` is until the code ends."""
        ...

    def end(self) -> None:
        """It is over, whatever the outcome; also after a cancellation."""
        ...


@dataclass(frozen=True, slots=True)
class _Wait:
    span: timedelta


_Step: TypeAlias = "DeviceCodes | DeviceToken | _Wait"
_Conversation: TypeAlias = "Generator[_Step, Result[Any] | None, Result[AccessToken]]"


async def sign_in_with_device(
    client: Client[Any], client_id: str, *, scope: str | None = None, progress: DeviceProgress | None = None
) -> Result[AccessToken]:
    """Let the user sign this device in from another one. Cancel it to give up.

    Args:
        client: Signed in afterwards; it was made with ``bearer=True``.
        client_id: What the server knows the program as.
        scope: What the program asks for.
        progress: Shows the codes; by default in the terminal, with Rich where it is installed.

    Returns:
        The device's token, which the client keeps. The error is the server's: ``access_denied``, ``expired_token``, ...

    Raises:
        ConfigError: The client keeps no tokens.
    """
    _check(client)
    shown = progress or _terminal()
    quiet = client.with_options(throw=False, silent=True)
    conversation = _waiting(client_id, scope, shown, client.now)
    try:
        step = next(conversation)
        while True:
            outcome: Result[Any] | None = None
            if isinstance(step, _Wait):
                await anyio.sleep(step.span.total_seconds())
            else:
                outcome = await quiet.send(step)
            step = conversation.send(outcome)
    except StopIteration as end:
        result: Result[AccessToken] = end.value
    finally:
        shown.end()
    if result.data is not None:
        await client.adopt(result.data.access_token)
    return result


def sign_in_with_device_sync(
    client: SyncClient[Any],
    client_id: str,
    *,
    scope: str | None = None,
    progress: DeviceProgress | None = None,
    stop: threading.Event | None = None,
) -> Result[AccessToken]:
    """As :func:`sign_in_with_device`, waiting. Set ``stop`` from another thread, or interrupt it, to give up.

    Returns:
        As there; the error is :class:`GivenUp` after ``stop``.
    """
    _check(client)
    shown = progress or _terminal()
    stopped = stop or threading.Event()
    quiet = client.with_options(throw=False, silent=True)
    conversation = _waiting(client_id, scope, shown, client.now)
    try:
        step = next(conversation)
        while True:
            outcome: Result[Any] | None = None
            if isinstance(step, _Wait):
                if stopped.wait(step.span.total_seconds()):
                    return Result(error=GivenUp())
            else:
                outcome = quiet.send(step)
            step = conversation.send(outcome)
    except StopIteration as end:
        result: Result[AccessToken] = end.value
    finally:
        shown.end()
    if result.data is not None:
        client.adopt(result.data.access_token)
    return result


def _check(client: Client[Any] | SyncClient[Any]) -> None:
    if not client.bearer:
        raise ConfigError("a device gets a token: make the client with bearer=True")


def _terminal() -> DeviceProgress:
    from gatewright_client.device_progress import terminal_progress  # noqa: PLC0415 (not needed by those who have their own)

    return terminal_progress()


def _waiting(client_id: str, scope: str | None, progress: DeviceProgress, now: Callable[[], datetime]) -> _Conversation:
    asked = DeviceCodes(client_id=client_id) if scope is None else DeviceCodes(client_id=client_id, scope=scope)
    codes: Result[Issued] | None = yield asked
    if codes is None or codes.data is None:
        return Result(error=None if codes is None else codes.error)
    issued = codes.data
    ends_at = now() + timedelta(seconds=issued.expires_in)
    pace = max(timedelta(seconds=issued.interval), SHORTEST)
    progress.show(issued)
    while (left := ends_at - now()) > timedelta(0):
        progress.wait(left)
        yield _Wait(pace)
        answer: Result[AccessToken] | None = yield DeviceToken(
            grant_type=GRANT, device_code=issued.device_code, client_id=client_id
        )
        error = None if answer is None else answer.error
        if answer is not None and error is None:
            return answer
        if isinstance(error, NoAnswer) or (isinstance(error, OAuthFault) and error.error == "slow_down"):
            pace += SLOWER
        elif not (isinstance(error, OAuthFault) and error.error == "authorization_pending"):
            return Result(error=error)
    return Result(error=OAuthFault("expired_token", "The user has not decided in time"))
