"""`iotmock.simulate()`: readings as values, without a service, a broker or a clock."""

from array import array
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import msgspec
from attrs import define

from iotmock.history.chosen import at_sites
from iotmock.history.chosen import fleet as devices_of
from iotmock.history.formats import MissingExtraError
from iotmock.history.options import moment
from iotmock.history.series import DAY_S
from iotmock.model.commands import Rejected, parse_command
from iotmock.model.device import Device
from iotmock.model.families import installed
from iotmock.model.faults.request import FaultRequest
from iotmock.model.operations.command import handle, next_fault_id
from iotmock.model.operations.faults import inject, send
from iotmock.model.reading import Reading
from iotmock.model.site.sites import Sites

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

NUMBERS = ("power", "voltage", "current", "energy")
"""kW, V, A, kWh."""


@define(eq=False)
class Simulation:
    """Devices that go on by `step_s` at a time, from `now` (Unix seconds) up to `end`.

    It goes on where it was left: what is iterated over twice is not the same twice.
    """

    devices: dict[str, Device]
    step_s: float
    now: float
    end: float | None

    def step(self) -> list[Reading]:
        """Go on by a step; return the readings that would have been published at its end."""
        self.now += self.step_s
        for device in self.devices.values():
            device.tick(self.now, self.step_s)
        return [one for device in self.devices.values() for one in _sent(device, self.now)]

    def __iter__(self) -> Iterator[Reading]:
        """Go on up to the end, or for ever where there is none."""
        while self.end is None or self.now + self.step_s <= self.end:
            yield from self.step()

    def send(self, device_id: str, command: str, **parameters: Any) -> None:
        """Tell a device to do something.

        Raises:
            KeyError: there is no such device.
            ValueError: it does not, and why.
        """
        device = self.devices[device_id]
        parsed = parse_command(device.kind.commands, command, parameters)
        outcome = parsed if isinstance(parsed, Rejected) else handle(device, parsed, self.now)
        if isinstance(outcome, Rejected):
            raise ValueError(outcome.reason)

    def fault(
        self,
        device_id: str,
        fault: str,
        *,
        start: str | None = None,
        duration: float | None = None,
        **parameters: Any,
    ) -> str:
        """Have a device fail from `start` (RFC 3339; without it now) on; return the fault's id.

        Raises:
            KeyError: there is no such device.
            InvalidFaultError: there is no such fault, or it can not have these parameters.
        """
        device = self.devices[device_id]
        fault_id = next_fault_id(device, self.now)
        wanted = FaultRequest(fault, parameters, start, duration)
        inject(device, wanted.injection(device.spec, self.now, fault_id), self.now)
        return fault_id

    def columns(self) -> dict[str, Any]:
        """Return the rest as columns: arrays of doubles, which NumPy takes without a copy.

        `time` is in Unix seconds, `device_id` and `status` are lists.

        Raises:
            ValueError: there is no end: give `days`.
        """
        if self.end is None:
            raise ValueError("without an end there are no columns: give days")
        columns: dict[str, Any] = {"time": array("d"), "device_id": [], "status": []}
        columns |= {name: array("d") for name in NUMBERS}
        for one in self:
            columns["time"].append(datetime.fromisoformat(one.timestamp).timestamp())
            columns["device_id"].append(one.device_id)
            columns["status"].append(one.status)
            for name in NUMBERS:
                columns[name].append(getattr(one, name))
        return columns

    def to_pandas(self) -> "pd.DataFrame":
        """Return the rest as a frame of pandas; `time` is in UTC.

        Raises:
            ValueError: as `columns`.
            MissingExtraError: pandas is not installed.
        """
        pandas = _needed("pandas")
        frame = pandas.DataFrame(self.columns())
        frame["time"] = pandas.to_datetime(frame["time"], unit="s", utc=True)
        return frame

    def to_polars(self) -> "pl.DataFrame":
        """Return the rest as a frame of polars; `time` is in UTC.

        Raises:
            ValueError: as `columns`.
            MissingExtraError: polars is not installed.
        """
        polars = _needed("polars")
        frame: pl.DataFrame = polars.DataFrame(self.columns())
        milliseconds = (polars.col("time") * 1000).round().cast(polars.Int64)
        return frame.with_columns(polars.from_epoch(milliseconds, "ms").dt.replace_time_zone("UTC"))


class Place(TypedDict, total=False):
    """Where the devices are: an IANA name, degrees, and temperate, cold or hot."""

    timezone: str
    latitude: float
    climate: str


def simulate(
    fleet: str,
    start: str | datetime,
    step: float,
    *,
    sites: str = "",
    days: float | None = None,
    seed: int = 1,
    variation: float = 0.1,
    **place: Unpack[Place],
) -> Simulation:
    """Return a fleet from `start` on, a reading of each device every `step` s.

    The same arguments give the same readings, and the same as a service of this fleet and seed.

    Args:
        fleet: types, profiles and numbers as in FLEET: "hvac=2,lighting/street=5"; "" for none.
        start: a date or a time; without an offset, in the time zone of the place.
        step: s between two readings.
        sites: kinds and numbers as in SITES: "home=2,factory=1".
        days: how many to go on for; without it, for ever.
        seed: of all that is random.
        variation: how much of it there is, as in DATA_VARIATION_PERCENT.
        place: timezone (UTC), latitude (52.5), climate (temperate).

    Raises:
        OptionError: a value is not allowed, and what is.
    """
    world = Sites(seed, variation, **place)
    text = start.isoformat() if isinstance(start, datetime) else start
    begin = moment("start", text, world.region.zone)
    # A main meter counts what the others have drawn at the same time.
    every = sorted(_devices(world, fleet, sites), key=lambda one: one.profile.sums)
    devices = {one.spec.device_id: one for one in every}
    return Simulation(devices, step, begin, None if days is None else begin + days * DAY_S)


def _devices(world: Sites, fleet: str, sites: str) -> Iterator[Device]:
    if fleet or not sites:
        yield from devices_of(installed(), world, fleet).devices
    if sites:
        yield from at_sites(installed(), world, sites).devices


def _sent(device: Device, now: float) -> Iterator[Reading]:
    if device.faults is None:
        if device.publishes:
            yield device.reading(now)
        return
    for payload in send(device, device.faults, now, msgspec.json.encode):
        parts = payload if isinstance(payload, tuple) else (payload,)
        for part in filter(None, parts):
            with suppress(msgspec.DecodeError, UnicodeDecodeError):  # what a fault has spoilt
                yield msgspec.json.decode(part, type=Reading)


def _needed(package: str) -> Any:
    try:
        return import_module(package)
    except ImportError as error:
        raise MissingExtraError(f"A frame of {package}", package) from error
