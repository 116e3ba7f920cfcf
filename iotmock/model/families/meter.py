"""Main meters: each sums up its location, and has the load for which no device stands."""

from collections.abc import Callable, Mapping
from typing import Annotated

from attrs import define, frozen

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Family, Profile
from iotmock.model.numbers.by_step import ByStep, Relaxation, relaxation
from iotmock.model.numbers.noise import Noise
from iotmock.model.quantities import quantity
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.spec import PERCENT, Setting, read_setting

_HUM, _HUM_TAU_S = 0.12, 900.0
_VISIT_S = 1_200.0
_VISITS_A_DAY = 20.0
_DAY_S = 86_400.0


class SetBackground(Command, frozen=True):
    """Set what the location draws beside its devices, in percent of the connection's rating."""

    name = "set_background"
    percent: Annotated[float, quantity(PERCENT, "%", "background load")]


@frozen
class Beside:
    """What no device stands for / rating: always, with people at work, with people at home.

    `visit` is what a small load adds that comes and goes.
    """

    base: float
    at_work: float = 0.0
    at_home: float = 0.0
    visit: float = 0.0


def _hum(dt_s: float) -> Relaxation:
    return relaxation(_HUM_TAU_S, dt_s)


_HUMS = ByStep(_hum)


@define(eq=False)
class Background:
    """See `BackgroundLoad`. `level` scales the load; `percent` of the rating replaces it."""

    noise: Noise
    events: Noise
    spread: float
    beside: Beside
    level: float
    hum: float
    to_visit_s: float
    visit_left_s: float = 0.0
    percent: float | None = None
    factor: float = 1.0
    lived: bool = False

    @classmethod
    def make(cls, noise: Noise, variation: float, beside: Beside) -> "Background":
        """Return the load of a new location: from half to twice what is usual."""
        spread = spread_of(variation)
        level = 2.0 ** max(-1.0, min(1.0, 0.5 * spread * noise.gauss()))
        events = noise.branch()
        wait_s = events.wait(spread) * _DAY_S / _VISITS_A_DAY
        return cls(noise, events, spread, beside, level, noise.gauss(), wait_s)

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
            load = self.level * (load + beside.visit * self._visited(dt_s))
        return load

    def _visited(self, dt_s: float) -> float:
        """Return the share of a tick in which the small load was there."""
        there_s, left_s = 0.0, dt_s
        while left_s > 0.0:
            if self.visit_left_s > 0.0:
                now_s = min(left_s, self.visit_left_s)
                self.visit_left_s -= now_s
                there_s += now_s
            else:
                now_s = min(left_s, self.to_visit_s)
                self.to_visit_s -= now_s
                if self.to_visit_s <= 0.0:
                    self._begin_visit()
            left_s -= now_s
        return there_s / dt_s if dt_s else 0.0

    def _begin_visit(self) -> None:
        self.visit_left_s = max(1.0, self.events.wait(self.spread) * _VISIT_S)
        self.to_visit_s = max(1.0, self.events.wait(self.spread) * _DAY_S / _VISITS_A_DAY)

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
            Beside(base=0.0045, at_home=0.012, visit=0.004),
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
