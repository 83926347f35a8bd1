"""Further instances of the plugin beside the first: workspaces and households, each with tables and paths of its own.

Beyond the contract, which has one kind of organization. Operations, flows and invariants are those of the first
instance; what differs is where they are served and where their rows are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from gatewright.model.row import Row
from gatewright.model.schema import Schema
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import Endpoint
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.organization.api import OrganizationApi
from gatewright.plugins.organization.contract.instances import Names, moved, restated
from gatewright.plugins.organization.options import OrganizationOptions
from gatewright.plugins.organization.plugin import INSTANCE, Organization
from gatewright.plugins.organization.tables import renamed, seen_by
from gatewright.services.database import Database
from gatewright.wire.calls import Acting, Executor
from gatewright.wire.faults import ConfigError
from gatewright.wire.operation import Operation

__all__ = ("NamedOrganization",)

R = TypeVar("R")
Moved = Mapping[type[Operation[Any]], type[Operation[Any]]]


class NamedOrganization(Organization):
    """Another kind of organization beside the first, or in its place.

    ``NamedOrganization("household")`` serves ``/household/create`` and the rest, keeps the tables ``household``,
    ``householdMember``, ``householdInvitation``, ``householdTeam``, ``householdTeamMember`` and ``householdRole``, and
    the columns ``activeHouseholdId`` and ``activeHouseholdTeamId`` of ``session``. Its methods are those of
    ``auth.of(households)``. In ``table_options``, models are called as in the first instance.

    Args:
        name: Lower-case words joined by ``-``.
        options: As those of the first instance, and independent of them.

    Raises:
        ConfigError: No such name.
    """

    def __init__(self, name: str, options: OrganizationOptions | None = None) -> None:
        super().__init__(options)
        self.names = Names(name)
        self.id = name
        self._operations: dict[type[Operation[Any]], type[Operation[Any]]] = {}
        self._seen: tuple[Schema, Schema] | None = None

    def adopt(self, installed: Sequence[Plugin[Any]]) -> None:
        """Make sure that nobody else has the name.

        Raises:
            ConfigError: Somebody has.
        """
        if any(other.id == self.id and other is not self for other in installed):
            raise ConfigError(f"organization: two plugins are called {self.id!r}")

    def parts(self) -> Parts:
        """The parts of the plugin, under the instance's names."""
        parts, names = super().parts(), self.names
        rows: Sequence[type[Row]] = renamed(parts.tables, names)
        endpoints = [self._endpoint(endpoint) for endpoint in parts.endpoints]
        return replace(
            parts,
            endpoints=endpoints,
            tables=rows,
            table_options={names.tables.get(name, name): given for name, given in parts.table_options.items()},
            aliases=[
                (method, f"/{names.name}/{path.split('/', 2)[2]}", self._operations[operation])
                for method, path, operation in parts.aliases
            ],
        )

    def _endpoint(self, endpoint: Endpoint) -> Endpoint:
        operation = moved(endpoint.operation, self.names)
        setattr(operation, INSTANCE, self)
        self._operations[endpoint.operation] = operation
        handle = endpoint.run

        async def run(call: Call[Any]) -> Any:
            with call.acting_in(self.seen(call.db)):
                return await handle(call)

        return replace(endpoint, operation=operation, run=run)

    def seen(self, db: Database) -> Database:
        """The database in which the models of the first instance are this instance's tables."""
        seen = self._seen
        if seen is None or seen[0] is not db.schema:
            seen = self._seen = (db.schema, seen_by(db.schema, self.names))
        return db.within(db.context, seen[1])

    def api(self, executor: Executor) -> OrganizationApi:
        """The server's methods, of this instance."""
        return OrganizationApi(_Here(executor, self._operations))


class _Here:
    """Runs the operations of an instance where those of the first are asked for."""

    def __init__(self, executor: Executor, operations: Moved) -> None:
        self._executor = executor
        self._operations = operations

    async def execute(self, op: Operation[R], /, headers: Acting | None = None) -> R:
        """The value of ``op``, of the instance.

        Raises:
            ApiError: The operation failed.
            ConfigError: The instance's options do not turn the operation on.
        """
        operation: type[Operation[R]] | None = self._operations.get(type(op))
        if operation is None:
            raise ConfigError(f"no installed part handles {type(op).__name__}")
        return await self._executor.execute(restated(op, operation), headers)
