"""The platform mirror: a mock device for each device that the platform announces."""

from collections.abc import Iterator
from typing import Any

import structlog
import trio
from attrs import define, field

from iotmock.actors.devices.children import MIRRORED
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.errors import ActorError, UnknownDeviceError
from iotmock.actors.journal import Journal
from iotmock.actors.messages import IncomingEvent
from iotmock.actors.routers.platform_event import AnnouncedDevice, PlatformEvent
from iotmock.model.spec import InvalidFieldError
from iotmock.wording.faults import InvalidValueError, decode

log = structlog.get_logger()

_INBOX_SIZE = 1_000
_STAND_IN_TYPE = "appliance"
_STAND_IN_KW = 3.0
_OF_THE_PLATFORM = {"sensor", "meter", "gateway", "controller"}
"""Types that mean another thing there than ours of the same name (contract.md, section 5)."""


_Ends = tuple[trio.MemorySendChannel[IncomingEvent], trio.MemoryReceiveChannel[IncomingEvent]]


@define
class MirrorStatistics:
    """Counts of the platform's events."""

    received: int = 0
    invalid: int = 0
    left_out: int = 0
    """Announcements of devices beyond the limit."""


@define(eq=False)
class PlatformMirror:
    """Follows `device.created`, `device.updated` and `device.deleted`; the last event wins.

    An update of a device that is not there makes it: the service may have started after it.
    """

    supervisor: Supervisor
    limit: int = 10_000
    """How many devices are mirrored at most."""
    statistics: MirrorStatistics = field(factory=MirrorStatistics)
    journal: Journal = field(factory=Journal)
    _ends: _Ends = field(factory=lambda: trio.open_memory_channel[IncomingEvent](_INBOX_SIZE))

    async def tell(self, event: IncomingEvent) -> None:
        """Hand over an event; waits while many are waiting."""
        await self._ends[0].send(event)

    async def run(self) -> None:
        """Follow events until cancelled."""
        async for event in self._ends[1]:
            self.statistics.received += 1
            try:
                await self._follow(event)
            except (ActorError, InvalidFieldError, InvalidValueError) as error:
                self._note_refusal(event, error)

    def _note_refusal(self, event: IncomingEvent, error: Exception) -> None:
        self.statistics.invalid += 1
        device, why = event.device_id[:64], str(error)[:200]
        log.warning("a platform event was refused", device=device, why=why)

    async def _follow(self, event: IncomingEvent) -> None:
        device_id = f"{MIRRORED}{event.device_id}"
        if event.action == "device.deleted":
            await self._forget(device_id)
        elif event.action in {"device.created", "device.updated"}:
            data: AnnouncedDevice = decode(event.payload, PlatformEvent).device_data
            await self._mirror(device_id, data)

    async def _forget(self, device_id: str) -> None:
        try:
            await self.supervisor.delete(device_id)
            self._tell("a device was deleted", device_id)
        except UnknownDeviceError:
            log.debug("the platform deleted a device that is not mirrored", device=device_id)

    def _leave_out(self) -> None:
        self.statistics.left_out += 1
        if self.statistics.left_out == 1:
            log.warning(
                "the platform announces more devices than are mirrored; raise PLATFORM_SYNC_LIMIT",
                limit=self.limit,
            )

    def problems(self) -> Iterator[str]:
        """See `Part`."""
        if self.statistics.left_out and len(self.supervisor.children.mirrored) >= self.limit:
            yield (
                f"the platform announces more than {self.limit} devices and the others are not "
                "mirrored: raise PLATFORM_SYNC_LIMIT"
            )

    async def _mirror(self, device_id: str, data: AnnouncedDevice) -> None:
        fields: dict[str, Any] = {
            name: value
            for name in ("name", "location", "base_power", "base_voltage")
            if (value := getattr(data, name)) is not None
        }
        try:
            self.supervisor.get(device_id)
        except UnknownDeviceError:
            await self._make(device_id, data.type, fields)
        else:
            await self.supervisor.update(device_id, **fields)
            self._tell("a device was changed", device_id)

    async def _make(self, device_id: str, device_type: str | None, fields: dict[str, Any]) -> None:
        if len(self.supervisor.children.mirrored) >= self.limit:
            self._leave_out()
            return
        if device_type not in set(self.supervisor.catalogue.names) - _OF_THE_PLATFORM:
            device_type, fields = _STAND_IN_TYPE, {"base_power": _STAND_IN_KW} | fields
        fields = {"name": device_id} | fields
        await self.supervisor.create(device_type, device_id=device_id, **fields)
        self._tell("a device was created", device_id)

    def _tell(self, event: str, device_id: str) -> None:
        self.journal.note(event, over="mqtt", device=device_id, by="the platform's events")
