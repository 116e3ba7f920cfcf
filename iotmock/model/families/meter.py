"""Main meters: each sums up its location, and has the load for which no device stands."""

from collections.abc import Callable, Mapping
from typing import Annotated

from attrs import define, frozen

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Family, Profile
from iotmock.model.numbers.by_step import ByStep, Relaxation, relaxation
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.comings import Comings, Habit
from iotmock.model.quantities import quantity
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.spec import PERCENT, Setting, read_setting

_HUM, _HUM_TAU_S = 0.12, 900.0
_VISITS = Habit(20.0, 1_200.0)
_COOKING = Habit(
    24.0,
    420.0,
    0.25,
    (
        *(0.02,) * 5, 0.1, 0.4, 0.6, 0.5, 0.35, 0.3, 0.5, 0.7, 0.45,
        0.25, 0.25, 0.4, 0.75, 1.0, 0.8, 0.5, 0.35, 0.2, 0.05,
    ),
)  # fmt: skip
"""Hob, kettle, hair dryer, iron, vacuum cleaner: minutes of 0.6 to 2.4 kW, a dozen times a day.

By the hours of meals; how often is judgement, so that a household's come to some 1.5 kWh a day.
"""


class SetBackground(Command, frozen=True):
    """Set what the location draws beside its devices, in percent of the connection's rating."""

    name = "set_background"
    percent: Annotated[float, quantity(PERCENT, "%", "background load")]


@frozen
class Beside:
    """What no device stands for / rating: always, with people at work, with people at home.

    `visit` is what a small load adds that comes and goes, `cooking` the largest that is used for
    minutes.
    """

    base: float
    at_work: float = 0.0
    at_home: float = 0.0
    visit: float = 0.0
    cooking: float = 0.0


def _hum(dt_s: float) -> Relaxation:
    return relaxation(_HUM_TAU_S, dt_s)


_HUMS = ByStep(_hum)


@define(eq=False)
class Background:
    """See `BackgroundLoad`. `level` scales the load; `percent` of the rating replaces it."""

    noise: Noise
    spread: float
    beside: Beside
    level: float
    hum: float
    visits: Comings
    cooking: Comings | None = None
    """None where nobody cooks."""
    percent: float | None = None
    factor: float = 1.0
    lived: bool = False

    @classmethod
    def make(cls, noise: Noise, variation: float, beside: Beside) -> "Background":
        """Return the load of a new location: from half to twice what is usual."""
        spread = spread_of(variation)
        level = 2.0 ** max(-1.0, min(1.0, 0.5 * spread * noise.gauss()))
        visits = Comings.make(_VISITS, noise.branch(), spread)
        made = cls(noise, spread, beside, level, noise.gauss(), visits)
        if beside.cooking:
            made.cooking = Comings.make(_COOKING, noise.branch(), spread)
        return made

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        self.lived = True
        keep, kick, _, steady = _HUMS[dt_s]
        self.hum = hum = keep * self.hum + kick * self.noise.gauss()
        beside = self.beside
        load = beside.base if self.percent is None else 0.01 * self.percent
        load *= max(0.2, 1.0 + _HUM * self.spread * steady * hum)
        if self.percent is None:
            load += beside.at_work * site.occupancy + beside.at_home * site.at_home
            load = self.level * (load + beside.visit * self.visits.mean(site.hour, dt_s))
            if self.cooking is not None:  # a kettle is no larger in a larger home
                load += beside.cooking * self.cooking.mean(site.hour, dt_s)
        return load

    def power_factor(self) -> float:
        """See `Family.power_factor`: of all that the meter sums up."""
        return self.factor

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        if not isinstance(command, SetBackground):
            return Rejected(f"meter has no {command.name}")
        self.percent = command.percent
        return Applied()

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`."""
        return {} if self.percent is None else {"background_percent": self.percent}

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`."""
        if "background_percent" in settings:
            self.percent = read_setting(settings, "background_percent", PERCENT, 0.0)


def _of(beside: Beside) -> Callable[[Noise, float], Family]:
    def build(noise: Noise, variation: float) -> Background:
        return Background.make(noise, variation, beside)

    return build


def _profile(name: str, about: str, kw: float, beside: Beside) -> Profile:
    return Profile(name, about, kw, 400.0, 3, _of(beside), 1.0, feeds=1.0, sums=True)


TYPE = DeviceType.of_profiles(
    device_type="meter",
    name="Main Meter",
    description="Sums up its location's devices and a background load; one register for each way.",
    profiles=(
        # Base loads: median 64 W of always-on small things beside fridges and boxes in German
        # homes (co2online, "Standby", 2022), more with people; offices and halls after VDI 3807-4.
        _profile(
            "home",
            "A home on 3 x 25 A.",
            17.3,
            Beside(base=0.0045, at_home=0.008, visit=0.004, cooking=2.4 / 17.3),
        ),
        _profile("office", "An office building.", 100.0, Beside(0.02, at_work=0.05, visit=0.002)),
        _profile("shop", "A shop or a small store.", 43.0, Beside(0.015, at_work=0.03, visit=0.01)),
        _profile("farm", "A farm.", 55.0, Beside(0.01, at_home=0.01, visit=0.02)),
        _profile("factory", "A factory.", 630.0, Beside(0.02, at_work=0.03, visit=0.002)),
        _profile("depot", "A yard of vehicles.", 250.0, Beside(0.006, at_work=0.01, visit=0.004)),
        _profile("datacentre", "A data centre.", 1_000.0, Beside(0.02, at_work=0.003)),
    ),
    own_commands=(SetBackground,),
)
