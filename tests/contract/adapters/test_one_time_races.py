"""One-time values, and first sign-ins, under many callers at once, on every kind of store; each where it is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.contract.adapters import stores
from tests.contract.adapters.arrival_races import ArrivalRaces
from tests.contract.adapters.one_time_races import OneTimeRaces


class TestInMemory(stores.InMemory, OneTimeRaces, ArrivalRaces):
    pass


class TestInMemoryOverAWire(stores.InMemoryOverAWire, OneTimeRaces, ArrivalRaces):
    pass


class TestSQLite(stores.OnSQLite, OneTimeRaces, ArrivalRaces):
    pass


class TestPostgreSQL(stores.OnPostgreSQL, OneTimeRaces, ArrivalRaces):
    pass


class TestMariaDB(stores.OnMariaDB, OneTimeRaces, ArrivalRaces):
    pass


class TestD1OverABinding(stores.OnD1OverABinding, OneTimeRaces, ArrivalRaces):
    pass


class TestD1OverHttp(stores.OnD1OverHttp, OneTimeRaces, ArrivalRaces):
    pass


class TestASecondaryStorageInMemory(stores.WithACache, OneTimeRaces):
    pass


class TestASecondaryStorageThatHasCopies(stores.WithACache, OneTimeRaces):
    """The database decides."""

    VERIFICATION: ClassVar[Mapping[str, Any]] = {"store_in_database": True}


class TestRedis(stores.WithRedis, OneTimeRaces):
    pass
