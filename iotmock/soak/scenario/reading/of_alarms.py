"""What of `[verify.alarms]` and its thresholds does not fit to the rest of a scenario."""

from collections.abc import Iterator

from attrs import frozen

from iotmock.model.faults.types import FAULT_TYPES
from iotmock.soak.scenario.alarms import Alarms, KindThresholds
from iotmock.soak.scenario.expectations import Thresholds
from iotmock.soak.scenario.planned_faults import BLACKOUT_IS
from iotmock.soak.scenario.reading.references import no_kind_of_fault
from iotmock.soak.scenario.reading.tables import Tables
from iotmock.soak.scenario.reading.unreadable import as_far_as_readable
from iotmock.soak.scenario.scenario import Fleet, Load
from iotmock.soak.scenario.timeline import Blackout, FaultInjection
from iotmock.wording.faults import Fault
from iotmock.wording.words import one_of

_OF_ALARMS = ("alarm_delay_p95", "false_alarms", "false_alarms_per_device_day")
_WITHOUT = "needs [verify.alarms], which says where alarms come from"


@frozen
class OfAlarms:
    """Looks over what is asked of a platform's alarms."""

    tables: Tables

    def faults(self) -> Iterator[Fault]:
        """Yield what does not fit together."""
        checks = (self._without_alarms, self._names, self._unplanned, self._when_it_came)
        for check in checks:
            yield from as_far_as_readable(check())

    def _without_alarms(self) -> Iterator[Fault]:
        limits = self.tables.only(Thresholds)
        if limits is None or self.tables.only(Alarms) is not None:
            return
        for key in _OF_ALARMS:
            if getattr(limits, key) is not None:
                yield Fault(f"thresholds.{key}", _WITHOUT)
        for path, _ in self.tables.of(KindThresholds):
            yield Fault(path, _WITHOUT)

    def _names(self) -> Iterator[Fault]:
        for at, name in enumerate(_sought(self.tables.only(Alarms))):
            yield from no_kind_of_fault(f"verify.alarms.faults[{at}]", name)
        for path, limits in self.tables.of(KindThresholds):
            yield from no_kind_of_fault(f"{path}.fault", limits.fault)

    def _unplanned(self) -> Iterator[Fault]:
        """A kind that no device will have can not be found; by itself one may have any."""
        fleet = self.tables.only(Fleet)
        if fleet is None or fleet.faults_profile != "off":
            return
        planned = {injection.fault for _, injection in self.tables.of(FaultInjection)}
        planned |= {BLACKOUT_IS for _ in self.tables.of(Blackout)}
        alarms = self.tables.only(Alarms)
        wanted = {f"verify.alarms.faults[{at}]": name for at, name in enumerate(_sought(alarms))}
        for path, limits in self.tables.of(KindThresholds):
            if (limits.missed, limits.delay_p95) != (None, None):
                wanted[f"{path}.fault"] = limits.fault
        for path, name in wanted.items():
            if name in FAULT_TYPES and name not in planned:
                there = f", only {one_of(sorted(planned))}" if planned else ""
                yield Fault(path, f"no [[phase]] injects {name}{there}: nobody could find it")

    def _when_it_came(self) -> Iterator[Fault]:
        alarms, load = self.tables.only(Alarms), self.tables.only(Load)
        if alarms is not None and load is not None and not alarms.time_field and load.speed != 1.0:
            text = (
                "must be the field with the time of the messages: when an alarm came says nothing "
                f"where load.speed is {load.speed}, not 1"
            )
            yield Fault("verify.alarms.time_field", text)


def _sought(alarms: Alarms | None) -> list[str]:
    return [] if alarms is None else alarms.sought or []
