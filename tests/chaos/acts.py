"""What is done to the service from all sides, each at its own pace, until the calm at the end."""

import signal
from collections import Counter
from random import Random

import trio
from attrs import define, field

from tests.chaos.foul_proxy import FoulProxy
from tests.chaos.small_disk import SmallDisk
from tests.faketime import FakeTime
from tests.mosquitto import Mosquitto

_JUMPS_S = (3_600, -86_400, 90, -5, 7 * 86_400, 0)
_FLIPS = 0.1
"""Share of the chunks while bytes flip."""


@define(eq=False)
class Acts:
    """`pace_s` lies between two acts of a kind, on average; what one does lasts as long at most."""

    broker: Mosquitto
    proxy: FoulProxy
    disk: SmallDisk
    clock: FakeTime
    random: Random
    pace_s: float
    counts: Counter[str] = field(factory=Counter)

    async def run(self) -> None:
        """Do everything at once until cancelled, and then leave all of it whole."""
        try:
            async with trio.open_nursery() as nursery:
                for act in (self._of_broker, self._of_proxy, self._of_disk, self._of_clock):
                    nursery.start_soon(act)
        finally:
            self._make_whole()

    async def _pause(self, least: float = 0.2) -> None:
        await trio.sleep(self.random.uniform(least, 1.0) * self.pace_s)

    async def _of_broker(self) -> None:
        while True:
            await self._pause()
            self.counts["broker killed"] += 1
            self.broker.kill()
            await self._pause(0.1)
            await trio.to_thread.run_sync(self.broker.start)
            await self._pause()
            self.counts["broker stopped"] += 1
            self._signal(signal.SIGSTOP)
            await self._pause()
            self._signal(signal.SIGCONT)

    def _signal(self, which: signal.Signals) -> None:
        if self.broker.process is not None:
            self.broker.process.send_signal(which)

    async def _of_proxy(self) -> None:
        while True:
            await self._pause()
            self.proxy.stall()
            await self._pause()
            self.proxy.go_on()
            await self._pause()
            self.proxy.flipping = _FLIPS
            await self._pause()
            self.proxy.flipping = 0.0
            await self.proxy.cut()

    async def _of_disk(self) -> None:
        while True:
            await self._pause()
            self.disk.fill()
            self.counts["disk filled"] += self.disk.is_full
            await self._pause()
            self.disk.free()

    async def _of_clock(self) -> None:
        while True:
            await self._pause()
            self.clock.set(self.random.choice(_JUMPS_S))
            self.counts["clock moved"] += 1

    def _make_whole(self) -> None:
        self.proxy.flipping = 0.0
        self.proxy.go_on()
        self.disk.free()
        self.clock.set(0)
        if self.broker.process is None:
            self.broker.start()
        self._signal(signal.SIGCONT)
