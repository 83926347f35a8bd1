"""``info``: what others have to be told of an instance, such as callback URLs; asks no database.

Exit codes: 0 done; 2 the call is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import typer
from rich.console import Console
from rich.table import Table

from gatewright.auth import Auth
from gatewright.cli.database import AsJson, Config, instance
from gatewright.http.cookies import serialize
from gatewright.plugins.last_login_method import LastLoginMethod
from gatewright.plugins.multi_session import MultiSession
from gatewright.services.cookies import Cookie
from gatewright.services.plan import Plan

__all__ = ("info",)


def info(config: Config, as_json: AsJson = False) -> None:
    """Print the base URL, the callback URL of each provider, every cookie and every table."""
    facts = _facts(instance(config))
    if as_json:
        typer.echo(json.dumps(facts, indent=2))
        return
    console = Console()
    console.print(f"Base URL: {facts['baseURL'] or 'decided by each request'}", soft_wrap=True)
    for name, address in facts["callbackURLs"].items():
        # Outside of a table, which would cut it: it is registered elsewhere as it stands here.
        typer.echo(f"Callback URL of {name}: {address}")
    for title, rows in (("Cookies", facts["cookies"]), ("Tables", facts["tables"])):
        shown = Table(title=title, title_justify="left", show_header=False)
        for name, value in rows.items():
            shown.add_row(name, ", ".join(cast("list[str]", value)) if isinstance(value, list) else str(value))
        if rows:
            console.print(shown)


def _facts(auth: Auth[Any]) -> dict[str, Any]:
    plan = auth.blueprint.plan
    base = plan.base.url if plan.base is not None else None
    return {
        "baseURL": base,
        "callbackURLs": {
            each.id: each.provider.redirect_uri(f"{base or plan.settings.base_path}/callback/{each.id}")
            for each in plan.social.providers.known()
        },
        "cookies": {each.name: serialize("name", "", each.attributes).partition("; ")[2] for each in _cookies(plan)},
        "tables": {table.db_name: [spec.stored_as for spec in table.columns.values()] for table in auth.tables},
    }


def _cookies(plan: Plan) -> Iterator[Cookie]:
    """Every cookie that the instance may set; ``*`` stands for a session's token in the name of one for each session."""
    kept = plan.cookies
    active = kept.session_token
    yield from (active, kept.session_data, kept.account_data, kept.dont_remember, *plan.plugin_cookies)
    # These two follow from the session's cookie when they are set.
    if plan.has(LastLoginMethod):
        options = plan.plugin(LastLoginMethod).options
        yield Cookie(options.cookie_name, replace(active.attributes, http_only=False, max_age=options.max_age))
    if plan.has(MultiSession):
        yield Cookie(f"{active.name}_multi-*", active.attributes)
