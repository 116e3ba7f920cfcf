"""How well an anomaly detector did, by the truth of the ledger."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO
from pathlib import Path

from attrs import define, field, frozen

from iotmock.model.faults.entry import FaultEntry
from iotmock.wording.faults import InvalidValueError, decode

_FOREVER = float("inf")


class ScoreError(Exception):
    """A file can not be read as what it should be; the line is named."""


@frozen
class Alarm:
    """What a detector said: when (Unix s), about which device, and, if it knows, which fault."""

    device_id: str
    time: float
    fault: str | None


@frozen
class Truth:
    """A fault that could be seen, from the first message to the last that it touched, Unix s."""

    device_id: str
    fault: str
    begin: float
    end: float


@define
class Score:
    """Counts of one kind of fault, or of all; `delays_s` are from a fault's begin to its alarm.

    `claimed` are the alarms that said this kind; None where the detector names no kinds, and
    then precision is only known for all of them together.
    """

    faults: int = 0
    detected: int = 0
    right: int = 0
    claimed: int | None = None
    delays_s: list[float] = field(factory=list)

    @property
    def missed(self) -> int:
        """Faults without an alarm."""
        return self.faults - self.detected

    @property
    def false_alarms(self) -> int | None:
        """Alarms without a fault behind them; None of a kind that no alarm names."""
        return None if self.claimed is None else self.claimed - self.right

    @property
    def recall(self) -> float | None:
        """Detected faults / faults."""
        return self.detected / self.faults if self.faults else None

    @property
    def precision(self) -> float | None:
        """Alarms with a fault behind them / alarms."""
        return self.right / self.claimed if self.claimed else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        precision, recall = self.precision, self.recall
        if precision is None or recall is None:
            return None
        return 2.0 * precision * recall / (precision + recall) if precision + recall else 0.0

    def delay_s(self, share: float) -> float | None:
        """Return the delay that this share of the detected faults does not exceed."""
        ranked = sorted(self.delays_s)
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else None


def read_truth(path: Path) -> Iterator[Truth]:
    """Yield what could be seen of an exported ledger; a fault that touched nothing can not be.

    Raises:
        ScoreError: a line is not of `iotmock faults export --format jsonl`.
    """
    for number, line in enumerate(_text_of(path).splitlines(), start=1):
        try:
            entry: FaultEntry = decode(line, FaultEntry)
            if entry.messages:
                yield truth_of(entry)
        except ValueError as error:
            why = error.faults[0] if isinstance(error, InvalidValueError) else error
            text = f"{path}, line {number}: not as `iotmock faults export` writes it: {why}"
            raise ScoreError(text) from None


def truth_of(entry: FaultEntry) -> Truth:
    """Return what could be seen of a fault that has touched messages."""
    times = [_seconds(message.time) for message in entry.messages]
    begin = min(times[0], _seconds(entry.begin))
    return Truth(entry.device_id, entry.fault, begin, times[-1])


def read_alarms(path: Path) -> Iterator[Alarm]:
    """Yield the alarms of a CSV file with `device_id`, `timestamp` and, if it has one, `kind`.

    Raises:
        ScoreError: a column is missing, or a timestamp is not RFC 3339.
    """
    with StringIO(_text_of(path), newline="") as file:
        rows = csv.DictReader(file)
        missing = {"device_id", "timestamp"} - set(rows.fieldnames or ())
        if missing:
            text = f"{path}: must have the columns device_id and timestamp, and can have kind"
            raise ScoreError(text)
        for number, row in enumerate(rows, start=2):
            try:
                time = _seconds(row["timestamp"])
            except (ValueError, TypeError):
                shown = row["timestamp"]
                raise ScoreError(
                    f"{path}, line {number}: timestamp {shown!r} must be like 2025-08-09T16:30:00Z"
                ) from None
            yield Alarm(row["device_id"], time, row.get("kind") or None)


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ScoreError(f"{path}: it is not UTF-8; save it as UTF-8") from None


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def score(
    truth: Iterable[Truth], alarms: Iterable[Alarm], tolerance_s: float
) -> tuple[dict[str, Score], Score]:
    """Return the score of each kind, and of all.

    An alarm is right when a fault of its device (and of its kind, if it names one) lies under it,
    or ended no more than `tolerance_s` before.
    """
    by_device: dict[str, list[Alarm]] = defaultdict(list)
    every = sorted(alarms, key=lambda alarm: alarm.time)
    for alarm in every:
        by_device[alarm.device_id].append(alarm)
    kinds: dict[str, Score] = defaultdict(Score)
    total, right = Score(claimed=len(every)), set[Alarm]()
    for fault in truth:
        hits = [a for a in by_device[fault.device_id] if is_right(a, fault, tolerance_s)]
        right.update(hits)
        for one in (kinds[fault.fault], total):
            _count(one, fault, hits)
    _count_claims(kinds, every, right)
    total.right = sum(alarm in right for alarm in every)
    return dict(sorted(kinds.items())), total


def is_right(alarm: Alarm, fault: Truth, tolerance_s: float) -> bool:
    """Say whether an alarm is of a fault: in its time, and of its kind where it names one."""
    in_time = fault.begin <= alarm.time <= fault.end + tolerance_s
    return in_time and alarm.fault in {None, fault.fault}


def _count(one: Score, fault: Truth, hits: list[Alarm]) -> None:
    one.faults += 1
    if hits:
        one.detected += 1
        one.delays_s.append(hits[0].time - fault.begin)


def _count_claims(kinds: dict[str, Score], alarms: Iterable[Alarm], right: set[Alarm]) -> None:
    for alarm in alarms:
        if alarm.fault is not None:
            one = kinds[alarm.fault]
            one.claimed = (one.claimed or 0) + 1
            one.right += alarm in right
