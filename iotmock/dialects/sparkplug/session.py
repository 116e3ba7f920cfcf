"""What an edge node remembers from one CONNECT to its end: what is born, and the next number.

Messages come here in the order in which they are written, after all that drops or delays some; so
numbers have no gap, and data never comes before the birth of its device.
"""

from collections.abc import Callable

from attrs import define, field
from msgspec.structs import replace

from iotmock.actors.messages import Kind, Manner, Outgoing
from iotmock.dialects.sparkplug.payload import (
    NUMBERS,
    DataType,
    Metric,
    as_historical,
    encode,
    timestamp_of,
)
from iotmock.dialects.sparkplug.protobuf import MalformedError
from iotmock.dialects.sparkplug.topics import NAMESPACE, EdgeNode

ONCE = Manner(qos=0)
REBIRTH = "Node Control/Rebirth"
_LAST_NUMBER = len(NUMBERS) - 1
_HEAD = 7
_LATER = 1 << 64


@define(eq=False)
class EdgeSession:
    """One session of an edge node. `now` returns Unix seconds, of the simulation."""

    node: EdgeNode
    bd_seq: int
    now: Callable[[], float]
    _number: int = _LAST_NUMBER
    _alive: dict[str, int] = field(factory=dict)
    """When each device was born, ms."""
    _is_born: bool = False
    _head: bytes = b""
    """How the last data began, which is its time: many have the same."""
    _head_ms: int = 0

    @property
    def death(self) -> bytes:
        """What NDEATH says, as the will and at the end: the same as the will's birth will say."""
        return encode(self._now_ms(), [self._bd_seq()])

    def _bd_seq(self) -> Metric:
        return Metric("bdSeq", DataType.INT64, self.bd_seq)

    def _now_ms(self) -> int:
        return int(self.now()) * 1_000

    def seal(self, outgoing: Outgoing) -> Outgoing | None:
        """Return a message with its number; None: it may not be said, as its device is not born."""
        born = self._alive.get(outgoing.device_id)
        if outgoing.kind is not Kind.DATA:
            return self._seal_other(outgoing)
        if born is None:
            return None
        payload = outgoing.payload
        if payload[:_HEAD] != self._head:
            self._begin_moment(payload)
        if self._head_ms < born:  # it has waited, for the broker or the host or its own link
            payload = as_historical(payload, self._now_ms())
        self._number = number = (self._number + 1) & _LAST_NUMBER
        return Outgoing(
            outgoing.kind,
            outgoing.device_id,
            payload + NUMBERS[number],
            outgoing.topic,
            None,
            outgoing.stamp,
            ONCE,
        )

    def _begin_moment(self, payload: bytes) -> None:
        self._head = payload[:_HEAD]
        try:
            self._head_ms = timestamp_of(payload)
        except MalformedError:  # a fault has spoilt it
            self._head_ms = _LATER

    def _seal_other(self, outgoing: Outgoing) -> Outgoing | None:
        levels = outgoing.topic.split("/")
        if levels[0] != NAMESPACE:
            return outgoing
        match levels[2]:
            case "NBIRTH":
                return self._birth(outgoing)
            case "NDEATH":
                return self._death(outgoing)
        born = self._alive.get(outgoing.device_id)
        if levels[2] == "DBIRTH" and born is None:
            return self._device_birth(outgoing)
        if born is None or _is_outdated(outgoing, born):
            return None
        if levels[2] == "DDEATH":
            del self._alive[outgoing.device_id]
        elif levels[2] == "DBIRTH":  # it lives: so this is what has changed of it
            outgoing = replace(outgoing, topic=self.node.topic("DDATA", outgoing.device_id))
        return self._numbered(outgoing)

    def _birth(self, outgoing: Outgoing) -> Outgoing:
        self._alive.clear()
        self._is_born, self._number = True, _LAST_NUMBER
        rebirth = Metric(REBIRTH, DataType.BOOLEAN, value=False)
        payload = encode(self._now_ms(), [self._bd_seq(), rebirth])
        return self._numbered(replace(outgoing, payload=payload))

    def _death(self, outgoing: Outgoing) -> Outgoing | None:
        was_born, self._is_born = self._is_born, False
        self._alive.clear()
        return outgoing if was_born else None

    def _device_birth(self, outgoing: Outgoing) -> Outgoing | None:
        if not self._is_born:
            return None
        self._alive[outgoing.device_id] = timestamp_of(outgoing.payload)
        return self._numbered(outgoing)

    def _numbered(self, outgoing: Outgoing) -> Outgoing:
        self._number = (self._number + 1) & _LAST_NUMBER
        return replace(outgoing, payload=outgoing.payload + NUMBERS[self._number])


def _is_outdated(outgoing: Outgoing, born: int) -> bool:
    """Say whether it is a status or a setting from before the birth, which has said what is now."""
    return outgoing.kind is Kind.STATUS and timestamp_of(outgoing.payload) < born
