"""Batteries: they follow the site's meter, what energy costs, or commands."""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal, get_args

from attrs import define, frozen

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Extra, Family, Profile
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.flows.cells import Cells, Pack
from iotmock.model.parts.flows.price import prices
from iotmock.model.quantities import quantity
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.spec import (
    PERCENT,
    POWER_KW,
    InvalidFieldError,
    Setting,
    read_setting,
    read_switch,
)

Strategy = Literal["self_consumption", "tariff", "command", "standby"]
_STRATEGIES: tuple[str, ...] = get_args(Strategy)
_BOTH_WAYS = (-100.0, 100.0)
_CYCLES = (0.0, 1e6)
_DAYS = (0.0, 1e6)
_LEFT_TO_GRID = 0.004
"""What a battery that follows the meter leaves to the grid / rating, either way: some tens of
watts, so that it neither feeds the grid nor is charged by it."""
_KEEPS, _KEEPS_FOR_BACKUP = 5.0, 20.0
_FLOATS = 0.1
"""What fills a battery that stands by / rating: slowly, as a UPS does."""
_EMPTY, _STARTS_AGAIN = 0.002, 0.05
"""Above the floor: where an island ends, and what the sun must have brought before it begins anew.
"""


class SetCharge(Command, frozen=True):
    """Charge with this power, in kW; a negative one discharges. The strategy becomes `command`."""

    name = "set_charge"
    power: Annotated[
        float, quantity((-POWER_KW[1], POWER_KW[1]), "kW", "power, negative to discharge")
    ]

    def for_rating(self, base_power_kw: float) -> Command:
        """See `Command.for_rating`."""
        return SetCharge(max(-1.0, min(1.0, self.power / base_power_kw)))


class SetStrategy(Command, frozen=True):
    """Follow the meter of the site, what energy costs, or `set_charge`; `standby` stays full."""

    name = "set_strategy"
    strategy: Strategy


class SetReserve(Command, frozen=True):
    """Keep so much in reserve, in percent of the capacity."""

    name = "set_reserve"
    percent: Annotated[float, quantity(PERCENT, "%", "state of charge that is kept")]


class SetBackup(Command, frozen=True):
    """Keep a reserve, and go on in a black-out, or not."""

    name = "set_backup"
    enabled: bool


@frozen
class Kind:
    """A battery as it is delivered."""

    pack: Pack
    strategy: Strategy = "self_consumption"
    backup: bool = False


@define(eq=False)
class Battery:
    """Cells, and what decides what they do. Shares of the rating; positive is charging.

    `wanted` is what `set_charge` asked for, `reserve` in percent.
    """

    cells: Cells
    strategy: Strategy
    backup: bool
    reserve: float
    wanted: float = 0.0
    power: float = 0.0
    """Of the last tick, standby included."""
    islanded: bool = False
    empty: bool = False
    """Whether the island had all that it can have: it waits for some charge before it feeds."""
    hours: float = 0.0
    """How long the last tick was."""

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        self.hours = dt_s / 3600.0
        if self.islanded:
            return self._balance(site, dt_s)
        wanted, reserve = self._wanted(site), 0.01 * self.reserve
        self.power = power = self.cells.move(wanted, reserve, site.outdoor_c, dt_s)
        return power

    def _balance(self, site: Conditions, dt_s: float) -> float:
        """Give what all others draw, and take what they give."""
        if not self.backup:
            self.power = 0.0
            return 0.0
        others, cells = site.others_kw / site.rated_kw, self.cells
        self.power = power = cells.bear(-others, self._floor, site.outdoor_c, dt_s)
        above = cells.store.soc - self._floor
        self.empty = above < (_STARTS_AGAIN if self.empty else _EMPTY)
        return power

    @property
    def _floor(self) -> float:
        return 0.01 * min(self.reserve, _KEEPS)

    def gives(self) -> float:
        """See `Backup.gives`: for a black-out is what a backup keeps its reserve for."""
        if self.empty or not self.backup:
            return 0.0
        return self.cells.gives(self._floor, self.hours)

    def takes(self) -> float:
        """See `Backup.takes`."""
        return self.cells.takes(self.hours) if self.backup else 0.0

    def _wanted(self, site: Conditions) -> float:
        match self.strategy:
            case "self_consumption":
                # What all others of the site draw, as the meter last showed it.
                others = site.net_kw / site.rated_kw - self.power
                if others > _LEFT_TO_GRID:
                    return max(-1.0, _LEFT_TO_GRID - others)
                return min(1.0, -others - _LEFT_TO_GRID) if others < -_LEFT_TO_GRID else 0.0
            case "tariff":
                return self._by_price(site)
            case "command":
                return self.wanted
            case "standby":
                return _FLOATS if self.cells.store.soc < 1.0 else 0.0

    def _by_price(self, site: Conditions) -> float:
        day = prices(site.day, self.cells.spread)
        price = day.by_hour[int(site.hour) % 24]
        return 0.5 if price <= day.cheap else -0.5 if price >= day.dear else 0.0

    def power_factor(self) -> float:
        """See `Family.power_factor`."""
        busy = abs(self.power)
        return 0.6 + 0.39 * min(1.0, 10.0 * busy)

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        match command:
            case SetCharge(power=power):
                self.strategy, self.wanted = "command", power
            case SetStrategy(strategy=strategy):
                self.strategy = strategy
            case SetReserve(percent=percent):
                self.reserve = percent
            case SetBackup(enabled=enabled):
                self.backup = enabled
                self.reserve = max(self.reserve, _KEEPS_FOR_BACKUP) if enabled else self.reserve
            case _:
                return Rejected(f"battery has no {command.name}")
        return Applied()

    def extras(self) -> dict[str, Extra]:
        """See `HasExtras`."""
        cells = self.cells
        moved = self.power - cells.standby
        busy = abs(moved) > cells.standby
        return {
            "soc": round(100.0 * cells.store.soc, 1),
            "cell_temperature": round(cells.cell_c, 1),
            "state": "idle" if not busy else "charging" if moved > 0.0 else "discharging",
        }

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`: what commands set, and what the cells are like."""
        return {
            "strategy": self.strategy,
            "charge_percent": 100.0 * self.wanted,
            "reserve": self.reserve,
            "backup": self.backup,
            "soc": 100.0 * self.cells.store.soc,
            "cycles": self.cells.wear.cycles,
            "age_days": self.cells.wear.days,
        }

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`."""
        if "strategy" in settings:
            self.strategy = _strategy(settings["strategy"])
        if "backup" in settings:
            self.backup = read_switch(settings, "backup")
        self.reserve = read_setting(settings, "reserve", PERCENT, self.reserve)
        self.wanted = 0.01 * read_setting(settings, "charge_percent", _BOTH_WAYS, 0.0)
        cells = self.cells
        cells.go_on_from(
            0.01 * read_setting(settings, "soc", PERCENT, 100.0 * cells.store.soc),
            read_setting(settings, "cycles", _CYCLES, cells.wear.cycles),
            read_setting(settings, "age_days", _DAYS, cells.wear.days),
        )


def _strategy(value: Setting) -> Strategy:
    if value not in _STRATEGIES:
        raise InvalidFieldError("strategy", f"must be one of {', '.join(_STRATEGIES)}")
    return value  # type: ignore[return-value]


def _of(kind: Kind) -> Callable[[Noise, float], Family]:
    def build(noise: Noise, variation: float) -> Battery:
        cells = Cells.drawn(kind.pack, noise, spread_of(variation))
        if kind.strategy == "standby":
            cells.store.stored_h = cells.store.capacity_h
        reserve = _KEEPS_FOR_BACKUP if kind.backup else _KEEPS
        return Battery(cells, kind.strategy, kind.backup, reserve)

    return build


def _profile(name: str, about: str, kw: float, volts: float, phases: int, kind: Kind) -> Profile:
    return Profile(
        name, about, kw, volts, phases, _of(kind), 1.02, feeds=1.0, follows=True, drifts=True
    )


TYPE = DeviceType.of_profiles(
    device_type="battery",
    name="Battery",
    description="Stores what the sun gives or cheap hours; power is negative while it discharges.",
    profiles=(
        _profile(
            "home",
            "Of a house: keeps the sun of the day for the evening, with a backup.",
            5.0,
            240.0,
            1,
            Kind(Pack(2.0), backup=True),
        ),
        _profile(
            "shop",
            "Of a shop: charges in cheap hours, discharges in dear ones.",
            30.0,
            400.0,
            3,
            Kind(Pack(2.0, indoors=0.8), "tariff"),
        ),
        _profile(
            "farm",
            "Of a farm: in a shed, beside its solar power.",
            50.0,
            400.0,
            3,
            Kind(Pack(2.0, indoors=0.4), backup=True),
        ),
        _profile(
            "depot",
            "Of a fleet's depot: a container in the yard.",
            100.0,
            400.0,
            3,
            Kind(Pack(2.15, indoors=0.9, standby=0.008)),
        ),
        _profile(
            "ups",
            "Of a data centre: stands by, full, for a quarter of an hour without the grid.",
            400.0,
            400.0,
            3,
            Kind(Pack(0.25, indoors=1.0, standby=0.012), "standby", backup=True),
        ),
    ),
    own_commands=(SetCharge, SetStrategy, SetReserve, SetBackup),
)
