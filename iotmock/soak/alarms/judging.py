"""From the alarms that came and the faults that there were to what a report says."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from attrs import field, frozen

from iotmock.ledger.score import Alarm, Score, Truth, is_right, score
from iotmock.soak.alarms.span import Judged
from iotmock.soak.report.measures import AlarmCheck, KindFound
from iotmock.soak.scenario.alarms import Alarms

_LISTED = 20
_USUAL, _SLOW = 0.5, 0.95


@frozen
class Judging:
    """Faults of the fleet, and alarms about it; those about nothing of this run do not count."""

    wanted: Alarms
    truths: Sequence[Truth]
    judged: Judged
    _by_device: dict[str, list[Truth]] = field(init=False)

    @_by_device.default
    def _sorted_in(self) -> dict[str, list[Truth]]:
        found: dict[str, list[Truth]] = {}
        for truth in self.truths:
            found.setdefault(truth.device_id, []).append(truth)
        return found

    def check(self, alarms: Sequence[Alarm], unreadable: int = 0, beyond: int = 0) -> AlarmCheck:
        """Return how well the alarms did; `beyond` are those that were too many to keep."""
        right = [one for one in alarms if self._has_fault(one)]
        cried = [one for one in alarms if not self._has_fault(one) and self.judged.counts(one)]
        missed = list(self._missed(right))
        kinds, _ = score(self.truths, [*right, *cried], self.wanted.tolerance)
        sought = [one for name, one in kinds.items() if self._is_sought(name)]
        faults = sum(one.faults for one in sought)
        return AlarmCheck(
            alarms=len(alarms) + beyond,
            unreadable=unreadable,
            uncounted=len(alarms) + beyond - len(right) - len(cried),
            false_alarms=len(cried),
            device_days=self.judged.device_days,
            faults=faults,
            found=faults - len(missed),
            delay_p95_s=_delay_of(sought, _SLOW),
            kinds=[self._kind(name, one) for name, one in kinds.items()],
            missed=[_words(one.fault, one.device_id, one.begin) for one in missed[:_LISTED]],
            cried=[
                _words(one.fault or "alarm", one.device_id, one.time) for one in cried[:_LISTED]
            ],
        )

    def _kind(self, name: str, one: Score) -> KindFound:
        return KindFound(
            fault=name,
            faults=one.faults,
            found=one.detected,
            sought=self._is_sought(name),
            false_alarms=one.false_alarms,
            delay_median_s=one.delay_s(_USUAL),
            delay_p95_s=one.delay_s(_SLOW),
        )

    def _is_sought(self, fault: str) -> bool:
        return self.wanted.sought is None or fault in self.wanted.sought

    def _has_fault(self, alarm: Alarm) -> bool:
        truths = self._by_device.get(alarm.device_id, ())
        return any(is_right(alarm, truth, self.wanted.tolerance) for truth in truths)

    def _missed(self, right: Sequence[Alarm]) -> Iterator[Truth]:
        by_device: dict[str, list[Alarm]] = {}
        for alarm in right:
            by_device.setdefault(alarm.device_id, []).append(alarm)
        for truth in sorted(self.truths, key=lambda one: (one.begin, one.device_id)):
            heard = by_device.get(truth.device_id, ())
            found = any(is_right(alarm, truth, self.wanted.tolerance) for alarm in heard)
            if not found and self._is_sought(truth.fault):
                yield truth


def _delay_of(scores: Sequence[Score], share: float) -> float | None:
    every = Score(delays_s=[delay for one in scores for delay in one.delays_s])
    return every.delay_s(share)


def _words(fault: str, device_id: str, time: float) -> str:
    moment = datetime.fromtimestamp(time, UTC)
    return f"{fault} of {device_id} at {moment:%H:%M:%S}"
