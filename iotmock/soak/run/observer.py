"""The receiver's process, as the run sees it."""

from collections.abc import Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path

import msgspec
import trio
from attrs import define, field

from iotmock.model.fleet import prefix_of
from iotmock.soak.receiver.receipts import (
    Begin,
    Expect,
    Finish,
    Instruction,
    Receipts,
    ReceiverConfig,
)
from iotmock.soak.report.measures import WorstDevice
from iotmock.soak.run import outcome
from iotmock.soak.run.error import SoakError
from iotmock.soak.run.processes.child import Child, ChildGoneError
from iotmock.soak.scenario.scenario import Scenario
from iotmock.soak.words import told_by_fleet

_MODULE = "iotmock.soak.receiver.process"
_COUNTS_IN_A_LINE = 10_000
_QUIET_S = 5.0
"""How long a broker may be silent before what is outstanding counts as lost."""


def config_of(scenario: Scenario, run: str) -> ReceiverConfig:
    """Return how the receiver listens.

    Raises:
        SoakError: what the fleet says in its dialect can not be accounted for, or commanded.
    """
    told = told_by_fleet(scenario)
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
        websocket=broker.websocket_path if broker.transport == "websocket" else None,
        protocol=broker.protocol,
        client_id=client_id,
        topic_filters=told.filters,
        device_level=told.device_level,
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
    died: trio.Event = field(factory=trio.Event)
    why: str = ""
    """How it ended before its time."""
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
        if not self.final.is_set():
            self.why = child.why
            self.died.set()
        self.connected.set()
        self.final.set()

    def worst(self) -> list[WorstDevice]:
        """Return the devices with most defects so far."""
        return [] if self.receipts is None else list(outcome.worst(self.receipts))

    async def begin(self, at: float) -> None:
        """Say when the run begins, Unix s; one that died says so itself."""
        with suppress(ChildGoneError):
            await self._tell(Begin(at))

    async def finish(self, sent: Mapping[str, int], drain_s: float) -> Receipts:
        """Say what was sent, and return the last receipts; of one that died, those it gave."""
        with suppress(ChildGoneError):
            await self._tell_sent(sent)
            await self._tell(Finish(quiet_s=min(_QUIET_S, drain_s), at_most_s=drain_s))
        await self.final.wait()
        assert self.receipts is not None, "it was connected"  # noqa: S101
        return self.receipts

    async def _tell_sent(self, sent: Mapping[str, int]) -> None:
        items = iter(sent.items())
        while part := dict(islice(items, _COUNTS_IN_A_LINE)):
            await self._tell(Expect(part))

    async def _tell(self, instruction: Instruction) -> None:
        assert self._child is not None, "it was started"  # noqa: S101
        await self._child.tell(instruction)

    async def dismiss(self) -> None:
        """Let it end."""
        if self._child is not None and self._child.process.stdin is not None:
            await self._child.process.stdin.aclose()
