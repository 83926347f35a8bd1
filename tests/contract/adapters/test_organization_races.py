"""Organizations under fifty callers at once, on every kind of store; each where it is there."""

from __future__ import annotations

from tests.contract.adapters import stores
from tests.contract.adapters.organization_races import OrganizationRaces


class TestInMemory(stores.InMemory, OrganizationRaces):
    pass


class TestInMemoryOverAWire(stores.InMemoryOverAWire, OrganizationRaces):
    pass


class TestSQLite(stores.OnSQLite, OrganizationRaces):
    pass


class TestPostgreSQL(stores.OnPostgreSQL, OrganizationRaces):
    pass


class TestMariaDB(stores.OnMariaDB, OrganizationRaces):
    pass


class TestD1OverABinding(stores.OnD1OverABinding, OrganizationRaces):
    pass


class TestD1OverHttp(stores.OnD1OverHttp, OrganizationRaces):
    pass
