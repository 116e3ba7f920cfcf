"""When, and about whom, an alarm without a fault is a false one."""

from collections.abc import Sequence

from attrs import frozen

from iotmock.ledger.score import Alarm
from iotmock.model.fleet import prefix_of
from iotmock.soak.scenario.planned_faults import other_trouble
from iotmock.soak.scenario.scenario import Scenario
from iotmock.soak.scenario.schedule import Schedule

_DAY_S = 86_400.0


@frozen
class Judged:
    """From `begin` to `end`, Unix s of simulated time, without `excused` spans.

    `prefixes` are how the ids of the fleet's devices begin.
    """

    begin: float
    end: float
    excused: Sequence[tuple[float, float]]
    prefixes: tuple[str, ...]
    device_days: float

    @classmethod
    def of(cls, scenario: Scenario, begin: float, duration_s: float) -> "Judged":
        """Return what is judged of a run that took `duration_s` from `begin`, simulated Unix s.

        It ends where the fleet begins to go down: devices that leave fall silent, too.
        """
        schedule, pace = Schedule(scenario), scenario.load.pace
        whole_s = schedule.length_s if scenario.load.by_hand else duration_s
        alarms = scenario.verify.alarms
        patience_s = 0.0 if alarms is None else alarms.tolerance
        spans = [(a, b) for a, b in other_trouble(scenario) if a < scenario.load.duration]
        fleet = scenario.fleet
        return cls(
            begin=begin,
            end=begin + min(whole_s, scenario.load.duration) * pace,
            excused=[(begin + a * pace, begin + b * pace + patience_s) for a, b in spans],
            prefixes=tuple(f"{prefix_of(fleet.name, one.own_name)}-" for one in fleet.groups),
            device_days=schedule.device_seconds(min(whole_s, schedule.length_s)) / _DAY_S,
        )

    def counts(self, alarm: Alarm) -> bool:
        """Say whether an alarm without a fault is a false one."""
        in_time = self.begin <= alarm.time <= self.end
        is_ours = alarm.device_id.startswith(self.prefixes)
        return is_ours and in_time and not any(a <= alarm.time <= b for a, b in self.excused)
