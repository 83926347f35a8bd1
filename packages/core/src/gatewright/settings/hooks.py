"""Options: functions around requests and around rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from pydantic import SkipValidation

from gatewright.settings.base import Options

__all__ = ("DatabaseHooks", "ModelHooks", "RequestHooks", "StageHooks")

HookFunction: TypeAlias = Callable[..., Awaitable[Any] | Any]


class RequestHooks(Options):
    """Functions around every operation, on what was sent before it is validated."""

    before: SkipValidation[HookFunction] | None = None
    after: SkipValidation[HookFunction] | None = None


class StageHooks(Options):
    """``before`` may change the values or refuse with ``False``; ``after`` runs when they are stored for good."""

    before: SkipValidation[HookFunction] | None = None
    after: SkipValidation[HookFunction] | None = None


class ModelHooks(Options):
    """Functions around the rows of one table."""

    create: StageHooks = StageHooks()
    update: StageHooks = StageHooks()
    delete: StageHooks = StageHooks()


class DatabaseHooks(Options):
    """Functions around rows."""

    user: ModelHooks = ModelHooks()
    session: ModelHooks = ModelHooks()
    account: ModelHooks = ModelHooks()
    verification: ModelHooks = ModelHooks()
