"""A shard that dies in a run, at a place that starts it again, or can not."""

import time
from collections.abc import AsyncIterator

import msgspec
import pytest
import trio
from attrs import define, field

from iotmock.soak.run.error import SoakError
from iotmock.soak.run.processes.workers import Workers
from iotmock.soak.shard.order import Progress, Ready
from tests.patience import within
from tests.soak.runs import scenario

pytestmark = pytest.mark.trio


@define(eq=False)
class Dying:
    """A shard that says where it is, and dies when it is let."""

    at: float
    dies: trio.Event = field(factory=trio.Event)
    why: str = "its node is gone"

    async def tell(self, value: object) -> None: ...

    async def lines(self) -> AsyncIterator[bytes]:
        yield msgspec.json.encode(Ready(1))
        yield msgspec.json.encode(Progress(at=self.at))
        await self.dies.wait()


@define(eq=False)
class Crowded:
    """A cluster that has a core once, and then no more."""

    shard: Dying
    restarts: int = 3
    started: int = 0

    async def start(self, nursery: trio.Nursery, number: int) -> Dying:
        self.started += 1
        if self.started > 1:
            raise SoakError("no free core")
        return self.shard


async def test_one_that_can_not_be_started_again_has_died_and_the_run_goes_on() -> None:
    began = time.time()
    place = Crowded(Dying(at=began + 4.0))
    workers = Workers(scenario(), "run", 1, place)
    async with trio.open_nursery() as nursery:
        await workers.start(nursery)
        await workers.go(began)
        place.shard.dies.set()
        with within(5):
            await workers.wait_ended()
    state = workers.states[0]
    assert (state.died, state.why) == (True, ["its node is gone", "no free core"])
    workers.close(10.0)
    assert state.missed == workers._due(4.0, 10.0) > 0


async def test_one_that_can_not_be_started_at_all_ends_the_run() -> None:
    place = Crowded(Dying(at=0.0), started=1)
    with pytest.RaisesGroup(pytest.RaisesExc(SoakError, match="no free core")):
        async with trio.open_nursery() as nursery:
            await Workers(scenario(), "run", 1, place).start(nursery)
