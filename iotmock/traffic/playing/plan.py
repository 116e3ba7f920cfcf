"""What is sent, and when: the messages of a file, changed as was asked, each with its moment."""

from collections.abc import Iterator
from itertools import repeat

from attrs import define, field

from iotmock.mqtt import Message
from iotmock.traffic.errors import TrafficError
from iotmock.traffic.files.sides import Reader
from iotmock.traffic.playing.faults import Faults
from iotmock.traffic.playing.schedule import Schedule
from iotmock.traffic.playing.timestamps import with_shifted
from iotmock.traffic.playing.topic_map import TopicMap
from iotmock.traffic.recorded import Recorded, sent_properties

_LEAST_US = 1_000
"""Between the last message of a pass and the first of the next, where there is but one."""


@define(eq=False)
class Plan:
    """Goes through a file `loops` times. Nothing of it but a batch is in memory.

    `qos` None is each message's own; `shifts` moves timestamps in payloads to now. Between two
    passes is the mean time between two messages.
    """

    reader: Reader
    schedule: Schedule
    topic_of: TopicMap = field(factory=TopicMap)
    faults: Faults | None = None
    qos: int | None = None
    shifts: bool = False
    loops: int = 1
    _begun_us: int = 0
    """How long, in recorded time, the passes before took."""
    _latest: float = 0.0

    def batches(self) -> Iterator[list[Message]]:
        """Yield messages with their moment (`due`) on the event loop's clock.

        Raises:
            TrafficFileError: one in the file is not in order.
        """
        for loop in range(1, self.loops + 1):
            number, last_us = 0, self.schedule.first_us
            for rows in self.reader.batches():
                yield list(self._sent(rows, number, loop))
                number += len(rows)
                last_us = max(last_us, rows[-1].at_us)
            span_us = last_us - self.schedule.first_us
            self._begun_us += span_us + max(_LEAST_US, span_us // max(1, number - 1))

    def _sent(self, rows: list[Recorded], before: int, loop: int) -> Iterator[Message]:
        for number, row in enumerate(rows, before + 1):
            times = 1 if self.faults is None else self.faults.times(row, number, loop)
            yield from repeat(self._message(row), times)

    def _message(self, row: Recorded) -> Message:
        # In a file of another hand times may go back; then the order is what counts.
        self._latest = max(self._latest, self.schedule.due(row.at_us, self._begun_us))
        return Message(
            self.topic_of(row.topic),
            self._payload(row),
            row.qos if self.qos is None else self.qos,
            row.retain,
            sent_properties(row.properties),
            due=self._latest,
        )

    def _payload(self, row: Recorded) -> bytes:
        if not self.shifts:
            return row.payload
        return with_shifted(
            row.payload, lambda time_us: self.schedule.shifted_us(time_us, self._begun_us)
        )


def first_of(reader: Reader) -> Recorded:
    """Return the first message of a file.

    Raises:
        TrafficError: there is none. TrafficFileError: it is not in order.
    """
    for rows in reader.batches():
        return rows[0]
    raise TrafficError("there is no message in the file")
