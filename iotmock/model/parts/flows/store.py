"""What takes energy in and gives it back: the cells of a battery, or of a car.

Powers are shares of a rating, energies are hours at it (kWh / kW): so all of it scales.
"""

from attrs import define, frozen

from iotmock.model.numbers.exact_math import exp, log


@frozen
class Chemistry:
    """How cells take and give. `into` and `out` are efficiencies, one way.

    Above `tapers_from` of what they hold, the power that they take falls along a straight line, to
    `least` of their most when they are full (charging at constant voltage).
    """

    into: float = 0.955
    out: float = 0.955
    tapers_from: float = 0.9
    least: float = 0.1


@define(eq=False)
class Store:
    """Cells that hold `capacity_h` and have `stored_h` in them.

    What went in, less losses, is there: stored = into * taken - given / out, to the rounding of the
    numbers, for ticks of any length.
    """

    chemistry: Chemistry
    capacity_h: float
    stored_h: float

    @property
    def soc(self) -> float:
        """State of charge, 0 to 1."""
        return min(1.0, self.stored_h / self.capacity_h)

    def charge(self, power: float, most: float, hours: float) -> float:
        """Take `power` for so long, as far as cells that take `most` at best do; return its mean.

        The taper and the moment at which they are full are solved for inside the tick.
        """
        before_h, into = self.stored_h, self.chemistry.into
        power = power if power < most else most
        if hours <= 0.0 or power <= 0.0:
            return power if power > 0.0 and before_h < self.capacity_h else 0.0
        bend_h = self.capacity_h * self._bend(power / most)
        steady_h = power * into * hours
        if before_h + steady_h <= bend_h:
            self.stored_h = before_h + steady_h
            return power
        left = hours
        if before_h < bend_h:
            left -= (bend_h - before_h) / (power * into)
            self.stored_h = bend_h
        self._taper(most, left)
        return (self.stored_h - before_h) / (into * hours)

    def takes(self, most: float, hours: float) -> float:
        """Return the most that they take evenly for so long, without a taper inside that time."""
        kind, capacity_h = self.chemistry, self.capacity_h
        left_h = capacity_h - self.stored_h
        if left_h <= 0.0 or most <= 0.0:
            return 0.0
        # Power p ends at the bend of p: stored + into p hours = capacity * bend(p / most).
        slope_h = capacity_h * (1.0 - kind.tapers_from) / (1.0 - kind.least)
        even = (capacity_h * kind.tapers_from + slope_h - self.stored_h) / (
            kind.into * hours + slope_h / most
        )
        if even > kind.least * most:
            return min(most, even)
        return min(kind.least * most, left_h / (kind.into * hours) if hours else most)

    def _bend(self, share: float) -> float:
        """Return the state of charge from which on less than `share` of the most is taken."""
        kind = self.chemistry
        if share <= kind.least:
            return 1.0
        return kind.tapers_from + (1.0 - kind.tapers_from) * (1.0 - share) / (1.0 - kind.least)

    def _taper(self, most: float, hours: float) -> None:
        kind, capacity_h = self.chemistry, self.capacity_h
        if self.stored_h >= capacity_h:
            return
        # Power falls with what is stored, to nothing at `end_h`, beyond full: an exponential.
        slope = most * (1.0 - kind.least) / (capacity_h * (1.0 - kind.tapers_from))
        end_h = capacity_h * kind.tapers_from + most / slope
        rate = kind.into * slope
        until_full = log((end_h - self.stored_h) / (end_h - capacity_h)) / rate
        if hours >= until_full:
            self.stored_h = capacity_h
        else:
            self.stored_h = end_h - (end_h - self.stored_h) * exp(-rate * hours)

    def discharge(self, power: float, keep_h: float, hours: float) -> float:
        """Give `power` for so long, down to `keep_h`; return its mean."""
        there_h = (self.stored_h - keep_h) * self.chemistry.out
        if there_h <= 0.0:
            return 0.0
        wanted_h = power * hours
        if wanted_h <= there_h:
            self.stored_h -= wanted_h / self.chemistry.out
            return power
        self.stored_h = keep_h
        return there_h / hours
