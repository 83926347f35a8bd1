"""A command line that signs in, stays signed in, and calls a protected API. See the README beside it."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx

from gatewright.wire.faults import ApiError
from gatewright_client import FileStorage, SessionAuth, SyncClient

SERVER = "http://127.0.0.1:8000"


def open_client() -> SyncClient:
    """The client of the configured server; its session lives in a file that only the user can read."""
    state = Path(os.environ.get("XDG_STATE_HOME", "~/.local/state")).expanduser()
    return SyncClient(os.environ.get("ACCOUNT_SERVER", SERVER), storage=FileStorage(state / "account" / "session.json"))


def login(client: SyncClient, email: str, password: str) -> str:
    """Sign in."""
    return f"Signed in as {client.sign_in.email(email=email, password=password).unwrap().user.name}."


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


def main(arguments: Sequence[str] | None = None, *, make: Callable[[], SyncClient] = open_client) -> int:
    """Run one command; the exit status is 1 when the server refuses it."""
    parser = argparse.ArgumentParser(prog="account", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    signing_in = commands.add_parser("login", help="sign in with e-mail and password")
    signing_in.add_argument("email")
    commands.add_parser("whoami", help="say who is signed in")
    commands.add_parser("logout", help="sign out")
    calling = commands.add_parser("call", help="get an address of a protected API")
    calling.add_argument("url")
    given = parser.parse_args(arguments)
    with make() as client:
        try:
            if given.command == "login":
                said = login(client, given.email, os.environ.get("ACCOUNT_PASSWORD") or getpass.getpass())
            elif given.command == "call":
                said = call(client, given.url)
            else:
                said = whoami(client) if given.command == "whoami" else logout(client)
        except ApiError as error:
            sys.stderr.write(f"{error}\n")
            return 1
    sys.stdout.write(f"{said}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
