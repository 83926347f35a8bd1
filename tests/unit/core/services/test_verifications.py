"""One-time values: kept in time, found by their own flow, taken once."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from tests.mailing import all_at_once

from gatewright.model.verification import Verification
from gatewright.testing.app import TestApp, make_app

pytestmark = pytest.mark.anyio


def app_with(verification: Mapping[str, object] | None = None) -> TestApp:
    return make_app({"verification": dict(verification or {})})


async def create(app: TestApp, identifier: str, value: str = "the value", *, seconds: int = 60) -> None:
    services = app.auth.services
    await services.verifications.create(
        services.database, identifier, value, expires_at=app.clock.now() + timedelta(seconds=seconds)
    )


async def stored(app: TestApp) -> list[str]:
    return [row.identifier for row in await app.auth.services.database.find_many(Verification)]


async def test_a_value_is_found_as_often_as_asked_and_taken_once() -> None:
    app = app_with()
    keeper, db = app.auth.services.verifications, app.auth.services.database
    await create(app, "flow:1")
    for _ in range(2):
        found = await keeper.find(db, "flow:1")
        assert found is not None
        assert found.value == "the value"
    assert await keeper.take(db, "flow:1") is not None
    assert await keeper.take(db, "flow:1") is None
    assert await keeper.find(db, "flow:1") is None


async def test_the_newest_of_several_values_is_found() -> None:
    app = app_with()
    await create(app, "flow:1", "old")
    app.clock.advance(seconds=1)
    await create(app, "flow:1", "new")
    found = await app.auth.services.verifications.find(app.auth.services.database, "flow:1")
    assert found is not None
    assert found.value == "new"


async def test_one_of_fifty_takes_a_value() -> None:
    app = app_with()
    keeper, db = app.auth.services.verifications, app.auth.services.database
    await create(app, "flow:1")
    taken = await all_at_once([lambda: keeper.take(db, "flow:1")] * 50)
    assert sum(row is not None for row in taken) == 1


async def test_a_value_of_somebody_else_stays() -> None:
    app = app_with()
    keeper, db = app.auth.services.verifications, app.auth.services.database
    await create(app, "flow:1", "ada")
    assert await keeper.take(db, "flow:1", value="bob") is None
    assert await keeper.take(db, "flow:1", value="ada") is not None


async def test_deleting_forgets_every_value_of_an_identifier_and_no_other() -> None:
    app = app_with()
    await create(app, "flow:1")
    await create(app, "flow:1")
    await create(app, "flow:2")
    await app.auth.services.verifications.delete(app.auth.services.database, "flow:1")
    assert await stored(app) == ["flow:2"]


@pytest.mark.parametrize(("milliseconds", "is_there"), [(-1, True), (0, False), (1, False)])
async def test_a_value_is_over_at_its_expiry(milliseconds: int, is_there: bool) -> None:
    app = app_with()
    await create(app, "flow:1", seconds=60)
    app.clock.advance(seconds=60 + milliseconds / 1000)
    keeper, db = app.auth.services.verifications, app.auth.services.database
    assert (await keeper.find(db, "flow:1") is not None) is is_there
    assert (await keeper.take(db, "flow:1") is not None) is is_there


async def test_expired_values_are_removed_when_values_are_asked_for() -> None:
    app = app_with()
    await create(app, "flow:1", seconds=60)
    await create(app, "flow:2", seconds=600)
    app.clock.advance(seconds=61)
    await app.auth.services.verifications.find(app.auth.services.database, "other")
    assert await stored(app) == ["flow:2"]


async def test_expired_values_stay_where_cleaning_is_switched_off() -> None:
    app = app_with({"disable_cleanup": True})
    await create(app, "flow:1", seconds=60)
    app.clock.advance(seconds=61)
    assert await app.auth.services.verifications.find(app.auth.services.database, "flow:1") is None
    assert await stored(app) == ["flow:1"]


@pytest.mark.parametrize(
    ("storage", "expected"),
    [
        ("plain", "reset-password:C23v7iUYRgqrRAITuOrj7lff"),
        ("hashed", "ueJZFBfpDNfjI6EFWIwQyjWesiW2QHrH4gsAgTKbl-0"),
        ({"hash": str.upper}, "RESET-PASSWORD:C23V7IUYRGQRRAITUORJ7LFF"),
        ({"default": "hashed", "overrides": {"reset-": "plain"}}, "reset-password:C23v7iUYRgqrRAITuOrj7lff"),
        (
            {"default": "plain", "overrides": {"sign-in-": "plain", "reset-": "hashed"}},
            "ueJZFBfpDNfjI6EFWIwQyjWesiW2QHrH4gsAgTKbl-0",
        ),
    ],
)
async def test_identifiers_are_stored_as_configured(storage: object, expected: str) -> None:
    app = app_with({"store_identifier": storage})
    await create(app, "reset-password:C23v7iUYRgqrRAITuOrj7lff")
    assert await stored(app) == [expected]
    taken = await app.auth.services.verifications.take(
        app.auth.services.database, "reset-password:C23v7iUYRgqrRAITuOrj7lff"
    )
    assert taken is not None


async def test_a_hash_of_the_applications_own_may_be_asynchronous() -> None:
    async def own(text: str) -> str:
        return text[::-1]

    app = app_with({"store_identifier": {"hash": own}})
    await create(app, "abc")
    assert await stored(app) == ["cba"]


@pytest.mark.parametrize("identifier", ["flow:\x00", "flow:\ud800", "flow:" + "x" * 5000])
async def test_what_no_store_can_hold_is_not_there(identifier: str) -> None:
    app = app_with()
    keeper, db = app.auth.services.verifications, app.auth.services.database
    assert await keeper.find(db, identifier) is None
    assert await keeper.take(db, identifier) is None
