"""The receiver's process, as the run sees it."""

from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import msgspec
import trio
from attrs import define, field

from iotmock.model.fleet import prefix_of
from iotmock.soak.receipts import Expect, Finish, Receipts, ReceiverConfig
from iotmock.soak.run.child import Child
from iotmock.soak.run.error import SoakError
from iotmock.soak.scenario import Scenario

_MODULE = "iotmock.soak.receiver"
_COUNTS_IN_A_LINE = 10_000


def config_of(scenario: Scenario, run: str) -> ReceiverConfig:
    """Return how the receiver listens."""
    broker, verify, name = scenario.broker, scenario.verify, scenario.fleet.name
    client_id = f"{name}-{run}-receiver"
    names = [group.own_name for group in scenario.fleet.groups]
    return ReceiverConfig(
        run=run,
        host=broker.host,
        port=broker.port,
        username=broker.username and broker.username.replace("{device_id}", client_id),
        password=broker.password,
        tls=broker.tls,
        tls_ca=broker.tls_ca,
        tls_cert=broker.tls_cert,
        tls_key=broker.tls_key,
        protocol=broker.protocol,
        client_id=client_id,
        qos=min(1, scenario.load.qos),
        groups={one: f"{prefix_of(name, one)}-" for one in names},
        window=verify.window,
        late_after_s=verify.late_after,
    )


@define(eq=False)
class Observer:
    """What the receiver said last."""

    config: ReceiverConfig
    log: Path
    receipts: Receipts | None = None
    connected: trio.Event = field(factory=trio.Event)
    final: trio.Event = field(factory=trio.Event)
    _child: Child | None = None

    async def start(self, nursery: trio.Nursery) -> None:
        """Start it, and wait until the broker has granted its subscription.

        Raises:
            SoakError: the broker is away or refuses.
        """
        self._child = child = await Child.start(nursery, _MODULE, self.log)
        nursery.start_soon(self._hear, child)
        await child.tell(self.config)
        await self.connected.wait()
        if self.receipts is None:
            raise SoakError(f"the receiver can not listen: {child.why}")

    async def _hear(self, child: Child) -> None:
        async for line in child.lines():
            self.receipts = msgspec.json.decode(line, type=Receipts)
            self.connected.set()
            if self.receipts.final:
                self.final.set()
        self.connected.set()
        self.final.set()

    async def finish(self, sent: Mapping[str, int], drain_s: float) -> Receipts:
        """Say what was sent, and return the last receipts.

        Raises:
            SoakError: the receiver has died.
        """
        assert self._child is not None, "it was started"  # noqa: S101
        items = iter(sent.items())
        while part := dict(islice(items, _COUNTS_IN_A_LINE)):
            await self._child.tell(Expect(part))
        await self._child.tell(Finish(quiet_s=min(2.0, drain_s), at_most_s=drain_s))
        await self.final.wait()
        if self.receipts is None or not self.receipts.final:
            raise SoakError(f"the receiver has died: {self._child.why}")
        return self.receipts

    async def dismiss(self) -> None:
        """Let it end."""
        if self._child is not None and self._child.process.stdin is not None:
            await self._child.process.stdin.aclose()
