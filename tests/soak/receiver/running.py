"""The receiver's process under test, and a sender whose messages carry stamps."""

import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial
from subprocess import PIPE
from time import time
from typing import Any

import msgspec
import trio
from attrs import define, field

from iotmock.actors.messages import Kind, Outgoing
from iotmock.settings.reading import read_settings
from iotmock.soak.receiver.receipts import Expect, Finish, Receipts, ReceiverConfig
from iotmock.verification.stamp import Numbering
from iotmock.wire import Stamping, make_wire
from tests.mosquitto import PASSWORD, USERNAME
from tests.outgoing import outgoing
from tests.patience import within

RUN = "run1"
PATIENCE_S = 30.0
PAYLOAD = b'{"device_id":"a","power":1.5,"status":"online"}'


@define(eq=False)
class Receiver:
    """A running receiver."""

    process: trio.Process
    _lines: AsyncIterator[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    async def tell(self, value: object) -> None:
        assert self.process.stdin is not None
        await self.process.stdin.send_all(msgspec.json.encode(value) + b"\n")

    async def receipts(self, condition: Callable[[Receipts], Any]) -> Receipts:
        """Return the first receipts that meet the condition."""
        with within(PATIENCE_S):
            async for line in self._lines:
                receipts = msgspec.json.decode(line, type=Receipts)
                if condition(receipts):
                    return receipts
        raise AssertionError("the receiver ended")

    async def finish(self, counts: dict[str, int], quiet_s: float = 5.0) -> Receipts:
        """Tell it what was sent, and return the final receipts."""
        await self.tell(Expect(counts))
        await self.tell(Finish(quiet_s=quiet_s))
        return await self.receipts(lambda r: r.final)


async def lines_of(stream: trio.abc.ReceiveStream) -> AsyncIterator[bytes]:
    rest = b""
    async for chunk in stream:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line


@asynccontextmanager
async def running_receiver(port: int, **config: Any) -> AsyncIterator[Receiver]:
    """Run one that has subscribed."""
    command = [sys.executable, "-m", "iotmock.soak.receiver.process"]
    credentials = {"username": USERNAME, "password": PASSWORD, "host": "127.0.0.1"}
    wanted = ReceiverConfig(run=RUN, port=port, **credentials | {"snapshot_s": 0.1} | config)
    async with trio.open_nursery() as nursery:
        process = await nursery.start(partial(trio.run_process, command, stdin=PIPE, stdout=PIPE))
        receiver = Receiver(process, lines_of(process.stdout))
        await receiver.tell(wanted)
        await receiver.receipts(lambda r: r.connected)
        yield receiver
        await process.stdin.aclose()
        with within(PATIENCE_S):
            assert await process.wait() == 0


@define(eq=False)
class Sender:
    """Sends over the service's own wire."""

    port: int
    stamp: str = "properties"
    run: str = RUN
    protocol: str = "5"
    numbering: Numbering = field(factory=Numbering)
    stamping: Stamping | None = None

    @property
    def counts(self) -> dict[str, int]:
        return self.numbering.counts

    async def send(
        self, devices: Iterable[str], due: Callable[[int], float] | None = None, mark: str = ""
    ) -> None:
        """Send one message for each name, in order, and wait until the broker has them."""
        wire = make_wire(read_settings(self._environment()), 0, embedded=False)
        self.stamping = wire.stamping
        waiting = [self._message(device, due, mark) for device in devices]
        with within(PATIENCE_S):
            async with wire.connect() as connection:
                while waiting:
                    waiting = waiting[connection.offer(waiting[:100]) :]
                    await connection.flush()
                    await connection.wait_window()
                await connection.wait_settled()

    def _message(self, device: str, due: Callable[[int], float] | None, mark: str) -> Outgoing:
        number = self.counts.get(device, 0) + 1
        when = due(number) if due is not None else time()
        stamp = self.numbering.stamp(device, when, mark)
        return outgoing(Kind.DATA, device, PAYLOAD, stamp=stamp)

    def _environment(self) -> dict[str, str]:
        return {
            "MQTT_BROKER_HOST": "127.0.0.1",
            "MQTT_BROKER_PORT": str(self.port),
            "MQTT_STAMP": self.stamp,
            "MQTT_STAMP_RUN": self.run,
            "MQTT_PROTOCOL": self.protocol,
        }
