"""One production line's own constants: no two lines are alike."""

from math import sqrt

from attrs import frozen

from iotmock.model.numbers.exact_math import exp
from iotmock.model.numbers.held import while_held
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.lines.production_lines import Line
from iotmock.model.site.site import Conditions

_HEATED_BELOW_C = 16.0
_COOLED_ABOVE_C = 20.0
_AT_NIGHT = 0.25
"""Of the hall's air and heat, what is left when nobody works."""


_PLANTS = 1024
"""How many plants of a kind there are: in a large fleet lines share them, and not their habits."""


@frozen(eq=False)
class Plant:
    """The constants, drawn once, for good: levels / base power, times in s.

    `wander` is the spread of what runs around what is asked for, `visits` that of the loads that
    come and go in the building (compressors, chargers, light), `quiet_s` the time between two of
    them. `warm` and `cold` are what the hall takes per K of cold and of heat outdoors.
    """

    off: float
    run: float
    busy: float
    idle: float
    machines: int
    swing: float
    pace_s: float
    stops: float
    wander: float
    quiet_s: float
    visits: float
    warm: float
    cold: float

    @classmethod
    def drawn(cls, line: Line, noise: Noise, spread: float) -> "Plant":
        """Draw one; at `spread` 0 it is the usual one."""
        return _plant(line, int(_PLANTS * noise.uniform()) if spread else 0, spread)

    @classmethod
    def of(cls, line: Line, noise: Noise, spread: float) -> "Plant":
        """Draw the constants."""

        def drawn(usual: float, sigma: float, most: float = 100_000.0) -> float:
            return min(most, usual * exp(sigma * max(-2.5, min(2.5, spread * noise.gauss()))))

        fewest, most = line.machines
        share = 0.5 + min(1.0, spread) * (noise.uniform() - 0.5)
        machines = fewest + round((most - fewest) * share)
        return cls(
            off=drawn(line.off, 0.17, 0.2),
            run=drawn(line.run, 0.06, 1.1),
            busy=drawn(line.busy, 0.10, 0.92),
            idle=drawn(line.idle, 0.4, 0.5),
            machines=machines,
            swing=drawn(line.swing, 0.3, 0.5) / sqrt(machines),
            pace_s=drawn(line.pace_s, 0.35),
            stops=drawn(line.stops, 1.0, 0.1),
            wander=drawn(line.wander, 0.35, 0.6),
            quiet_s=drawn(950.0, 0.3),
            visits=drawn(line.visits, 0.4, 0.6),
            warm=drawn(0.0012, 0.6, 0.005),
            cold=drawn(0.0016, 0.6, 0.005),
        )

    def hall(self, site: Conditions, *, working: bool) -> float:
        """Return what heating, cooling and air take / base power."""
        outdoor_c = site.outdoor_c
        taken = self.warm * max(0.0, _HEATED_BELOW_C - outdoor_c)
        taken += self.cold * max(0.0, outdoor_c - _COOLED_ABOVE_C)
        return taken if working else _AT_NIGHT * taken

    def __deepcopy__(self, memo: object) -> "Plant":
        """Return itself: it never changes."""
        return self


@while_held
def _plant(line: Line, number: int, spread: float) -> Plant:
    return Plant.of(line, Noise(number).branch(), spread)
