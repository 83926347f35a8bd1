"""``users``: what nobody can do over HTTP before there is an administrator.

The password is asked for, read from standard input or drawn; it is never an argument, which every user of the machine could
see. Exit codes: 0 done; 1 the address is taken, or something of the user is refused; 2 the call is wrong; 3 the database
does not answer.
"""

from __future__ import annotations

import json
import secrets
import sys
from typing import Annotated, Any

import typer

from gatewright.auth import Auth
from gatewright.cli.database import AsJson, Config, instance, on_database
from gatewright.cli.stopping import FOUND, stop
from gatewright.contract.faults import PasswordTooLong, PasswordTooShort, UserAlreadyExistsUseAnotherEmail
from gatewright.model.user import User
from gatewright.plugins.admin import Admin
from gatewright.plugins.admin.model import AdminUser
from gatewright.wire.faults import ApiError

__all__ = ("users",)

users = typer.Typer(no_args_is_help=True, help="Make the users that nobody can make over HTTP yet.")

DRAWN_BYTES = 18


@users.callback()
def _group() -> None:
    """Make the users that nobody can make over HTTP yet."""


@users.command("create-admin")
def create_admin(
    *,
    config: Config,
    email: Annotated[str, typer.Option(help="Their address; it counts as verified.")],
    name: Annotated[str, typer.Option(help="Their name; the address where it is not given.")] = "",
    role: Annotated[str, typer.Option(help="Their role; the first of the admin plugin's admin_roles.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from the first line of standard input.")
    ] = False,
    draw: Annotated[bool, typer.Option("--draw", help="Draw a password and print it.")] = False,
    promote: Annotated[
        bool, typer.Option("--promote", help="Give the role to whoever has the address already.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a user who administers, or with --promote make an existing user one. Needs the admin plugin."""
    auth = instance(config)
    plan = auth.blueprint.plan
    if not plan.has(Admin):
        stop("the instance has no admin plugin: Auth(..., plugins=[Admin()])")
    if promote and (password_stdin or draw):
        stop("--promote leaves the password alone")
    admin = plan.plugin(Admin)
    given = role or admin.options.administrators[0]
    if given.lower() not in {each.lower() for each in admin.options.administrators}:
        stop(f"{given} is no role of administrators; they are: {', '.join(admin.options.administrators)}")
    if promote:
        user = on_database(auth, lambda: _promoted(auth, email, given))
        made: dict[str, object] = {"created": False}
    else:
        password = _password(auth, password_stdin=password_stdin, draw=draw)
        user = on_database(
            auth, lambda: _created(auth, admin, email=email, name=name or email, password=password, role=given)
        )
        made = {"created": True, **({"password": password} if draw else {})}
    if isinstance(user, str):
        stop(user, FOUND)
    told = {"id": user.id, "email": user.email, "role": user.get("role"), **made}
    if as_json:
        typer.echo(json.dumps(told, indent=2))
        return
    typer.echo(f"{'Created' if made['created'] else 'Promoted'} {user.email} ({user.id}), role {told['role']}.")
    if draw:
        typer.echo(f"Password: {made['password']}")


def _password(auth: Auth[Any], *, password_stdin: bool, draw: bool) -> str:
    if password_stdin and draw:
        stop("--password-stdin and --draw exclude each other")
    if draw:
        return secrets.token_urlsafe(DRAWN_BYTES)
    if password_stdin:
        found = sys.stdin.readline().rstrip("\r\n")
    else:
        found: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    options = auth.blueprint.settings.email_and_password
    if len(found) < options.min_password_length:
        stop(f"{PasswordTooShort().message}: at least {options.min_password_length} characters", FOUND)
    if len(found) > options.max_password_length:
        stop(f"{PasswordTooLong().message}: at most {options.max_password_length} characters", FOUND)
    return found


async def _created(auth: Auth[Any], admin: Admin, *, email: str, name: str, password: str, role: str) -> User | str:
    """The new user, or why there is none."""
    try:
        made = await auth.of(admin).create_user(
            email=email, name=name, password=password, role=role, data={"emailVerified": True}
        )
    except ApiError as error:
        hint = " --promote gives them the role." if isinstance(error, UserAlreadyExistsUseAnotherEmail) else ""
        return f"{error.message}{hint}"
    return made.user


async def _promoted(auth: Auth[Any], email: str, role: str) -> User | str:
    """The user with the role, or why there is none."""
    db = auth.services.database
    while True:
        found = await db.find_one(AdminUser, AdminUser.email.eq(email.lower()))
        if found is None:
            return f"nobody has the address {email}"
        held = [each.strip() for each in (found.role or "").split(",") if each.strip()]
        if role in held:
            return found
        # Guarded by the role that was read: whoever changes it meanwhile is not overwritten.
        roles = ",".join([*held, role])
        read = AdminUser.role.eq(found.role)
        changed = await db.update_one(AdminUser, AdminUser.id.eq(found.id), read, set=[AdminUser.role.to(roles)])
        if changed is not None:
            return changed
