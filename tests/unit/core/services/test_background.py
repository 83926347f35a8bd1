"""Work after the reply."""

from __future__ import annotations

from collections.abc import Awaitable

import anyio
import pytest

from gatewright.auth import Auth
from gatewright.services.background import BackgroundTasks, HandedTasks
from gatewright.testing.app import make_app
from gatewright.testing.log import RecordingLog

pytestmark = pytest.mark.anyio


async def test_leaving_waits_for_what_is_under_way() -> None:
    done: list[str] = []
    released = anyio.Event()

    async def job() -> None:
        await released.wait()
        done.append("mail")

    tasks = BackgroundTasks(RecordingLog())
    async with tasks:
        await tasks.spawn(job, name="mail")
        assert done == []
        released.set()
    assert done == ["mail"]


async def test_leaving_waits_no_longer_than_it_should() -> None:
    tasks = BackgroundTasks(RecordingLog(), drain_seconds=0)
    ended: list[bool] = []

    async def job() -> None:
        try:
            await anyio.sleep_forever()
        finally:
            ended.append(True)

    async with tasks:
        await tasks.spawn(job, name="hangs")
        await anyio.lowlevel.checkpoint()
    assert ended == [True]


async def test_a_job_that_fails_is_logged_and_the_others_go_on() -> None:
    log = RecordingLog()
    done: list[str] = []

    async def fails() -> None:
        raise RuntimeError("no")

    async def works() -> None:
        done.append("works")

    tasks = BackgroundTasks(log)
    async with tasks:
        await tasks.spawn(fails, name="fails")
        await tasks.spawn(works, name="works")
    assert done == ["works"]
    assert [line[1] for line in log.lines] == ["fails failed"]


async def test_an_applications_own_runner_gets_every_job() -> None:
    taken: list[Awaitable[object]] = []
    done: list[str] = []

    async def job() -> None:
        done.append("mail")

    tasks = HandedTasks(taken.append, RecordingLog())
    await tasks.spawn(job, name="mail")
    assert (len(taken), done) == (1, [])
    await taken[0]
    assert done == ["mail"]


async def test_a_runner_that_takes_nothing_loses_no_job() -> None:
    log = RecordingLog()
    done: list[str] = []

    async def job() -> None:
        done.append("mail")

    def refuses(work: Awaitable[object], /) -> None:
        raise RuntimeError("full")

    await HandedTasks(refuses, log).spawn(job, name="mail")
    assert done == ["mail"]
    assert [line[1] for line in log.lines] == ["advanced.background_tasks.handler failed"]


async def test_the_option_puts_the_runner_in_place() -> None:
    app = make_app({"advanced": {"background_tasks": {"handler": lambda work: None}}})  # pyright: ignore[reportUnknownLambdaType]
    auth = Auth(app.auth.blueprint.settings, app.adapter)
    assert isinstance(auth.services.tasks, HandedTasks)
    assert isinstance(Auth(make_app().auth.blueprint.settings, app.adapter).services.tasks, BackgroundTasks)
