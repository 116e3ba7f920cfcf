"""A reading as DDATA: most of what a fleet says, so most of its bytes are made once a moment."""

from datetime import datetime
from functools import lru_cache, partial
from struct import Struct
from struct import error as StructError  # noqa: N812

from attrs import define, field

from iotmock.dialects.sparkplug.payload import DataType, Metric, encode
from iotmock.model.reading import Reading

UNITS = {"power": "kW", "voltage": "V", "current": "A", "energy": "kWh"}
"""What each reading has. Float and not Double, which some receivers cut to whole numbers."""
_WIDTH = 4


@lru_cache(maxsize=16)
def milliseconds(timestamp: str) -> int:
    """Return a time of RFC 3339 in ms of Unix time."""
    return round(datetime.fromisoformat(timestamp).timestamp() * 1_000)


def metrics(reading: Reading, *, units: bool = False) -> tuple[Metric, ...]:
    """Return what a reading says."""
    return tuple(
        Metric(name, DataType.FLOAT, getattr(reading, name), unit if units else "")
        for name, unit in UNITS.items()
    )


@define(eq=False)
class ReadingEncoder:
    """Encodes readings; what is before each of the four values is the same for all of a moment."""

    _timestamp: str = ""
    _power: bytes = b""
    _voltage: bytes = b""
    _current: bytes = b""
    _energy: bytes = b""
    _pack: Struct = field(factory=partial(Struct, ""))

    def encode(self, reading: Reading) -> bytes:
        """Return the payload of a DDATA, without its number."""
        if reading.timestamp != self._timestamp:
            self._begin(reading.timestamp)
        try:
            return self._pack.pack(
                self._power,
                reading.power,
                self._voltage,
                reading.voltage,
                self._current,
                reading.current,
                self._energy,
                reading.energy,
            )
        except (OverflowError, StructError):  # a fault has made it larger than a Float can be
            return encode(milliseconds(reading.timestamp), metrics(reading))

    def _begin(self, timestamp: str) -> None:
        nothing = [Metric(name, DataType.FLOAT, 0.0) for name in UNITS]
        at_ms, heads = milliseconds(timestamp), list[bytes]()
        for count in range(1, len(nothing) + 1):
            whole = encode(at_ms, nothing[:count])
            heads.append(whole[sum(map(len, heads)) + _WIDTH * len(heads) : -_WIDTH])
        self._power, self._voltage, self._current, self._energy = heads
        self._pack = Struct("<" + "".join(f"{len(head)}sf" for head in heads))
        self._timestamp = timestamp
