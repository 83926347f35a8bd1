"""Threads for slow work: one pool for a process, whatever event loops it runs."""

from __future__ import annotations

import threading

import anyio
import pytest

from gatewright.ports.workers import Overloaded, ThreadWorkers

THREADS = ThreadWorkers(threads=1, nice=0)


async def _name() -> str:
    return await THREADS.run(lambda: threading.current_thread().name)


def test_a_pool_serves_one_event_loop_after_the_other() -> None:
    names = [anyio.run(_name, backend=backend) for backend in ("asyncio", "trio", "asyncio")]
    assert threading.current_thread().name not in names


@pytest.mark.anyio
async def test_no_more_run_at_once_than_there_are_threads() -> None:
    workers = ThreadWorkers(threads=2, nice=0)
    running: list[int] = []
    at_once: list[int] = []
    lock = threading.Lock()
    both = threading.Barrier(2, timeout=10)

    def work() -> None:
        with lock:
            running.append(1)
            at_once.append(len(running))
        both.wait()
        with lock:
            running.pop()

    async with anyio.create_task_group() as tasks:
        for _ in range(6):
            tasks.start_soon(workers.run, work)
    assert max(at_once) == 2
    assert len(at_once) == 6


@pytest.mark.anyio
async def test_work_beyond_the_queue_is_refused_and_room_comes_back() -> None:
    workers = ThreadWorkers(threads=1, queue=1, nice=0)
    go_on = threading.Event()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(workers.run, go_on.wait)
        tasks.start_soon(workers.run, go_on.wait)
        await anyio.wait_all_tasks_blocked()
        with pytest.raises(Overloaded, match="2 jobs are waiting"):
            await workers.run(lambda: None)
        go_on.set()
    assert await workers.run(lambda: "done") == "done"
