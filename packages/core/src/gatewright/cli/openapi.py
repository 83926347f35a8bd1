"""``openapi``: the OpenAPI document of an instance, whether or not it serves one; asks no database.

Exit codes: 0 done; 2 the call is wrong, or the file is there already.
"""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

import typer

from gatewright.auth import Auth
from gatewright.cli.database import AsJson, Config, instance
from gatewright.cli.stopping import stop
from gatewright.pipeline.openapi import document

__all__ = ("openapi",)


def openapi(
    config: Config,
    output: Annotated[
        Path | None, typer.Option(help="File; without it the document is printed.", dir_okay=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the OpenAPI 3.1 document of everything that the instance serves, as JSON."""
    text = json.dumps(_document(instance(config)), indent=2)
    if output is None:
        typer.echo(text)
        return
    try:
        with output.open("w" if force else "x", encoding="utf-8") as file:
            file.write(f"{text}\n")
    except FileExistsError:
        stop(f"{output} is there already")
    except OSError as error:
        stop(f"{output}: {error.strerror}")
    typer.echo(json.dumps({"file": str(output)}) if as_json else str(output))


def _document(auth: Auth[Any]) -> dict[str, Any]:
    plan = auth.blueprint.plan
    # An operation that was replaced runs the program of the one that took over, which is there once.
    endpoints = [program.endpoint for program in dict.fromkeys(auth.blueprint.programs.values())]
    return document(
        endpoints,
        plan.schema,
        title=plan.settings.app_name,
        version=_version(),
        server=plan.base.url if plan.base is not None else plan.settings.base_path,
        cookie=plan.cookies.session_token.name,
        plugins=[plugin.id for plugin in plan.installed],
    )


def _version() -> str:
    try:
        return version("gatewright")
    except PackageNotFoundError:
        return "0"
