"""The API key plugin: families of keys and parts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from gatewright.model.schema import Table
from gatewright.plugins.api_key.api import ApiKeyApi
from gatewright.plugins.api_key.custom_storage import FunctionCache
from gatewright.plugins.api_key.faults import NoDefaultApiKeyConfigurationFound
from gatewright.plugins.api_key.model import DEFAULT_CONFIG, KeyRow
from gatewright.plugins.api_key.options import ApiKeyOptions, ApiKeyTables
from gatewright.plugins.api_key.recent import Recent
from gatewright.plugins.api_key.stores import CacheStore, CopiedStore, DatabaseStore, KeyStore
from gatewright.plugins.base import Parts, Plugin
from gatewright.ports.cache import Cache
from gatewright.services.keyed_locks import KeyedLocks
from gatewright.services.services import Services
from gatewright.settings.base import load
from gatewright.settings.fields import named_tables
from gatewright.wire.faults import ConfigError

__all__ = ("ApiKey",)

SWEEP_EVERY = timedelta(seconds=10)
"""Keys whose time is over are removed along with other work, at most so often."""


class ApiKey(Plugin[ApiKeyApi]):
    """Keys for programs, made by users, organizations or the application.

    Args:
        options: The family of keys, or several (``configurations``).
        shared: What all families share: names in the database.

    Raises:
        ConfigError: Of several families one has no name, or two have the same.
    """

    id = "api-key"
    api_type = ApiKeyApi

    def __init__(
        self, options: ApiKeyOptions | None = None, shared: ApiKeyTables | Mapping[str, object] | None = None
    ) -> None:
        self.options = options or ApiKeyOptions()
        several = self.options.configurations
        self.families = (self.options,) if several is None else tuple(several)
        if several is not None:
            names = [family.config_id for family in several]
            if None in names:
                raise ConfigError("api-key: config_id is required for each of several configurations")
            if len(set(names)) != len(names):
                raise ConfigError("api-key: config_id must be unique for each of several configurations")
        self.tables = self.options if shared is None else load(ApiKeyTables, shared)
        self._locks = KeyedLocks()
        self._custom = {
            id(family): FunctionCache(family.custom_storage)
            for family in self.families
            if family.custom_storage is not None
        }
        self._recent = {family.id: Recent() for family in self.families if family.storage == "database"}
        self._swept: datetime | None = None

    def parts(self) -> Parts:
        """Seven operations and a table; keys go with their owners; some act as their owners."""
        # The handlers ask for this class.
        from gatewright.plugins.api_key.endpoints import ALL  # noqa: PLC0415
        from gatewright.plugins.api_key.hooks import act_as_owner, owner_hooks  # noqa: PLC0415

        acting = any(family.enable_session_for_api_keys for family in self.families)
        return Parts(
            endpoints=ALL,
            tables=(KeyRow,),
            table_options=named_tables(self.tables.schema_),
            hooks=(act_as_owner,) if acting else (),
            row_hooks=owner_hooks(self),
        )

    def family(self, config_id: str | None) -> ApiKeyOptions:
        """The family with a name; the one that needs none where there is no such.

        Raises:
            NoDefaultApiKeyConfigurationFound: There is neither.
        """
        found = self.named(config_id or DEFAULT_CONFIG) or self.named(DEFAULT_CONFIG)
        if found is None:
            raise NoDefaultApiKeyConfigurationFound
        return found

    def named(self, config_id: str) -> ApiKeyOptions | None:
        """The family with exactly this name."""
        return next((family for family in self.families if family.id == config_id), None)

    def store(self, services: Services, family: ApiKeyOptions) -> KeyStore:
        """Where the keys of a family are kept.

        Raises:
            ConfigError: In a secondary storage that is not there.
        """
        if family.storage == "database":
            return _JOINED if services.plan.settings.advanced.database.generate_id is None else _PLAIN
        cache: Cache | None = self._custom.get(id(family)) or services.cache
        if cache is None:
            raise ConfigError("api-key: storage is secondary-storage, but there is none")
        table: Table = services.plan.schema[KeyRow]
        store = CacheStore(cache, table, services.clock, self._locks)
        return CopiedStore(store) if family.fallback_to_database else store

    def recent(self, family: ApiKeyOptions) -> Recent | None:
        """The keys of a family in the database that were used last; ``None`` where they are kept elsewhere."""
        return self._recent.get(family.id)

    def sweeps(self, now: datetime) -> bool:
        """Whether it is time to remove keys whose time is over."""
        if self._swept is not None and timedelta(0) <= now - self._swept < SWEEP_EVERY:
            return False
        self._swept = now
        return True


_JOINED, _PLAIN = DatabaseStore(joins=True), DatabaseStore(joins=False)
