"""An act of the demo: a device is cut off for some seconds, and the stream shows it."""

import json
import time
from collections import Counter
from typing import Any

from attrs import define

from iotmock.demo.rest import Rest
from iotmock.demo.site import INTERVAL_S, WATCHED
from iotmock.demo.stream import Arrival, Stream, moment
from iotmock.demo.teller import Teller

FAULT: dict[str, Any] = {"fault": "outage", "duration": 4.0}
_PATH = f"/api/v1/devices/{WATCHED}/faults"
_BEFORE, _AFTER = 2, 2
"""Readings that are shown."""
_LATE_S = 1.4 * INTERVAL_S


@define(eq=False)
class Watcher:
    """Tells the readings of one device: when each arrives, and whether that is in time."""

    stream: Stream
    teller: Teller
    began: float
    offset_s: float = 0.0
    """From simulated time to the time of day."""

    async def next(self) -> Arrival:
        """Wait for the next that the device says, and tell it."""
        while not (arrival := await self.stream.next()).of(WATCHED):
            pass
        self._tell(arrival)
        return arrival

    def is_late(self, arrival: Arrival) -> bool:
        """Say whether a reading came long after the time that it says."""
        return arrival.at - arrival.stamped - self.offset_s > _LATE_S

    def _tell(self, arrival: Arrival) -> None:
        after = f"{arrival.at - self.began:6.1f} s"
        content = arrival.content
        if not arrival.is_data:
            self.teller.say(f"{after}  {arrival.topic.rpartition('/')[2]}: {content['status']}")
            return
        # The first may have been slow itself, as everything has just begun.
        self.offset_s = min(self.offset_s, arrival.at - arrival.stamped)
        late = "  late: it was kept meanwhile" if self.is_late(arrival) else ""
        clock = content["timestamp"][11:19]
        self.teller.say(f"{after}  reading of {clock}  {content['power']:8.3f} kW{late}")


async def show_fault(rest: Rest, stream: Stream, teller: Teller) -> None:
    """Inject it, and tell what arrives until it is over and all that was kept has come."""
    watcher = await _in_step(stream, teller)
    for _ in range(_BEFORE):
        await watcher.next()
    teller.say(f"POST {_PATH} {json.dumps(FAULT)}")
    made = await rest.post(_PATH, FAULT)
    await _wait_over(watcher, moment(made["begin"]) + FAULT["duration"])
    await _show_record(rest, teller, made["fault_id"])


async def _in_step(stream: Stream, teller: Teller) -> Watcher:
    """Return a watcher that knows how simulated time lies to the time of day."""
    while True:
        arrival = await stream.next()
        if arrival.of(WATCHED) and arrival.is_data:
            return Watcher(stream, teller, time.time(), arrival.at - arrival.stamped)


async def _wait_over(watcher: Watcher, end: float) -> None:
    after = 0
    while after < _AFTER:
        arrival = await watcher.next()
        after += arrival.is_data and arrival.stamped > end


async def _show_record(rest: Rest, teller: Teller, fault_id: str) -> None:
    path = f"/api/v1/faults?device_id={WATCHED}"
    (entry,) = [one for one in (await rest.get(path))["faults"] if one["fault_id"] == fault_id]
    touched = Counter(message["effect"] for message in entry["messages"])
    effects = ", ".join(f"{count} {effect}" for effect, count in touched.items())
    teller.say(f"GET {path}")
    teller.say(f"{entry['fault']} from {entry['begin']} to {entry['end']}; messages: {effects}")
