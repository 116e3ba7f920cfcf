"""Whether the ledger explains a stream: message by message, in both directions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
from attrs import define, field

from iotmock.model.faults.entry import FaultEntry
from iotmock.model.reading import Reading
from tests.ledger.stream import decoded

Effects = dict[float, list[tuple[str, str]]]


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@define
class Record:
    """What the ledger says of one device: per due time, (effect, timestamp)."""

    effects: Effects = field(factory=lambda: defaultdict(list))

    def has(self, time: float, *wanted: str) -> bool:
        return any(effect.startswith(wanted) for effect, _ in self.effects.get(time, ()))


def records(entries: Iterable[FaultEntry]) -> dict[str, Record]:
    found: dict[str, Record] = defaultdict(Record)
    for entry in entries:
        for message in entry.messages:
            row = (message.effect, message.timestamp)
            found[entry.device_id].effects[seconds(message.time)].append(row)
    return found


def expected_count(record: Record, time: float) -> int:
    """How often the message of this time arrives."""
    if record.has(time, "missing", "held back"):
        return 0
    copies = [
        int(effect.split()[1].rstrip("x"))
        for effect, _ in record.effects.get(time, ())
        if effect.startswith("duplicated")
    ]
    return 1 + sum(copies)


def unexplained(
    truth: dict[float, Reading], payloads: list[bytes], record: Record
) -> Iterator[str]:
    """Yield what of one device's stream the ledger does not explain, or says and was not so."""
    by_timestamp = _by_timestamp(truth, record)
    seen: dict[float, int] = defaultdict(int)
    newest, spoilt = 0.0, 0
    for payload in payloads:
        content = decoded(payload)
        if content is None:
            spoilt += 1
            continue
        time = _time_of(content, by_timestamp, truth)
        if time is None:
            yield f"a message that was never due: {content}"
            continue
        seen[time] += 1
        if time < newest and not record.has(time, "late", "overtaken"):
            yield f"{time} came after {newest}"
        newest = max(newest, time)
        differs = content != msgspec.to_builtins(truth[time])
        if differs != record.has(time, "reported"):
            yield f"{time}: {content} where {truth[time]} is true: {record.effects.get(time)}"
    yield from _miscounted(truth, record, seen, spoilt)


def _by_timestamp(truth: dict[float, Reading], record: Record) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for time, reading in truth.items():
        stamps = {stamp for _, stamp in record.effects.get(time, ())} or {reading.timestamp}
        for stamp in stamps:
            found[stamp].append(time)
    return found


def _time_of(
    content: dict[str, object], by_timestamp: dict[str, list[float]], truth: dict[float, Reading]
) -> float | None:
    # Under clock skew two times can share a timestamp; then the voltage tells, which few distort.
    times = by_timestamp.get(str(content["timestamp"]), [])
    same = [time for time in times if truth[time].voltage == content["voltage"]]
    return next(iter(same or times), None)


def _miscounted(
    truth: dict[float, Reading], record: Record, seen: dict[float, int], spoilt: int
) -> Iterator[str]:
    for time in truth:
        expected = expected_count(record, time)
        if expected and record.has(time, "corrupt"):
            spoilt -= expected
            expected = 0
        if seen[time] != expected:
            yield f"{time} came {seen[time]}x, not {expected}x: {record.effects.get(time)}"
    if spoilt:
        yield f"{spoilt} spoilt messages more than the ledger has"
