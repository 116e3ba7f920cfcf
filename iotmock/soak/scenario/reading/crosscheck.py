"""What does not fit together between the tables of a scenario: times, connections, thresholds."""

from collections.abc import Iterator
from math import inf

from attrs import frozen

from iotmock.soak.scenario.expectations import Thresholds, Verify
from iotmock.soak.scenario.reading.tables import Tables
from iotmock.soak.scenario.reading.unreadable import as_far_as_readable
from iotmock.soak.scenario.scenario import Broker, Fleet, Load
from iotmock.soak.scenario.timeline import BrokerCommand, Campaign, Pause, Phase
from iotmock.wording.faults import Fault

MEASURABLE_GROWTH_S = 60.0
"""Shorter than this after the ramp, growth of memory is noise."""


@frozen
class CrossCheck:
    """Looks tables over beside each other."""

    tables: Tables

    def faults(self) -> Iterator[Fault]:
        """Yield what does not fit together."""
        for found in self._checks():
            yield from as_far_as_readable(found)

    def _checks(self) -> Iterator[Iterator[Fault]]:
        yield self._per_device_only()
        yield self._stamp()
        yield self._ramp()
        yield self._by_hand()
        yield from (self._time(path, phase) for path, phase in self.tables.of(Phase))
        yield from (self._time(path, campaign) for path, campaign in self.tables.of(Campaign))
        yield self._of_campaigns()
        yield self._puback()
        yield self._growth()

    def _per_device_only(self) -> Iterator[Fault]:
        broker, fleet = self.tables.only(Broker), self.tables.only(Fleet)
        if broker is None or fleet is None or fleet.connections == "per-device":
            return
        if broker.credentials_file is not None:
            yield Fault("broker.credentials_file", 'needs fleet.connections = "per-device"')
        if "{device_id}" in (broker.username or ""):
            yield Fault("broker.username", '{device_id} needs fleet.connections = "per-device"')

    def _stamp(self) -> Iterator[Fault]:
        broker, verify = self.tables.only(Broker), self.tables.only(Verify)
        if broker is None or broker.protocol == "5":
            return
        if verify is None or verify.stamp == "properties":
            text = 'MQTT 3.1.1 has no properties; give verify.stamp = "json"'
            yield Fault("broker.protocol", text)

    def _time(self, path: str, one: Phase | Campaign) -> Iterator[Fault]:
        load = self.tables.only(Load)
        if load is None:
            return
        if one.at >= load.duration:
            text = f"must be before load.duration ({load.duration:g} s), not {one.at:g} s"
            yield Fault(f"{path}.at", text)
        elif load.duration < (end := one.at + one.length_s) < inf:
            text = f"it ends at {end:g} s, after load.duration ({load.duration:g} s): shorten it"
            yield Fault(path, text)

    def _by_hand(self) -> Iterator[Fault]:
        load = self.tables.only(Load)
        if load is None or not load.by_hand:
            return
        of_time = [
            *self.tables.of(BrokerCommand),
            *self.tables.of(Pause),
            *self.tables.of(Campaign),
        ]
        for path, _ in of_time:
            yield Fault(path, 'needs time that runs by itself: leave out load.speed = "step"')

    def _ramp(self) -> Iterator[Fault]:
        fleet, load = self.tables.only(Fleet), self.tables.only(Load)
        if fleet is None or load is None or load.ramp_up is None:
            return
        needed = fleet.count / load.ramp_up
        if needed >= load.duration:
            text = (
                f"{fleet.count:,} devices take {needed:g} s, all of load.duration or more: "
                "raise it, or the duration"
            )
            yield Fault("load.ramp_up", text)

    def _of_campaigns(self) -> Iterator[Fault]:
        limits = self.tables.only(Thresholds)
        if limits is None or next(self.tables.of(Campaign), None) is not None:
            return
        for key in ("command_p99_ms", "commands_unanswered"):
            if getattr(limits, key) is not None:
                yield Fault(f"thresholds.{key}", "needs a [[campaign]] that gives commands")

    def _puback(self) -> Iterator[Fault]:
        limits, load = self.tables.only(Thresholds), self.tables.only(Load)
        if limits is None or load is None or limits.puback_p99_ms is None:
            return
        if load.qos == 0:
            yield Fault("thresholds.puback_p99_ms", "needs load.qos = 1 or 2; QoS 0 has no PUBACK")

    def _growth(self) -> Iterator[Fault]:
        limits, fleet, load = (
            self.tables.only(Thresholds),
            self.tables.only(Fleet),
            self.tables.only(Load),
        )
        if limits is None or fleet is None or load is None or limits.memory_growth is None:
            return
        ramp_s = fleet.count / load.ramp_up if load.ramp_up else 0.0
        if load.duration - ramp_s < MEASURABLE_GROWTH_S:
            text = f"needs a load.duration of {MEASURABLE_GROWTH_S:g} s or more after the ramp up"
            yield Fault("thresholds.memory_growth", text)
