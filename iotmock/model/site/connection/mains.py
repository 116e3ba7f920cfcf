"""The mains of one location: what passes its connection to the grid, to the last digit.

All sums are whole numbers of the finest meter's last digit: 0.1 W, 0.1 var and 0.1 Wh. So nothing
drifts, however long it goes on, and the sum of what meters show is what the main meter shows.
"""

from math import sqrt

from attrs import define, field

from iotmock.model.numbers.noise import seed_of
from iotmock.model.site.connection.island import Island

DIGITS = 10_000
"""Of the finest meter's last digit in 1 kW, 1 kvar or 1 kWh."""
ALL_LINES = 3
"""The place in `Mains.lines` of what takes all three."""
_MS = 1_000.0
_NO_WINDOW = -1


@define(eq=False)
class Mains:
    """What all devices of a location draw together; what they feed in is taken off.

    Each tick of a device adds to it what has changed, which costs the same however many there are.
    `lines` are mean powers over the leading meter's interval on L1, L2, L3, and of what takes all
    three; `latest` is the sum of the last powers, whatever their intervals. `energy` is net.
    """

    lines: list[int] = field(factory=lambda: [0, 0, 0, 0])
    reactive: int = 0
    latest: int = 0
    energy: int = 0
    peak_kw: float = 0.0
    """The most that all together can draw or feed in."""
    window: int = _NO_WINDOW
    """The number of the leading meter's interval; without a meter there is none."""
    island: Island = field(factory=Island)
    """What the location is while the grid is away."""
    taken: dict[str, int] = field(factory=dict)
    """What of `energy` each main meter has taken up, the leading one first."""

    @property
    def power(self) -> int:
        """The mean power over the leading meter's interval."""
        return sum(self.lines)

    @property
    def net_kw(self) -> float:
        """What passes the connection now, negative while the location feeds in."""
        return self.latest / DIGITS

    def by_line(self) -> tuple[int, int, int]:
        """Return the power of L1, L2 and L3; together they are `power`."""
        one, two, three, every = self.lines
        third = every // 3
        return one + every - 2 * third, two + third, three + third

    def admit(self, meter_id: str) -> None:
        """Have a main meter, which counts from now; one that is made anew goes on."""
        self.taken.setdefault(meter_id, self.energy)
        self.window = max(0, self.window)

    def take(self, meter_id: str) -> int:
        """Return what a meter has not taken up of `energy`."""
        new = self.energy - self.taken[meter_id]
        self.taken[meter_id] = self.energy
        return new

    def turn(self, meter_id: str) -> None:
        """Begin an interval anew, if this is the leading meter."""
        if next(iter(self.taken)) == meter_id:
            self.window += 1

    def dismiss(self, meter_id: str) -> None:
        """Have no such meter any more."""
        self.taken.pop(meter_id, None)
        if not self.taken:
            self.window = _NO_WINDOW


def line_of(device_id: str, phases: int) -> int:
    """Return on which line a device is: by its id, or on all if it takes three."""
    return ALL_LINES if phases == 3 else seed_of(0, f"line:{device_id}") % 3


@define(eq=False)
class Branch:
    """One load behind the mains. Powers and counters are in digits, see `DIGITS`."""

    mains: Mains
    line: int
    counter: int
    """Its net energy counter, up to where the mains have counted it."""
    peak_kw: float = 0.0
    power: int = 0
    mean: int = 0
    reactive: int = 0
    _window: int = _NO_WINDOW
    _weighted: int = 0
    _span_ms: int = 0

    def draw(self, power: int, counter: int, power_factor: float, dt_s: float) -> None:
        """Take up a tick: the mean power over it, and where the counter stands.

        One piece, because every tick of a location with a main meter comes here.
        """
        mains, span_ms = self.mains, int(dt_s * _MS + 0.5)
        mean = power
        if self._window != mains.window or mains.window == _NO_WINDOW:
            self._window, self._weighted, self._span_ms = mains.window, power * span_ms, span_ms
        else:
            self._weighted = weighted = self._weighted + power * span_ms
            self._span_ms = span_ms = self._span_ms + span_ms
            if span_ms:
                mean = (2 * weighted + span_ms) // (2 * span_ms)
        reactive = int(abs(power) * sqrt(1.0 - power_factor * power_factor) / power_factor + 0.5)
        mains.lines[self.line] += mean - self.mean
        mains.latest += power - self.power
        mains.reactive += reactive - self.reactive
        mains.energy += counter - self.counter
        self.power, self.mean, self.reactive, self.counter = power, mean, reactive, counter

    @property
    def power_kw(self) -> float:
        """The mean power of the last tick."""
        return self.power / DIGITS

    @property
    def others_kw(self) -> float:
        """What passes the connection but for this load, as meters showed it last."""
        return (self.mains.latest - self.power) / DIGITS

    def rate(self, peak_kw: float) -> None:
        """Take up what the load can draw or feed in at most."""
        self.mains.peak_kw += peak_kw - self.peak_kw
        self.peak_kw = peak_kw

    def rest(self) -> None:
        """Draw nothing; what was counted stays so."""
        self._window = _NO_WINDOW - 1
        self.draw(0, self.counter, 1.0, 0.0)

    def leave(self) -> None:
        """Draw nothing any more."""
        self.rest()
        self.rate(0.0)
