"""Shards as actors of a Ray cluster: one a core, placed and started again by Ray."""

import queue
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import trio
from attrs import define

from iotmock.soak.run.error import SoakError
from iotmock.soak.run.processes.child import ChildGoneError
from iotmock.soak.run.processes.ray_connection import connected, first_line, last_line
from iotmock.soak.run.processes.shards import MODULE, Shard

_RESTARTS = 3
_TAKE_S = 0.5
_START_S = 180.0
_encode = msgspec.json.Encoder().encode


class ShardActor:
    """What runs on a node: the process of a shard, whose lines go both ways."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", MODULE], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None, "started with a pipe"  # noqa: S101
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def tell(self, line: bytes) -> None:
        """Give the process a line."""
        assert self._process.stdin is not None, "started with a pipe"  # noqa: S101
        self._process.stdin.write(line)
        self._process.stdin.flush()

    def take(self, seconds: float) -> tuple[list[bytes], int | None]:
        """Return the lines of the process, and, if it has ended, its exit code."""
        lines: list[bytes] = []
        try:
            found = self._lines.get(timeout=seconds)
            while found is not None:
                lines.append(found)
                found = self._lines.get_nowait()
        except queue.Empty:
            return lines, None
        return lines, self._process.wait()


@define(eq=False)
class RayCluster:
    """A cluster that this process is connected to. See `Place`."""

    ray: Any
    restarts: int = _RESTARTS

    async def start(self, nursery: trio.Nursery, number: int) -> Shard:  # noqa: ARG002
        """See `Place`."""
        remote = self.ray.remote(num_cpus=1, max_concurrency=2)(ShardActor)
        actor = remote.remote()
        shard = RayShard(self.ray, actor)
        with trio.move_on_after(_START_S):
            await shard.check_started(number)
            return shard
        raise SoakError(
            f"Ray has not started worker {number} within {_START_S:g} s: it has no free core "
            "(use fewer --workers or a larger cluster), or its nodes are slow (ray status)"
        )


@define(eq=False)
class RayShard:
    """See `Shard`."""

    ray: Any
    actor: Any
    why: str = "it runs"

    async def check_started(self, number: int) -> None:
        """Wait until its process runs.

        Raises:
            SoakError: it can not.
        """
        try:
            await self.ask(self.actor.take.remote(0.0))
        except self.ray.exceptions.RayError as error:
            raise SoakError(
                f"Ray can not start worker {number}: {last_line(error)} "
                "(iotmock must be installed on each node)"
            ) from error

    async def ask(self, reference: Any) -> Any:
        """Wait for the answer of the actor."""
        return await trio.to_thread.run_sync(self.ray.get, reference, abandon_on_cancel=True)

    async def tell(self, value: object) -> None:
        """See `Shard`."""
        try:
            await self.ask(self.actor.tell.remote(_encode(value) + b"\n"))
        except (self.ray.exceptions.RayError, OSError) as error:
            raise ChildGoneError(first_line(error)) from error

    async def lines(self) -> AsyncIterator[bytes]:
        """See `Shard`."""
        code: int | None = None
        try:
            while code is None:
                lines, code = await self.ask(self.actor.take.remote(_TAKE_S))
                for line in lines:
                    yield line
            self.why = f"exit code {code}"
        except self.ray.exceptions.RayError as error:
            self.why = first_line(error)
        finally:
            self.ray.kill(self.actor)


def ray_cluster(address: str) -> RayCluster:
    """Return a cluster, connected.

    Raises:
        SoakError: Ray is not installed here, or none can be used there.
    """
    return RayCluster(connected(address))
