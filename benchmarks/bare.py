"""What a device costs where there is none: a Trio task that waits at a memory channel.

`python -m benchmarks.bare N` prints, as JSON, what N of them take.
"""

import gc
import os
import random
import subprocess
import sys
import time

import msgspec
import trio
import trio.testing

from benchmarks.processes import resident_kb

_INBOX = 16
_SLICE = 256
_REPEATS = 5


class Bare(msgspec.Struct):
    """Of tasks in KB each and s for all of them; of a message to one, and `random.gauss`, in µs."""

    kb: float
    start_s: float
    stop_s: float
    tick_us: float
    gauss_us: float


async def _wait(inbox: trio.MemoryReceiveChannel[float]) -> None:
    async for _ in inbox:
        pass


async def measure(tasks: int) -> Bare:
    """Start them, weigh them, and let them end."""
    gc.disable()  # as the service does while a fleet comes
    before = resident_kb(os.getpid())
    async with trio.open_nursery() as nursery:
        began, posts = time.perf_counter(), []
        for _ in range(tasks):
            post, inbox = trio.open_memory_channel[float](_INBOX)
            nursery.start_soon(_wait, inbox)
            posts.append(post)
        await trio.testing.wait_all_tasks_blocked()
        start_s, after = time.perf_counter() - began, resident_kb(os.getpid())
        tick_us = min([await _tick_us(posts) for _ in range(_REPEATS)])
        began = time.perf_counter()
        for post in posts:
            post.close()
    stop_s = time.perf_counter() - began
    return Bare((after - before) / tasks, start_s, stop_s, tick_us, gauss_us())


async def _tick_us(posts: list[trio.MemorySendChannel[float]]) -> float:
    began = time.process_time()
    for start in range(0, len(posts), _SLICE):
        for post in posts[start : start + _SLICE]:
            post.send_nowait(0.0)
        await trio.lowlevel.checkpoint()
    await trio.testing.wait_all_tasks_blocked()
    return (time.process_time() - began) / len(posts) * 1e6


def gauss_us(times: int = 1_000_000) -> float:
    """Return what one `random.gauss` takes, in µs: the best of five."""
    took = []
    for _ in range(_REPEATS):
        began = time.process_time()
        for _ in range(times // _REPEATS):
            random.gauss(0.0, 1.0)
        took.append(time.process_time() - began)
    return min(took) / (times // _REPEATS) * 1e6


def bare(tasks: int) -> Bare:
    """Measure in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.bare", str(tasks)]
    printed = subprocess.run(command, check=True, capture_output=True).stdout
    return msgspec.json.decode(printed, type=Bare)


if __name__ == "__main__":
    print(msgspec.json.encode(trio.run(measure, int(sys.argv[1]))).decode())
