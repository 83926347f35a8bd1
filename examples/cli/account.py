"""A command line that signs in, stays signed in, and calls a protected API. See the README beside it."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx

from gatewright.wire.faults import ApiError, OAuthFault
from gatewright_client import FileStorage, Profiles, SessionAuth, Storage, SyncClient, sign_in_with_device_sync

SERVER = "http://127.0.0.1:8000"
CLIENT_ID = "account"
"""What the server knows this program as, when it signs in as a device."""


def session_file() -> FileStorage:
    """Where sessions live: a file that only the user can read."""
    state = Path(os.environ.get("XDG_STATE_HOME", "~/.local/state")).expanduser()
    return FileStorage(state / "account" / "session.json")


def open_client(profile: str | None) -> SyncClient:
    """The client of the configured server, with the session of one of the user's profiles."""
    file = session_file()
    storage: Storage = file if profile is None else Profiles(file)[profile]
    return SyncClient(os.environ.get("ACCOUNT_SERVER", SERVER), storage=storage, bearer=True)


def login(client: SyncClient, email: str, password: str) -> str:
    """Sign in."""
    return f"Signed in as {client.sign_in.email(email=email, password=password).unwrap().user.name}."


def login_device(client: SyncClient) -> str:
    """Let the user sign this program in from a browser, on this machine or on another one."""
    sign_in_with_device_sync(client, CLIENT_ID).unwrap()
    return f"Signed in. {whoami(client)}"


def register(client: SyncClient, email: str, password: str) -> str:
    """Sign up."""
    name = email.partition("@")[0].capitalize()
    return f"Signed up as {client.sign_up.email(name=name, email=email, password=password).unwrap().user.name}."


def approve(client: SyncClient, code: str) -> str:
    """Let a device in that shows this code, as a page of the application's would."""
    asked = client.device(user_code=code).unwrap()
    client.device.approve(user_code=code).unwrap()
    return f"{asked.client_id} is signed in."


def whoami(client: SyncClient) -> str:
    """Who is signed in."""
    session = client.get_session().unwrap()
    return "Nobody is signed in." if session is None else f"{session.user.name} <{session.user.email}>"


def logout(client: SyncClient) -> str:
    """End the session here and on the server."""
    client.sign_out().unwrap()
    return "Signed out."


def call(client: SyncClient, url: str, http: Callable[..., httpx.Client] = httpx.Client) -> str:
    """Get an address of a protected API, which is sent the session's token."""
    with http(auth=SessionAuth(client, url)) as api:
        response = api.get(url)
        return f"{response.status_code} {response.text}"


def main(arguments: Sequence[str] | None = None, *, make: Callable[[str | None], SyncClient] = open_client) -> int:
    """Run one command; the exit status is 1 when the server refuses it."""
    parser = argparse.ArgumentParser(prog="account", description=__doc__)
    parser.add_argument("--profile", help="whose session; several are kept side by side")
    commands = parser.add_subparsers(dest="command", required=True)
    signing_in = commands.add_parser("login", help="sign in with e-mail and password, or with a browser")
    signing_in.add_argument("email", nargs="?", help="without it the browser is asked")
    registering = commands.add_parser("register", help="sign up with e-mail and password")
    registering.add_argument("email")
    approving = commands.add_parser("approve", help="let a device in")
    approving.add_argument("code")
    commands.add_parser("whoami", help="say who is signed in")
    commands.add_parser("logout", help="sign out")
    calling = commands.add_parser("call", help="get an address of a protected API")
    calling.add_argument("url")
    given = parser.parse_args(arguments)
    with make(given.profile) as client:
        try:
            said = run(client, given)
        except OAuthFault as error:
            sys.stderr.write(f"{error.description or error.error}\n")
            return 1
        except ApiError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        except KeyboardInterrupt:
            sys.stderr.write("Given up.\n")
            return 130
    sys.stdout.write(f"{said}\n")
    return 0


def run(client: SyncClient, given: argparse.Namespace) -> str:
    """What one command says."""
    match given.command:
        case "login" if given.email is None:
            return login_device(client)
        case "login":
            return login(client, given.email, password())
        case "register":
            return register(client, given.email, password())
        case "approve":
            return approve(client, given.code)
        case "call":
            return call(client, given.url)
        case "logout":
            return logout(client)
        case _:
            return whoami(client)


def password() -> str:
    """The password, from the environment or from the keyboard."""
    return os.environ.get("ACCOUNT_PASSWORD") or getpass.getpass()


if __name__ == "__main__":
    sys.exit(main())
