"""What a scenario asks for that tests nothing; it can be run all the same."""

from collections.abc import Iterator
from itertools import islice

from attrs import frozen

from iotmock.soak.scenario.planned_faults import plans_faults
from iotmock.soak.scenario.scenario import Fleet, Scenario
from iotmock.soak.scenario.selection import ids_of
from iotmock.soak.scenario.timeline import Campaign, ConnectionStorm, FaultInjection, Phase
from iotmock.wording.faults import Fault


@frozen
class Caveats:
    """Looks over a scenario in which nothing is wrong."""

    scenario: Scenario

    def found(self) -> Iterator[Fault]:
        """Yield what tests nothing: where it is, and what to do."""
        yield from self._broker()
        yield from self._length()
        for at, phase in enumerate(self.scenario.phases):
            yield from self._phase(f"phase[{at}]", phase)
        for at, campaign in enumerate(self.scenario.campaigns):
            yield from self._selected(f"campaign[{at}].select", campaign)
        yield from self._late()
        yield from self._alarms()

    def _broker(self) -> Iterator[Fault]:
        if self.scenario.given_broker is None:
            text = "is left out: the run brings its own on this machine, which measures little"
            yield Fault("broker", text)

    def _length(self) -> Iterator[Fault]:
        load = self.scenario.load
        for at, group in enumerate(self.scenario.fleet.groups):
            interval = (group.interval or load.interval) / load.pace
            if load.duration < 2 * interval:
                text = (
                    f"its devices send a message or none in load.duration ({load.duration:g} s): "
                    "make that longer, or the interval shorter"
                )
                yield Fault(f"fleet.group[{at}]", text)

    def _phase(self, path: str, phase: Phase) -> Iterator[Fault]:
        yield from self._while_it_grows(path, phase)
        match phase:
            case ConnectionStorm():
                yield from self._storm(path, phase)
            case FaultInjection():
                yield from self._selected(f"{path}.select", phase)
                yield from self._fault(path, phase)

    def _while_it_grows(self, path: str, phase: Phase) -> Iterator[Fault]:
        load = self.scenario.load
        stands_s = self.scenario.fleet.count / load.ramp_up if load.ramp_up else 0.0
        if phase.at + phase.length_s < stands_s:
            text = f"is over before the fleet stands, {stands_s:g} s after the start by ramp_up"
            yield Fault(path, text)

    def _storm(self, path: str, storm: ConnectionStorm) -> Iterator[Fault]:
        connections = _connections(self.scenario.fleet)
        if connections == 1:
            text = (
                "the storm is of one shared connection; give fleet.connections = "
                '"per-device" or "pool:N"'
            )
            yield Fault(path, text)
        elif storm.share * connections < 1.0:
            least = f"{100.0 / connections:.3g}%"
            text = f'{storm.share:.3g} of {connections:,} connections is none; give "{least}"'
            yield Fault(f"{path}.share", text)

    def _selected(self, path: str, one: FaultInjection | Campaign) -> Iterator[Fault]:
        if not any(islice(ids_of(self.scenario, one.select), 1)):
            yield Fault(path, "selects no device of the fleet; give a larger share, or other keys")

    def _fault(self, path: str, injection: FaultInjection) -> Iterator[Fault]:
        load = self.scenario.load
        shortest = min(group.interval or load.interval for group in self.scenario.fleet.groups)
        if injection.duration is not None and injection.duration * load.pace < shortest:
            text = (
                f"is shorter than the interval ({shortest:g} s): most devices send nothing "
                "meanwhile, and it passes unseen"
            )
            yield Fault(f"{path}.duration", text)

    def _late(self) -> Iterator[Fault]:
        verify, load = self.scenario.verify, self.scenario.load
        if self.scenario.thresholds.late is None:
            return
        if verify.late_after >= load.duration + verify.drain:
            text = (
                f"is longer than the run and verify.drain ({load.duration + verify.drain:g} s): "
                "no message can be late, and thresholds.late judges nothing"
            )
            yield Fault("verify.late_after", text)

    def _alarms(self) -> Iterator[Fault]:
        alarms = self.scenario.verify.alarms
        if alarms is None:
            return
        if not plans_faults(self.scenario):
            text = "no [[phase]] injects a fault and fleet.faults is off: only false alarms count"
            yield Fault("verify.alarms", text)
        if alarms.topics is not None and self.scenario.given_broker is None:
            text = "are of the run's own broker, where no platform is; give a [broker]"
            yield Fault("verify.alarms.topics", text)


def _connections(fleet: Fleet) -> int:
    model, _, count = fleet.connections.partition(":")
    return {"shared": 1, "pool": int(count or 1)}.get(model, fleet.count)
