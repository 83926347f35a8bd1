"""The application's ``database_hooks`` as hooks of tables, compiled once; ``services/database.py`` runs them.

Source: contract, options.json ``databaseHooks``; asked of a running server: what they are given, and what refusing does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast

from gatewright.model.account import Account
from gatewright.model.row import Row
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.pipeline.call import Call
from gatewright.pipeline.hook_context import context_of
from gatewright.services.database import Refused, RowChange, RowHook, RowStage
from gatewright.settings.hooks import AfterWrite, BeforeWrite, DatabaseHooks, HookContext, ModelHooks
from gatewright.wire.faults import ApiError

__all__ = ("refusal", "row_hooks", "within")


def row_hooks(options: DatabaseHooks) -> list[RowHook]:
    """Every hook that the options name."""
    tables: Sequence[tuple[type[Row], ModelHooks]] = (
        (User, options.user),
        (Session, options.session),
        (Account, options.account),
        (Verification, options.verification),
    )
    found: list[RowHook] = []
    for table, model in tables:
        if model.create.before is not None:
            found.append(RowHook(table, "inserting", _inserting(model.create.before)))
        if model.update.before is not None:
            found.append(RowHook(table, "updating", _updating(model.update.before)))
        if model.delete.before is not None:
            found.append(RowHook(table, "deleting", _deleting(model.delete.before)))
        after: Sequence[tuple[RowStage, AfterWrite | None]] = (
            ("inserted", model.create.after),
            ("updated", model.update.after),
            ("deleted", model.delete.after),
        )
        found.extend(RowHook(table, stage, _after(hook)) for stage, hook in after if hook is not None)
    return found


def refusal(refused: Refused) -> ApiError:
    """The answer to a caller whose write a hook has refused, where the operation has none of its own."""
    verb, table = refused.verb, refused.table
    return ApiError(400, code=f"FAILED_TO_{verb}_{table}".upper(), message=f"Failed to {verb} {table}")


def _inserting(hook: BeforeWrite) -> Any:
    async def run(row: Row, call: Call[Any] | None) -> Row | None:
        values = {name: value for name, value in row.raw.items() if value is not None}
        changed = await _ask(hook, values, call, row.table, "create")
        return None if changed is None else row.with_values(changed)

    return run


def _updating(hook: BeforeWrite) -> Any:
    async def run(change: RowChange[Any], call: Call[Any] | None) -> RowChange[Any] | None:
        changed = await _ask(hook, change.values, call, change.table.table, "update")
        return None if changed is None else RowChange(change.table, {**change.values, **changed}, change.where)

    return run


def _deleting(hook: BeforeWrite) -> Any:
    async def run(row: Row, call: Call[Any] | None) -> None:
        await _ask(hook, row.raw, call, row.table, "delete")

    return run


def _after(hook: AfterWrite) -> Any:
    async def run(row: Row, call: Call[Any] | None) -> None:
        await hook(row.raw, within(call))

    return run


async def _ask(
    hook: BeforeWrite,
    values: Mapping[str, object],
    call: Call[Any] | None,
    table: str,
    verb: Literal["create", "update", "delete"],
) -> Mapping[str, object] | None:
    answer = await hook(values, within(call))
    if answer is False:
        raise Refused(table, verb)
    if not isinstance(answer, Mapping):
        return None
    # As the contract writes it: ``{"data": {...}}``.
    inner = answer.get("data")
    return cast("Mapping[str, object]", inner) if len(answer) == 1 and isinstance(inner, Mapping) else answer


def within(call: object) -> HookContext | None:
    """What the application's functions are shown of the call in which a database acts; ``None`` outside of any."""
    return context_of(cast("Call[Any]", call)) if isinstance(call, Call) else None
