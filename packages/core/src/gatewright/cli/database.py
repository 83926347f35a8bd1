"""``migrate``, ``diff`` and ``generate``: what the database lacks of an instance's tables, shown, added or written down.

Nothing is removed or changed. Exit codes: 0 done, or nothing to do; 1 ``diff`` found something, the migration was declined,
or rows that are there twice stand in the way of a unique index; 2 the call is wrong; 3 the database does not answer, or no
longer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, Protocol, TypeVar, runtime_checkable

import anyio
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.syntax import Syntax

from gatewright.auth import Auth
from gatewright.cli.loading import NotFound, load
from gatewright.model.schema import Schema
from gatewright.ports.adapter import Conflict, StoreUnavailable
from gatewright.wire.faults import ConfigError

__all__ = (
    "CODES",
    "DECLINED",
    "AsJson",
    "Config",
    "Step",
    "diff",
    "generate",
    "instance",
    "migrate",
    "on_database",
    "planned",
    "stop",
)

R = TypeVar("R")

DECLINED = 1
LACKING = 1
WRONG = 2
UNAVAILABLE = 3
CODES = {
    "migrate": "0 done, or nothing to do; 1 declined, or rows that are there twice stand in the way of a unique index;"
    " 2 the call is wrong; 3 the database does not answer, or no longer.",
    "diff": "0 nothing is lacking; 1 something is; 2 the call is wrong; 3 the database does not answer, or no longer.",
    "generate": "0 done; 2 the call is wrong, the file is there already or cannot be written.",
}
"""Exit codes by command, as its help tells them."""

Config = Annotated[str, typer.Option(help="Where the instance is: package.module:name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Kind = Literal["sql", "d1", "alembic", "sqlalchemy"]
Dialect = Literal["sqlite", "postgresql", "mysql", "mariadb"]


class Step(Protocol):
    """One statement that adds something to a database."""

    @property
    def kind(self) -> str: ...
    @property
    def table(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def sql(self) -> str: ...


@runtime_checkable
class Planner(Protocol):
    """An adapter that tells what it would create."""

    async def plan_tables(self, schema: Schema) -> Sequence[Step]: ...


@runtime_checkable
class Teller(Protocol):
    """An adapter that tells of each statement while it creates tables."""

    async def apply_plan(self, schema: Schema, *, applied: Callable[[Step], None]) -> None: ...


def migrate(
    config: Config,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and do nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Add to the database what it lacks: tables, columns, indexes. Shows the plan first; removes nothing."""
    auth, console = instance(config), Console(stderr=as_json)
    plan = planned(auth)

    async def work() -> int:
        steps = await plan()
        if as_json:
            typer.echo(_as_json(steps))
        else:
            _show(steps, console)
        if not steps or dry_run:
            return 0
        if not yes and not typer.confirm(f"Run {len(steps)} statements?", err=as_json):
            return DECLINED
        await _apply(auth, len(steps), Console(quiet=as_json))
        console.print(f"Done: {len(steps)} statements.")
        return 0

    raise typer.Exit(on_database(auth, work))


def diff(config: Config, as_json: AsJson = False) -> None:
    """Show what the database lacks; exit with 1 where it is something."""
    auth = instance(config)
    steps = on_database(auth, planned(auth))
    if as_json:
        typer.echo(_as_json(steps))
    else:
        _show(steps, Console())
    if steps:
        raise typer.Exit(LACKING)


def generate(
    config: Config,
    dialect: Annotated[Dialect, typer.Option(help="Whose SQL.")] = "sqlite",
    kind: Annotated[
        Kind, typer.Option("--format", help="SQL text, a D1 migration, an Alembic revision, or SQLAlchemy models.")
    ] = "sql",
    output: Annotated[
        Path | None, typer.Option(help="File, or folder of migrations; without it the text is printed.")
    ] = None,
    down_revision: Annotated[str, typer.Option(help="The Alembic revision before this one.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Write down what creates every table in an empty database; asks no database."""
    dialect = "sqlite" if kind == "d1" else dialect
    from gatewright_adapters.sqlalchemy.definitions import definitions  # noqa: PLC0415 (loads SQLAlchemy)

    auth = instance(config)
    steps = definitions(auth.tables, dialect)
    if kind == "sqlalchemy":
        from gatewright_adapters.sqlalchemy.models import models_source  # noqa: PLC0415 (likewise)

        script = models_source(auth.tables, dialect)
    else:
        script = _revision(steps, down_revision) if kind == "alembic" else _script(steps)
    made: dict[str, object] = {"format": kind, "dialect": dialect}
    if output is None:
        typer.echo(json.dumps({**made, "text": script}, indent=2) if as_json else script, nl=as_json)
        return
    path = output / _file_name(output, kind) if output.is_dir() else output
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(script)
    except FileExistsError:
        stop(f"{path} is there already")
    except OSError as error:
        stop(f"{path}: {error.strerror}")
    typer.echo(json.dumps({**made, "files": [str(path)]}, indent=2) if as_json else str(path))


def instance(config: str) -> Auth[Any]:
    """The instance at an address, or the end of the command."""
    try:
        return load(config)
    except (NotFound, ConfigError) as error:
        stop(str(error))


def planned(auth: Auth[Any]) -> Callable[[], Awaitable[Sequence[Step]]]:
    """Asks the database of ``auth`` what it lacks, or the end of the command where it cannot tell."""
    adapter = auth.adapter
    if not isinstance(adapter, Planner):
        stop(f"{type(adapter).__name__} keeps no tables that could be migrated")
    return lambda: adapter.plan_tables(auth.tables)


def on_database(auth: Auth[Any], work: Callable[[], Awaitable[R]]) -> R:
    """What ``work`` gives while the instance is open, or the end of the command."""

    async def run() -> R:
        async with auth.unchecked():
            try:
                return await work()
            except Exception as error:  # noqa: BLE001 (raised below: the instance's tasks would put it into a group)
                failure = error
        raise failure

    try:
        return anyio.run(run)
    except StoreUnavailable as error:
        typer.echo(f"gatewright: {error}", err=True)
        raise typer.Exit(UNAVAILABLE) from None
    except Conflict:
        typer.echo("gatewright: an index that is unique cannot be made: rows are there twice", err=True)
        raise typer.Exit(LACKING) from None
    except ConfigError as error:
        stop(str(error))


def stop(reason: str) -> NoReturn:
    """End the command: the call is wrong."""
    typer.echo(f"gatewright: {reason}", err=True)
    raise typer.Exit(WRONG)


async def _apply(auth: Auth[Any], count: int, console: Console) -> None:
    adapter = auth.adapter
    if isinstance(adapter, Teller):
        with _progress(count, console) as applied:
            await adapter.apply_plan(auth.tables, applied=applied)
    else:
        await auth.create_tables()


@contextmanager
def _progress(count: int, console: Console) -> Generator[Callable[[Step], None]]:
    """Shows how far ``count`` statements are: a bar on a terminal, elsewhere a line for each."""
    if not console.is_terminal:
        yield lambda step: console.print(f"added {step.kind} {_named(step)}", soft_wrap=True)
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=count)

        def applied(step: Step) -> None:
            progress.update(task, advance=1, description=f"{step.kind} {_named(step)}")

        yield applied


def _named(step: Step) -> str:
    return step.table if step.kind == "table" else f"{step.table}.{step.name}"


def _show(steps: Sequence[Step], console: Console) -> None:
    if not steps:
        console.print("The database has everything.")
        return
    for step in steps:
        console.print(f"[bold]add {step.kind}[/bold] {_named(step)}")
        console.print(Syntax(step.sql, "sql", background_color="default", word_wrap=True))


def _as_json(steps: Sequence[Step]) -> str:
    told = [{"kind": step.kind, "table": step.table, "name": step.name, "sql": step.sql} for step in steps]
    return json.dumps({"lacking": told}, indent=2)


def _script(steps: Sequence[Step]) -> str:
    return "".join(f"{_trimmed(step.sql)};\n\n" for step in steps)


def _trimmed(sql: str) -> str:
    return re.sub(r"[ \t]+$", "", sql, flags=re.MULTILINE).strip()


def _revision(steps: Sequence[Step], before: str) -> str:
    statements = "\n".join(f"    op.execute(sa.text({_colons(_trimmed(step.sql))!r}))" for step in steps)
    now = datetime.now(UTC)
    return (
        '"""Gatewright\'s tables."""\n\n'
        "import sqlalchemy as sa\nfrom alembic import op\n\n"
        f'revision = "{now:%Y%m%d%H%M%S}"\n'
        f"down_revision = {before or None!r}\nbranch_labels = None\ndepends_on = None\n\n\n"
        f"def upgrade() -> None:\n{statements}\n\n\n"
        "def downgrade() -> None:\n"
        '    raise RuntimeError("what people have entered is not removed by a migration")\n'
    )


def _colons(sql: str) -> str:
    """For ``sqlalchemy.text``, where a colon begins a parameter."""
    return sql.replace(":", "\\:")


def _file_name(folder: Path, kind: Kind) -> str:
    if kind == "sqlalchemy":
        return "gatewright_models.py"
    if kind == "alembic":
        return f"{datetime.now(UTC):%Y%m%d%H%M%S}_gatewright.py"
    numbers = [int(found[0]) for path in folder.iterdir() if (found := re.match(r"\d+", path.name))]
    return f"{max(numbers, default=0) + 1:04}_gatewright.sql"
