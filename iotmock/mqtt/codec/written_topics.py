"""Topic names as they go out: what is sent again and again is written once."""

from collections.abc import Callable
from time import monotonic

from iotmock.mqtt.codec.topics import validate_topic_name
from iotmock.mqtt.codec.wire_types import write_string

_MOST = 1 << 18
_TURN_S = 60.0


class WrittenTopics(dict[str, bytes]):
    """Topic names with their lengths; a fleet sends its readings to the same topics for ever.

    Every minute a new table is begun, into which each topic moves as it is sent. So those of
    devices that are gone are forgotten after two. What is retained is said a few times in a life
    and has no place here. A dict, and no `lru_cache`: that writes to the neighbours of what it
    finds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic, most: int = _MOST) -> None:
        super().__init__()
        self._clock, self._most = clock, most
        self._begun = clock()
        self._before: dict[str, bytes] = {}

    def __missing__(self, topic: str) -> bytes:
        if len(self) >= self._most or self._clock() >= self._begun + _TURN_S:
            self._begin()
        encoded = self._before.pop(topic, None)
        if encoded is None:
            encoded = write_topic(topic)
        elif not self._before:
            self._before = {}  # an emptied dict keeps its size
        self[topic] = encoded
        return encoded

    def _begin(self) -> None:
        self._before = dict(self)
        self.clear()
        self._begun = self._clock()


def write_topic(topic: str) -> bytes:
    """Return a topic name's bytes, its length before them.

    Raises:
        InvalidMessage: one that can not be published to.
    """
    validate_topic_name(topic)
    return write_string(topic)
