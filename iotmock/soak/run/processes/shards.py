"""Where shards run: what the run asks of a place, and the processes of this machine."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import trio
from attrs import frozen

from iotmock.soak.run.processes.child import Child

MODULE = "iotmock.soak.shard.worker"


class Shard(Protocol):
    """A shard that runs somewhere."""

    async def tell(self, value: object) -> None:
        """Give it an order or an instruction.

        Raises:
            ChildGoneError: it has ended.
        """
        ...

    def lines(self) -> AsyncIterator[bytes]:
        """Yield what it says, until it ends."""
        ...

    @property
    def why(self) -> str:
        """How it ended."""
        ...


class Place(Protocol):
    """Somewhere to run shards."""

    @property
    def restarts(self) -> int:
        """How often a shard is started again."""
        ...

    async def start(self, nursery: trio.Nursery, number: int) -> Shard:
        """Start a shard, which has its order still to come; it ends with the nursery.

        Raises:
            SoakError: it can not be started.
        """
        ...


@frozen
class Processes:
    """Processes of this machine; their logs are in `folder`. None is started again."""

    folder: Path
    restarts: int = 0

    async def start(self, nursery: trio.Nursery, number: int) -> Shard:
        """See `Place`."""
        return await Child.start(nursery, MODULE, self.folder / f"worker-{number}.log")
