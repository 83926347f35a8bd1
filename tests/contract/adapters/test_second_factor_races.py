"""The second factor under many callers at once, on every kind of store; each where it is there."""

from __future__ import annotations

from typing import ClassVar

from tests.contract.adapters import stores
from tests.contract.adapters.second_factor_races import SecondFactorRaces


class TestInMemory(stores.InMemory, SecondFactorRaces):
    pass


class TestInMemoryOverAWire(stores.InMemoryOverAWire, SecondFactorRaces):
    pass


class TestSQLite(stores.OnSQLite, SecondFactorRaces):
    pass


class TestPostgreSQL(stores.OnPostgreSQL, SecondFactorRaces):
    pass


class TestMariaDB(stores.OnMariaDB, SecondFactorRaces):
    pass


class TestD1OverABinding(stores.OnD1OverABinding, SecondFactorRaces):
    pass


class TestD1OverHttp(stores.OnD1OverHttp, SecondFactorRaces):
    CHALLENGES: ClassVar[int] = 15


class TestRedis(stores.WithRedis, SecondFactorRaces):
    pass
