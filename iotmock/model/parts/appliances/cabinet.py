"""A fridge: a cabinet that warms, a compressor that cools it, and what is its own about both.

Not the thermostat of rooms: a fridge's phases are drawn when they begin, from the load that it then
has, so that a tick within one costs next to nothing.
"""

from attrs import define, frozen

from iotmock.model.numbers.by_step import ByStep, Relaxation, relaxation
from iotmock.model.numbers.exact_math import exp, log
from iotmock.model.numbers.noise import Noise
from iotmock.model.numbers.shared import in_steps, shared
from iotmock.model.parts.appliances.own import bounded, factor

_NEVER = float("inf")
_INRUSH_TAU_S = 3.0
_START_TAU_S = 90.0
_KITCHEN_C = 21.0
_WARMTH = 0.035
"""Load per kelvin of the room: a cabinet at 5 °C in a room of 21 °C and a freezer at -18 °C share
their insulation."""
_MOST_DUTY = 0.96
_LEAST_S = 60.0
_SHORTEST_S, _LONGEST_S = 48 * 60.0, 76 * 60.0
"""Of the cycles of the usual make, with its usual duty; `_STRETCH_S` more by what a duty is off."""
_STRETCH_S = 200 * 60.0
_LONGEST_RUN_S = 16.5 * 60.0


@frozen(eq=False)
class Cooler:
    """Fridges of one kind. Powers in kW and in shares of the running power, times in s.

    Source: tracebase (Reinhardt et al., 2012), ten fridges: running 63-132 W, on for .14 to .60 of
    the time, most with rests of 32 to 44 min; `usual` of them are like the make that bands.toml was
    measured on. Start: 1.6 times the running power in the mean of 5 s, 5.3 times in a freezer's.
    Doors and defrosting (every 8 to 12 h of running, for a quarter of an hour): judgement.
    """

    power_kw: float
    rest_s: float = 38 * 60.0
    duty: float = 0.235
    usual: float = 0.75
    duty_sd: float = 0.028
    duties: tuple[float, float] = (0.14, 0.54)
    doors: float = 0.2
    no_frost: float = 0.4
    hard: float = 0.6
    humming: float = 0.5

    def as_usual(self, noise: Noise, spread: float) -> tuple[float, float]:
        """Draw the duty and the rest (s) of a fridge of the usual make.

        Its cycle is not so short that it is seldom seen in quarters of an hour, and its run, with
        the duty, not longer than 16.5 min: so it leaves few of the make's bands.
        """
        deviation = bounded(noise, self.duty_sd * spread, 1.8 * self.duty_sd)
        duty = self.duty + deviation
        shortest_s = _SHORTEST_S + _STRETCH_S * abs(deviation)
        longest_s = max(shortest_s, min(_LONGEST_S, _LONGEST_RUN_S / duty))
        share = noise.uniform() if spread else 0.5
        return duty, (shortest_s + (longest_s - shortest_s) * share) * (1.0 - duty)

    def as_others(self, noise: Noise) -> tuple[float, float]:
        """Draw the duty and the rest (s) of any other."""
        low, high = self.duties
        duty = low + (high - low) * exp(0.65 * log(1.0 - noise.uniform()))
        return duty, self.rest_s * factor(noise, 0.22)

    def runs_to_frost(self, noise: Noise) -> int:
        """Draw after how many runs it defrosts; 0 if it never does by itself."""
        return int(14.0 + 4.0 * noise.uniform()) if noise.uniform() < self.no_frost else 0

    def __deepcopy__(self, memo: object) -> "Cooler":
        """Return itself: it never changes."""
        return self


def _hum(kind: Cooler, noise: Noise) -> float:
    """Draw how much a compressor trembles: some do, by up to 2.5 % of their power."""
    return 0.025 * in_steps(noise.uniform()) if noise.uniform() < kind.humming else 0.0


class _Pace(tuple[Relaxation, Relaxation]):
    """What a tick does to the inrush and to the losses of a start."""

    __slots__ = ()


def _pace(dt_s: float) -> _Pace:
    return _Pace((relaxation(_INRUSH_TAU_S, dt_s), relaxation(_START_TAU_S, dt_s)))


_PACES = ByStep(_pace)


@define(eq=False, weakref_slot=False)
class Cabinet:
    """One fridge. `power`, `inrush`, `loss` are its own; `power` relative to its kind's.

    `goods` is how much its runs and rests vary with what is put in, `fresh` and `warm` are
    e^(-t/3 s) and e^(-t/90 s) since the compressor started. `runs_left` counts down to a
    defrosting; a fridge that is scraped by hand has none.
    """

    kind: Cooler
    noise: Noise
    spread: float
    power: float
    duty: float
    rest_s: float
    inrush: float
    loss: float
    frost_runs: int
    heater: float
    hum: float
    goods: float
    clock_s: float = 0.0
    next_s: float = 0.0
    running: bool = False
    defrosting: bool = False
    fresh: float = 0.0
    warm: float = 0.0
    runs_left: int = 0

    @classmethod
    def make(cls, kind: Cooler, noise: Noise, spread: float) -> "Cabinet":
        """Return a fridge with constants of its own, somewhere in its cycle."""
        usual = spread == 0.0 or noise.uniform() < kind.usual
        duty, rest_s = kind.as_usual(noise, spread) if usual else kind.as_others(noise)
        frost_runs = 0 if usual else kind.runs_to_frost(noise)
        hard = spread > 0.0 and noise.uniform() < kind.hard
        inrush = (9.0 if hard else 0.9) * factor(noise, 0.35 * spread)
        cabinet = cls(
            kind,
            noise,
            spread,
            power=shared(max(0.55, min(1.75, factor(noise, 0.28 * spread)))),
            duty=shared(round(duty, 3)),
            rest_s=shared(round(rest_s, 0)),
            inrush=shared(min(12.0, inrush)),
            loss=shared(0.12 * factor(noise, 1.6 * spread)),
            frost_runs=frost_runs,
            heater=in_steps(1.3 + 0.6 * noise.uniform()),
            hum=shared(_hum(kind, noise) * spread),
            goods=shared(0.07 * factor(noise, 0.9 * spread) * spread),
            runs_left=int(frost_runs * noise.uniform()),
        )
        cabinet.next_s = cabinet.rest_s * (noise.uniform() if spread else 1.0)
        return cabinet

    def advance(self, room_c: float, people: float, dt_s: float) -> float:
        """Go on by `dt_s` in a room of `room_c`; return the mean power, kW."""
        clock_s = self.clock_s + dt_s
        if clock_s < self.next_s:
            self.clock_s = clock_s
            if self.running:
                fresh, warm = _PACES[dt_s]
                high = self.inrush * self.fresh * fresh.mean + self.loss * self.warm * warm.mean
                self.fresh *= fresh.keep
                self.warm *= warm.keep
                return self.power_kw * (1.0 + high)
            return self.power_kw * self.heater if self.defrosting else 0.0
        return self._through(room_c, people, dt_s)

    @property
    def power_kw(self) -> float:
        """What its compressor draws when it has run for a while."""
        return self.kind.power_kw * self.power

    def _through(self, room_c: float, people: float, dt_s: float) -> float:
        end_s, work = self.clock_s + dt_s, 0.0
        while True:
            until_s = self.next_s if self.next_s < end_s else end_s
            span_s = until_s - self.clock_s if until_s > self.clock_s else 0.0
            work += self._worked(span_s)
            self.clock_s += span_s
            if self.next_s > end_s:
                break
            self._turn(room_c, people)
        self.clock_s = end_s
        return self.power_kw * (work / dt_s if dt_s else float(self.running))

    def _worked(self, span_s: float) -> float:
        """Return the work over `span_s` / the running power, s."""
        if not self.running:
            return span_s * self.heater if self.defrosting else 0.0
        fresh = self.fresh * exp(-span_s / _INRUSH_TAU_S)
        warm = self.warm * exp(-span_s / _START_TAU_S)
        work = span_s + self.inrush * _INRUSH_TAU_S * (self.fresh - fresh)
        work += self.loss * _START_TAU_S * (self.warm - warm)
        self.fresh, self.warm = fresh, warm
        return work

    def _turn(self, room_c: float, people: float) -> None:
        """Go into the next phase, as long as the load on the cabinet now makes it.

        It warms with the load and is cooled with what the compressor has more than the load.
        """
        load = 1.0 + _WARMTH * (room_c - _KITCHEN_C) + self.kind.doors * people
        duty = min(_MOST_DUTY, self.duty * max(0.3, load))
        swing_s = self.rest_s * self.duty
        if self.running and self.frost_runs and self.runs_left <= 0:
            self.running, self.defrosting, self.runs_left = False, True, self.frost_runs
            length_s = 900.0
        elif self.running:
            self.running, length_s = False, swing_s / duty
        else:
            self.running = True
            length_s = swing_s / (1.0 - duty) * (2.0 if self.defrosting else 1.0)
            self.defrosting, self.fresh, self.warm = False, 1.0, 1.0
            self.runs_left -= 1
        goods = 1.0 + bounded(self.noise, self.goods, 0.6)
        self.next_s += max(_LEAST_S, length_s * goods)
